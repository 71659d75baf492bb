import type { Log } from '../../../log.js';
import { retry } from '../../../util/retry.js';
import type { Packing } from '../../delivery/attachments.js';
import { RouteClosedError } from '../../delivery/delivery-port.js';
import type { Task, TaskId } from '../../model/task.js';
import type { DeliveryStep } from '../delivery-step.js';
import { createAsking } from './asking.js';
import type { ReviewDesk } from './review-desk.js';
import { createReviewStep, type ReviewStep, type ReviewStepDeps } from './review-step.js';
import { createWakeups } from './wakeups.js';

/** Everything about moderators' decisions that the other steps of a task need. */
export interface Reviewing extends ReviewStep {
  /** Its state was changed from elsewhere: its wait ends. */
  wake(id: TaskId): void;
  /** Puts a decision on record before it takes effect, unless that is done. */
  noteDecision(task: Task): Promise<void>;
}

interface Deps extends Omit<ReviewStepDeps, 'asking' | 'wakeups' | 'letGoOf' | 'desk'> {
  /** @default no one can be asked, and nothing is to be asked */
  readonly desk?: ReviewDesk | undefined;
  readonly packing: Pick<Packing, 'pack'>;
  readonly closing: Pick<DeliveryStep, 'filesOf' | 'letGoOf' | 'run'>;
  readonly log: Log;
}

/** Found under review without anyone to ask: it waits. */
const absent: ReviewDesk = {
  wants: async () => false,
  channelOf: async () => {
    throw new RouteClosedError('No moderators can be asked.');
  },
  limitOf: async () => 0,
  post: async () => {
    throw new RouteClosedError('No moderators can be asked.');
  },
  seek: async () => undefined,
  isThere: async () => true,
  filesIn: async () => [],
  async close() {},
  unreachable() {},
  async note() {},
};

export function createReviewing(deps: Deps): Reviewing {
  const { ledger, desk = absent, closing, log, signal, retryMs } = deps;
  const wakeups = createWakeups(signal);
  const { filesOf, letGoOf, run } = closing;
  const asking = createAsking({ ...deps, desk, filesOf, run });
  return {
    ...createReviewStep({ ...deps, desk, asking, wakeups, letGoOf }),
    wake: wakeups.wake,
    async noteDecision(task) {
      const decision = task.review?.decision;
      if (!decision || decision.noted) return;
      await retry(() => desk.note(task, decision), {
        firstMs: retryMs,
        signal,
        onFailure: (error, { againInMs }) =>
          log.warn({ task: task.id, err: error, againInMs }, "a moderator's decision could not be noted"),
      });
      if (ledger.get(task.id)) await ledger.record(task.id, { type: 'noted' });
    },
  };
}
