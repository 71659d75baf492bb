import { createOrder } from '../../util/keyed-lock.js';
import type { Ledger } from '../ledger/ledger.js';
import { endsInWords } from '../model/state-machine.js';
import type { Route, Task, TaskEvent } from '../model/task.js';
import { isToldApart, isUnawaited } from '../model/task-record.js';
import { partIds } from '../model/task-set.js';
import { isLastOfOrder, orderedAt } from './set-members.js';

/** What the user is told once an outcome is posted: that it is there, or why there is none (`explainAloud`: with a ping). */
export type Notice = 'notify' | 'explain' | 'explainAloud' | 'nothing';

type Handed = Omit<Extract<TaskEvent, { readonly type: 'handed' }>, 'type' | 'notified'>;

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'find' | 'record'>;
  readonly now: () => number;
  readonly notifyAfterMs?: number;
}

/**
 * Persists posted outcomes and decides, once for each order, who is notified of its end. The outcomes of one order are
 * recorded one at a time: when two end together, exactly one of them is the last. What is sent follows the record: after
 * a crash in between, rather no message than two.
 */
export function createOrderEndings(deps: Deps) {
  const { ledger, now, notifyAfterMs = Number.POSITIVE_INFINITY } = deps;
  const inTurn = createOrder();

  /** A set's reasons are on its card, each in its place, unless there is no result at all. */
  async function isUnexplained(task: Task, isLast: boolean): Promise<boolean> {
    const set = await setOf(task, ledger);
    if (!set) return isExplainable(task);
    if (set !== task || !isLast) return false;
    const parts = await Promise.all(partIds(task).map((id) => (id === task.id ? task : ledger.find(id))));
    const isFruitless = parts.every((part) => part === undefined || endsInWords(part.state));
    return isFruitless && parts.some((part) => part !== undefined && isExplainable(part));
  }

  const inOrder = <R>({ id }: Task, work: () => Promise<R>) => inTurn(id.split(':')[0] ?? id, work);

  return {
    record: (task: Task, route: Route, handed: Handed): Promise<Notice> =>
      inOrder(task, async () => {
        const isLast = await isLastOfOrder(task, ledger);
        const isLate = now() - (await orderedAt(task, ledger)) > notifyAfterMs;
        const isPinged = route === 'answer' && isLast && isRungFor(task) && isLate;
        const isExplained = await isUnexplained(task, isLast);
        await ledger.record(task.id, { type: 'handed', ...handed, ...(isPinged && { notified: true }) });
        if (isExplained) return isPinged ? 'explainAloud' : 'explain';
        return isPinged ? 'notify' : 'nothing';
      }),
    /** The same for a post of an earlier attempt, after which the user may have been pinged. */
    recordFound: (task: Task, handed: Handed): Promise<Notice> =>
      inOrder(task, async () => {
        const isExplained = await isUnexplained(task, await isLastOfOrder(task, ledger));
        await ledger.record(task.id, { type: 'handed', ...handed });
        return isExplained ? 'explain' : 'nothing';
      }),
  };
}

/** The part that tells which set a task belongs to; undefined if it has a message of its own. @throws StoreError */
async function setOf(task: Task, { find }: Pick<Ledger, 'find'>): Promise<Task | undefined> {
  if (task.origin.collected) return undefined;
  const part = task.after === undefined ? task : await find(task.after);
  return part?.set ? part : undefined;
}

function isExplainable(task: Task): boolean {
  return isToldApart(task) && !isUnawaited(task);
}

/** A user who cancelled or dismissed it isn't waiting for it. */
function isRungFor({ state, release }: Task): boolean {
  return state.name !== 'cancelled' && release === undefined;
}
