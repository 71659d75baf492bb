import { EventEmitter } from 'node:events';
import type { Component } from '../body-schemas.js';
import { compareIds, type NextId } from '../snowflakes.js';
import type { Clock } from '../timer-clock.js';
import type { JsonObject } from '../types.js';
import type { World } from '../world/world.js';
import type { Cdn, StoredFile } from './cdn.js';

/** Discord docs: Message Object, "Message Types". */
export const messageTypes = { default: 0, reply: 19, chatInput: 20, contextMenu: 23 } as const;

export interface MessageReference {
  /** 0 a reply, 1 a forward. */
  readonly type: 0 | 1;
  readonly messageId: string;
  readonly channelId: string;
  readonly guildId: string | undefined;
}

/** The interaction that a message answers. */
export interface MessageOrigin {
  readonly id: string;
  readonly type: number;
  readonly name: string | undefined;
  readonly userId: string;
  readonly owners: JsonObject;
  readonly targetMessageId: string | undefined;
}

/** The parts of a message that an edit can change. */
export interface MessageContent {
  content: string;
  embeds: JsonObject[];
  components: Component[];
  attachments: StoredFile[];
  flags: number;
  /** Users named. */
  mentions: readonly string[];
  mentionRoles: readonly string[];
  mentionEveryone: boolean;
}

export interface MessageDraft extends MessageContent {
  readonly channelId: string;
  readonly authorId: string;
  readonly type: number;
  /** The application's id, for answers of interactions: they are sent by its webhook. */
  readonly webhookId?: string | undefined;
  readonly reference?: MessageReference | undefined;
  readonly snapshots?: readonly JsonObject[];
  readonly stickers?: readonly JsonObject[];
  readonly origin?: MessageOrigin | undefined;
  /** The only user who sees it; undefined for everyone. */
  readonly visibleTo?: string | undefined;
  readonly notified?: readonly string[];
  /** As received; sent once, in the answer and in MESSAGE_CREATE. */
  readonly nonce?: string | number | undefined;
  /** Of a post's first message: its thread's. @default a new one */
  readonly id?: string | undefined;
}

export interface MessageRecord extends MessageDraft {
  readonly id: string;
  readonly guildId: string | undefined;
  /** ms since the epoch. */
  readonly createdAt: number;
  editedAt: number | undefined;
  deleted: boolean;
  /** Users by emoji, each in the order in which they came. Standard emoji alone, by their characters. */
  readonly reactions: Map<string, Set<string>>;
}

export interface Reaction {
  readonly emoji: string;
  readonly userId: string;
}

export interface MessageEvents {
  created: [MessageRecord];
  updated: [MessageRecord];
  deleted: [MessageRecord];
  reacted: [MessageRecord, Reaction];
  unreacted: [MessageRecord, Reaction];
}

export interface Messages {
  readonly events: EventEmitter<MessageEvents>;
  create(draft: MessageDraft): MessageRecord;
  /** Changes the given parts. `silent` for changes that are not shown as an edit (a deferred answer that gets its text). */
  edit(record: MessageRecord, changes: Partial<MessageContent>, silent?: boolean): void;
  remove(record: MessageRecord): void;
  /** Adds a user's reaction; a second one with the same emoji changes nothing. */
  react(record: MessageRecord, reaction: Reaction): void;
  unreact(record: MessageRecord, reaction: Reaction): void;
  /** Undefined when it never was or is deleted. */
  find(id: string): MessageRecord | undefined;
  /** The messages of one channel, oldest first, without deleted ones. */
  inChannel(channelId: string): MessageRecord[];
  all(): MessageRecord[];
}

export const emptyContent = (): MessageContent => ({
  content: '',
  embeds: [],
  components: [],
  attachments: [],
  flags: 0,
  mentions: [],
  mentionRoles: [],
  mentionEveryone: false,
});

export interface MessagesOptions {
  world: World;
  cdn: Cdn;
  clock: Clock;
  nextId: NextId;
}

export function createMessages({ world, cdn, clock, nextId }: MessagesOptions): Messages {
  const events = new EventEmitter<MessageEvents>();
  events.setMaxListeners(0);
  const records = new Map<string, MessageRecord>();

  /** Files that an edit or a deletion took away are gone from the CDN too. */
  function dropFiles(before: readonly StoredFile[], after: readonly StoredFile[]): void {
    for (const { id } of before) if (!after.some((file) => file.id === id)) cdn.drop(id);
  }

  return {
    events,
    create(draft) {
      const channel = world.channel(draft.channelId);
      const record: MessageRecord = {
        ...draft,
        id: draft.id ?? nextId(),
        guildId: channel.guildId,
        createdAt: clock.now(),
        editedAt: undefined,
        deleted: false,
        reactions: new Map(),
      };
      records.set(record.id, record);
      if (record.visibleTo === undefined) channel.lastMessageId = record.id;
      events.emit('created', record);
      return record;
    },
    edit(record, changes, silent = false) {
      const before = record.attachments;
      Object.assign(record, changes);
      dropFiles(before, record.attachments);
      if (!silent) record.editedAt = clock.now();
      events.emit('updated', record);
    },
    remove(record) {
      record.deleted = true;
      dropFiles(record.attachments, []);
      events.emit('deleted', record);
    },
    react(record, reaction) {
      const users = record.reactions.get(reaction.emoji) ?? new Set();
      record.reactions.set(reaction.emoji, users);
      if (users.has(reaction.userId)) return;
      users.add(reaction.userId);
      events.emit('reacted', record, reaction);
    },
    unreact(record, reaction) {
      const users = record.reactions.get(reaction.emoji);
      if (!users?.delete(reaction.userId)) return;
      if (users.size === 0) record.reactions.delete(reaction.emoji);
      events.emit('unreacted', record, reaction);
    },
    find(id) {
      const record = records.get(id);
      return record?.deleted ? undefined : record;
    },
    inChannel: (channelId) =>
      [...records.values()]
        .filter((record) => record.channelId === channelId && !record.deleted)
        .sort((a, b) => compareIds(a.id, b.id)),
    all: () => [...records.values()],
  };
}
