import type { Locale, TextParams } from '../../locales/index.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import type { Account } from '../../quota/account.js';
import type { LimitKey } from '../../quota/measures.js';

/** Discord's id of the event that asked, and a part: `1146…023:1`. The same event can never make two tasks. */
export type TaskId = `${string}:${number}`;

/** Where an outcome can be handed over, in the order they are tried; `kept` waits for the user to fetch it. */
export const routes = ['answer', 'channel', 'direct', 'kept'] as const;
export type Route = (typeof routes)[number];

/** Who asked, where, and how they can be answered. */
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
  /** The bot is a member of that guild; where only the user installed it, the user pays. */
  readonly guildInstalled: boolean;
  /** Only the user brought Easel there, and yet the guild's own shard told of it, not the first one. */
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
   * The bot's own user, where a message asked: the answer is then a message of the bot's, a reply, which no token opens
   * and which can be edited for as long as it is there.
   */
  readonly replyAs?: string;
  /** The card says that images which were private hang on it: its user is told that once. */
  readonly sourcesShown?: true;
  /** Discord confirmed the defer, or the reply: an answer exists. */
  readonly acknowledged: boolean;
  /** The message that carries the answer, once known. */
  readonly messageId?: string;
  /** Largest file Discord takes in this answer, bytes. */
  readonly sizeLimit: number;
  /** The bot may post a file into the channel after the token has died. */
  readonly mayPostLater: boolean;
  /** Discord refused the user's words here (AutoMod): no message about this order repeats them. */
  readonly wordless?: boolean;
  /** The bot may read the channel's history, and therefore reply in it. */
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
  /** The same, of the finished result: minutes later, in the words of a task that MPS ended as failed. */
  'moderation.result',
  'rejected',
  /** The catalogue no longer takes what it took. */
  'withdrawn',
  /** The same, where MPS said what it does not take. */
  'rejected.named',
  'exhausted',
  'arrears',
  'unavailable',
  'unreachable',
  'uncertain',
  /** MPS ended the task as failed, and another try may pass. */
  'unsuccessful',
  /** MPS ended it as failed because of what was asked for. */
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
  /** The result's link leads if nothing is fetched from. */
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
  /** Easel may not write where it was asked: a locked thread, a permission. */
  'unpostable',
  /** Discord refused the words on the first card; nothing was ordered. */
  'words',
  'internal',
] as const;
export type FailureReason = (typeof failureReasons)[number] | `quota.${LimitKey}`;

export interface Failure {
  readonly reason: FailureReason;
  /** What the text `failure.<reason>` is filled with. */
  readonly params?: TextParams;
}

/** What MPS made. */
export interface Made {
  /** Images, or seconds of video, rounded up. */
  readonly billed: number;
  /** Sound was asked for and there is none. */
  readonly silent?: boolean;
  /** The first file of an image that is to move: its type, and its length in bytes. */
  readonly first?: { readonly type: string; readonly bytes: number };
}

/**
 * What is to become of a result that no one waits for any more. MPS is working on it by then, has no way to cancel
 * it, and bills it either way: it is asked for until it ends, and counts.
 */
export interface Release {
  /** `deliver`: post it when it comes, and ring at no one. `drop`: fetch and post nothing. */
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
}

/**
 * How a result was posted, and what was, if that is a file. `playable`: changed so that it plays in every Discord client;
 * `raw`: as it is, although it does not play in all of them; `withheld`: Discord's media filter refused it.
 */
export interface SentFile {
  readonly how: 'whole' | 'playable' | 'raw' | 'smaller' | 'preview' | 'link' | 'withheld';
  /** Bytes that a file could have there. */
  readonly limit: number;
  readonly sha256?: string;
  readonly bytes?: number;
}

/** All that is kept of a task's results; the lists go by the order of the links. */
export interface Results {
  readonly urls: readonly string[];
  /** ms since the epoch; absent: they name what lies in the operator's own bucket, and do not die. */
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
 * Finished at MPS; the links live until `linksExpireAt` (ms since the epoch). Without it they are bare links into the
 * operator's own bucket, which do not die: read it with `expiryOfLinks`.
 */
interface Finished {
  /** Unknown of a task whose Create was never answered, and whose result was found in the bucket. */
  readonly mpsTaskId?: string;
  readonly urls: readonly string[];
  readonly linksExpireAt?: number;
}

/** Where in the operator's bucket MPS was told to put what it makes: nothing else is ever there. */
export interface Folder {
  readonly bucket: string;
  /** Begins and ends with a slash. */
  readonly path: string;
}

/** A Create of which no one can tell whether it happened. */
export interface Lost {
  readonly folder: Folder;
  /** When it was sent, ms since the epoch. */
  readonly since: number;
  /** How the task ends if nothing is found. */
  readonly reason: 'interrupted' | 'uncertain';
}

/** An outcome on its way to a user. `tries` counts posts begun, so that a restart knows one may have succeeded. */
export interface Handover {
  readonly route: Route;
  readonly tries: number;
  /** When the last of them was begun, ms since the epoch: around then it is searched for. */
  readonly at?: number;
}

export type State =
  | { readonly name: 'received' }
  /** Reserved, and waits for the image that it is to move. */
  | { readonly name: 'held' }
  | { readonly name: 'queued' }
  | { readonly name: 'submitting'; readonly folder?: Folder }
  /** The answer to the Create was lost: what it may make is searched for in the bucket, and never ordered again. */
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
  /** MPS made it, and it was dropped as wished. */
  | { readonly name: 'discarded'; readonly handover: Handover; readonly told: boolean };
export type StateName = State['name'];
export type StateOf<Name extends StateName> = Extract<State, { name: Name }>;

/** What can happen to a task. Times are ms since the epoch. */
export type TaskEvent =
  | { readonly type: 'held' }
  | { readonly type: 'queued' }
  | { readonly type: 'submitting'; readonly folder?: Folder }
  | { readonly type: 'refused' }
  /** `letGo` from the start: at the off-peak rate it may take two days, and holds no slot. */
  | {
      readonly type: 'created';
      readonly mpsTaskId: string;
      readonly createdAt: number;
      readonly letGo?: boolean;
    }
  | { readonly type: 'letGo' }
  /** Someone needs it no more; at MPS nothing changes. The last word counts. */
  | { readonly type: 'released'; readonly release: Release }
  /**
   * Without `linksExpireAt`: the links do not die. `resolution`: a video's width and height as MPS says them,
   * `1920x1088`.
   */
  | {
      readonly type: 'finished';
      readonly urls: readonly string[];
      readonly linksExpireAt?: number;
      readonly resolution?: string;
    }
  /**
   * A Create may have gone through: no one heard its answer. Its folder in the bucket is looked into from now on.
   */
  | ({ readonly type: 'lost' } & Lost)
  /** What such a Create made is there. */
  | { readonly type: 'found'; readonly urls: readonly string[] }
  /** In place of `finished`, where the result was to be dropped. */
  | { readonly type: 'discarded'; readonly made: Made }
  | { readonly type: 'fetched'; readonly made: Made; readonly files?: readonly ResultFile[] }
  | { readonly type: 'handing'; readonly route: Route }
  /** `notified`: the user is about to be told by a message of its own. */
  | {
      readonly type: 'handed';
      readonly posted: Posted;
      readonly notified?: true;
      readonly sent?: readonly SentFile[];
    }
  /** No one waits for this outcome by itself, or can be reached with it any more. */
  | { readonly type: 'dropped' }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'cancelled' };

/** A step in which files that other users made are handled: `sources` looks at images, `files` makes results fit. */
export type AttemptStep = 'sources' | 'files';

/** A task as the ledger keeps it: plain JSON. */
export interface Task {
  /** Version of this record's shape. */
  readonly v: 1;
  readonly id: TaskId;
  readonly request: GenerationRequest;
  readonly origin: Origin;
  /** Who pays, in a form that outlives a purge of the user's data. */
  readonly account: Account;
  /** What MPS will bill on success: images or seconds of video, and money (millionths) where prices are known. */
  readonly cost: { readonly unit: 'image' | 'second'; readonly amount: number; readonly micros?: number };
  /** What the video will be billed that this image is to become. */
  readonly nextCost?: Task['cost'];
  /** The task whose image this video moves: the one link between the two parts of an order. */
  readonly after?: TaskId;
  /** What it has billed, once the results are here. */
  readonly made?: Made;
  readonly results?: Results;
  /** A video's width and height as MPS says them: `1920x1088`. */
  readonly resolution?: string;
  /** The asker was told that it is done, or would have been but for a crash. */
  readonly notified?: true;
  /** What was said about the result while MPS was working on it. */
  readonly release?: Release;
  readonly state: State;
  /** A step that was begun and has not ended; found at a start, the process died in it. `count`: how often it was begun. */
  readonly attempts?: { readonly step: AttemptStep; readonly count: number };
  /** The message with its result was taken away again. */
  readonly removed?: true;
  /**
   * What the user said is to go: `wanted` while the task is under way, `done` once it is over and nothing is left of
   * it.
   */
  readonly purge?: 'wanted' | 'done';
  /** Every state the task was in and since when, oldest first. */
  readonly history: readonly { readonly state: StateName; readonly at: number }[];
}
