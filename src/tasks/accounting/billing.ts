import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import { type ClipFacts, readClip } from '../../media/formats/mp4-info.js';
import { billedSeconds } from '../../mps/catalogue/pricing.js';
import type { ImageRequest } from '../../mps/generation-request.js';
import type { UsageEntry } from '../../quota/usage.js';
import { isAlive } from '../model/state-machine.js';
import type { FailureReason, Made, Task } from '../model/task.js';
import { receivedAt } from '../model/task-record.js';
import { eventOf } from '../model/task-set.js';

/**
 * Accepted deviation of a video header from the ordered length: a model may make less, and some round up. The header
 * decides about money, so anything else counts as unknown.
 */
const believed = { least: 0.25, most: 2, besides: 5 } as const;

/**
 * What MPS made and bills: each image, or each whole second of a video by its header. A video with an unreadable or
 * implausible header counts as long as ordered, which is logged.
 */
export async function measure(task: Task, files: readonly FetchedFile[], log: Log): Promise<Made> {
  if (task.request.kind === 'image')
    return { billed: files.length, ...firstOf(task.request, files, task.set?.frame) };
  const clips = await Promise.all(files.map(({ path }) => readClip(path)));
  const seconds = clips.map((clip) => secondsOf(task, clip, log));
  const silent = task.request.audio === true && clips.some((clip) => clip?.hasSound === false);
  return { billed: seconds.reduce((sum, each) => sum + each, 0), ...(silent && { silent }) };
}

function secondsOf({ id, cost }: Task, clip: ClipFacts | undefined, log: Log): number {
  const { least, most, besides } = believed;
  const said = clip?.seconds;
  if (said === undefined || said < least * cost.amount || said > most * cost.amount + besides) {
    const details = { task: id, said: said ?? 'nothing', billedSeconds: cost.amount };
    log.warn(details, 'a video header gives no plausible length; counting the ordered length');
    return cost.amount;
  }
  return billedSeconds(said);
}

/** What the follow-up video needs to know about its image. */
function firstOf(
  { thenAnimate }: ImageRequest,
  files: readonly FetchedFile[],
  frame = 0,
): Pick<Made, 'first'> {
  const first = files[frame] ?? files[0];
  return thenAnimate && first ? { first: { type: first.type, bytes: first.bytes } } : {};
}

/**
 * A task as counted by quota; undefined while it has reserved nothing. Usage is always derived from the ledger's
 * records when they change, and never stored separately.
 */
export function toUsage(task: Task): UsageEntry | undefined {
  const reservedAt = task.history.find(({ state }) => state === 'held' || state === 'queued')?.at;
  if (reservedAt === undefined) return undefined;
  const { id: taskId, account, cost, made, state } = task;
  const settled = made !== undefined || task.history.some((past) => past.state === 'fetching');
  const spent = settled && (made !== undefined || !isAlive(state));
  const refunded = !settled && !isAlive(state);
  return {
    taskId,
    order: eventOf(taskId),
    account,
    unit: cost.unit,
    amount: made?.billed ?? cost.amount,
    ...(cost.micros !== undefined && { cost: priceFor(cost, made) }),
    at: reservedAt,
    state: spent ? 'spent' : refunded ? 'refunded' : 'reserved',
    // Until its turn it counts as one order with its image. What moderators look at was made and costs no more work.
    open: isAlive(state) && state.name !== 'held' && state.name !== 'awaitingReview',
  };
}

/**
 * A task as counted by limits: one open order from `received` on, and its usage once reserved. An order whose images
 * are being prepared costs the machine as much as one waiting for a slot.
 */
export function toCounted(task: Task): UsageEntry | undefined {
  const usage = toUsage(task);
  if (usage || !isAlive(task.state)) return usage;
  const { id: taskId, account, cost } = task;
  const at = receivedAt(task);
  return {
    taskId,
    order: eventOf(taskId),
    account,
    unit: cost.unit,
    amount: 0,
    at,
    state: 'reserved',
    open: true,
    unreserved: true,
  };
}

/**
 * Failures with uncertain billing: the response to the Create was lost, a finished task had no file, or it didn't
 * finish in time.
 */
const doubtful: ReadonlySet<FailureReason> = new Set(['interrupted', 'uncertain', 'empty', 'overdue']);

/** True if MPS may bill a refunded task. */
export function isDoubtful({ state }: Pick<Task, 'state'>): boolean {
  return state.name === 'failed' && doubtful.has(state.failure.reason);
}

/** Cost of what was made, in proportion to what was ordered; millionths of a currency unit. */
function priceFor(cost: Task['cost'], made: Made | undefined): number {
  const micros = cost.micros ?? 0;
  return made ? Math.round((micros * made.billed) / Math.max(1, cost.amount)) : micros;
}
