import type { Failure } from './failure.js';
import type { Posted, Route } from './origin.js';
import type { Made, ResultFile, SentFile } from './results.js';

/**
 * What should happen to the result of a dismissed task. It is running at MPS, which can't cancel it and bills it
 * either way: it is polled until it ends, and counts.
 */
export interface Release {
  /** `deliver`: post it without pinging anyone. `drop`: fetch and post nothing. */
  readonly wish: 'deliver' | 'drop';
  readonly by: 'asker' | 'moderator';
}

/**
 * Finished at MPS; the links are valid until `linksExpireAt` (ms since the epoch). Without it they are bare links
 * into the operator's bucket, which don't expire: read it with `expiryOfLinks`.
 */
interface Finished {
  /** Unknown if the Create's response was lost and the result was found in the bucket. */
  readonly mpsTaskId?: string;
  readonly urls: readonly string[];
  readonly linksExpireAt?: number;
}

/** The folder in the operator's bucket for its results: nothing else is ever there. */
export interface Folder {
  readonly bucket: string;
  /** Starts and ends with a slash. */
  readonly path: string;
}

/** A Create of unknown outcome. */
export interface Lost {
  readonly folder: Folder;
  /** When it was sent, ms since the epoch. */
  readonly since: number;
  /** How the task ends if nothing is found. */
  readonly reason: 'interrupted' | 'uncertain';
}

/** An outcome being delivered. `tries` counts started posts, so that a restart knows one may have succeeded. */
export interface Handover {
  readonly route: Route;
  readonly tries: number;
  /** When the last of them was started, ms since the epoch: it is searched for around that time. */
  readonly at?: number;
}

/**
 * Moderators are asked in a message of their channel. `asking`: a post of it was started and its outcome is unknown: in
 * which channel, and when, ms since the epoch. `asked`: that message; of a result, it holds the copy.
 */
export interface Asked {
  readonly asking?: { readonly channelId: string; readonly at: number };
  readonly asked?: Posted;
}

/** How long moderators have for a decision, days; after that it is as if they had rejected it. */
export const reviewForDays = 7;

/** Why an order or result wasn't approved: a moderator said so, or none did in time. */
export type Rejection = 'moderator' | 'overdue';

/** What moderators look at: an order before its Create, or a result before it is posted. */
export type Reviewed = 'order' | 'result';

/** Ended without a result: a message says so. */
interface Notified {
  readonly handover: Handover;
  readonly told: boolean;
  /** That message; absent if none was needed, and in records from before the end of 2026. */
  readonly posted?: Posted;
}

export type State =
  | { readonly name: 'received' }
  /** Nothing is created, hosted or reserved until moderators approve the order. */
  | ({ readonly name: 'awaitingApproval' } & Asked)
  /** Reserved, waiting for its image. */
  | { readonly name: 'held' }
  | { readonly name: 'queued' }
  | { readonly name: 'submitting'; readonly folder?: Folder }
  /**
   * The response to the Create was lost: its result is searched for in the bucket, and it is never submitted again.
   */
  | ({ readonly name: 'searching' } & Lost)
  | {
      readonly name: 'running';
      readonly folder?: Folder;
      readonly mpsTaskId: string;
      readonly createdAt: number;
      readonly letGo: boolean;
    }
  | ({ readonly name: 'fetching' } & Finished)
  /** Fetched, and not to be shown to anyone but moderators until one of them approves it. */
  | ({ readonly name: 'awaitingReview' } & Finished & Asked)
  /** `copy`: the message in which moderators approved it, with its files. */
  | ({ readonly name: 'delivering'; readonly handover: Handover; readonly copy?: Posted } & Finished)
  | { readonly name: 'delivered'; readonly posted: Posted; readonly route: Route }
  | ({
      readonly name: 'failed';
      readonly failure: Failure;
    } & Notified)
  /** `rejected`: by moderators, before anything was created. */
  | ({ readonly name: 'cancelled'; readonly rejected?: Rejection } & Notified)
  /** Made by MPS, and discarded as requested, or not approved by moderators. */
  | ({ readonly name: 'discarded'; readonly rejected?: Rejection } & Notified);
export type StateName = State['name'];
export type StateOf<Name extends StateName> = Extract<State, { name: Name }>;

/** What can happen to a task. Times are ms since the epoch. */
export type TaskEvent =
  | { readonly type: 'held' }
  | { readonly type: 'queued' }
  | { readonly type: 'submitting'; readonly folder?: Folder }
  | { readonly type: 'refused' }
  /** `letGo` from the start: an off-peak task may take two days and holds no slot. */
  | {
      readonly type: 'created';
      readonly mpsTaskId: string;
      readonly createdAt: number;
      readonly letGo?: boolean;
    }
  | { readonly type: 'letGo' }
  /** Dismissed; nothing changes at MPS. The last choice counts. */
  | { readonly type: 'released'; readonly release: Release }
  /**
   * Without `linksExpireAt` the links don't expire. `resolution`: a video's width and height as reported by MPS,
   * `1920x1088`.
   */
  | {
      readonly type: 'finished';
      readonly urls: readonly string[];
      readonly linksExpireAt?: number;
      readonly resolution?: string;
    }
  /** A Create may have gone through, but its response was lost. Its folder in the bucket is searched from now on. */
  | ({ readonly type: 'lost' } & Lost)
  /** The result of such a Create was found. */
  | { readonly type: 'found'; readonly urls: readonly string[] }
  /** Instead of `finished`, if the result was to be discarded. */
  | { readonly type: 'discarded'; readonly made: Made }
  /** `review`: moderators decide whether it is posted. */
  | {
      readonly type: 'fetched';
      readonly made: Made;
      readonly files?: readonly ResultFile[];
      readonly review?: true;
    }
  /** Moderators decide about the order before anything else happens. */
  | { readonly type: 'approvalNeeded' }
  /** A post that asks moderators is about to be sent to this channel. */
  | { readonly type: 'asking'; readonly channelId: string }
  | { readonly type: 'asked'; readonly posted: Posted }
  /** That message is gone, or the post never arrived. */
  | { readonly type: 'unasked' }
  /** `by`: the moderator's user id. `what` they looked at: an approved order is no approved result. */
  | { readonly type: 'approved'; readonly what: Reviewed; readonly by: string }
  /** `withdrawn`: its user cancelled the order, or had their data deleted. */
  | {
      readonly type: 'rejected';
      readonly what: Reviewed;
      readonly by?: string;
      readonly why: Rejection | 'withdrawn';
    }
  /** `sent`: what is about to be posted, since a crash may keep the `handed` that says it. */
  | { readonly type: 'handing'; readonly route: Route; readonly sent?: readonly SentFile[] }
  /** `notified`: the user is about to be pinged by a separate message. */
  | {
      readonly type: 'handed';
      readonly posted: Posted;
      readonly notified?: true;
      readonly sent?: readonly SentFile[];
    }
  /** No one waits for this outcome, or can be reached with it any more. */
  | { readonly type: 'dropped' }
  /** A decision of moderators is on record for the others. */
  | { readonly type: 'noted' }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'cancelled' };
