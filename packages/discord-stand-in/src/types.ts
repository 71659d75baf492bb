/** A value from JSON.parse, typed so that it can be read without casts. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
/** A JSON object to send; undefined keys are omitted. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

export const channelTypes = {
  text: 0,
  dm: 1,
  groupDm: 3,
  announcement: 5,
  publicThread: 11,
  forum: 15,
  media: 16,
} as const;
export type ChannelType = (typeof channelTypes)[keyof typeof channelTypes];

/** Channels that hold posts (threads) and no messages of their own. Discord docs: Channel, "Channel Types". */
export const holdsPosts = (type: ChannelType): boolean =>
  type === channelTypes.forum || type === channelTypes.media;

export interface UserRecord {
  readonly id: string;
  username: string;
  globalName: string | null;
  readonly bot: boolean;
  /** The language of the user's client. */
  locale: string;
  /** Bytes for each file the user may send, from a subscription; 0 without one. */
  uploadLimit: number;
  /** Whether they let the bot write to them. */
  acceptsDms: boolean;
}

export interface RoleRecord {
  readonly id: string;
  readonly guildId: string;
  name: string;
  permissions: bigint;
  position: number;
  mentionable: boolean;
  managed: boolean;
}

export interface MemberRecord {
  readonly userId: string;
  /** Without @everyone's. */
  roles: string[];
  nick: string | null;
  /** ms since the epoch. */
  readonly joinedAt: number;
}

export interface GuildRecord {
  readonly id: string;
  name: string;
  ownerId: string;
  preferredLocale: string;
  /** Boost tier. */
  premiumTier: 0 | 1 | 2 | 3;
  /** Whether the app was added with its bot. */
  installed: boolean;
  /** In an outage: announced as unavailable. */
  unavailable: boolean;
  /** Where Discord posts its own notices, such as of new members. */
  systemChannelId: string | null;
  readonly roles: Map<string, RoleRecord>;
  readonly members: Map<string, MemberRecord>;
}

export interface Overwrite {
  readonly id: string;
  readonly type: 'role' | 'member';
  readonly allow: bigint;
  readonly deny: bigint;
}

export interface ChannelRecord {
  readonly id: string;
  readonly type: ChannelType;
  readonly guildId: string | undefined;
  readonly parentId: string | undefined;
  name: string;
  nsfw: boolean;
  overwrites: Overwrite[];
  /** For a DM: everyone in it, the bot too. */
  readonly recipients: readonly string[];
  lastMessageId: string | null;
  /** For a thread: who began it. */
  ownerId?: string;
  /** For a thread: only users with Manage Threads can write. */
  locked?: boolean;
  archived?: boolean;
}

/** Settings of the application's owner in the Developer Portal, changeable at any time. */
export interface Portal {
  /**
   * The Message Content Intent. While it is off, identifying with it ends in close code 4014, and neither REST nor a
   * session that asked for it earlier shows content that only the intent opens.
   */
  messageContent: boolean;
  /** What `GET /applications/@me` says beside or in place of the rest: description, tags, pages. */
  listing: JsonObject;
}
