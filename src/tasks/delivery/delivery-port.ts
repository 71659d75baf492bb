import type { LocalFile } from '../../media/files.js';
import type { Progress } from '../model/progress.js';
import type { Posted, Route, Task } from '../model/task.js';
import type { Parcel } from './parcels.js';

/** A route that is closed for this task: try the next one. */
export class RouteClosedError extends Error {
  override readonly name = 'RouteClosedError';
}

/** A file exceeds this route's limit although it was within the known one; `limitOf` has been updated. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  constructor(options?: ErrorOptions) {
    super('The file is larger than Discord takes here.', options);
  }
}

/** Discord rejects the text (AutoMod, a harmful link); it may accept the rest without the prompt. */
export class WordsRefusedError extends Error {
  override readonly name = 'WordsRefusedError';
}

/** Discord's media filter rejects a file; it may accept the message without it. */
export class FileRefusedError extends Error {
  override readonly name = 'FileRefusedError';
}

/** Permanent: the same would be rejected again. */
export function isFinalRefusal(error: unknown): boolean {
  return [RouteClosedError, TooLargeError, WordsRefusedError, FileRefusedError].some(
    (kind) => error instanceof kind,
  );
}

/**
 * How outcomes reach a user; implemented in discord/delivery. Any error other than RouteClosedError,
 * WordsRefusedError, FileRefusedError and TooLargeError counts as temporary: the same route is retried.
 */
export interface Delivery {
  /** Draws the task's current state on its card. Best effort: never throws. */
  show(task: Task, progress?: Progress): Promise<void>;
  /**
   * Draws the first card, with the prompt on it, before any money is spent. Never throws.
   * @returns false if Discord rejects the prompt here; true if it accepted it or can't be asked now.
   */
  introduce(task: Task): Promise<boolean>;
  /**
   * Attaches images to the answer so that MPS can fetch them; later cards keep them until the outcome replaces them.
   * @returns the link and attachment id of each, in the same order.
   */
  host(
    task: Task,
    images: readonly LocalFile[],
  ): Promise<readonly { readonly url: string; readonly hostedAs: string }[]>;
  /** The known file size limit of a route, bytes. Never throws. */
  limitOf(task: Task, route: Exclude<Route, 'kept'>): Promise<number>;
  /** Posts the outcome in `task.state` (with its results, if it has some) by one route. */
  post(task: Task, route: Exclude<Route, 'kept'>, parcels: readonly Parcel[]): Promise<Posted>;
  /**
   * A current Discord link to the file of a delivered task that its clip animates, the first one unless its user picked
   * another; undefined if it isn't visible.
   */
  copy(task: Task): Promise<string | undefined>;
  /** Looks for an outcome that an earlier, interrupted post may have left on this route. */
  seek(task: Task, route: Exclude<Route, 'kept'>): Promise<Posted | undefined>;
  /**
   * Whether Discord knows an answer to the event. A mention has none until Easel replies, which happens here, once.
   * Undefined: unknown for now.
   * @throws RouteClosedError if it can never be known; WordsRefusedError if the reply may not quote the prompt.
   */
  answered(task: Task): Promise<Posted | false | undefined>;
  /** Updates an answer whose outcome was posted elsewhere. Best effort, never throws. */
  tidy(task: Task, posted: Posted): Promise<void>;
  /** Notifies the user of a task that takes too long; at most once, best effort, never throws. */
  tellLate(task: Task): Promise<void>;
  /**
   * Pings only the user that their outcome is ready, because edits notify no one. At most once, best effort, never
   * throws.
   */
  notify(task: Task, posted: Posted): Promise<void>;
  /**
   * Tells only the user why their order failed; its card is there already, and says only that it did. At most once, best
   * effort, never throws.
   * @param options.ping whether the user is called to it.
   */
  explain(task: Task, options: { readonly ping: boolean }): Promise<void>;
}
