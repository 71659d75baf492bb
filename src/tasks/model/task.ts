import type { Locale, TextParams } from '../../locales/index.js';
import type { GenerationRequest, SetWish, VideoRequest } from '../../mps/generation-request.js';
import type { Account } from '../../quota/account.js';
import type { LimitKey } from '../../quota/measures.js';

/** Discord's id of the event, and a part: `1146…023:1`. The same event can never create two tasks. */
export type TaskId = `${string}:${number}`;

/** Delivery routes in the order they are tried; `kept` waits for the user to collect it. */
export const routes = ['answer', 'channel', 'direct', 'kept'] as const;
export type Route = (typeof routes)[number];

/** Who ordered, where, and how they can be answered. */
export interface Origin {
  readonly applicationId: string;
  /** The interaction's or message's id. */
  readonly eventId: string;
  readonly guildId?: string;
  readonly channelId: string;
  readonly userId: string;
  /**
   * Set if a button, or the form it opened, asked: Discord then doesn't show who did. `on`: its message, unless only one
   * user sees that.
   */
  readonly pressed?: { readonly on?: Posted };
  readonly locale: Locale;
  /** The bot is a member of that guild; with only a user install, the user pays. */
  readonly guildInstalled: boolean;
  /** A user install whose event came from the guild's own shard, not the first one. */
  readonly viaGuild?: true;
  /** Ids of the user's roles in the guild. */
  readonly roles: readonly string[];
  /** Only the user may see the answer. */
  readonly private: boolean;
  /** The interaction's token; dropped once the task has ended. */
  readonly token?: string;
  /** ms since the epoch. */
  readonly tokenExpiresAt?: number;
  /**
   * The bot's user id, for a mention: the answer is then a reply by the bot, without a token, which can be edited as
   * long as it exists.
   */
  readonly replyAs?: string;
  /** The card mentions that private images are attached to it; the user sees that once. */
  readonly sourcesShown?: true;
  /** Discord confirmed the defer, or the reply: an answer exists. */
  readonly acknowledged: boolean;
  /** The message that carries the answer, once known. */
  readonly messageId?: string;
  /** The file size limit of this answer, bytes. */
  readonly sizeLimit: number;
  /** The bot may post a file in the channel after the token has expired. */
  readonly mayPostLater: boolean;
  /** Discord blocked the prompt here (AutoMod): no message about this order repeats it. */
  readonly wordless?: boolean;
  /** The bot may read the channel's history, and so reply in it. */
  readonly mayReadHistory: boolean;
}

/** Why a task ended without a result; each has a text `failure.<reason>`. */
export const failureReasons = [
  'interrupted',
  'credentials',
  /** MPS is not switched on for the operator's account. */
  'inactive',
  'clock',
  'moderation',
  /** The same for the finished result: minutes later, from the message of a failed task. */
  'moderation.result',
  'rejected',
  /** The catalogue no longer accepts the request. */
  'withdrawn',
  /** The same, if MPS named the rejected parameter. */
  'rejected.named',
  'exhausted',
  'arrears',
  'unavailable',
  'unreachable',
  'uncertain',
  /** MPS reported the task as failed; another try may succeed. */
  'unsuccessful',
  /** MPS reported it as failed because of the request. */
  'unsuccessful.shape',
  'unsuccessful.words',
  /** Because of a source image: its size, or that MPS could not fetch it. */
  'unsuccessful.source',
  'unsuccessful.fetch',
  'empty',
  'overdue',
  'expired',
  /** This machine resolved the result's host to a forbidden address until the link died. */
  'misresolved',
  /** The result's link leads to a forbidden address. */
  'forbidden',
  'unreadable',
  'tooLarge',
  'source.unreachable',
  'source.type',
  'source.lottie',
  'source.broken',
  'source.size',
  'source.pixels',
  'source.small',
  'source.heavy',
  'source.crowded',
  'source.unavailable',
  'source.address',
  'source.hosting',
  'source.refused',
  'unanswered',
  /** Easel may not post where it was ordered: a locked thread, a missing permission. */
  'unpostable',
  /** Discord blocked the prompt on the first card; nothing was submitted. */
  'words',
  'internal',
] as const;
export type FailureReason = (typeof failureReasons)[number] | `quota.${LimitKey}`;

export interface Failure {
  readonly reason: FailureReason;
  /** Parameters of the text `failure.<reason>`. */
  readonly params?: TextParams;
}

/** What MPS made. */
export interface Made {
  /** Images, or seconds of video, rounded up. */
  readonly billed: number;
  /** Sound was ordered but is missing. */
  readonly silent?: boolean;
  /** For a chained order, the first image file: type and length in bytes. */
  readonly first?: { readonly type: string; readonly bytes: number };
}

/**
 * What should happen to the result of a dismissed task. It is running at MPS, which can't cancel it and bills it
 * either way: it is polled until it ends, and counts.
 */
export interface Release {
  /** `deliver`: post it without pinging anyone. `drop`: fetch and post nothing. */
  readonly wish: 'deliver' | 'drop';
  readonly by: 'asker' | 'moderator';
}

/** A result as MPS served it. */
export interface ResultFile {
  /** In hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** `image/png` */
  readonly type: string;
  /** Pixels; unknown of results before the end of 2026, and of files whose header doesn't say. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * How a result was posted, and the posted file, if any. `playable`: converted so that it plays in every Discord
 * client; `raw`: unchanged, although it doesn't play in all of them; `withheld`: Discord's media filter blocked it.
 */
export interface SentFile {
  readonly how: 'whole' | 'playable' | 'raw' | 'smaller' | 'preview' | 'link' | 'withheld';
  /** The file size limit there, bytes. */
  readonly limit: number;
  readonly sha256?: string;
  readonly bytes?: number;
}

/** Everything stored about a task's results; the lists follow the order of the links. */
export interface Results {
  readonly urls: readonly string[];
  /** ms since the epoch; absent: they name objects in the operator's bucket and don't expire. */
  readonly linksExpireAt?: number;
  readonly files: readonly ResultFile[];
  /** Once they are posted. */
  readonly sent?: readonly SentFile[];
}

/** A posted message. */
export interface Posted {
  readonly channelId: string;
  readonly messageId: string;
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

export type State =
  | { readonly name: 'received' }
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
  | ({ readonly name: 'delivering'; readonly handover: Handover } & Finished)
  | { readonly name: 'delivered'; readonly posted: Posted; readonly route: Route }
  | {
      readonly name: 'failed';
      readonly failure: Failure;
      readonly handover: Handover;
      readonly told: boolean;
    }
  | { readonly name: 'cancelled'; readonly handover: Handover; readonly told: boolean }
  /** Made by MPS, and discarded as requested. */
  | { readonly name: 'discarded'; readonly handover: Handover; readonly told: boolean };
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
  | { readonly type: 'fetched'; readonly made: Made; readonly files?: readonly ResultFile[] }
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
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'cancelled' };

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
  /** The clip that one of the results is to become, once its user says which; of the lead only. */
  readonly thenAnimate?: VideoRequest;
  /** What the parts from 2 on cost; of the lead only. */
  readonly costs?: readonly Task['cost'][];
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
  /** Expected cost of the follow-up video. */
  readonly nextCost?: Task['cost'];
  /** The task whose image this video animates: the only link between the two parts of an order. */
  readonly after?: TaskId;
  /** Its place among several results of one order. */
  readonly set?: TaskSet;
  /** What was billed, once the results are here. */
  readonly made?: Made;
  readonly results?: Results;
  /** A video's width and height as reported by MPS: `1920x1088`. */
  readonly resolution?: string;
  /** The user was notified that it is done, or would have been but for a crash. */
  readonly notified?: true;
  /** What was chosen for the result while it was running. */
  readonly release?: Release;
  readonly state: State;
  /** A started, unfinished step; found at a start, the process died in it. `count`: how often it was started. */
  readonly attempts?: { readonly step: AttemptStep; readonly count: number };
  /** The message with its result was deleted. */
  readonly removed?: true;
  /**
   * What the user said is to go: `wanted` while the task is under way, `done` once it is over and nothing is left of
   * it.
   */
  readonly purge?: 'wanted' | 'done';
  /** Every state the task was in and since when, oldest first. */
  readonly history: readonly { readonly state: StateName; readonly at: number }[];
}
