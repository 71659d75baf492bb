import type { Invocation, TokenDeath } from '@easel/discord-stand-in';
import type { Chance } from './chance.js';
import type { PlannedOrder } from './planned-order.js';
import { againSeveral, calledOffSeveral, letGoSeveral, mentionSeveral, raised, several } from './set-ways.js';
import type { World } from './world.js';

type Plan = Omit<PlannedOrder, 'prompt'>;

const deaths: readonly TokenDeath[] = [50027, 10015, 10062, 10008];
const pictures = ['hunyuan-3.0', 'kling-3.0'] as const;
const clips = ['kling-3.0', 'hailuo-2.3'] as const;

/** Orders of several files: sets, comparisons and clips of a picked picture, some of which lose their routes. */
export function planSets(
  { discord }: Pick<World, 'discord'>,
  chance: Chance,
  {
    mishaps,
    four = false,
  }: { readonly mishaps: boolean /** Mostly sets of four. */; readonly four?: boolean },
): Plan[] {
  const count = () => (four ? 4 : chance.oneOf([2, 3, 4]));
  const expire = (invocation: Invocation) => invocation.expireToken(chance.oneOf(deaths));
  const midway = (invocation: Invocation) => invocation.until(({ attachments }) => attachments.length > 0);
  const plain: Plan[] = [
    { person: 'ben', channel: 'Foxglove/general', way: several({ count: count() }) },
    { person: 'mia', channel: 'Night Workshop/general', way: several({ count: count() }) },
    { person: 'ben', channel: 'dm', way: several({ count: count() }) },
    {
      person: 'lin',
      channel: 'Foxglove/studio',
      way: several({ count: count() }, { private: true }),
      secret: true,
    },
    { person: 'ada', channel: 'Foxglove/general', way: mentionSeveral(count()) },
    { person: 'mia', channel: 'Foxglove/studio', way: several({ count: 1, models: pictures }) },
    { person: 'ada', channel: 'Foxglove/studio', way: several({ count: 2, models: pictures, pick: 3 }) },
    { person: 'lin', channel: 'Night Workshop/general', way: several({ count: count(), pick: 2 }) },
    {
      person: 'ben',
      channel: 'Foxglove/studio',
      way: several({ count: 1, models: clips }, { command: 'animate' }),
    },
    { person: 'ada', channel: 'Foxglove/general', way: raised({ count: chance.oneOf([5, 7, 9]) }) },
    { person: 'mia', channel: 'Foxglove/general', way: calledOffSeveral(count()) },
    { person: 'ben', channel: 'Foxglove/general', way: letGoSeveral(count()) },
    {
      person: 'lin',
      channel: 'Foxglove/general',
      way: several({ count: count() }),
      of: 'something forbidden',
    },
    { person: 'ben', channel: 'Foxglove/general', way: againSeveral },
  ];
  if (!mishaps) return plain;
  return [
    ...plain,
    {
      person: 'mia',
      channel: 'Foxglove/general',
      way: several({ count: count() }),
      mishap: expire,
      when: midway,
    },
    { person: 'ben', channel: 'Night Workshop/general', way: several({ count: count() }), mishap: expire },
    {
      person: 'lin',
      channel: 'Foxglove/studio',
      way: several({ count: count() }, { private: true }),
      secret: true,
      mishap: expire,
      when: midway,
    },
    {
      person: 'kim',
      channel: 'Foxglove/lost',
      way: several({ count: count() }),
      when: midway,
      mishap(invocation) {
        expire(invocation);
        discord.world.denyBot('lost', ['ViewChannel']);
      },
    },
  ];
}
