import type { TaskRecord } from '@easel/mps-stand-in';
import { enUS } from '../../src/locales/en-US/index.js';
import type { Order } from './order.js';
import type { World } from './world.js';

/** Who pays: someone whose client speaks English and who can ask, where, and under which heading the answer is. */
const accounts = [
  { payer: 'Foxglove', person: 'ada', channel: 'Foxglove/general', heading: enUS.texts['standing.guild'] },
  {
    payer: 'Night Workshop',
    person: 'ada',
    channel: 'Night Workshop/general',
    heading: enUS.texts['standing.guild'],
  },
  { payer: undefined, person: 'ben', channel: 'dm', heading: enUS.texts['standing.member'] },
] as const;

/** What was used: pictures, and seconds of video. */
export interface Use {
  readonly pictures: number;
  readonly seconds: number;
}

/**
 * Whether the bot tells users that they have used what MPS says it made for them, once nothing is under way any more:
 * the ledger's records, and what the audit makes of them with the bot's own arithmetic, are not asked.
 * @returns what is wrong.
 */
export async function auditQuota(
  { discord, mps }: Pick<World, 'discord' | 'mps'>,
  orders: readonly Order[],
): Promise<string[]> {
  const complaints: string[] = [];
  for (const { payer, person, channel, heading } of accounts) {
    const channels = new Set(
      discord.world
        .channels()
        .filter(({ guildId }) => nameOf(discord, guildId) === payer)
        .map(({ id }) => id),
    );
    const theirs = orders.filter(({ channelId }) => channels.has(channelId));
    const made = useOf(mps.tasks, theirs);
    const asked = await discord.actor(person, channel).command('quota show');
    const answer = await asked.until(({ content }) => content !== '').catch(String);
    const wrong = disagreement(typeof answer === 'string' ? answer : answer.content, heading, made);
    if (wrong) complaints.push(`wrong quota: ${payer ?? `${person} on their own`}: ${wrong}`);
  }
  return complaints;
}

function nameOf({ world }: World['discord'], guildId: string | undefined): string | undefined {
  return world.guilds().find(({ id }) => id === guildId)?.name;
}

/** Something that MPS makes. */
export interface Made extends Pick<TaskRecord, 'kind' | 'reportedAt' | 'storedAt'> {
  readonly params: { readonly Prompt?: string | undefined; readonly Duration?: number | undefined };
}

/** What MPS has told as done of these orders, or put into the bucket: that is what it bills, and the bot can know of. */
export function useOf(tasks: readonly Made[], orders: readonly Pick<Order, 'prompt'>[]): Use {
  const prompts = new Set(orders.map(({ prompt }) => prompt));
  const made = tasks.filter(
    ({ params: { Prompt = '' }, reportedAt, storedAt }) =>
      (reportedAt ?? storedAt) !== undefined && prompts.has(Prompt),
  );
  const clips = made.filter(({ kind }) => kind === 'video');
  const seconds = clips.reduce((sum, { params: { Duration = 0 } }) => sum + Duration, 0);
  return { pictures: made.length - clips.length, seconds };
}

/** How an answer to `/quota show` differs from what was made; undefined if it does not. */
export function disagreement(content: string, heading: string, made: Use): string | undefined {
  const [, below = ''] = content.split(`**${heading}**\n`);
  const [own = ''] = below.split('\n**');
  const used = (what: string) => Number(new RegExp(`^${what}: (\\d+)`, 'm').exec(own)?.[1] ?? 0);
  const told = {
    pictures: used(enUS.texts['standing.of.image.month']),
    seconds: used(enUS.texts['standing.of.second.month']),
  };
  const isSettled = ![enUS.texts['standing.of.open'], reservedWords].some((words) => content.includes(words));
  const isAnswer = below !== '' || content.includes(enUS.texts['standing.none']);
  if (isAnswer && isSettled && told.pictures === made.pictures && told.seconds === made.seconds)
    return undefined;
  return `MPS made ${JSON.stringify(made)}, and Easel says ${JSON.stringify(content)}`;
}

const reservedWords = enUS.texts['standing.reserved'].replace('{{reserved}}', '').trim();
