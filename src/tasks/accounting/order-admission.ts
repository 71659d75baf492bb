import type { Task } from '../model/task.js';
import { refusalIn, restCosts, type SpendingView } from './spending-view.js';
import type { UserUsage } from './user-usage.js';

/** Where a new order is persisted. */
export interface Booking {
  /** False if its event already has a task. */
  add(): Promise<boolean>;
  /** Removes it again, in the background while the store fails. */
  withdraw(): Promise<void>;
}

/** Lets new orders in: see `Budget.admit`. @throws QuotaError; StoreError */
export function createOrderAdmission({ usage, count, viewOf, refuse }: SpendingView) {
  /** For an account that only this process uses. Check and count happen in one turn of the event loop. */
  async function admitHere(task: Task, { add }: Booking): Promise<boolean> {
    const view = await viewOf(task.origin);
    const isKnown = usage.has(task.id);
    if (!isKnown) {
      refuse(refusalIn(view, task, restCosts(task)));
      count(task);
    }
    const isNew = await add().catch((error: unknown) => {
      if (!isKnown) usage.remove(task.id);
      throw error;
    });
    if (!isNew && !isKnown) usage.remove(task.id);
    return isNew;
  }

  /** For an account that other processes use as well: persisted first, because they read the records. */
  async function admitTogether(task: Task, { add, withdraw }: Booking, shared: UserUsage): Promise<boolean> {
    refuse(refusalIn(await viewOf(task.origin), task, restCosts(task)));
    if (!(await add())) return false;
    try {
      await shared.open(task, async (look) =>
        refuse(refusalIn(await viewOf(task.origin, look), task, restCosts(task))),
      );
      return true;
    } catch (error) {
      await withdraw();
      throw error;
    }
  }

  return { admitHere, admitTogether };
}
