import type { LocalFile } from '../../media/files.js';
import type { Posted, Route, Task } from '../model/task.js';
import type { Expected } from '../polling/polled-task.js';
import type { Parcel } from './parcels.js';

/** What a user sees of a task on its way: drawn from the task alone. */
export interface Progress {
  /** Tasks ahead in the queue. */
  readonly ahead?: number;
  /** When its turn is expected, ms since the epoch. */
  readonly startsAt?: number;
  /** When a task that is being made is expected. */
  readonly expected?: Expected;
  /** Slow: later than every other one; late: than nine of ten. */
  readonly pace?: 'slow' | 'late';
  /** MPS cannot be reached, is busy, or has no room for another task of the account; Easel keeps trying. */
  readonly waitingFor?: 'unreachable' | 'throttled' | 'full';
  /** The result is here, and being made small enough for where it goes. */
  readonly fitting?: true;
}

/** A route that is closed for this task: try the next one. */
export class RouteClosedError extends Error {
  override readonly name = 'RouteClosedError';
}

/** A file is over the limit of this route, although it was within what is known of it; `limitOf` knows better now. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  constructor(options?: ErrorOptions) {
    super('The file is larger than Discord takes here.', options);
  }
}

/** Discord refuses what is written (AutoMod, a harmful link); without the user's words it may take the rest. */
export class WordsRefusedError extends Error {
  override readonly name = 'WordsRefusedError';
}

/** Discord's media filter refuses a file; without it the message may be taken. */
export class FileRefusedError extends Error {
  override readonly name = 'FileRefusedError';
}

/** Discord's last word: the same is refused again. */
export function isFinalRefusal(error: unknown): boolean {
  return [RouteClosedError, TooLargeError, WordsRefusedError, FileRefusedError].some(
    (kind) => error instanceof kind,
  );
}

/**
 * How outcomes reach a user; discord/deliver implements it. Anything thrown other than RouteClosedError,
 * WordsRefusedError, FileRefusedError and TooLargeError is taken as passing: the same route is tried again.
 */
export interface Delivery {
  /** Draws the task's present state on its card. Best effort: never throws. */
  show(task: Task, progress?: Progress): Promise<void>;
  /**
   * Draws the first card, with the user's words on it, before anything is spent on them. Never throws.
   * @returns false if Discord refuses these words here; true if it took them, or cannot be asked now.
   */
  introduce(task: Task): Promise<boolean>;
  /**
   * Attaches images to the answer, where MPS can fetch them; every later card keeps them until the outcome replaces it.
   * @returns for each its link and how the answer knows it, in the same order.
   */
  host(
    task: Task,
    images: readonly LocalFile[],
  ): Promise<readonly { readonly url: string; readonly hostedAs: string }[]>;
  /** How many bytes a file may have on a route, as far as is known. Never throws. */
  limitOf(task: Task, route: Exclude<Route, 'kept'>): Promise<number>;
  /** Posts the outcome in `task.state` (with its results, if it has some) by one route. */
  post(task: Task, route: Exclude<Route, 'kept'>, parcels: readonly Parcel[]): Promise<Posted>;
  /** A link to the first file of a delivered task, as Discord keeps it now; undefined if it is not to be seen. */
  copy(task: Task): Promise<string | undefined>;
  /** Looks for an outcome that an earlier, interrupted post may have left on this route. */
  seek(task: Task, route: Exclude<Route, 'kept'>): Promise<Posted | undefined>;
  /**
   * Whether Discord knows an answer to the asking event. A message that asked has none before Easel replies to it,
   * which happens here, once. Undefined: could not be found out now.
   * @throws RouteClosedError if it never can be; WordsRefusedError if the reply may not quote what was asked.
   */
  answered(task: Task): Promise<Posted | false | undefined>;
  /** Brings the answer up to date whose outcome was posted elsewhere, if it can. Best effort, never throws. */
  tidy(task: Task, posted: Posted): Promise<void>;
  /** A sentence on the way for a task that takes too long; at most once, best effort, never throws. */
  tellLate(task: Task): Promise<void>;
  /**
   * Tells the user, and only them, that their outcome is there: edits notify no one. At most once, best effort, never
   * throws.
   */
  notify(task: Task, posted: Posted): Promise<void>;
}
