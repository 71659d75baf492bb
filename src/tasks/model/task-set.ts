import type { GenerationRequest } from '../../mps/generation-request.js';
import type { Task, TaskId } from './task.js';

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

/** The ids of all parts, in the order of their results; its own if it is no set. */
export function partIds({ id, set }: Pick<Task, 'id' | 'set'>): readonly TaskId[] {
  if (!set) return [id];
  return Array.from({ length: set.parts }, (_, index) => partId(id, index + 1));
}

/** What was ordered, as it could be ordered again: of a set's lead the whole set. */
export function orderOf({ request, set }: Pick<Task, 'request' | 'set'>): GenerationRequest {
  if (!set?.wish) return request;
  const clip = request.kind === 'image' && set.thenAnimate ? { thenAnimate: set.thenAnimate } : {};
  return { ...request, ...clip, set: set.wish };
}
