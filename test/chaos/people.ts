import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { Invocation, OptionValues, TokenDeath } from '../../src/playground/discord/index.js';
import type { Chance } from './chance.js';
import type { Story } from './story.js';
import type { World } from './world.js';

/** What somebody asked for. */
export interface Order {
  /** The interaction's id; a task's id begins with it. */
  readonly id: string;
  readonly person: string;
  readonly userId: string;
  /** No other order has it. */
  readonly prompt: string;
  /** Where it was asked for: the channel's id. */
  readonly channelId: string;
  /** Nobody else may see what becomes of it. */
  readonly secret: boolean;
  /** The answer's token dies on the way. */
  readonly cutOff: boolean;
}

/** What somebody is about to ask for. */
export interface Errand {
  readonly person: string;
  readonly channel: string;
  readonly command: 'imagine' | 'animate';
  readonly prompt: string;
  readonly options?: OptionValues;
  /** What happens to them some time after they have been answered. */
  readonly mishap?: (invocation: Invocation) => void;
}

const deaths: readonly TokenDeath[] = [50027, 10015, 10062, 10008];
/** Losing any of these, the bot cannot post there. */
const losses = ['ViewChannel', 'SendMessages', 'AttachFiles'] as const;

/** The errands of one cycle: plain ones, and, where there are mishaps, some that lose their ways back. */
export async function planErrands(
  { discord }: World,
  chance: Chance,
  { mishaps, name }: { mishaps: boolean; name: string },
): Promise<Errand[]> {
  const image = { filename: 'start.png', bytes: await picture('png') };
  const odd = { filename: 'start.webp', bytes: await picture('webp') };
  const lose = (channel: string) => discord.world.denyBot(channel, [chance.oneOf(losses)]);
  const plain: Omit<Errand, 'prompt'>[] = [
    { person: 'ben', channel: 'Foxglove/general', command: 'imagine' },
    { person: 'mia', channel: 'Foxglove/studio', command: 'imagine' },
    { person: 'lin', channel: 'Night Workshop/general', command: 'imagine' },
    { person: 'ben', channel: 'dm', command: 'imagine' },
    { person: 'lin', channel: 'Foxglove/studio', command: 'imagine', options: { private: true } },
    { person: 'ada', channel: 'Foxglove/studio', command: 'animate', options: { image } },
    { person: 'mia', channel: 'Night Workshop/general', command: 'animate', options: { image: odd } },
  ];
  const unlucky: Omit<Errand, 'prompt'>[] = [
    {
      person: 'ben',
      channel: 'Night Workshop/general',
      command: 'imagine',
      options: { private: true },
      mishap: (invocation) => invocation.expireToken(chance.oneOf(deaths)),
    },
    {
      person: 'mia',
      channel: 'Foxglove/general',
      command: 'imagine',
      mishap: (invocation) => invocation.expireToken(chance.oneOf(deaths)),
    },
    {
      person: 'lin',
      channel: 'Foxglove/lost',
      command: 'imagine',
      mishap(invocation) {
        invocation.expireToken(chance.oneOf(deaths));
        lose('lost');
      },
    },
    {
      person: 'kim',
      channel: 'Foxglove/shut',
      command: 'imagine',
      mishap(invocation) {
        invocation.expireToken(chance.oneOf(deaths));
        lose('shut');
        discord.world.setDms('kim', false);
      },
    },
  ];
  const all = mishaps ? [...plain, ...unlucky] : plain;
  return chance
    .shuffled(all)
    .map((errand, at) => ({ ...errand, prompt: `${name} order ${at} of a red fox` }));
}

/** Goes on one errand. */
export async function run(errand: Errand, world: World, chance: Chance, story: Story): Promise<Order> {
  const { person, channel, command, prompt, options = {}, mishap } = errand;
  const actor = world.discord.actor(person, channel);
  const invocation = await actor.command(command, { prompt, ...options });
  story.tell(`person   ${person} in ${channel}: /${command} ${prompt}`, invocation.id);
  const delay = chance.between(0, 1_500);
  invocation.acknowledged.then(
    async () => {
      if (!mishap) return;
      await sleep(delay);
      mishap(invocation);
      story.tell('mishap   the ways back to the asker close', invocation.id);
    },
    () => {},
  );
  return {
    id: invocation.id,
    person,
    userId: actor.userId,
    prompt,
    channelId: actor.channelId,
    secret: options.private === true,
    cutOff: mishap !== undefined,
  };
}

/** Fetches what is kept for a person: `/tasks`, and a press of each of its buttons. */
export async function collect({ discord }: World, person: string): Promise<void> {
  const actor = discord.actor(person, 'Foxglove/studio');
  const list = await actor.command('tasks');
  const message = await list.until(({ content }) => content !== '', { timeoutMs: 2_000 });
  const ids = JSON.stringify(message.components).match(/v1:collect:\d+:\d+/g) ?? [];
  for (const id of ids) {
    const pressed = await actor.press(message.id, id);
    await pressed.until(({ loading }) => !loading, { timeoutMs: 4_000 });
  }
}

function picture(format: 'png' | 'webp'): Promise<Buffer> {
  return sharp({ create: { width: 400, height: 320, channels: 3, background: '#c4512d' } })
    .toFormat(format)
    .toBuffer();
}
