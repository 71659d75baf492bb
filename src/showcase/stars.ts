import type { Log } from '../log.js';
import type { Table } from '../store/store.js';
import {
  mostStars,
  readStars,
  type ShowcasePost,
  type StarRecord,
  type Starred,
  starsOf,
} from './star-record.js';

/** Who starred which result, durable; what lists need of it is kept in memory. */
export interface Stars {
  /** Reads what is stored; call it before anything else. @throws StoreError */
  load(): Promise<void>;
  /** Stars a message for a user, or takes their star back. @throws StoreError */
  toggle(about: Starred, userId: string): Promise<StarRecord>;
  /** Notes who has reacted with a star. Nothing is stored of a message without any. @throws StoreError */
  setReacted(about: Starred, userIds: readonly string[]): Promise<StarRecord | undefined>;
  /** @throws StoreError */
  find(messageId: string): Promise<StarRecord | undefined>;
  /** Notes what became of the post in the showcase. @throws StoreError */
  note(messageId: string, post: ShowcasePost): Promise<void>;
  /** Stars of a message, from memory. */
  count(messageId: string): number;
  /** The starred message that a post in the showcase shows. */
  originalOf(postId: string): string | undefined;
  /** Ids of all starred messages of which this holds, newest first. */
  list(wanted: (about: Summary) => boolean): readonly string[];
  /** Those of these messages that have stars. */
  known(messageIds: readonly string[]): readonly string[];
  /** @throws StoreError */
  remove(messageId: string): Promise<void>;
  /** Takes a user's stars back everywhere. @throws StoreError */
  forget(userId: string): Promise<void>;
}

/** A starred message, in memory. */
export interface Summary {
  readonly guildId: string;
  readonly authorId: string;
  readonly stars: number;
  readonly post: ShowcasePost | undefined;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
}

/** What lists and lookups need of all starred messages. */
function createIndex() {
  const known = new Map<string, Summary>();
  /** Starred messages by their post. */
  const originals = new Map<string, string>();
  return {
    known,
    originals,
    keep(row: StarRecord): StarRecord {
      const { guildId, authorId, messageId, post } = row;
      known.set(messageId, { guildId, authorId, stars: starsOf(row).length, post });
      if (post?.state === 'posted') originals.set(post.messageId, messageId);
      return row;
    },
    drop(messageId: string): void {
      const post = known.get(messageId)?.post;
      if (post?.state === 'posted') originals.delete(post.messageId);
      known.delete(messageId);
    },
  };
}

type Index = ReturnType<typeof createIndex>;

export function createStars({ table, log }: Deps): Stars {
  const index = createIndex();
  const { known, originals } = index;
  return {
    ...createChanges(table, index),
    async load() {
      for await (const [key, stored] of table.entries()) {
        const row = readStars(stored);
        if (row) index.keep(row);
        else log.warn({ message: key }, 'the stars of a message could not be read');
      }
    },
    count: (messageId) => known.get(messageId)?.stars ?? 0,
    originalOf: (postId) => originals.get(postId),
    list: (wanted) =>
      [...known]
        .filter(([, about]) => wanted(about))
        .map(([messageId]) => messageId)
        .sort((one, other) => (BigInt(one) < BigInt(other) ? 1 : -1)),
    known: (messageIds) => messageIds.filter((id) => known.has(id)),
  };
}

type Changes = Pick<Stars, 'toggle' | 'setReacted' | 'find' | 'note' | 'remove' | 'forget'>;

function createChanges(table: Deps['table'], index: Index): Changes {
  async function change(about: Starred, to: (row: StarRecord) => StarRecord): Promise<StarRecord> {
    const fresh: StarRecord = { v: 1, ...about, pressed: [], reacted: [] };
    const row = await table.update(about.messageId, (stored) => to(readStars(stored) ?? fresh));
    return index.keep(readStars(row) ?? fresh);
  }

  async function find(messageId: string): Promise<StarRecord | undefined> {
    return index.known.has(messageId) ? readStars(await table.get(messageId)) : undefined;
  }

  return {
    find,
    toggle: (about, userId) => change(about, (row) => toggled(row, userId)),
    async setReacted(about, userIds) {
      const before = await find(about.messageId);
      const reacted = userIds.slice(0, mostStars);
      if (!before && reacted.length === 0) return undefined;
      if (before && isSame(before.reacted, reacted)) return before;
      return change(about, (row) => ({ ...row, reacted }));
    },
    async note(messageId, post) {
      const row = await find(messageId);
      if (row) await change(row, (latest) => ({ ...latest, post }));
    },
    async remove(messageId) {
      await table.delete(messageId);
      index.drop(messageId);
    },
    async forget(userId) {
      const rows: StarRecord[] = [];
      for await (const [, stored] of table.entries()) {
        const row = readStars(stored);
        if (row && [...row.pressed, ...row.reacted].includes(userId)) rows.push(row);
      }
      for (const row of rows) await change(row, (latest) => withoutUser(latest, userId));
    },
  };
}

function toggled(row: StarRecord, userId: string): StarRecord {
  const others = row.pressed.filter((id) => id !== userId);
  const isOn = others.length < row.pressed.length;
  return { ...row, pressed: isOn ? others : [...others, userId].slice(-mostStars) };
}

function withoutUser(row: StarRecord, userId: string): StarRecord {
  const without = (ids: readonly string[]) => ids.filter((id) => id !== userId);
  return { ...row, pressed: without(row.pressed), reacted: without(row.reacted) };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, at) => id === other[at]);
}
