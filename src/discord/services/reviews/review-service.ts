import { UserError } from '../../../errors.js';
import type { Ledger } from '../../../tasks/ledger/ledger.js';
import { setOf } from '../../../tasks/ledger/order-parts.js';
import type { ReviewDesk } from '../../../tasks/lifecycle/review/review-desk.js';
import type { Decision } from '../../../tasks/lifecycle/review/review-step.js';
import type { Runner } from '../../../tasks/lifecycle/runner.js';
import { isUnderReview } from '../../../tasks/model/state-machine.js';
import type { Posted, Task, TaskId } from '../../../tasks/model/task.js';
import type { RemoteTasks } from '../remote-tasks.js';

/** What moderators decide in their channel. */
export interface ReviewService {
  /**
   * Records a decision; of several moderators at once the first one's counts. The message changes by itself.
   * @returns the task, and whether it was this decision that counted.
   * @throws UserError if the task is not this guild's, or the process that runs it is unavailable.
   */
  decide(
    guildId: string,
    id: TaskId,
    decision: Decision,
    message: Posted,
  ): Promise<{ readonly task: Task; readonly counted: boolean }>;
  /**
   * The same for all results of a set that moderators were shown by then: in this message or one above it.
   * @returns how many it decided.
   * @throws UserError as for `decide`; StoreError
   */
  decideAll(guildId: string, id: TaskId, decision: Decision, message: Posted): Promise<number>;
  /** The moderators' channel was set: what waits for one is reviewed there. */
  channelSet(guildId: string): void;
  /** Messages of a guild were deleted: what was asked in them is asked again. */
  noteGone(guildId: string, messageIds: readonly string[]): void;
}

interface Deps {
  readonly ledger: Pick<Ledger, 'find'>;
  readonly runner: Pick<Runner, 'decide' | 'recheck'>;
  readonly desk: Pick<ReviewDesk, 'close'>;
  readonly remoteTasks: Pick<RemoteTasks, 'has'>;
}

export function createReviewService({ ledger, runner, desk, remoteTasks }: Deps): ReviewService {
  const isIn = (guildId: string, { origin }: Task) => origin.guildInstalled && origin.guildId === guildId;
  return {
    async decide(guildId, id, decision, message) {
      const before = await ledger.find(id);
      if (!before || !isIn(guildId, before)) throw new UserError({ key: 'review.error.over' });
      if (remoteTasks.has(before)) throw new UserError({ key: 'error.away' });
      const decided = await runner.decide(id, decision);
      if (decided) return { task: decided, counted: true };
      const task = (await ledger.find(id)) ?? before;
      // Discord waits three seconds for the answer, and edits of one channel take their turns.
      void desk.close(task, message, decision.what);
      return { task, counted: false };
    },
    async decideAll(guildId, id, decision, message) {
      const task = await ledger.find(id);
      if (!task || !isIn(guildId, task)) throw new UserError({ key: 'review.error.over' });
      if (remoteTasks.has(task)) throw new UserError({ key: 'error.away' });
      const parts = await setOf(task, ledger);
      const decided = await Promise.all(
        parts.filter((part) => wasShown(part, message)).map((part) => runner.decide(part.id, decision)),
      );
      return decided.filter((one) => one !== undefined).length;
    },
    channelSet: (guildId) => runner.recheck((task) => isIn(guildId, task)),
    noteGone(guildId, messageIds) {
      const gone = new Set(messageIds);
      runner.recheck(
        (task) =>
          isIn(guildId, task) &&
          isUnderReview(task.state) &&
          // One that is being posted may be gone before its id is known.
          (task.state.asked ? gone.has(task.state.asked.messageId) : task.state.asking !== undefined),
      );
    },
  };
}

/** No one has seen what was posted below the message whose button they press. */
function wasShown({ state }: Task, { channelId, messageId }: Posted): boolean {
  if (state.name !== 'awaitingReview' || !state.asked) return false;
  return state.asked.channelId === channelId && BigInt(state.asked.messageId) <= BigInt(messageId);
}
