import type { StandInClock } from '@easel/stand-in-kit';
import { hex, logNormal, type Random } from '@easel/stand-in-kit';
import { refusalWith } from '../api/error-messages.js';
import { editedClip, type InputClips } from './input-clips.js';
import { type Size, sizeOf } from './output-size.js';
import { type Frames, type Status, type Task, type TaskRecord, toRecord } from './task.js';
import type { Kind, TaskRequest } from './task-request.js';

export type { Frame, Frames, Status, Task, TaskRecord } from './task.js';
export type { Kind, TaskRequest } from './task-request.js';

const minute = 60_000;
const hour = 60 * minute;
/** How long a task can be polled, ms. */
const week = 7 * 24 * hour;
/** How long a result's link lives, ms of task time. */
export const linkLife = 12 * hour;
/** Off-peak clips are ready "within 48 h"; ms of task time. */
const offPeakDuration = [30 * minute, 48 * hour] as const;

/** How long tasks take, in seconds of task time: least and most. */
export interface Durations {
  readonly image: readonly [number, number];
  readonly video: readonly [number, number];
}

export interface NewTask {
  readonly request: TaskRequest;
  readonly undocumented: readonly string[];
  readonly dropped?: readonly string[];
  /** Settles with the error in the source images, if any. */
  readonly sources?: Promise<string | undefined>;
  readonly failure?: string | undefined;
  readonly stuck?: boolean;
  readonly results?: number | undefined;
  readonly file?: string | undefined;
  readonly bytes?: number | undefined;
  readonly failWord?: string | undefined;
  readonly frames?: Frames | undefined;
  readonly clips?: InputClips | undefined;
}

export interface Tasks {
  create(task: NewTask): Task;
  /** Throws a `Refusal` for an unknown id, and for one of the other kind. */
  find(kind: Kind, id: string): Task;
  get(id: string): Task | undefined;
  /** All there ever were, the oldest first. */
  all(): Task[];
  /** Notes that a Describe answered DONE. */
  tell(task: Task): void;
  statusOf(task: Task): Status;
  records(): TaskRecord[];
  recordOf(task: Task): TaskRecord;
}

export function createTasks(deps: {
  clock: StandInClock;
  random: Random;
  durations: Durations;
  /** The prefix of an image task's id. */
  imageIdPrefix?: () => string;
  /** The code for an unknown task. */
  unknownTask?: () => string;
  /** Called when a task was created, when its sources were checked, and when it was first reported done. */
  onChange: (record: TaskRecord) => void;
}): Tasks {
  const { clock, random, durations, imageIdPrefix = () => '4', onChange } = deps;
  const { unknownTask = () => 'ResourceNotFound' } = deps;
  const tasks = new Map<string, Task>();

  const statusOf = (task: Task): Status => statusAt(task, clock.task());
  const recordOf = (task: Task): TaskRecord => toRecord(task, statusOf(task), clock.realOf(task.finishesAt));

  /** Holds a task up until its sources are there; a bad one shows as soon as the task runs. */
  function awaitSources(task: Task, sources: Promise<string | undefined>, planned: number): void {
    task.finishesAt = Number.POSITIVE_INFINITY;
    void sources.then((problem) => {
      if (problem !== undefined) task.failure ??= problem;
      task.finishesAt = Math.max(problem === undefined ? planned : task.runsAt, clock.task());
      onChange(recordOf(task));
    });
  }

  return {
    create(given) {
      const start = clock.task();
      const duration = durationOf(given.request, durations, random);
      const planned = given.stuck ? Number.POSITIVE_INFINITY : start + duration;
      const task = newTask(given, {
        id: `${given.request.kind === 'image' ? `${imageIdPrefix()}-AigcImage` : '4-AigcVideo'}-${hex(random, 32)}`,
        createdAt: clock.now(),
        runsAt: start + duration * (0.05 + 0.1 * random()),
        finishesAt: planned,
      });
      tasks.set(task.id, task);
      if (given.sources) awaitSources(task, given.sources, planned);
      onChange(recordOf(task));
      return task;
    },
    find(kind, id) {
      const task = tasks.get(id);
      // MPS forgets tasks after a week.
      if (task?.request.kind === kind && clock.now() - task.createdAt < week) return task;
      throw refusalWith(unknownTask());
    },
    get: (id) => tasks.get(id),
    all: () => [...tasks.values()],
    tell(task) {
      if (task.reportedAt !== undefined) return;
      task.reportedAt = clock.now();
      onChange(recordOf(task));
    },
    statusOf,
    records: () => [...tasks.values()].map(recordOf),
    recordOf,
  };
}

/** ms of task time. */
function durationOf({ kind, params }: TaskRequest, durations: Durations, random: Random): number {
  if (kind === 'video' && params.ExtraParameters?.OffPeak) return logNormal(random, offPeakDuration);
  const [least, most] = durations[kind];
  return logNormal(random, [least * 1000, most * 1000]);
}

function newTask(
  {
    request,
    undocumented,
    dropped = [],
    failure,
    results = 1,
    file,
    bytes,
    failWord,
    frames,
    clips,
  }: NewTask,
  times: Pick<Task, 'id' | 'createdAt' | 'runsAt' | 'finishesAt'>,
): Task {
  return {
    ...times,
    request,
    undocumented,
    dropped,
    results,
    downloads: 0,
    ...(file !== undefined && { file }),
    ...(bytes !== undefined && { bytes }),
    ...(failWord !== undefined && { failWord }),
    ...(frames && { frames }),
    ...(clips && { clips }),
    ...(failure !== undefined && { failure }),
  };
}

/** The size of a task's result, as a Describe and its file have it. */
export function resultSizeOf({ request, frames, clips }: Pick<Task, 'request' | 'frames' | 'clips'>): Size {
  const edited = clips && request.kind === 'video' ? editedClip(request.params, clips) : undefined;
  return sizeOf(request, frames?.first ?? edited);
}

/** @param now ms of task time */
function statusAt(task: Task, now: number): Status {
  if (now >= task.finishesAt && task.failure !== undefined) return 'FAIL';
  if (now >= task.finishesAt && !task.isHeld) return 'DONE';
  return now < task.runsAt ? 'WAIT' : 'RUN';
}
