import { StoreError } from '../../store/store.js';
import type { Task } from '../model/task.js';
import { advance } from '../model/task-record.js';
import { toAsk } from './quota-error.js';
import { type BudgetDeps, refusalIn, type SpendingView } from './spending-view.js';
import type { UserUsage } from './user-usage.js';

/** Each failed try let another user's task through. */
const mostTries = 100;

/** Reserves what tasks cost: see `Budget.reserve`. @throws QuotaError; StoreError */
export function createQuotaReservation(view: SpendingView, deps: Pick<BudgetDeps, 'totals' | 'now'>) {
  const { usage, count, viewOf, refuse } = view;
  const { now } = deps;
  const claimWide = createWideClaim(view, deps);

  const heldFor = (task: Task, next?: Task) => [
    advance(task, { type: 'queued' }, now()),
    ...(next ? [next] : []),
  ];

  async function reserveHere(task: Task, write: () => Promise<Task>, next?: Task): Promise<Task> {
    const held = heldFor(task, next);
    refuse(refusalIn(await viewOf(task.origin, undefined, held), task, next?.cost, true));
    held.forEach(count);
    try {
      await claimWide(task, held, next);
      return await write();
    } catch (error) {
      count(task);
      if (next) usage.remove(next.id);
      throw error;
    }
  }

  async function reserveTogether(task: Task, write: () => Promise<Task>, shared: UserUsage, next?: Task) {
    const held = heldFor(task, next);
    await shared.claim(task, async (look) =>
      refuse(refusalIn(await viewOf(task.origin, look, held), task, next?.cost, true)),
    );
    await claimWide(task, held, next);
    return write();
  }

  return { reserveHere, reserveTogether };
}

/**
 * Claims what is about to be reserved in the totals and for the user, across processes.
 * @throws QuotaError
 */
function createWideClaim(
  { wide, wideZone, isWide, viewOf, refuse }: SpendingView,
  { totals, now }: Pick<BudgetDeps, 'totals' | 'now'>,
) {
  return async function claimWide(task: Task, tasks: readonly Task[], next?: Task): Promise<void> {
    if (!totals || !isWide) return;
    const asks = tasks.map(({ cost }) => toAsk(cost, true));
    for (let tries = 0; tries < mostTries; tries++) {
      if (await totals.claim(tasks, asks, { limits: wide, zone: wideZone, now: now() })) return;
      const view = await viewOf(task.origin, undefined, tasks);
      refuse(refusalIn({ ...view, limits: { guild: {}, member: {}, ...wide } }, task, next?.cost, true));
    }
    throw new StoreError('locked', 'totals', `others were before task ${task.id} for ${mostTries} times`);
  };
}
