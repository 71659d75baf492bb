import { createsOf, type GenerationRequest } from '../../mps/generation-request.js';
import type { Task, TaskSet } from '../model/task.js';
import { advance, receive } from '../model/task-record.js';
import { orderOf, partId, partIds, resultsFor } from '../model/task-set.js';
import { nextIn, nextOf } from './follow-up.js';
import type { Ledger } from './ledger.js';

/**
 * The current records of all parts of a task's set, over or not, in the order of their results; of any other task its
 * own. A part is missing until the whole set is reserved, and once it was redacted or removed.
 * @throws what `find` throws
 */
export async function setOf(
  task: Pick<Task, 'id' | 'set'>,
  { find }: Pick<Ledger, 'find'>,
): Promise<readonly Task[]> {
  const parts = await Promise.all(partIds(task).map(find));
  return parts.filter((part) => part !== undefined);
}

/** The unfinished parts of a task's set, in the order of their results, from memory. */
export function openPartsOf(task: Pick<Task, 'id' | 'set'>, { get }: Pick<Ledger, 'get'>): readonly Task[] {
  return partIds(task).flatMap((id) => get(id) ?? []);
}

/**
 * Everything persisted together with the reservation of an order's first task, as `held`: the other parts of its set, then
 * the clip that follows one of them.
 */
export function restOf(task: Task, at: number): readonly Task[] {
  const siblings = siblingsOf(task, at);
  return [...siblings, ...[task, ...siblings].flatMap((part) => nextOf(part, at) ?? [])];
}

/** Those of them that aren't persisted yet, since a crash may have come in between. */
export function missingOf(task: Task, at: number, ledger: Pick<Ledger, 'get'>): readonly Task[] {
  return restOf(task, at).filter(({ id, after }) => !(after ? nextIn(after, ledger) : ledger.get(id)));
}

/** The parts from 2 on of a set, with the source images that its lead has prepared. */
function siblingsOf(lead: Task, at: number): readonly Task[] {
  const { set, origin, account, nextCost, purge } = lead;
  const creates = createsOf(orderOf(lead));
  let before = resultsFor(lead.cost);
  return (set?.costs ?? []).flatMap((cost, index) => {
    const plain = creates[index + 1];
    if (!set || !plain) return [];
    const place = { part: index + 2, parts: set.parts, before, results: set.results };
    before += resultsFor(cost);
    const { request, frame } = animated(plain, set, place, cost);
    const part = {
      request,
      origin,
      account,
      cost,
      set: { ...place, ...(frame && { frame }) },
      ...(lead.review?.after && { review: { after: true as const } }),
    };
    const follows = request.kind === 'image' && request.thenAnimate && nextCost ? { nextCost } : {};
    const task = advance(
      receive(partId(lead.id, place.part), { ...part, ...follows }, at),
      { type: 'held' },
      at,
    );
    return purge ? { ...task, purge } : task;
  });
}

/**
 * A part's request, with the clip if its user picked one of its results from the start.
 * @returns `frame`: which of its own results that is, from 0.
 */
export function animated(
  request: GenerationRequest,
  { wish, thenAnimate }: Pick<TaskSet, 'wish' | 'thenAnimate'>,
  { before }: Pick<TaskSet, 'before'>,
  cost: Task['cost'],
): { readonly request: GenerationRequest; readonly frame: number } {
  const frame = (wish?.pick ?? 0) - before - 1;
  const isPicked = thenAnimate && request.kind === 'image' && frame >= 0 && frame < resultsFor(cost);
  return isPicked ? { request: { ...request, thenAnimate }, frame } : { request, frame: 0 };
}
