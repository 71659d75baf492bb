import type { ImageParameters, VideoParameters } from '../api/parameter-schemas.js';
import { type InputClips, madeSeconds } from './input-clips.js';
import type { Size } from './output-size.js';
import type { Kind, TaskRequest } from './task-request.js';

export type Status = 'WAIT' | 'RUN' | 'DONE' | 'FAIL';

/** A picture that was given. */
export interface Frame extends Size {
  readonly bytes: Buffer;
}

/** Filled in as they arrive. */
export interface Frames {
  first?: Frame;
  last?: Frame;
  /** The first of the references, for a clip without frames. */
  reference?: Frame;
}

/** A task as it lives. */
export interface Task {
  readonly id: string;
  readonly request: TaskRequest;
  readonly undocumented: readonly string[];
  readonly dropped?: readonly string[];
  /** Real time, ms since the epoch; so is `reportedAt`. */
  readonly createdAt: number;
  /** Task time, ms; so is `finishesAt`. */
  readonly runsAt: number;
  /** Infinity while its sources are being fetched, and for a stuck one. */
  finishesAt: number;
  /** The number of its files. @default 1 */
  readonly results: number;
  /** Path of the file that its results are, in place of drawn ones. */
  readonly file?: string;
  /** Approximate bytes of its file, if larger than drawn ones. */
  readonly bytes?: number;
  /** The pictures that a clip is made of. */
  readonly frames?: Frames;
  /** The clips that it was given. */
  readonly clips?: InputClips;
  /** Its answer for FAIL. */
  readonly failWord?: string;
  failure?: string;
  reportedAt?: number;
  downloads: number;
  /** Keys of its results in the operator's bucket, if they go there. */
  keys?: readonly string[] | undefined;
  storedAt?: number;
  notKept?: string | undefined;
  /** Done, but not reported yet: its results are still being stored in the bucket. */
  isHeld?: boolean;
}

/** The stand-in's record of a task; times are ms since the epoch. */
export interface TaskRecord {
  readonly id: string;
  readonly kind: Kind;
  readonly action: string;
  readonly params: ImageParameters | VideoParameters;
  /** Accepted although undocumented. */
  readonly undocumented: readonly string[];
  /** Accepted but not made as requested. */
  readonly dropped: readonly string[];
  /** How long the clip is that it makes. */
  readonly seconds?: number;
  /** What a done clip is billed: its seconds, at the plain rate, or at the dearer one of clips made from a clip. */
  readonly bill?: { readonly seconds: number; readonly rate: 'plain' | 'clip' };
  readonly status: Status;
  readonly failure?: string;
  readonly createdAt: number;
  /** When the task ends, at the present speed; Infinity (null in JSON) for one that is stuck or waits for its sources. */
  readonly finishesAt: number;
  /** When a Describe first answered DONE. */
  readonly reportedAt?: number;
  /** The present or future location of its results in the operator's bucket. */
  readonly keys?: readonly string[];
  /** When they were all there. */
  readonly storedAt?: number;
  /** Why they are not stored there although that was asked for. */
  readonly notKept?: string;
  /** How often a file of it was sent. */
  readonly downloads: number;
}

/** @param finishesAt ms since the epoch */
export function toRecord(task: Task, status: Status, finishesAt: number): TaskRecord {
  const {
    id,
    request,
    undocumented,
    dropped = [],
    failure,
    reportedAt,
    downloads,
    keys,
    storedAt,
    notKept,
  } = task;
  const seconds = madeSeconds(request, task.clips);
  return {
    id,
    kind: request.kind,
    action: request.kind === 'image' ? 'CreateAigcImageTask' : 'CreateAigcVideoTask',
    params: request.params,
    undocumented,
    dropped,
    ...(seconds !== undefined && { seconds }),
    ...(seconds !== undefined && status === 'DONE' && { bill: { seconds, rate: rateOf(request) } }),
    status,
    createdAt: task.createdAt,
    finishesAt,
    downloads,
    ...(failure !== undefined && { failure }),
    ...(reportedAt !== undefined && { reportedAt }),
    ...(keys && { keys }),
    ...(storedAt !== undefined && { storedAt }),
    ...(notKept !== undefined && { notKept }),
  };
}

function rateOf({ kind, params }: TaskRequest): 'plain' | 'clip' {
  return kind === 'video' && params.VideoInfos?.length ? 'clip' : 'plain';
}
