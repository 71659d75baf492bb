import { setMaxListeners } from 'node:events';
import { openPartsOf } from '../ledger/order-parts.js';
import { endsInWords, isOver } from '../model/state-machine.js';
import type { Release, StateName, Task, TaskId } from '../model/task.js';
import type { GenerationStep } from './generation-step.js';
import type { ReviewStep } from './review/review-step.js';
import { awaitedBy, openTasksOf } from './set-tasks.js';
import { createTaskParts, type RunnerDeps, type Stoppable, type TaskParts } from './task-parts.js';
import { createTaskSteps, redraw, type TaskStep } from './task-steps.js';

/** Takes tasks through their states, based only on the ledger, so that each resumes where it was before a crash. */
export interface Runner {
  /** Runs a task that was just received and acknowledged. */
  start(id: TaskId): void;
  /**
   * Resumes every unfinished task: finished results first, because their links expire; then running ones; then
   * waiting ones.
   */
  resume(): void;
  /**
   * Cancels a task that hasn't been submitted yet. False if it is too late.
   * @param why its user was blocked: an order that waits for approval says so.
   */
  cancel(id: TaskId, why?: 'blocked'): boolean;
  /**
   * Cancels what hasn't been submitted yet of an order: every part of a set that waits, and a clip that waits for one.
   * @returns the cancelled tasks, and the unfinished ones that continue; part by part, each before its clip.
   */
  cancelAll(task: Pick<Task, 'id' | 'set'>): {
    readonly calledOff: readonly TaskId[];
    readonly goOn: readonly TaskId[];
  };
  /** As for Making. */
  release: GenerationStep['release'];
  /**
   * The same for every part of a set, and its clip, that is or may be running at MPS.
   * @returns the tasks of which it was persisted.
   */
  releaseAll(task: Pick<Task, 'id' | 'set'>, release: Release): Promise<readonly TaskId[]>;
  /** As for Closing. */
  handOut(id: TaskId): Promise<void>;
  /** As for ReviewStep. */
  readonly decide: ReviewStep['decide'];
  /** As for ReviewStep. */
  readonly recheck: ReviewStep['recheck'];
  /** Starts no further step and waits until running ones (a Create, a post) have ended. */
  stop(): Promise<void>;
}

/** States in the order in which their tasks are resumed after a start. */
const resumeOrder: readonly StateName[] = [
  'delivering',
  'fetching',
  'awaitingReview',
  'running',
  'submitting',
  'searching',
  'failed',
  'cancelled',
  'discarded',
  'queued',
  'awaitingApproval',
  'received',
];

export function createRunner(deps: RunnerDeps): Runner {
  const { ledger, log } = deps;
  const acts = createActs();
  const { signal } = acts;
  const driving = new Map<TaskId, Promise<void>>();
  const parts = createTaskParts(deps, acts);
  const { closing, making, reviewing, waitingRoom } = parts;
  const drive = createDrive({
    ledger,
    signal,
    parts,
    steps: createTaskSteps({ ...deps, ...parts, ...acts, begin }),
  });

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

  const cancel: Runner['cancel'] = (id, why) =>
    waitingRoom.leave(id) || reviewing.withdraw(id, why) || callOff({ ...deps, ...parts }, id);
  const release: Runner['release'] = async (id, wished) => {
    const isDone = await making.release(id, wished);
    reviewing.wake(id);
    return isDone;
  };

  return {
    start: (id) => begin(id, false),
    cancel,
    cancelAll(task) {
      const all = openTasksOf(task, ledger);
      // Clips first: if its picture is cancelled, a clip is dropped by itself.
      const gone = new Set(all.toReversed().filter((id) => cancel(id)));
      return { calledOff: all.filter((id) => gone.has(id)), goOn: all.filter((id) => !gone.has(id)) };
    },
    release,
    async releaseAll(task, wished) {
      const all = openTasksOf(task, ledger);
      const done = await Promise.all(all.map((id) => release(id, wished)));
      return all.filter((_, at) => done[at]);
    },
    handOut: (id) => closing.handOut(id),
    decide: reviewing.decide,
    recheck: reviewing.recheck,
    resume() {
      const unfinished = ledger.unfinished();
      for (const name of resumeOrder) {
        for (const task of unfinished) if (task.state.name === name) begin(task.id, true);
      }
      for (const task of unfinished) {
        const awaited = awaitedBy(task);
        if (task.state.name === 'held' && !(awaited && ledger.get(awaited))) begin(task.id, true);
      }
    },
    async stop() {
      await acts.stop();
      await Promise.all(driving.values());
    },
  };
}

/** Keeps the acts that a stop has to wait for. */
function createActs(): Stoppable & { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  // Every task listens to it.
  setMaxListeners(0, signal);
  const acts = new Set<Promise<unknown>>();
  return {
    signal,
    act(begin) {
      signal.throwIfAborted();
      const promise = begin();
      const settled = promise.catch(() => {}).finally(() => acts.delete(settled));
      acts.add(settled);
      return promise;
    },
    async stop() {
      stopping.abort(new Error('Easel is stopping.'));
      while (acts.size > 0) await Promise.all(acts);
    },
  };
}

interface DriveDeps extends Pick<RunnerDeps, 'ledger'>, Pick<Stoppable, 'signal'> {
  readonly parts: Pick<TaskParts, 'endings' | 'preparation' | 'reviewing'>;
  readonly steps: Readonly<Record<StateName, TaskStep>>;
}

/** Takes a task from step to step until it is over. */
function createDrive({ ledger, signal, parts, steps }: DriveDeps) {
  const { endings, preparation, reviewing } = parts;
  return async function drive(id: TaskId, resumed: boolean): Promise<void> {
    let last: Task | undefined;
    for (let task = ledger.get(id); task && !isOver(task.state) && !signal.aborted; task = ledger.get(id)) {
      const { state } = task;
      last = task;
      try {
        await reviewing.noteDecision(task);
        await steps[state.name](task, resumed);
      } catch (error) {
        if (signal.aborted) return;
        if (endsInWords(state)) throw error;
        await endings.byError(id, error);
      }
    }
    if (last && !signal.aborted) await preparation.clear(last, openPartsOf(last, ledger));
  };
}

function callOff(parts: Pick<TaskParts, 'chain' | 'waitingRoom'> & RunnerDeps, id: TaskId): boolean {
  const { ledger, chain } = parts;
  const after = ledger.get(id)?.after;
  const calledOff = chain.callOff(id);
  if (after) calledOff?.then(() => redraw(parts, after)).catch(() => {});
  return calledOff !== undefined;
}
