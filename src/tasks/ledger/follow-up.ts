import { isAlive } from '../model/state-machine.js';
import type { Task, TaskId } from '../model/task.js';
import { advance, receive } from '../model/task-record.js';
import type { Ledger } from './ledger.js';

/** The task of the part that follows in the same order. */
export function nextId(id: string): TaskId {
  const [event = '', part] = id.split(':');
  return `${event}:${Number(part) + 1}`;
}

/** The follow-up video of an image, persisted when both are reserved. */
export function nextOf({ id, request, nextCost, origin, account }: Task, at: number): Task | undefined {
  if (request.kind !== 'image' || !request.thenAnimate || !nextCost) return undefined;
  const parts = { request: request.thenAnimate, origin, account, cost: nextCost, after: id };
  return advance(receive(nextId(id), parts, at), { type: 'held' }, at);
}

/** True if a follow-up video of the same order is still to come. */
export function isFollowed({ id }: Task, ledger: Pick<Ledger, 'get'>): boolean {
  const next = ledger.get(nextId(id));
  return next?.after === id && isAlive(next.state);
}
