import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fetcher } from '../../media/results/result-fetcher.js';
import type { Sources } from '../../media/sources/source-intake.js';
import type { GenerationRequest, SourceImage } from '../../mps/generation-request.js';
import type { Budget } from '../accounting/budget.js';
import { createReservation } from '../accounting/reservation.js';
import { type Packing, packSafely } from '../delivery/attachments.js';
import type { Keeping } from '../delivery/bucket-results.js';
import type { Delivery } from '../delivery/delivery-port.js';
import type { Transfers } from '../delivery/upload-queue.js';
import { type Attempts, createAttempts } from '../ledger/attempts.js';
import { nextId } from '../ledger/follow-up.js';
import { endsInWords, isAlive, isOver } from '../model/state-machine.js';
import type { StateName, Task, TaskId } from '../model/task.js';
import type { Durations } from '../polling/duration-model.js';
import { createWaitingRoom, LeftError } from '../queue/queue-positions.js';
import type { Queue } from '../queue/slot-queue.js';
import { type Hosting, hostOnAnswer } from '../sources/source-hosting.js';
import { createPreparation } from '../sources/source-preparation.js';
import { createConfirmation } from './acknowledgement-check.js';
import { createChain } from './chained-tasks.js';
import { createClosing } from './delivery-step.js';
import { createEndings } from './failure-step.js';
import {
  createMaking,
  isOffPeak,
  type Making,
  type MakingDeps,
  type MakingTiming,
} from './generation-step.js';
import { createSearch, type SearchTiming } from './result-search.js';

/** Takes tasks through their states, from the ledger's word alone: whatever was reached before a crash is gone on from. */
export interface Runner {
  /** Drives a task that was just received and acknowledged. */
  start(id: TaskId): void;
  /** Goes on with every unfinished task: finished results first, for their links die; then what runs; then what waits. */
  resume(): void;
  /** Calls off a task that has not been submitted yet. False where it is too late for that. */
  cancel(id: TaskId): boolean;
  /** As for Making. */
  release: Making['release'];
  /** As for Closing. */
  handOut(id: TaskId): Promise<void>;
  /** Begins no further step and waits until the acts under way (a create, a post) have ended. */
  stop(): Promise<void>;
}

interface Deps extends Pick<MakingDeps, 'ledger' | 'mps' | 'poller' | 'toParameters' | 'log' | 'now'> {
  readonly budget: Pick<Budget, 'reserve'>;
  readonly queue: Queue;
  readonly durations: Pick<Durations, 'ofKind'>;
  readonly sources: Sources;
  readonly fetcher: Fetcher;
  readonly packing: Packing;
  readonly transfers: Transfers;
  readonly delivery: Delivery;
  /** Where MPS fetches people's images; on the answer unless given. */
  readonly hosting?: Hosting;
  /** A person's picture's link anew, where the one in the request has died; undefined where there is none. */
  readonly freshen?: (image: SourceImage) => Promise<string | undefined>;
  /** As for Preparation. */
  readonly leastSide?: (request: GenerationRequest) => number | undefined;
  /** The operator's bucket, where MPS is told to put results. */
  readonly keeping?: Keeping | undefined;
  readonly timing: Timing;
}

export interface Timing extends MakingTiming, SearchTiming {
  /** ms before a download or a post that met with trouble is tried again; doubles up to 60 s. */
  readonly retryMs: number;
  /** As for Handovers. */
  readonly notifyAfterMs?: number;
}

/** Discord is waited for so long to say whether it takes an order's words, ms. */
const introductionMs = 5_000;

export function createRunner(deps: Deps): Runner {
  const { ledger, budget, queue, sources, fetcher, packing, transfers, delivery, log, now, timing } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  // Every task listens to it.
  setMaxListeners(0, signal);
  const driving = new Map<TaskId, Promise<void>>();
  const acts = new Set<Promise<unknown>>();
  const { keeping, hosting = hostOnAnswer(delivery, timing) } = deps;
  const chain = createChain({ ledger, delivery, signal, lookMs: timing.retryMs });
  const counted = createAttempts({ ledger, signal });
  // A queue lets go of a job at a stop while its body runs on: unless the stop waits for it, a start would take it for one
  // that ended the process.
  const attempts: Attempts = { ...counted, run: (id, step, work) => act(() => counted.run(id, step, work)) };
  const preparation = createPreparation({
    attempt: (id, work) => attempts.run(id, 'sources', work),
    lasts: (url) => keeping?.lasts([url]) ?? false,
    ...{ sources, hosting, recall: chain.copyOf, signal, now, retryMs: timing.retryMs },
    ...(deps.freshen && { freshen: deps.freshen }),
    ...(deps.leastSide && { leastSide: deps.leastSide }),
  });
  const endings = createEndings({ ledger, preparation, keeping, log, signal });
  const waitingRoom = createWaitingRoom({ queue, durations: deps.durations, delivery, signal, now });
  const reserve = createReservation({ ledger, budget, log, now, signal, retryMs: timing.retryMs });
  const confirm = createConfirmation({ ledger, delivery, endings, signal, now, retryMs: timing.retryMs });
  const making = createMaking({ ...deps, preparation, endings, signal });
  const search = createSearch({ ...{ ledger, endings, keeping, delivery, log, now, signal }, ...timing });
  const closing = createClosing({
    ...{
      ledger,
      fetcher,
      transfers,
      packing: packSafely(packing, attempts, log),
      delivery,
      endings,
      act,
      log,
      now,
      signal,
    },
    keptIn: deps.keeping?.keptIn,
    ...timing,
  });

  /** Runs what a shutdown must wait for: begun, it may already have had its effect outside. */
  function act<T>(begin: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const promise = begin();
    const settled = promise.catch(() => {}).finally(() => acts.delete(settled));
    acts.add(settled);
    return promise;
  }

  /** What each unfinished state needs done; a step ends when the state has changed. */
  const steps: Record<StateName, (task: Task, resumed: boolean) => Promise<void>> = {
    async received(task) {
      if (!task.origin.acknowledged && !(await confirm(task))) return;
      if (!(await mayQuote(task))) return endings.fail(task.id, { reason: 'words' });
      // Read anew after each wait: the reply that was opened just now is where a picture may have to be put.
      const request = await preparation.prepare(ledger.get(task.id) ?? task);
      if (request !== task.request) await ledger.revise(task.id, request);
      await reserve(ledger.get(task.id) ?? task);
    },

    async held({ id }) {
      // Found at start without its picture, which never happens as long as the ledger is whole.
      await endings.fail(id, { reason: 'interrupted' });
    },

    async queued(task, resumed) {
      if (isOffPeak(task)) return create(task.id);
      try {
        await waitingRoom.wait(task, () => occupySlot(task.id), { resumed });
      } catch (error) {
        if (!(error instanceof LeftError)) throw error;
        await preparation.release(task.id);
        await ledger.record(task.id, { type: 'cancelled' });
      }
    },

    async submitting(task) {
      // Found at start: the create may have happened and may bill, and MPS cannot tell (no list, no idempotency key).
      await endings.lose(task.id, 'interrupted');
    },

    async searching(task) {
      if (task.state.name === 'searching') await search.follow(task, task.state);
    },

    async running(task, resumed) {
      const ended = making.follow(task, { resumed });
      if (task.state.name === 'running' && !task.state.letGo) {
        // It is open at MPS whether a slot is free or not: it takes one as soon as it can, and is asked for at once.
        // A signal walks through its listeners for each one more: thousands of tasks have one of their own each.
        const own = AbortSignal.any([signal]);
        queue.run(task, () => ended, { resumed: true, signal: own }).catch(() => {});
      }
      await ended;
    },

    async fetching(task) {
      if (task.state.name === 'fetching') await closing.fetch(task, task.state);
    },

    async delivering(task) {
      if (task.state.name !== 'delivering') return;
      const handing = chain.handOn(task);
      if (handing) begin((await handing).id, false);
      if (task.after) await chain.inTurn(task);
      await closing.deliver(task, task.state);
      redraw(nextId(task.id));
    },

    failed: tell,
    cancelled: tell,
    discarded: tell,
    async delivered() {},
  };

  /** Asked before anything is spent: a result whose words Discord refuses would be paid for and hard to hand over. */
  async function mayQuote(task: Task): Promise<boolean> {
    // AutoMod is a guild's affair; a reply was opened with the words on it; and a clip's are on its picture's card.
    if (task.origin.guildId === undefined || task.origin.replyAs !== undefined || task.after) return true;
    const waiting = new AbortController();
    const patience = sleep(introductionMs, true, { signal: AbortSignal.any([signal, waiting.signal]) });
    return Promise.race([delivery.introduce(task), patience]).finally(() => waiting.abort());
  }

  async function tell(task: Task): Promise<void> {
    await chain.letGo(task);
    await chain.inTurn(task);
    await closing.tell(task);
  }

  /** Draws a card anew that somebody else's change has made old. */
  function redraw(id: TaskId): void {
    const task = ledger.get(id);
    if (task && isAlive(task.state) && !waitingRoom.redraw(id)) void delivery.show(task);
  }

  function callOff(id: TaskId): boolean {
    const after = ledger.get(id)?.after;
    const calledOff = chain.callOff(id);
    if (after) calledOff?.then(() => redraw(after)).catch(() => {});
    return calledOff !== undefined;
  }

  /** Creates the task at MPS and stays with it until it has ended there or taken too long. */
  async function occupySlot(id: TaskId): Promise<void> {
    await create(id);
    const task = ledger.get(id);
    if (task?.state.name !== 'running') return;
    try {
      await making.follow(task);
    } catch (error) {
      await endings.byError(id, error);
    }
  }

  /** Creates a task that waits; what goes wrong is its failure. */
  async function create(id: TaskId): Promise<void> {
    const waiting = ledger.get(id);
    if (waiting?.state.name !== 'queued') return;
    try {
      // With its end: what MPS says of a Create it says once, also to an Easel that is stopping.
      await act(() => making.create(waiting).catch((error: unknown) => endings.byError(id, error)));
      const task = ledger.get(id);
      // Of one that is followed, its progress is shown.
      if (task?.state.name === 'running' && isOffPeak(task)) void delivery.show(task);
    } catch (error) {
      await endings.byError(id, error);
    }
  }

  async function drive(id: TaskId, resumed: boolean): Promise<void> {
    let last: Task | undefined;
    for (let task = ledger.get(id); task && !isOver(task.state) && !signal.aborted; task = ledger.get(id)) {
      const { state } = task;
      last = task;
      try {
        await steps[state.name](task, resumed);
      } catch (error) {
        if (signal.aborted) return;
        if (endsInWords(state)) throw error;
        await endings.byError(id, error);
      }
    }
    if (last && !signal.aborted) await preparation.clear(last);
  }

  function begin(id: TaskId, resumed: boolean): void {
    if (driving.has(id) || signal.aborted) return;
    const driven = drive(id, resumed)
      .catch(
        (error: unknown) =>
          signal.aborted || log.error({ task: id, err: error }, 'a task was left unfinished'),
      )
      .then(() => void driving.delete(id));
    driving.set(id, driven);
  }

  return {
    start: (id) => begin(id, false),
    cancel: (id) => waitingRoom.leave(id) || callOff(id),
    release: (id, wished) => making.release(id, wished),
    handOut: (id) => closing.handOut(id),
    resume() {
      const order: readonly StateName[] = [
        'delivering',
        'fetching',
        'running',
        'submitting',
        'searching',
        'failed',
        'cancelled',
        'discarded',
        'queued',
        'received',
      ];
      const unfinished = ledger.unfinished();
      for (const name of order) {
        for (const task of unfinished) if (task.state.name === name) begin(task.id, true);
      }
      for (const { id, state, after } of unfinished)
        if (state.name === 'held' && !(after && ledger.get(after))) begin(id, true);
    },
    async stop() {
      stopping.abort(new Error('Easel is stopping.'));
      while (acts.size > 0) await Promise.all(acts);
      await Promise.all(driving.values());
    },
  };
}
