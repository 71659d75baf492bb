import type { GenerationRequest, SetWish, VideoRequest } from '../../mps/generation-request.js';
import type { Account } from '../../quota/account.js';
import type { Origin } from './origin.js';
import type { Made, Results, Unjoined, WholeClip } from './results.js';
import type { Release, Reviewed, State, StateName } from './state.js';

export * from './failure.js';
export * from './origin.js';
export * from './results.js';
export * from './state.js';

/** Discord's id of the event, and a part: `1146…023:1`. The same event can never create two tasks. */
export type TaskId = `${string}:${number}`;

/** A step that handles untrusted files: `sources` inspects images, `files` resizes results. */
export type AttemptStep = 'sources' | 'files';

/**
 * A task's place in a set: several results of one order, a task each, reserved together and shown in one message. Part 1
 * leads: it alone is persisted when the order arrives, prepares the source images, and knows what was ordered. The
 * others are written as `held` when all are reserved, and queued once the lead is.
 */
export interface TaskSet {
  /** From 1; also the part in the task's id. */
  readonly part: number;
  /** How many parts, 2 or more. */
  readonly parts: number;
  /** Results expected of the parts before this one: its own are numbered from `before + 1`. */
  readonly before: number;
  /** Results expected of the whole set. */
  readonly results: number;
  /** What was ordered; of the lead only. */
  readonly wish?: SetWish;
  /**
   * What was ordered, without `set` and clip, if the lead's own request differs from it: a compared model leaves
   * something out or takes something else. Of the lead only.
   */
  readonly order?: GenerationRequest;
  /**
   * The clip that one of the results is to become; of the lead only. The part of a result picked from the start has it in
   * its own request, too; else the user says which once they are there.
   */
  readonly thenAnimate?: VideoRequest;
  /** Which of its own results its clip animates, from 0, if not the first. */
  readonly frame?: number;
  /** What the parts from 2 on cost; of the lead only. */
  readonly costs?: readonly Task['cost'][];
}

export interface ReviewDecision {
  readonly what: Reviewed;
  readonly approved: boolean;
  readonly by?: string;
  readonly at: number;
  /** It is on record for the other moderators. */
  readonly noted?: true;
}

/** What moderators decide about an order of their server. */
export interface TaskReview {
  /** Before the Create, because of its words. */
  readonly before?: 'words';
  /** The order was approved. */
  readonly cleared?: true;
  /** Before a result is posted; as the server's rules were when it was ordered. */
  readonly after?: true;
  /** The last decision, and the moderator who made it; none if the time was up. */
  readonly decision?: ReviewDecision;
}

/** A task as the ledger keeps it: plain JSON. */
export interface Task {
  /** Version of this record's shape. */
  readonly v: 1;
  readonly id: TaskId;
  readonly request: GenerationRequest;
  readonly origin: Origin;
  /** Who pays, in a form that survives the deletion of the user's data. */
  readonly account: Account;
  /** What MPS bills on success: images or seconds of video, and money (millionths) if prices are known. */
  readonly cost: { readonly unit: 'image' | 'second'; readonly amount: number; readonly micros?: number };
  /** Expected cost of the follow-up video; of a set's lead, that of whichever part it follows. */
  readonly nextCost?: Task['cost'];
  /** The task whose image this video animates: the only link between the two parts of an order. */
  readonly after?: TaskId;
  /** Its place among several results of one order. */
  readonly set?: TaskSet;
  /** What was billed, once the results are here. */
  readonly made?: Made;
  readonly results?: Results;
  /** Of a clip that continues another: the whole, or why there is none. */
  readonly whole?: WholeClip | Unjoined;
  /** A video's width and height as reported by MPS: `1920x1088`. */
  readonly resolution?: string;
  /** The user was notified that it is done, or would have been but for a crash. */
  readonly notified?: true;
  /** What was chosen for the result while it was running. */
  readonly release?: Release;
  readonly review?: TaskReview;
  readonly state: State;
  /** A started, unfinished step; found at a start, the process died in it. `count`: how often it was started. */
  readonly attempts?: { readonly step: AttemptStep; readonly count: number };
  /** The message with its result was deleted. */
  readonly removed?: true;
  /**
   * What the user said is to go: `wanted` while the task is in progress, `done` once it is over and nothing is left of
   * it.
   */
  readonly purge?: 'wanted' | 'done';
  /** Every state the task was in and since when, oldest first. */
  readonly history: readonly { readonly state: StateName; readonly at: number }[];
}
