import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Log } from '../log.js';
import type { FetchedFile, Fetcher } from '../media/fetch.js';
import type { Sources } from '../media/source.js';
import type { MpsClient, TaskReport } from '../mps/client.js';
import { conceal } from '../mps/conceal.js';
import type { GenerationRequest } from '../mps/generation.js';
import type { CreateParameters } from '../mps/parameters.js';
import { measure } from './billing.js';
import type { Budget } from './budget.js';
import { type Delivery, RouteClosedError } from './delivery.js';
import { toEnding } from './failure.js';
import { createHandovers } from './handover.js';
import { type Hosting, hostOnAnswer } from './hosting.js';
import type { Ledger } from './ledger.js';
import type { Poller } from './poller.js';
import { createPreparation } from './preparation.js';
import type { Queue } from './queue.js';
import { answerableUntil, type Failure, isOver, type StateName, type Task, type TaskId } from './task.js';
import { createWaitingRoom, LeftError } from './waiting-room.js';

/** Takes tasks through their states, from the ledger's word alone: whatever was reached before a crash is gone on from. */
export interface Runner {
  /** Drives a task that was just received and acknowledged. */
  start(id: TaskId): void;
  /** Goes on with every unfinished task: finished results first, for their links die; then what runs; then what waits. */
  resume(): void;
  /** Calls off a task that has not been submitted yet. False where it is too late for that. */
  cancel(id: TaskId): boolean;
  /** Tries again at once to hand over an outcome that is being kept: there is a new way to the person. */
  handOut(id: TaskId): void;
  /** Begins no further step and waits until the acts under way (a create, a post) have ended. */
  stop(): Promise<void>;
}

interface Deps {
  readonly ledger: Ledger;
  readonly budget: Pick<Budget, 'reserve'>;
  readonly queue: Queue;
  readonly mps: Pick<MpsClient, 'create'>;
  readonly poller: Poller;
  readonly sources: Sources;
  readonly fetcher: Fetcher;
  readonly delivery: Delivery;
  /** Where MPS fetches people's images; on the answer unless given. */
  readonly hosting?: Hosting;
  /** The wire parameters of a request that admission let through. */
  readonly toParameters: (request: GenerationRequest, task: Task) => CreateParameters;
  /** Where MPS keeps a task's results for good, for the operator's log; undefined where nowhere. */
  readonly lastingPlace?: (task: Task) => object | undefined;
  readonly log: Log;
  readonly now: () => number;
  readonly timing: Timing;
}

export interface Timing {
  /** ms a task may run before it gives up its slot (TASK_TIMEOUT_MINUTES). */
  readonly timeoutMs: number;
  /** ms between questions about a task that was let go. */
  readonly slowPollMs: number;
  /** ms a create is tried while MPS cannot be reached. */
  readonly unreachableMs: number;
  /** ms before a download or a post that met with trouble is tried again; doubles up to 60 s. */
  readonly retryMs: number;
}

const minute = 60_000;
const hour = 60 * minute;
/** MPS keeps results for 12 h, and off-peak tasks take 48 h at the longest (facts/mps.md). */
const linkLifeMs = 12 * hour;
const longestTaskMs = 48 * hour;

export function createRunner(deps: Deps): Runner {
  const { ledger, budget, queue, mps, poller, sources, fetcher, delivery, toParameters, log, now, timing } =
    deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  // Every task listens to it.
  setMaxListeners(0, signal);
  const driving = new Map<TaskId, Promise<void>>();
  const acts = new Set<Promise<unknown>>();
  /** Ends the wait of an outcome that is being kept. */
  const wakers = new Map<TaskId, () => void>();
  /** Outcomes whose askers came while they were just being tried again. */
  const calledFor = new Set<TaskId>();
  const uploads = new PQueue({ concurrency: 4 });
  const spooled = new Map<TaskId, readonly FetchedFile[]>();
  const waitingRoom = createWaitingRoom({ queue, delivery, signal, now });
  const { hosting = hostOnAnswer(delivery) } = deps;
  const preparation = createPreparation({ sources, hosting, signal, now });
  const { handOver, alreadyPosted } = createHandovers({
    ledger,
    delivery,
    log,
    now,
    signal,
    retryMs: timing.retryMs,
    // A sentence need not wait until the big files of others are through. The queue is not told of the signal: it
    // would turn away from a post under way, whose file must stay and whose end must be written down.
    run: (post, files) => (files.length > 0 ? uploads.add(() => act(post)) : act(post)),
  });

  /** Runs what a shutdown must wait for: begun, it may already have had its effect outside. */
  function act<T>(begin: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const promise = begin();
    const settled = promise.catch(() => {}).finally(() => acts.delete(settled));
    acts.add(settled);
    return promise;
  }

  async function fail(id: TaskId, failure: Failure): Promise<void> {
    log.info({ task: id, reason: failure.reason }, 'a task failed');
    await preparation.release(id);
    await ledger.record(id, { type: 'failed', failure });
  }

  async function revise(task: Task, request: GenerationRequest): Promise<Task> {
    return request === task.request ? task : ledger.revise(task.id, request);
  }

  /** What each unfinished state needs done; a step ends when the state has changed. */
  const steps: Record<StateName, (task: Task, resumed: boolean) => Promise<void>> = {
    async received(task) {
      if (!task.origin.acknowledged && !(await confirmAnswer(task))) return;
      const ready = await revise(task, await preparation.prepare(task));
      await budget.reserve(ready, () => ledger.record(task.id, { type: 'queued' }));
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
      // Found at start: the create may have happened and may bill, and nobody can tell (no list, no idempotency key).
      await fail(task.id, { reason: 'interrupted' });
    },

    async running(task, resumed) {
      const ended = ask(task, resumed);
      if (task.state.name === 'running' && !task.state.letGo) {
        // It is open at MPS whether a slot is free or not: it takes one as soon as it can, and is asked for at once.
        queue.run(task, () => ended, { resumed: true, signal }).catch(() => {});
      }
      await ended;
    },

    async fetching(task) {
      if (task.state.name !== 'fetching') return;
      const files = await fetchResults(task, task.state);
      spooled.set(task.id, files);
      await ledger.record(task.id, { type: 'fetched', made: await measure(task, files) });
    },

    async delivering(task) {
      if (task.state.name !== 'delivering') return;
      const { linksExpireAt, handover } = task.state;
      // Before anything is fetched again: the links may have died since the post.
      if (handover.tries > 0 && (await alreadyPosted(task.id, linksExpireAt))) return noteDelivery(task);
      const files = spooled.get(task.id) ?? (await fetchResults(task, task.state));
      try {
        await deliver(task, files, linksExpireAt);
      } finally {
        spooled.delete(task.id);
        await fetcher.discard(files);
      }
    },

    failed: tell,
    cancelled: tell,
    async delivered() {},
  };

  /** A received task whose defer is unconfirmed, perhaps since a restart: does the person wait for an answer? */
  async function confirmAnswer(task: Task): Promise<boolean> {
    for (let wait = timing.retryMs; ; wait = Math.min(wait * 2, 60_000)) {
      const answer = await delivery.answered(task).catch(unlessUnknowable);
      if (typeof answer === 'object') {
        await ledger.amend(task.id, { acknowledged: true, messageId: answer.messageId });
        return true;
      }
      if (answer !== undefined || now() > answerableUntil(task.origin)) {
        await fail(task.id, { reason: 'unanswered' });
        // Discord knows of no answer, so nobody waits for one: the person saw the command fail at once.
        if (answer === false) await ledger.record(task.id, { type: 'dropped' });
        return false;
      }
      await sleep(wait, undefined, { signal });
    }
  }

  /** Creates the task at MPS and stays with it until it has ended there or taken too long. */
  async function occupySlot(id: TaskId): Promise<void> {
    await create(id);
    const task = ledger.get(id);
    if (task?.state.name !== 'running') return;
    try {
      await ask(task);
    } catch (error) {
      await endInFailure(id, error);
    }
  }

  /** Creates a task that waits; what goes wrong is its failure. */
  async function create(id: TaskId): Promise<void> {
    const waiting = ledger.get(id);
    if (waiting?.state.name !== 'queued') return;
    try {
      await act(() => submit(waiting));
      const task = ledger.get(id);
      if (task) void delivery.show(task);
    } catch (error) {
      await endInFailure(id, error);
    }
  }

  async function submit(waiting: Task): Promise<void> {
    const { id } = waiting;
    const task = await revise(waiting, await preparation.renew(waiting));
    const created = await mps.create(toParameters(task.request, task), {
      signal,
      giveUpAfterMs: timing.unreachableMs,
      onSend: async () => void (await ledger.record(id, { type: 'submitting' })),
      onRefused: async (error) => {
        const waiting = await ledger.record(id, { type: 'refused' });
        const waitingFor = error.reason === 'throttled' ? 'throttled' : 'unreachable';
        void delivery.show(waiting, { waitingFor });
      },
    });
    await ledger.record(id, {
      type: 'created',
      mpsTaskId: created.taskId,
      createdAt: now(),
      letGo: isOffPeak(task),
    });
    log.info({ task: id, mpsTaskId: created.taskId, requestId: created.requestId }, 'a task was created');
    await preparation.release(id);
  }

  /** Asks about a running task until it has ended; past its time it is let go and asked about slowly. */
  async function ask(task: Task, resumed = false): Promise<void> {
    if (task.state.name !== 'running') return;
    const { mpsTaskId, createdAt, letGo } = task.state;
    const deadline = createdAt + (letGo ? longestTaskMs : timing.timeoutMs);
    let unfinishedAt = createdAt;
    // Found at start, it may have ended long ago: however late it is, it is asked about before it is given up.
    const left = Math.max(deadline - now(), resumed ? minute : 1);
    const overdue = AbortSignal.timeout(Math.min(left, longestTaskMs));
    try {
      const report = await poller.wait(
        { kind: task.request.kind, mpsTaskId, onUnfinished: (at) => (unfinishedAt = at) },
        {
          signal: AbortSignal.any([signal, overdue]),
          soon: resumed,
          ...(letGo && { pace: () => timing.slowPollMs }),
        },
      );
      await conclude(task, report, unfinishedAt);
    } catch (error) {
      if (signal.aborted || !overdue.aborted) throw error;
      if (letGo) return fail(task.id, { reason: 'overdue' });
      const late = await ledger.record(task.id, { type: 'letGo' });
      await delivery.tellLate(late);
    }
  }

  async function conclude(task: Task, report: TaskReport, unfinishedAt: number): Promise<void> {
    if (report.status === 'DONE' && report.urls.length > 0) {
      const linksExpireAt = unfinishedAt + linkLifeMs;
      await ledger.record(task.id, { type: 'finished', urls: report.urls, linksExpireAt });
      return;
    }
    const { requestId, status, message = '' } = report;
    const { prompt, negative = '' } = task.request;
    // It may quote what it was asked for.
    const said = conceal(message, [prompt, negative]);
    log.warn({ task: task.id, requestId, status, said }, 'MPS gave no result');
    await fail(task.id, { reason: 'unsuccessful' });
  }

  async function fetchResults(task: Task, finished: { urls: readonly string[]; linksExpireAt: number }) {
    const { kind } = task.request;
    const results = { taskId: task.id, kind, urls: finished.urls, until: finished.linksExpireAt };
    return fetcher.fetch(results, { signal });
  }

  /** Hands results over. While nobody can take them they are kept, and tried again until their links die. */
  async function deliver(task: Task, files: readonly FetchedFile[], until: number): Promise<void> {
    const { id } = task;
    for (let wait = minute; !(await handOver(id, files, until)); wait = Math.min(wait * 2, hour / 2)) {
      if (now() + wait >= until) return fail(id, { reason: 'expired' });
      await keep(id, wait);
    }
    noteDelivery(task);
  }

  function noteDelivery(task: Task): void {
    log.info({ task: task.id, cos: deps.lastingPlace?.(task) }, 'a result was delivered');
  }

  /** Hands a failure over. One that nobody can take is kept until the asker comes for it. */
  async function tell(task: Task): Promise<void> {
    while (!(await handOver(task.id, [], now() + hour))) await keep(task.id, 6 * hour);
  }

  /** Waits `ms`, or until the asker comes for the outcome. */
  async function keep(id: TaskId, ms: number): Promise<void> {
    await ledger.record(id, { type: 'handing', route: 'kept' });
    if (calledFor.delete(id)) return;
    const called = new AbortController();
    wakers.set(id, () => called.abort());
    await sleep(ms, undefined, { signal: AbortSignal.any([signal, called.signal]) }).catch(() => {});
    wakers.delete(id);
    signal.throwIfAborted();
  }

  /** Turns whatever stopped a step into the task's failure; a shutdown stops nothing for good. */
  async function endInFailure(id: TaskId, error: unknown): Promise<void> {
    if (signal.aborted) return;
    const task = ledger.get(id);
    if (!task) return;
    const { failure, level, details, message } = toEnding(error, task);
    log[level]({ task: id, ...details }, message);
    await fail(id, failure);
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
        if (state.name === 'failed' || state.name === 'cancelled') throw error;
        await endInFailure(id, error);
      }
    }
    if (last && !signal.aborted) await preparation.clear(last);
  }

  function begin(id: TaskId, resumed: boolean): void {
    if (driving.has(id) || signal.aborted) return;
    const driven = drive(id, resumed)
      .catch(
        (error: unknown) => signal.aborted || log.error({ task: id, err: error }, 'a task was left behind'),
      )
      .then(() => {
        driving.delete(id);
        calledFor.delete(id);
      });
    driving.set(id, driven);
  }

  return {
    start: (id) => begin(id, false),
    cancel: (id) => waitingRoom.leave(id),
    handOut(id) {
      const wake = wakers.get(id);
      if (wake) wake();
      else if (driving.has(id)) calledFor.add(id);
    },
    resume() {
      const order: readonly StateName[] = [
        'delivering',
        'fetching',
        'running',
        'submitting',
        'failed',
        'cancelled',
        'queued',
        'received',
      ];
      const unfinished = ledger.unfinished();
      for (const name of order) {
        for (const task of unfinished) if (task.state.name === name) begin(task.id, true);
      }
    },
    async stop() {
      stopping.abort(new Error('Easel is stopping.'));
      while (acts.size > 0) await Promise.all(acts);
      await Promise.all(driving.values());
    },
  };
}

/** Cheaper, within two days: such a task holds no slot and is asked about slowly from the start. */
function isOffPeak({ request }: Task): boolean {
  return request.kind === 'video' && request.offPeak === true;
}

/** Whether the person waits cannot be found out any more: then they are told, in case they do. */
function unlessUnknowable(error: unknown): 'unknowable' {
  if (error instanceof RouteClosedError) return 'unknowable';
  throw error;
}
