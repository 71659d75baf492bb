import type { Ledger } from '../ledger/ledger.js';
import type { Task } from '../model/task.js';
import type { Delivery } from './delivery-port.js';

/**
 * The rule for whoever holds a task over a wait: where its answer is may have changed meanwhile (the reply was
 * opened, a press brought a new token), so that is read from the ledger when it is used and never from the record in
 * hand. The app reaches Discord through this alone, so that no caller can forget it. What is to be shown stays the
 * caller's: a state that was true when it was drawn, or a request that is about to be persisted.
 */
export function atPresent(delivery: Delivery, ledger: Pick<Ledger, 'get'>): Delivery {
  const present = (task: Task): Task => {
    const origin = ledger.get(task.id)?.origin;
    return origin ? { ...task, origin } : task;
  };
  // Named one by one: a new way to Discord has to say which record it goes by.
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
    notify: (task, ...more) => delivery.notify(present(task), ...more),
  };
}
