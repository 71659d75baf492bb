import type { MessageComponentInteraction } from 'discord.js';
import { type Sentence, UserError } from '../../errors.js';
import type { Accounts } from '../../quota/account.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { setOf } from '../../tasks/ledger/order-parts.js';
import type { TaskPage } from '../../tasks/ledger/task-listing.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import { type TimeWindow, worthSaying } from '../../tasks/model/progress.js';
import { isAlive, isReleasable } from '../../tasks/model/state-machine.js';
import type { Release, Task, TaskId } from '../../tasks/model/task.js';
import type { Poller } from '../../tasks/polling/poller.js';
import type { Turn, TurnTimes } from '../../tasks/queue/turn-times.js';
import { whyNotReleased } from '../access/dismissal-rules.js';
import { askerIn } from '../access/message-asker.js';
import { moderates } from '../access/permissions.js';
import type { AnswerableInteraction } from '../access/request-origin.js';
import { perPage } from '../views/task-list.js';
import { answered, type RemoteTasks } from './remote-tasks.js';

/** Tasks that users have ordered, whichever process runs them. */
export interface TaskService {
  /** A task that the ledger still keeps. */
  find(id: TaskId): Promise<Task | undefined>;
  /**
   * Whether the user who pressed a button below a message ordered its task. A redacted record still knows by its payer;
   * once the record is gone, only the message does. Undefined if nothing says who it was.
   */
  isAsker(interaction: MessageComponentInteraction, id: TaskId): Promise<boolean | undefined>;
  /** A page of a user's tasks. @throws StoreError */
  ofUser(userId: string, page: number): Promise<TaskPage>;
  /** A page of a guild's tasks. @throws StoreError */
  ofGuild(guildId: string, page: number): Promise<TaskPage>;
  /** Its place in line and when its turn is expected; undefined if it isn't waiting. */
  turn(task: Task): Turn | undefined;
  /** When the result of a running task is expected; undefined if that can't be estimated (off-peak, timed out). */
  expected(task: Task): TimeWindow | undefined;
  /**
   * Cancels a task that waits, of a set's lead all parts that do: one's own or as a moderator.
   * @throws UserError if it is too late, someone else's, or the process that runs it is unavailable.
   */
  cancel(interaction: AnswerableInteraction, id: TaskId): Promise<Cancelled>;
  /**
   * Persists what is to become of the result of a task that MPS is working on; its card says so. Permission is checked
   * by the caller.
   * @param options.whole all parts of the set that it leads.
   * @returns false if MPS is not working on it, or not any more.
   * @throws UserError if the process that runs it is unavailable.
   */
  dismiss(task: Task, release: Release, options?: { readonly whole?: boolean }): Promise<boolean>;
}

/** How many tasks of an order were cancelled, and how many can't be any more and are still to come. */
export interface Cancelled {
  readonly calledOff: number;
  readonly goOn: number;
}

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'find' | 'page' | 'payer'>;
  readonly accounts: Pick<Accounts, 'of'>;
  readonly runner: Pick<Runner, 'cancel' | 'cancelAll' | 'release' | 'releaseAll'>;
  readonly turns: TurnTimes;
  readonly poller: Pick<Poller, 'expected'>;
  readonly remoteTasks: Pick<RemoteTasks, 'has' | 'run'>;
  readonly now: () => number;
}

export function createTaskService(deps: Deps): TaskService {
  const { ledger, accounts, runner, turns, poller, remoteTasks, now } = deps;
  return {
    find: (id) => ledger.find(id),
    async isAsker({ user, message }, id) {
      const payer = await ledger.payer(id);
      const asker = askerIn(message);
      // A button may name any task: one's own is no right to someone else's message.
      if (asker !== undefined && asker !== user.id) return false;
      if (payer) return accounts.of({ userId: user.id, guildInstalled: false }).person === payer.person;
      return asker === undefined ? undefined : true;
    },
    ofUser: (userId, page) => ledger.page({ userId }, { page, perPage }),
    ofGuild: (guildId, page) => ledger.page({ guildId }, { page, perPage }),
    turn: (task) => turns.of(task),
    expected({ request, state }) {
      const end = state.name === 'running' ? poller.expected(request.kind, state.mpsTaskId) : undefined;
      return end && worthSaying(end, now());
    },
    async cancel(interaction, id) {
      const task = ledger.get(id) ?? (await ledger.find(id));
      const mayNot =
        task && task.origin.userId !== interaction.user.id && !moderates(interaction, task.origin);
      if (mayNot) throw new UserError({ key: 'error.cancel.notYours' });
      const cancelled =
        task && remoteTasks.has(task) ? await cancelRemotely(deps, task) : cancelHere(runner, id, task);
      if (cancelled.calledOff === 0) throw new UserError(whyNotCancelled(await ledger.find(id)));
      return cancelled;
    },
    async dismiss(task, release, { whole = false } = {}) {
      const wish = { what: 'release', release, ...(whole && { whole }) } as const;
      if (remoteTasks.has(task)) return answered(await remoteTasks.run(task, wish)) === 'done';
      return whole ? (await runner.releaseAll(task, release)).length > 0 : runner.release(task.id, release);
    },
  };
}

function cancelHere(runner: Deps['runner'], id: TaskId, task: Task | undefined): Cancelled {
  if (!task?.set) return { calledOff: runner.cancel(id) ? 1 : 0, goOn: 0 };
  const { calledOff, goOn } = runner.cancelAll(task);
  return { calledOff: calledOff.length, goOn: goOn.length };
}

/** What it has cancelled is persisted by then. @throws UserError; StoreError */
async function cancelRemotely({ ledger, remoteTasks }: Deps, task: Task): Promise<Cancelled> {
  if (answered(await remoteTasks.run(task, { what: 'cancel' })) !== 'done') return { calledOff: 0, goOn: 0 };
  const parts = await setOf(task, ledger);
  const calledOff = parts.filter(({ state }) => state.name === 'cancelled').length;
  return { calledOff: Math.max(1, calledOff), goOn: parts.filter(({ state }) => isAlive(state)).length };
}

/** A task that does not wait, or not any more. */
function whyNotCancelled(task: Task | undefined): Sentence {
  if (!task) return { key: 'error.button.gone' };
  const { name } = task.state;
  if (isReleasable(task.state)) return { key: 'error.cancel.late' };
  return isAlive(task.state) && name !== 'fetching' && name !== 'delivering'
    ? { key: 'error.release.soon' }
    : whyNotReleased(task);
}
