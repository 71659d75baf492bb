import { isAlive } from '../model/state-machine.js';
import type { Task, TaskId } from '../model/task.js';
import { advance, receive } from '../model/task-record.js';
import { mostParts, partId, partOf } from '../model/task-set.js';
import type { Ledger } from './ledger.js';

/** The task of the clip that follows the picture of this task: clips are numbered after all parts of a set. */
export function nextId(id: TaskId): TaskId {
  return partId(id, mostParts + 1 + partOf(id));
}

/**
 * Ids under which a picture's clip may be kept: today's, and that of orders from before there were sets, which may be
 * another part now. Only `after` tells.
 */
export function nextIds(id: TaskId): readonly TaskId[] {
  return [nextId(id), partId(id, partOf(id) + 1)];
}

/** The follow-up video of an image, persisted when both are reserved. */
export function nextOf(task: Task, at: number): Task | undefined {
  const { id, request, nextCost, origin, account, purge } = task;
  if (request.kind !== 'image' || !request.thenAnimate || !nextCost) return undefined;
  const after = task.review?.after ? { review: { after: true as const } } : {};
  const parts = { request: request.thenAnimate, origin, account, cost: nextCost, after: id, ...after };
  const clip = advance(receive(nextId(id), parts, at), { type: 'held' }, at);
  return purge ? { ...clip, purge } : clip;
}

/** The unfinished follow-up video of an image; undefined if there is none. */
export function nextIn(id: TaskId, { get }: Pick<Ledger, 'get'>): Task | undefined {
  return nextIds(id)
    .map(get)
    .find((next) => next?.after === id);
}

/** The same of any task, also if it is over. @throws what `find` throws */
export async function findNext(id: TaskId, find: Ledger['find']): Promise<Task | undefined> {
  for (const one of nextIds(id)) {
    const next = await find(one);
    if (next?.after === id) return next;
  }
  return undefined;
}

/** True if a follow-up video of the same order is still to come. */
export function isFollowed({ id }: Task, ledger: Pick<Ledger, 'get'>): boolean {
  const next = nextIn(id, ledger);
  return next !== undefined && isAlive(next.state);
}
