import type { Log } from '../../log.js';
import type { MpsClient, TaskReport } from '../../mps/api/client.js';
import type { MpsErrorReason } from '../../mps/api/errors.js';
import { type FailKind, failKindOf } from '../../mps/api/fail-kind.js';
import { conceal } from '../../mps/api/redact.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import type { CreateParameters } from '../../mps/parameters/parameters.js';
import { hour, minute } from '../../util/time.js';
import type { Keeping } from '../delivery/bucket-results.js';
import type { Delivery, Progress } from '../delivery/delivery-port.js';
import type { Ledger } from '../ledger/ledger.js';
import { isReleasable, TransitionError } from '../model/state-machine.js';
import type { FailureReason, Release, Task, TaskId } from '../model/task.js';
import type { Poller } from '../polling/poller.js';
import { sourcesOf } from '../sources/source-images.js';
import type { Preparation } from '../sources/source-preparation.js';
import type { Endings } from './failure-step.js';
import { createProgressShow } from './progress-updates.js';

/** A task's time at MPS: from the Create to the last answer. */
export interface Making {
  /**
   * Creates a queued task, once: a Create that may have happened is never repeated.
   * @throws MpsError; SourceError for an image that can no longer be reached; the signal's reason.
   */
  create(task: Task): Promise<void>;
  /**
   * Asks about a running task until it has ended; past its time it is let go, its person is told, and it is asked about
   * slowly when followed again.
   */
  follow(task: Task, options?: { readonly resumed?: boolean }): Promise<void>;
  /**
   * Writes down what is to become of the result of a task that MPS is at work on, or may be; its card says so. MPS is not told: it knows no cancel,
   * works on and bills, and the slot is taken for as long.
   * @returns false where the task is not at MPS, or not any more.
   */
  release(id: TaskId, release: Release): Promise<boolean>;
}

export interface MakingDeps {
  readonly ledger: Ledger;
  readonly mps: Pick<MpsClient, 'create'>;
  readonly poller: Poller;
  readonly preparation: Preparation;
  readonly delivery: Pick<Delivery, 'show' | 'tellLate'>;
  readonly endings: Endings;
  /** The wire parameters of a request that admission let through. */
  readonly toParameters: (request: GenerationRequest, task: Task) => CreateParameters;
  /** The operator's bucket, where MPS is told to put results. */
  readonly keeping?: Keeping | undefined;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly timing: MakingTiming;
}

export interface MakingTiming {
  /** ms a task may run before it gives up its slot (TASK_TIMEOUT_MINUTES). */
  readonly timeoutMs: number;
  /** ms between questions about a task that was let go. */
  readonly slowPollMs: number;
  /** ms a create is tried while MPS cannot be reached. */
  readonly unreachableMs: number;
}

/** MPS keeps results for 12 h, and off-peak tasks take 48 h at the longest (docs/mps-api.md#durations). */
const linkLifeMs = 12 * hour;
const longestTaskMs = 48 * hour;

/** What the card says while a Create is tried again; else that MPS cannot be reached. */
const waitingFor: Partial<Record<MpsErrorReason, Progress['waitingFor']>> = {
  throttled: 'throttled',
  full: 'full',
  unavailable: 'throttled',
};

/** How a task ends that MPS ended as failed. */
const byFailKind = {
  moderation: 'moderation.result',
  shape: 'unsuccessful.shape',
  words: 'unsuccessful.words',
  source: 'unsuccessful.source',
  fetch: 'unsuccessful.fetch',
  passing: 'unsuccessful',
} as const satisfies Record<FailKind, FailureReason>;

export function createMaking(deps: MakingDeps): Making {
  const { ledger, mps, poller, preparation, delivery, endings, toParameters } = deps;
  const { keeping, log, now, signal, timing } = deps;
  const progress = createProgressShow({ ledger, delivery, poller, now, signal });

  async function create(waiting: Task): Promise<void> {
    const { id } = waiting;
    const request = await preparation.renew(waiting);
    const task = request === waiting.request ? waiting : await ledger.revise(id, request);
    const created = await mps.create(toParameters(task.request, task), {
      signal,
      about: { task: id },
      giveUpAfterMs: timing.unreachableMs,
      onSend: async () => void (await ledger.record(id, { type: 'submitting', ...keeping?.folderOf(task) })),
      onRefused: async (error) => {
        const waiting = await ledger.record(id, { type: 'refused' });
        void delivery.show(waiting, { waitingFor: waitingFor[error.reason] ?? 'unreachable' });
      },
    });
    await ledger.record(id, {
      type: 'created',
      mpsTaskId: created.taskId,
      createdAt: now(),
      letGo: isOffPeak(task),
    });
    log.info({ task: id, mpsTaskId: created.taskId, requestId: created.requestId }, 'task created at MPS');
    await preparation.release(id);
  }

  /** Asks about a running task until it has ended; past its time it is let go and asked about slowly. */
  async function follow(task: Task, { resumed = false } = {}): Promise<void> {
    if (task.state.name !== 'running') return;
    const { mpsTaskId, createdAt, letGo } = task.state;
    const deadline = createdAt + (letGo ? longestTaskMs : timing.timeoutMs);
    let unfinishedAt = createdAt;
    // Found at start, it may have ended long ago: however late it is, it is asked about before it is given up.
    const left = Math.max(deadline - now(), resumed ? minute : 1);
    const overdue = AbortSignal.timeout(Math.min(left, longestTaskMs));
    try {
      const ending = poller.wait(
        { request: task.request, mpsTaskId, createdAt, onUnfinished: (at) => (unfinishedAt = at) },
        {
          signal: AbortSignal.any([signal, overdue]),
          soon: resumed,
          ...(letGo && { pace: () => timing.slowPollMs }),
        },
      );
      const stopShowing = progress.begin(task, task.state, { drawn: resumed });
      const report = await ending.finally(stopShowing);
      await conclude(task, report, unfinishedAt);
    } catch (error) {
      if (signal.aborted || !overdue.aborted) throw error;
      if (letGo) {
        log.warn({ task: task.id, mpsTaskId, perhapsBilled: task.cost }, 'MPS did not finish a task in time');
        return endings.fail(task.id, { reason: 'overdue' });
      }
      const late = await ledger.record(task.id, { type: 'letGo' });
      // Who let it go does not wait: the card may say so, and no message of its own.
      await (late.release ? delivery.show(late) : delivery.tellLate(late));
    }
  }

  async function release(id: TaskId, wished: Release): Promise<boolean> {
    const before = ledger.get(id);
    if (!before || !isReleasable(before.state)) return false;
    try {
      const task = await ledger.record(id, { type: 'released', release: wished });
      log.info({ task: id, ...wished }, 'a running task passed its time-out and gave up its slot');
      void delivery.show(task);
      return true;
    } catch (error) {
      // It ended while this was on its way into the ledger.
      if (error instanceof TransitionError || !ledger.get(id)) return false;
      throw error;
    }
  }

  async function conclude(task: Task, report: TaskReport, unfinishedAt: number): Promise<void> {
    if (report.status === 'DONE' && report.urls.length > 0) {
      const { urls, resolution } = report;
      const lasts = keeping?.lasts(urls) ?? false;
      keeping?.note(task, report);
      await ledger.record(task.id, {
        ...{ type: 'finished', urls },
        ...(!lasts && { linksExpireAt: unfinishedAt + linkLifeMs }),
        ...(resolution !== undefined && { resolution }),
      });
      return;
    }
    const { taskId: mpsTaskId, requestId, status, message = '' } = report;
    const { prompt, negative = '' } = task.request;
    // It may quote what it was asked for.
    const told = { task: task.id, requestId, status, said: conceal(message, [prompt, negative]) };
    if (status === 'DONE') {
      // Its person is given it back; whether MPS bills it, only the operator's account can tell.
      log.error({ ...told, mpsTaskId, perhapsBilled: task.cost }, 'MPS finished a task without a file');
      return endings.fail(task.id, { reason: 'empty' });
    }
    const kind = failKindOf(message, sourcesOf(task.request).length > 0);
    log.warn({ ...told, kind }, 'MPS gave no result');
    await endings.fail(task.id, { reason: byFailKind[kind] });
  }

  return { create, follow, release };
}

/** Cheaper, within two days: such a task holds no slot and is asked about slowly from the start. */
export function isOffPeak({ request }: Task): boolean {
  return request.kind === 'video' && request.offPeak === true;
}
