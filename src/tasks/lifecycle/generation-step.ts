import type { Log } from '../../log.js';
import type { MpsClient, TaskReport } from '../../mps/api/client.js';
import type { MpsErrorReason } from '../../mps/api/errors.js';
import { type FailKind, failKindOf } from '../../mps/api/fail-kind.js';
import { conceal } from '../../mps/api/redact.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import type { CreateParameters } from '../../mps/parameters/parameters.js';
import { type Reason, StoreError } from '../../store/store.js';
import { jittered, retry } from '../../util/retry.js';
import { hour, minute, second } from '../../util/time.js';
import { type Permit, permitAll } from '../accounting/permit.js';
import type { BucketResults } from '../delivery/bucket-results.js';
import type { Delivery } from '../delivery/delivery-port.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Progress } from '../model/progress.js';
import { isReleasable, TransitionError } from '../model/state-machine.js';
import type { FailureReason, Release, Task, TaskId } from '../model/task.js';
import type { Poller } from '../polling/poller.js';
import { sourcesOf } from '../sources/source-images.js';
import type { Preparation } from '../sources/source-preparation.js';
import type { FailureStep } from './failure-step.js';
import { createProgressShow } from './progress-updates.js';

/** A task at MPS: from the Create to the last response. */
export interface GenerationStep {
  /**
   * Submits a queued task, once: a Create that may have happened is never repeated.
   * @throws MpsError; SourceError if an image is no longer reachable; the signal's reason.
   */
  create(task: Task): Promise<void>;
  /**
   * Polls a running task until it ends. After its time-out it gives up its slot, its user is notified, and it is
   * polled slowly from then on.
   */
  follow(task: Task, options?: { readonly resumed?: boolean }): Promise<void>;
  /**
   * Persists what should happen to the result of a task that is, or may be, running at MPS; its card says so. MPS has
   * no cancel: it keeps working and bills, and the slot stays taken.
   * @returns false if the task isn't at MPS, or no longer.
   */
  release(id: TaskId, release: Release): Promise<boolean>;
}

export interface GenerationStepDeps {
  readonly ledger: Ledger;
  readonly mps: Pick<MpsClient, 'create'>;
  readonly poller: Poller;
  readonly preparation: Preparation;
  readonly delivery: Pick<Delivery, 'show' | 'tellLate'>;
  readonly endings: FailureStep;
  /** The wire parameters of an admitted request. */
  readonly toParameters: (request: GenerationRequest, task: Task) => CreateParameters;
  /** The operator's bucket, in which MPS stores results. */
  readonly keeping?: BucketResults | undefined;
  /** @default no one is blocked */
  readonly permit?: Permit;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly timing: GenerationStepTiming;
}

export interface GenerationStepTiming {
  /** ms a task may run before it gives up its slot (TASK_TIMEOUT_MINUTES). */
  readonly timeoutMs: number;
  /** ms between polls of a task that has timed out. */
  readonly slowPollMs: number;
  /** ms for which a Create is retried while MPS is unreachable. */
  readonly unreachableMs: number;
}

/** MPS keeps results for 12 h, and off-peak tasks take up to 48 h (docs/mps-api.md#durations). */
const linkLifeMs = 12 * hour;
const longestTaskMs = 48 * hour;

/** Temporary database errors, and how a look into it is repeated. */
const passing: ReadonlySet<Reason> = new Set(['away', 'locked']);
const patience = { firstMs: second, maxMs: 30 * second };

/**
 * What the card says while a Create is retried.
 * @default that MPS can't be reached
 */
const waitingFor: Partial<Record<MpsErrorReason, Progress['waitingFor']>> = {
  throttled: 'throttled',
  full: 'full',
  unavailable: 'throttled',
};

/** How a task ends if MPS reports it as failed. */
const byFailKind = {
  moderation: 'moderation.result',
  shape: 'unsuccessful.shape',
  words: 'unsuccessful.words',
  source: 'unsuccessful.source',
  fetch: 'unsuccessful.fetch',
  passing: 'unsuccessful',
} as const satisfies Record<FailKind, FailureReason>;

export function createGenerationStep(deps: GenerationStepDeps): GenerationStep {
  const progress = createProgressShow(deps);
  return {
    create: (waiting) => create(deps, waiting),
    follow: (task, { resumed = false } = {}) => follow({ ...deps, progress }, task, resumed),
    release: (id, wished) => release(deps, id, wished),
  };
}

async function create(deps: GenerationStepDeps, waiting: Task): Promise<void> {
  const { ledger, mps, preparation, delivery, toParameters, log, now, signal, timing } = deps;
  const { id } = waiting;
  const request = await preparation.renew(waiting);
  const task = request === waiting.request ? waiting : await ledger.revise(id, request);
  const created = await mps.create(toParameters(task.request, task), {
    signal,
    about: { task: id },
    giveUpAfterMs: timing.unreachableMs,
    onSend: () => submitting(deps, task),
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

/**
 * The last step before a Create; a block that is in force by now stops it. While no one can say, it waits, as all writes do.
 */
function submitting({ ledger, keeping, permit = permitAll, log, signal }: GenerationStepDeps, task: Task) {
  const write = async () =>
    void (await ledger.record(task.id, { type: 'submitting', ...keeping?.folderOf(task) }));
  return retry(() => permit(task, write), {
    ...patience,
    signal,
    onFailure(error, { againInMs }) {
      if (!(error instanceof StoreError) || !passing.has(error.reason)) throw error;
      log.error({ task: task.id, err: error, againInMs }, 'blocks could not be read');
    },
  });
}

type FollowDeps = GenerationStepDeps & { readonly progress: ReturnType<typeof createProgressShow> };

/** Polls a running task until it ends; after its time-out it gives up its slot and is polled slowly. */
async function follow(deps: FollowDeps, task: Task, resumed: boolean): Promise<void> {
  const { ledger, poller, delivery, endings, log, now, signal, timing, progress } = deps;
  if (task.state.name !== 'running') return;
  const { mpsTaskId, createdAt, letGo } = task.state;
  const deadline = createdAt + (letGo ? longestTaskMs : timing.timeoutMs);
  let unfinishedAt = createdAt;
  // A task found at the start may have ended long ago: it is polled once before it is given up, however late it is.
  const left = Math.max(deadline - now(), resumed ? minute : 1);
  const overdue = AbortSignal.timeout(Math.min(left, longestTaskMs));
  try {
    const ending = poller.wait(
      { request: task.request, mpsTaskId, createdAt, onUnfinished: (at) => (unfinishedAt = at) },
      {
        signal: AbortSignal.any([signal, overdue]),
        soon: resumed,
        ...(letGo && { pace: () => jittered(timing.slowPollMs) }),
      },
    );
    const stopShowing = progress.begin(task, task.state, { drawn: resumed });
    const report = await ending.finally(stopShowing);
    await conclude(deps, task, report, unfinishedAt);
  } catch (error) {
    if (signal.aborted || !overdue.aborted) throw error;
    if (letGo) {
      log.warn({ task: task.id, mpsTaskId, perhapsBilled: task.cost }, 'MPS did not finish a task in time');
      return endings.fail(task.id, { reason: 'overdue' });
    }
    const late = await ledger.record(task.id, { type: 'letGo' });
    // The user dismissed it and isn't waiting: the card may say so, but no extra message.
    await (late.release ? delivery.show(late) : delivery.tellLate(late));
  }
}

async function release(deps: GenerationStepDeps, id: TaskId, wished: Release): Promise<boolean> {
  const { ledger, delivery, log } = deps;
  const before = ledger.get(id);
  if (!before || !isReleasable(before.state)) return false;
  try {
    const task = await ledger.record(id, { type: 'released', release: wished });
    log.info({ task: id, ...wished }, 'a running task passed its time-out and gave up its slot');
    void delivery.show(task);
    return true;
  } catch (error) {
    // It ended while this was being persisted.
    if (error instanceof TransitionError || !ledger.get(id)) return false;
    throw error;
  }
}

async function conclude(
  { ledger, endings, keeping, log }: GenerationStepDeps,
  task: Task,
  report: TaskReport,
  unfinishedAt: number,
): Promise<void> {
  if (report.status === 'DONE' && report.urls.length > 0) {
    const { urls, resolution } = report;
    const lasts = keeping?.lasts(urls) ?? false;
    keeping?.note(task, report);
    await ledger.record(task.id, {
      type: 'finished',
      urls,
      ...(!lasts && { linksExpireAt: unfinishedAt + linkLifeMs }),
      ...(resolution !== undefined && { resolution }),
    });
    return;
  }
  const { taskId: mpsTaskId, requestId, status, message = '' } = report;
  const { prompt, negative = '' } = task.request;
  // It may quote the prompt.
  const told = { task: task.id, requestId, status, said: conceal(message, [prompt, negative]) };
  if (status === 'DONE') {
    // The user is refunded; whether MPS bills it, only the Tencent Cloud account shows.
    log.error({ ...told, mpsTaskId, perhapsBilled: task.cost }, 'MPS finished a task without a file');
    return endings.fail(task.id, { reason: 'empty' });
  }
  const kind = failKindOf(message, sourcesOf(task.request).length > 0);
  log.warn({ ...told, kind }, 'MPS gave no result');
  await endings.fail(task.id, { reason: byFailKind[kind] });
}

/** Off-peak (cheaper, within two days): such a task holds no slot and is polled slowly from the start. */
export function isOffPeak({ request }: Task): boolean {
  return request.kind === 'video' && request.offPeak === true;
}
