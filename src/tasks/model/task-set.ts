import type { GenerationRequest } from '../../mps/generation-request.js';
import type { Task, TaskId } from './task.js';

/** Ids of the parts of a set end before those of the clips chained to them. */
export const mostParts = 99;

/** The id of a part of the same event. */
export function partId(id: TaskId, part: number): TaskId {
  const [event = ''] = id.split(':');
  return `${event}:${part}`;
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
