import { has } from '@easel/discord-stand-in';
import type { RequestRecord, TaskRecord } from '@easel/mps-stand-in';
import type { Task } from '../../src/tasks/model/task.js';
import { isClipPart, type Order } from './order.js';
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
  /** How many messages show outcomes of its set, counted for the first part; what someone collected is its own. */
  readonly spread: number;
  /** How often its set pinged someone, counted for the first part. */
  readonly pings: number;
  /** MPS's address. */
  readonly mpsUrl: string;
  /** The bucket's, if results go to one. */
  readonly cosUrl?: string | undefined;
}

/**
 * @param alike all orders with the same prompt and model, including this one.
 * @param all every order.
 */
export function gather(
  world: World,
  order: Order,
  {
    tasks,
    alike,
    all,
    witness,
    troubles,
    deaths,
  }: Evidence & { tasks: Tasks; alike: readonly Order[]; all: readonly Order[] },
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
    picture: isClipPart(order.part) ? tasks.get(`${order.id}:${order.part - 100}`) : undefined,
    same: alike.flatMap(({ id, part }) => tasks.get(`${id}:${part}`) ?? []),
    creates: mps.tasks.filter((made) => isFor(made, order)).map(toCreate),
    answered: interaction?.acknowledged !== undefined,
    answer: interaction?.message?.id,
    blindSince: isOutOfSight(world, order) ? order.cutOff?.at : undefined,
    seen: witness.seen(order),
    reasons: witness.reasons(order),
    spread: spreadOf(order, { tasks, all, witness }),
    pings: order.set && order.part === 1 ? witness.pings(order.id).length : 0,
  };
}

/** Whether MPS made something for such an order: of models that are compared each has its own. */
function isFor({ params }: TaskRecord, { prompt, set }: Order): boolean {
  const model = `${params.ModelName}-${params.ModelVersion}`.toLowerCase();
  return params.Prompt === prompt && (set?.model === undefined || set.model === model);
}

function spreadOf(
  { id, set, part }: Order,
  { tasks, all, witness }: { tasks: Tasks; all: readonly Order[]; witness: Witness },
): number {
  if (!set || part !== 1) return 0;
  const parts = all.filter((one) => one.id === id && !tasks.get(`${id}:${one.part}`)?.origin.collected);
  return new Set(parts.flatMap((one) => witness.seen(one).map(({ messageId }) => messageId))).size;
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
