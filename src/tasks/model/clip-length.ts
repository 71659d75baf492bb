import type { Extension } from '../../mps/generation-request.js';
import type { Task } from './task.js';

/** Seconds of a clip, with all that was before it if it was joined to that; as ordered until it is there. */
export function clipSeconds({ whole, made, cost, request }: Task): number {
  if (whole && 'seconds' in whole) return whole.seconds;
  const before = request.kind === 'video' && !whole ? (request.extends?.seconds ?? 0) : 0;
  return before + (made?.billed ?? cost.amount);
}

/** What a clip that goes on from this task's is joined to. */
export function extensionOf(task: Task): Extension {
  return { task: task.id, seconds: clipSeconds(task) };
}
