import { createsOf, type GenerationRequest } from '../../mps/generation-request.js';
import type { Task, TaskId, TaskSet } from './task.js';

/** Ids of the parts of a set end before those of the clips chained to them. */
export const mostParts = 99;

/** The id of the event that asked: all tasks of one order share it. */
export function eventOf(id: string): string {
  return id.slice(0, id.indexOf(':'));
}

/** The id of a part of the same event. */
export function partId(id: TaskId, part: number): TaskId {
  return `${eventOf(id)}:${part}`;
}

/** The number of a task within its event, from 1. */
export function partOf(id: TaskId): number {
  return Number(id.split(':')[1]);
}

/** The id of the task that leads the set. */
export function leadId(id: TaskId): TaskId {
  return partId(id, 1);
}

/** True of the task that stands for a whole set. */
export function isLead({ set }: Pick<Task, 'set'>): boolean {
  return set?.part === 1;
}

/** Names a whole set where the id of its lead would name only that part: no task has it. */
export function wholeId(id: TaskId): TaskId {
  return partId(id, 0);
}

/** The ids of all parts, in the order of their results; its own if it is no set. */
export function partIds({ id, set }: Pick<Task, 'id' | 'set'>): readonly TaskId[] {
  if (!set) return [id];
  return Array.from({ length: set.parts }, (_, index) => partId(id, index + 1));
}

/** What was ordered, as it could be ordered again: of a set's lead the whole set. */
export function orderOf({ request, set }: Pick<Task, 'request' | 'set'>): GenerationRequest {
  if (!set?.wish) return request;
  const { order = request, thenAnimate, wish } = set;
  return order.kind === 'image'
    ? { ...order, ...(thenAnimate && { thenAnimate }), set: wish }
    : { ...order, set: wish };
}

/** The task of a set's lead, with another order of the same parts: its source images are elsewhere. */
export function withOrder(lead: Task, order: GenerationRequest): Task {
  const { set } = lead;
  const [request] = createsOf(order);
  if (!set || !request) return { ...lead, request: order };
  return {
    ...lead,
    request: withClip(request, lead.request),
    set: { ...set, ...(set.order && { order: plainOf(order) }) },
  };
}

/** The task of a set's lead, or of an order of one Create, with what each of its Creates costs. */
export function withCosts(task: Task, [cost = task.cost, ...costs]: readonly Task['cost'][]): Task {
  return { ...task, cost, ...(task.set?.costs && { set: { ...task.set, costs } }) };
}

/** What was ordered, without `set` and clip. */
export function plainOf({ set: _set, ...request }: GenerationRequest): GenerationRequest {
  if (request.kind === 'video') return request;
  const { thenAnimate: _clip, ...picture } = request;
  return picture;
}

function withClip(request: GenerationRequest, before: GenerationRequest): GenerationRequest {
  if (request.kind !== 'image' || before.kind !== 'image' || !before.thenAnimate) return request;
  return { ...request, thenAnimate: before.thenAnimate };
}

/** How many results are expected of a Create that costs this. */
export function resultsFor({ unit, amount }: Task['cost']): number {
  return unit === 'image' ? amount : 1;
}

/** True once the whole set is reserved: the lead waits for its slot, or did. */
export function isReserved({ history }: Pick<Task, 'history'>): boolean {
  return history.some(({ state }) => state === 'queued');
}

/** A set's place in it, without what was ordered: what a redacted record keeps. */
export function placeIn({ part, parts, before, results }: TaskSet): TaskSet {
  return { part, parts, before, results };
}

/** Which of its own results its clip animates, from 0: the first if MPS made fewer than were expected. */
export function animatedIn({ set }: Pick<Task, 'set'>, made = Number.POSITIVE_INFINITY): number {
  const frame = set?.frame ?? 0;
  return frame < made ? frame : 0;
}
