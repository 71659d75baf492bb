import { StoreError } from '../../store/store.js';
import type { Task, TaskId } from '../model/task.js';
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
  /** Counted, and in no record so far. */
  const unwritten = new Set<TaskId>();

  const heldFor = (task: Task, rest: readonly Task[]) => [advance(task, { type: 'queued' }, now()), ...rest];

  async function reserveHere(task: Task, write: () => Promise<Task>, rest: readonly Task[]): Promise<Task> {
    const held = heldFor(task, rest);
    refuse(refusalIn(await viewOf(task.origin, undefined, held), task, costsOf(rest), true));
    for (const one of held) {
      unwritten.add(one.id);
      count(one);
    }
    try {
      await claimWide(task, held, rest);
      return await write();
    } catch (error) {
      if (unwritten.delete(task.id)) count(task);
      throw error;
    } finally {
      // What was written goes on counting, as its record says; what had ended before is not written again.
      for (const { id } of rest) if (unwritten.delete(id)) usage.remove(id);
      unwritten.delete(task.id);
    }
  }

  async function reserveTogether(
    task: Task,
    write: () => Promise<Task>,
    shared: UserUsage,
    rest: readonly Task[],
  ): Promise<Task> {
    const held = heldFor(task, rest);
    await shared.claim(task, async (look) =>
      refuse(refusalIn(await viewOf(task.origin, look, held), task, costsOf(rest), true)),
    );
    await claimWide(task, held, rest);
    return write();
  }

  return {
    reserveHere,
    reserveTogether,
    /** A task was persisted. */
    written: ({ id }: Pick<Task, 'id'>) => void unwritten.delete(id),
  };
}

function costsOf(tasks: readonly Task[]): readonly Task['cost'][] {
  return tasks.map(({ cost }) => cost);
}

/**
 * Claims what is about to be reserved in the totals and for the user, across processes.
 * @throws QuotaError
 */
function createWideClaim(
  { wide, wideZone, isWide, viewOf, refuse }: SpendingView,
  { totals, now }: Pick<BudgetDeps, 'totals' | 'now'>,
) {
  return async function claimWide(task: Task, tasks: readonly Task[], rest: readonly Task[]): Promise<void> {
    if (!totals || !isWide) return;
    const asks = tasks.map(({ cost }) => toAsk(cost, true));
    for (let tries = 0; tries < mostTries; tries++) {
      if (await totals.claim(tasks, asks, { limits: wide, zone: wideZone, now: now() })) return;
      const view = await viewOf(task.origin, undefined, tasks);
      refuse(refusalIn({ ...view, limits: { guild: {}, member: {}, ...wide } }, task, costsOf(rest), true));
    }
    throw new StoreError('locked', 'totals', `others were before task ${task.id} for ${mostTries} times`);
  };
}
