import type { EventEmitter } from 'node:events';
import type {
  ChannelRecord,
  ChannelType,
  GuildRecord,
  MemberRecord,
  Overwrite,
  RoleRecord,
  UserRecord,
} from '../types.js';
import type { Filters } from './content-filters.js';
import type { PermissionName } from './permissions.js';

/** Changes of the world that are dispatched to bots. */
export interface WorldEvents {
  guildAdded: [GuildRecord];
  guildChanged: [GuildRecord];
  guildRemoved: [GuildRecord];
  channelAdded: [ChannelRecord];
  channelChanged: [ChannelRecord];
  channelRemoved: [ChannelRecord];
  roleAdded: [RoleRecord];
  roleChanged: [RoleRecord];
  roleRemoved: [RoleRecord];
  memberAdded: [GuildRecord, MemberRecord];
  memberChanged: [GuildRecord, MemberRecord];
}

export interface NewGuild {
  name: string;
  /** For a guild that must belong to a certain shard. */
  id?: string | undefined;
  /** An id or a name; the first user of the world by default. */
  owner?: string | undefined;
  preferredLocale?: string | undefined;
  premiumTier?: GuildRecord['premiumTier'] | undefined;
  /** Whether the app is in it with its bot (default), or only users brought it as a user app. */
  installed?: boolean | undefined;
  unavailable?: boolean | undefined;
  /** A text channel of this name, in which Discord posts its own notices. */
  systemChannel?: NewChannel | undefined;
}

export interface NewChannel {
  name: string;
  type?: ChannelType | undefined;
  nsfw?: boolean | undefined;
  parentId?: string | undefined;
  /** Of a thread: who began it. */
  ownerId?: string | undefined;
  /** Permissions the bot is refused here. */
  denyBot?: readonly PermissionName[] | undefined;
  /** Permissions everyone is refused here. */
  denyEveryone?: readonly PermissionName[] | undefined;
}

/** The users, guilds and channels of the stand-in. References are ids or names; a wrong one throws. */
export interface World {
  readonly events: EventEmitter<WorldEvents>;
  readonly botId: string;
  /** Content that Discord refuses. */
  readonly filters: Filters;
  guilds(): readonly GuildRecord[];
  channels(): readonly ChannelRecord[];
  users(): readonly UserRecord[];
  guild(reference: string): GuildRecord;
  /** `general`, `Foxglove/general` or an id. */
  channel(reference: string): ChannelRecord;
  user(reference: string): UserRecord;
  findGuild(id: string | undefined): GuildRecord | undefined;
  findChannel(id: string): ChannelRecord | undefined;
  findUser(id: string): UserRecord | undefined;
  permissionsIn(channel: ChannelRecord, userId: string): bigint;
  addUser(user: {
    username: string;
    globalName?: string | undefined;
    locale?: string | undefined;
    uploadLimit?: number | undefined;
    /** Someone else's bot. */
    bot?: boolean | undefined;
  }): UserRecord;
  addGuild(guild: NewGuild): GuildRecord;
  addChannel(guild: string, channel: NewChannel): ChannelRecord;
  addRole(
    guild: string,
    role: { name: string; permissions?: readonly PermissionName[]; mentionable?: boolean },
  ): RoleRecord;
  addMember(guild: string, user: string, roles?: readonly string[]): MemberRecord;
  setBoostTier(guild: string, tier: GuildRecord['premiumTier']): void;
  setOverwrite(channel: string, overwrite: Overwrite): void;
  /** Takes permissions from the bot in a channel, or gives them back: an empty list lifts the refusal. */
  denyBot(channel: string, names: readonly PermissionName[]): void;
  /** Locks or archives a thread, or opens it again. */
  setThread(thread: string, is: { readonly locked?: boolean; readonly archived?: boolean }): void;
  /** Gives the bot permissions in a channel that its role does not have. */
  allowBot(channel: string, names: readonly PermissionName[]): void;
  /** Whether a user lets the bot write to them. */
  setDms(user: string, accepts: boolean): void;
  removeChannel(channel: string): void;
  /** Takes a role (id or name) from a guild and from everyone who has it. */
  removeRole(guild: string, role: string): void;
  /** Throws the bot out. */
  removeGuild(guild: string): void;
  /** The DM of two users, opened when it is not yet. */
  dm(user: string, other?: string): ChannelRecord;
}
