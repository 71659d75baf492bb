import type { TaskRecord } from '@easel/mps-stand-in';
import { enUS } from '../support/languages.js';
import type { Order } from './order.js';
import type { World } from './world.js';

/** The paying account: a user with an English client who can ask, the channel, and the heading of the answer. */
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

/** The usage: pictures, and seconds of video. */
export interface Use {
  readonly pictures: number;
  readonly seconds: number;
}

/**
 * Whether users' usage agrees with what MPS reports to have made for them, once nothing is in progress any more:
 * the ledger's records, and the audit's result by the bot's own arithmetic, are not used.
 * @returns the findings.
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

/** What MPS has reported as done of these orders, or stored in the bucket: that is what it bills, and the bot can know. */
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

/** How an answer to `/quota show` differs from the results; undefined if it does not. */
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
