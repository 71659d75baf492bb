import type { Locale } from '../../locales/index.js';

/** A posted message. */
export interface Posted {
  readonly channelId: string;
  readonly messageId: string;
}

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
  /** The channel that a thread is in. */
  readonly parentId?: string;
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
  /** Its answer was opened with the first card, so Discord takes the order's words here. */
  readonly introduced?: true;
  /** The message that carries the answer, once known. */
  readonly messageId?: string;
  /** The file size limit of this answer, bytes. */
  readonly sizeLimit: number;
  /** The bot may post a file in the channel after the token has expired. */
  readonly mayPostLater: boolean;
  /** Discord blocked the prompt here (AutoMod): no message about this order repeats it. */
  readonly wordless?: boolean;
  /** The user came for this outcome with a press of their own, whose answer takes it: it leaves its set's message. */
  readonly collected?: true;
  /**
   * Only the user gets the outcome, by a direct message or by collecting it: moderators have blocked them since it was
   * created.
   */
  readonly apart?: true;
  /** The bot may read the channel's history, and so reply in it. */
  readonly mayReadHistory: boolean;
}
