import { has } from '@easel/discord-stand-in';
import type { RequestRecord, TaskRecord } from '@easel/mps-stand-in';
import type { Task } from '../../src/tasks/model/task.js';
import type { Order } from './order.js';
import type { Sighting, Witness } from './witness.js';
import type { World } from './world.js';

export type Tasks = ReadonlyMap<string, Task>;

/** Observations during a cycle, besides those of services and ledger. */
export interface Evidence {
  readonly witness: Witness;
  /** Names of the troubles that began. */
  readonly troubles: ReadonlySet<string>;
  /** When processes of the bot ended otherwise than as asked, ms since the epoch. */
  readonly deaths: readonly number[];
}

/** Something MPS was asked to make. */
export interface Create extends Pick<TaskRecord, 'id' | 'status' | 'failure' | 'reportedAt' | 'storedAt'> {
  /** Addresses of the images it was given. */
  readonly sources: readonly string[];
}

/** Everything known about an order from three sides: its user's, both services', and the ledger's. */
export interface Facts extends Pick<Evidence, 'troubles' | 'deaths'> {
  readonly order: Order;
  /** The bot's record; undefined if there is none. */
  readonly task: Task | undefined;
  /** For a clip that was ordered together with its picture: the picture's task. */
  readonly picture: Task | undefined;
  /** The tasks of all orders with the same prompt, including this one. */
  readonly same: readonly Task[];
  /** MPS's requests for them. */
  readonly creates: readonly Create[];
  /** Every request that MPS was sent in the cycle. */
  readonly requests: readonly RequestRecord[];
  /** Its user has an answer, if only a "thinking…". */
  readonly answered: boolean;
  /** The id of the message that answers the interaction. */
  readonly answer: string | undefined;
  /** Since when Easel can see neither the answer nor its channel, ms since the epoch; undefined while it can. */
  readonly blindSince: number | undefined;
  readonly seen: readonly Sighting[];
  /** The failure reasons its user was given, if the card does not contain them. */
  readonly reasons: readonly Sighting[];
  /** MPS's address. */
  readonly mpsUrl: string;
  /** The bucket's, if results go to one. */
  readonly cosUrl?: string | undefined;
}

/** @param alike all orders with the same prompt, including this one. */
export function gather(
  world: World,
  order: Order,
  { tasks, alike, witness, troubles, deaths }: Evidence & { tasks: Tasks; alike: readonly Order[] },
): Facts {
  const { mps, discord } = world;
  const interaction = discord.interaction(order.id);
  return {
    order,
    troubles,
    deaths,
    mpsUrl: mps.url,
    requests: mps.records,
    cosUrl: world.cos?.url,
    task: tasks.get(`${order.id}:${order.part}`),
    picture: order.part === 101 ? tasks.get(`${order.id}:1`) : undefined,
    same: alike.flatMap(({ id, part }) => tasks.get(`${id}:${part}`) ?? []),
    creates: mps.tasks.filter(({ params }) => params.Prompt === order.prompt).map(toCreate),
    answered: interaction?.acknowledged !== undefined,
    answer: interaction?.message?.id,
    blindSince: isOutOfSight(world, order) ? order.cutOff?.at : undefined,
    seen: witness.seen(order),
    reasons: witness.reasons(order),
  };
}

/** Without the token, Easel sees no private answer, and no other one in a channel that it sees no more. */
function isOutOfSight({ discord: { world } }: World, { secret, channelId }: Order): boolean {
  return secret || !has(world.permissionsIn(world.channel(channelId), world.botId), 'ViewChannel');
}

function toCreate({ id, status, failure, reportedAt, storedAt, params }: TaskRecord): Create {
  const frames = 'ImageUrl' in params ? [params.ImageUrl, params.LastImageUrl] : [];
  const references = params.ImageInfos?.map(({ ImageUrl }) => ImageUrl) ?? [];
  const sources = [...frames, ...references].filter((url) => url !== undefined);
  return {
    id,
    status,
    sources,
    ...(failure !== undefined && { failure }),
    ...(reportedAt && { reportedAt }),
    ...(storedAt && { storedAt }),
  };
}
