import { nextIn } from '../ledger/follow-up.js';
import type { Ledger } from '../ledger/ledger.js';
import { openPartsOf } from '../ledger/order-parts.js';
import type { Task, TaskId } from '../model/task.js';
import { isReserved, leadId, partIds } from '../model/task-set.js';
import type { Chain } from './chained-tasks.js';

/**
 * The parts of a set. All are `held` until the whole set is reserved, which the lead's `queued` says. While one of them is
 * held its lead isn't over, so after any crash one of the two is always found again.
 */
export interface SetTasks {
  /** The lead is reserved: queues the other parts, and returns those that were held. */
  release(lead: Task): Promise<readonly Task[]>;
  /** The lead has ended: before the set was reserved the parts written already go, else they are as for `release`. */
  settle(lead: Task): Promise<readonly Task[]>;
  /**
   * Found held at a start without its lead. True if the set was reserved and the part is queued now.
   * @throws StoreError
   */
  recover(part: Task): Promise<boolean>;
}

interface Deps {
  readonly ledger: Ledger;
  readonly chain: Pick<Chain, 'letGo'>;
}

export function createSetTasks({ ledger, chain }: Deps): SetTasks {
  const heldIn = (lead: Task) =>
    lead.set?.part === 1 ? openPartsOf(lead, ledger).filter(({ state }) => state.name === 'held') : [];

  async function release(lead: Task): Promise<readonly Task[]> {
    const queued: Task[] = [];
    for (const { id } of heldIn(lead)) queued.push(await ledger.record(id, { type: 'queued' }));
    return queued;
  }

  /** A clip goes before the part that it follows: nothing else would find it again. */
  async function drop(lead: Task): Promise<void> {
    for (const { id } of heldIn(lead)) {
      // Its user may be calling it off right now, which happens only once.
      await chain.letGo({ id });
      await ledger.record(id, { type: 'dropped' });
    }
  }

  return {
    release,
    async settle(lead) {
      if (isReserved(lead)) return release(lead);
      await drop(lead);
      return [];
    },
    async recover({ id }) {
      const lead = await ledger.find(leadId(id));
      if (!lead || !isReserved(lead)) return false;
      await ledger.record(id, { type: 'queued' });
      return true;
    },
  };
}

/** The unfinished tasks of an order, in the order of their results: each part, and the clip that follows it. */
export function openTasksOf(task: Pick<Task, 'id' | 'set'>, ledger: Pick<Ledger, 'get'>): readonly TaskId[] {
  return partIds(task).flatMap((id) => {
    const clip = nextIn(id, ledger)?.id;
    return [...(ledger.get(id) ? [id] : []), ...(clip ? [clip] : [])];
  });
}

/** The task that a held one waits for. */
export function awaitedBy({ id, after, set }: Task): TaskId | undefined {
  return after ?? (set ? leadId(id) : undefined);
}
