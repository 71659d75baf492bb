import type { FetchedFile } from '../../../media/files.js';
import type { Parcel } from '../../delivery/parcels.js';
import type { Posted, ReviewDecision, Reviewed, Task } from '../../model/task.js';

/**
 * How moderators are asked; implemented in discord/review. Errors are those of `Delivery.post`: RouteClosedError if the
 * moderators' channel is missing or closed, TooLargeError, WordsRefusedError, FileRefusedError; any other one counts as
 * temporary.
 */
export interface ReviewDesk {
  /** Whether the results of this task go to moderators first, by the server's rules now. @throws StoreError */
  wants(task: Task): Promise<boolean>;
  /** The moderators' channel. @throws RouteClosedError if the server has none; StoreError */
  channelOf(task: Task): Promise<string>;
  /** The file size limit there, bytes. Never throws. */
  limitOf(task: Task): Promise<number>;
  /**
   * Asks in that channel whether the order, or the result in these parcels, is approved.
   * @param options.wordless Discord blocks the words there.
   */
  post(
    task: Task,
    channelId: string,
    parcels: readonly Parcel[],
    options: { readonly wordless: boolean },
  ): Promise<Posted>;
  /** Looks for the message that an interrupted post may have left. */
  seek(task: Task): Promise<Posted | undefined>;
  /** Whether the message is still there. @throws what passes by itself */
  isThere(posted: Posted): Promise<boolean>;
  /** The files in the message with a result, in their order. @throws FetchError if they are gone */
  filesIn(
    posted: Posted,
    task: Task,
    options: { readonly signal: AbortSignal },
  ): Promise<readonly FetchedFile[]>;
  /** Says in a message about `what` what became of it. Best effort, never throws. */
  close(task: Task, posted: Posted, what: Reviewed): Promise<void>;
  /** Puts a decision on record for all moderators of the server. @throws StoreError */
  note(task: Task, decision: ReviewDecision): Promise<void>;
  /** Tells the server's managers that moderators can't be asked. Best effort, never throws. */
  unreachable(task: Task): void;
}
