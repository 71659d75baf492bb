import { isDeepStrictEqual } from 'node:util';
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
  /**
   * Records what becomes of the post in the showcase, unless that has changed since `before` was read: another process
   * may take down what this one posts.
   * @returns whether it is recorded.
   * @throws StoreError
   */
  swapPost(messageId: string, before: ShowcasePost | undefined, after: ShowcasePost): Promise<boolean>;
  /** A user's starred work, in one guild or everywhere, also what other processes wrote. @throws StoreError */
  ofAuthor(userId: string, guildId?: string): Promise<readonly StarRecord[]>;
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
  /** Of the message. */
  readonly channelId: string;
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
      const { guildId, channelId, authorId, messageId, post } = row;
      known.set(messageId, { guildId, channelId, authorId, stars: starsOf(row).length, post });
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

type Changes = Pick<Stars, 'toggle' | 'setReacted' | 'find' | 'swapPost' | 'ofAuthor' | 'remove' | 'forget'>;

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
    swapPost: (messageId, before, after) => swapPost(table, index, { messageId, before, after }),
    async ofAuthor(userId, guildId) {
      const rows = await rowsOf(table, (row) => row.authorId === userId);
      return rows.filter((row) => guildId === undefined || row.guildId === guildId).map(index.keep);
    },
    async remove(messageId) {
      await table.delete(messageId);
      index.drop(messageId);
    },
    async forget(userId) {
      const rows = await rowsOf(table, ({ pressed, reacted }) => [...pressed, ...reacted].includes(userId));
      for (const row of rows) await change(row, (latest) => withoutUser(latest, userId));
    },
  };
}

async function rowsOf(
  table: Deps['table'],
  match: (row: StarRecord) => boolean,
): Promise<readonly StarRecord[]> {
  const found: StarRecord[] = [];
  for await (const [, stored] of table.entries()) {
    const row = readStars(stored);
    if (row && match(row)) found.push(row);
  }
  return found;
}

interface Swap {
  readonly messageId: string;
  readonly before: ShowcasePost | undefined;
  readonly after: ShowcasePost;
}

async function swapPost(
  table: Deps['table'],
  index: Index,
  { messageId, before, after }: Swap,
): Promise<boolean> {
  // A star that is given meanwhile changes the row, too.
  for (;;) {
    const { value, version } = await table.read(messageId);
    const row = readStars(value);
    if (!row || !isDeepStrictEqual(row.post, before)) return false;
    const next: StarRecord = { ...row, post: after };
    if (!(await table.compareAndSet(messageId, version, next))) continue;
    index.keep(next);
    return true;
  }
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
