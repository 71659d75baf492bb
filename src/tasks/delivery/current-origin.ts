import type { Ledger } from '../ledger/ledger.js';
import type { Task } from '../model/task.js';
import type { Delivery } from './delivery-port.js';

/**
 * Rule for code that holds a task across an await: its answer may have moved meanwhile (the reply was opened, a press
 * brought a new token), so its origin is read from the ledger at the time of use, never from the record in hand. The
 * app reaches Discord only through this wrapper, so no caller can forget it. What to show stays the caller's choice:
 * a state that was true when drawn, or a request that is about to be persisted.
 */
export function atPresent(delivery: Delivery, ledger: Pick<Ledger, 'get'>): Delivery {
  const present = (task: Task): Task => {
    const origin = ledger.get(task.id)?.origin;
    return origin ? { ...task, origin } : task;
  };
  // Listed one by one: a new method has to state which record it uses.
  return {
    copy: (task) => delivery.copy(task),
    tidy: (task, ...more) => delivery.tidy(present(task), ...more),
    show: (task, ...more) => delivery.show(present(task), ...more),
    introduce: (task) => delivery.introduce(present(task)),
    host: (task, ...more) => delivery.host(present(task), ...more),
    limitOf: (task, ...more) => delivery.limitOf(present(task), ...more),
    post: (task, ...more) => delivery.post(present(task), ...more),
    seek: (task, ...more) => delivery.seek(present(task), ...more),
    answered: (task) => delivery.answered(present(task)),
    tellLate: (task) => delivery.tellLate(present(task)),
    explain: (task, ...more) => delivery.explain(present(task), ...more),
    notify: (task, ...more) => delivery.notify(present(task), ...more),
  };
}
