import type { ClipRule } from '../../media/clips/clip-types.js';
import type { FetchedFile } from '../../media/files.js';
import type { Fetcher } from '../../media/results/result-fetcher.js';
import type { ClipSources } from '../../media/sources/clip-intake.js';
import type { Sources } from '../../media/sources/source-intake.js';
import { createsOf, type GenerationRequest, type SourceImage } from '../../mps/generation-request.js';
import type { Budget } from '../accounting/budget.js';
import { createReservation } from '../accounting/order-reservation.js';
import type { Packing } from '../delivery/attachments.js';
import type { BucketResults } from '../delivery/bucket-results.js';
import type { Delivery } from '../delivery/delivery-port.js';
import { packSafely } from '../delivery/safe-packing.js';
import type { UploadQueue } from '../delivery/upload-queue.js';
import { type Attempts, AttemptsSpentError, createAttempts } from '../ledger/attempts.js';
import type { Task, TaskId } from '../model/task.js';
import type { Durations } from '../polling/duration-model.js';
import type { Queue } from '../queue/slot-queue.js';
import { createTurnTimes } from '../queue/turn-times.js';
import { createWaitingList } from '../queue/waiting-list.js';
import { type Hosting, hostOnAnswer } from '../sources/source-hosting.js';
import { createPreparation, type Preparation } from '../sources/source-preparation.js';
import { createAcknowledgementCheck } from './acknowledgement-check.js';
import { createChain } from './chained-tasks.js';
import { createDeliveryStep } from './delivery-step.js';
import type { Extending } from './extending/extending.js';
import { withLastFrames } from './extending/last-frames.js';
import { createFailureStep } from './failure-step.js';
import {
  createGenerationStep,
  type GenerationStepDeps,
  type GenerationStepTiming,
} from './generation-step.js';
import { createSearch, type SearchTiming } from './result-search.js';
import type { ReviewDesk } from './review/review-desk.js';
import { createReviewing } from './review/reviewing.js';
import { createSetTasks } from './set-tasks.js';

export interface RunnerDeps
  extends Pick<GenerationStepDeps, 'ledger' | 'mps' | 'poller' | 'toParameters' | 'permit' | 'log' | 'now'> {
  readonly budget: Pick<Budget, 'reserve'>;
  readonly queue: Queue;
  readonly durations: Pick<Durations, 'of' | 'ofKind'>;
  readonly sources: Sources;
  readonly fetcher: Fetcher;
  readonly packing: Packing;
  readonly transfers: UploadQueue;
  readonly delivery: Delivery;
  /**
   * Moderators of servers that look at orders and results first.
   * @default none
   */
  readonly desk?: ReviewDesk | undefined;
  /**
   * Where MPS fetches source images.
   * @default the answer message
   */
  readonly hosting?: Hosting;
  /** A fresh link to a source image whose link has expired; undefined if there is none. */
  readonly freshen?: (image: SourceImage) => Promise<string | undefined>;
  /** Takes users' clips. */
  readonly clipSources?: ClipSources;
  /** As for Preparation. */
  readonly clipRule?: (request: GenerationRequest) => ClipRule;
  readonly leastSide?: (request: GenerationRequest) => number | undefined;
  /** What an order costs once its clips have been looked at. @throws WithdrawnError */
  readonly costsOf?: (request: GenerationRequest) => readonly Task['cost'][];
  /** Lets clips go on from others; absent: it isn't offered. */
  readonly extending?: Extending | undefined;
  /** Longest clip that parts are joined to, seconds (EXTEND_MAX_SECONDS). @default 60 */
  readonly extendMaxSeconds?: number;
  /** The operator's bucket, in which MPS stores results. */
  readonly keeping?: BucketResults | undefined;
  readonly timing: Timing;
}

export interface Timing extends GenerationStepTiming, SearchTiming {
  /** ms before a failed download or post is retried; doubles up to 60 s. */
  readonly retryMs: number;
  /** As for Handovers. */
  readonly notifyAfterMs?: number;
}

/** Ends what can wait at a stop, and runs what a stop must wait for. */
export interface Stoppable {
  readonly signal: AbortSignal;
  /** Runs an act that, once begun, may already have had its effect outside. @throws the signal's reason before it begins. */
  readonly act: <T>(begin: () => Promise<T>) => Promise<T>;
}

export type TaskParts = ReturnType<typeof createTaskParts>;

/** Everything that the steps of a task are made of. */
export function createTaskParts(deps: RunnerDeps, { signal, act }: Stoppable) {
  const { ledger, delivery, keeping, log, timing, hosting = hostOnAnswer(delivery, timing) } = deps;
  const { retryMs } = timing;
  const chain = createChain({ ledger, delivery, signal, lookMs: retryMs });
  const counted = createAttempts({ ledger, signal });
  // At a stop a queue rejects a job while its body still runs: unless the stop waits for it, the next start would
  // think it crashed the process.
  const attempts: Attempts = { ...counted, run: (id, step, work) => act(() => counted.run(id, step, work)) };
  const preparation = preparationOf(deps, { hosting, attempts, recall: chain.copyOf, signal });
  const join = deps.extending && joinSafely(deps.extending, attempts, signal);
  const endings = createFailureStep({ ledger, preparation, keeping, log, signal });
  const packing = packSafely(deps.packing, attempts, log);
  const common = { ...deps, keeping, signal, retryMs, endings };
  const closing = createDeliveryStep({ ...common, ...timing, packing, act, join, keptIn: keeping?.keptIn });
  return {
    chain,
    reviewing: createReviewing({ ...common, packing, closing }),
    closing,
    set: createSetTasks({ ledger, chain }),
    preparation,
    endings,
    waitingRoom: createWaitingList({ ...common, turns: createTurnTimes(common) }),
    reserve: createReservation(common),
    confirm: createAcknowledgementCheck(common),
    making: createGenerationStep({ ...common, preparation }),
    search: createSearch({ ...common, ...timing }),
  };
}

interface PreparationParts {
  readonly hosting: Hosting;
  readonly attempts: Attempts;
  readonly recall: (by: string) => Promise<string | undefined>;
  readonly signal: AbortSignal;
}

/** Everything that brings what goes with an order to where MPS finds it. */
function preparationOf(
  deps: RunnerDeps,
  { hosting, attempts, recall, signal }: PreparationParts,
): Preparation {
  const { keeping, now, timing } = deps;
  const { retryMs } = timing;
  const attempt = <T>(id: TaskId, work: () => Promise<T>) => attempts.run(id, 'sources', work);
  const images = createPreparation({
    attempt,
    lasts: (url) => keeping?.lasts([url]) ?? false,
    sources: deps.sources,
    hosting,
    hostable: async (task) => hosting.limit?.(task),
    ...(deps.clipSources && { clipSources: deps.clipSources }),
    ...(deps.clipRule && { clipRule: clipRuleOfAll(deps.clipRule) }),
    recall,
    signal,
    now,
    retryMs,
    ...(deps.freshen && { freshen: deps.freshen }),
    ...(deps.leastSide && { leastSide: leastSideOfAll(deps.leastSide) }),
  });
  const { extending, extendMaxSeconds: maxSeconds = usualMaxSeconds, sources } = deps;
  return withLastFrames({
    preparation: images,
    extending,
    maxSeconds,
    hosting,
    sources,
    attempt,
    signal,
    now,
  });
}

/** Longest clip that parts are joined to, unless the operator says otherwise, seconds. */
const usualMaxSeconds = 60;

/** A task that was found in it for the third time gets its new part alone. */
function joinSafely(extending: Extending, attempts: Attempts, signal: AbortSignal) {
  return (task: Task, part: FetchedFile): ReturnType<Extending['join']> =>
    attempts
      .run(task.id, 'files', () => extending.join(task, part, { signal }))
      .catch((error: unknown) => {
        if (error instanceof AttemptsSpentError) return { whole: { missing: 'failed' as const } };
        throw error;
      });
}

/** The images of a set go to every compared model: they have to do for the one that wants the largest. */
function leastSideOfAll(leastSide: NonNullable<RunnerDeps['leastSide']>): typeof leastSide {
  return (request) => {
    const sides = createsOf(request).flatMap((one) => leastSide(one) ?? []);
    return sides.length > 0 ? Math.max(...sides) : undefined;
  };
}

/** The same of clips: they have to be neither too short nor too long for any of the compared models. */
function clipRuleOfAll(clipRule: NonNullable<RunnerDeps['clipRule']>): typeof clipRule {
  return (request) => {
    const rules = createsOf(request).map(clipRule);
    const minSeconds = Math.max(...rules.map((rule) => rule.minSeconds));
    return {
      ...clipRule(request),
      minSeconds,
      maxSeconds: Math.min(...rules.map((rule) => rule.maxSeconds)),
    };
  };
}
