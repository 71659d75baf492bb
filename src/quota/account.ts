import { createHmac, randomBytes } from 'node:crypto';
import { StoreError, type Table } from '../store/store.js';

/**
 * Who pays for a task: the guild, and within it the user; or the user alone. It names the user by a keyed hash, so it
 * may stay in a record that was purged of everything else: who leaves and comes back, or has their data deleted,
 * finds the same account.
 */
export interface Account {
  readonly guildId?: string;
  readonly person: string;
}

/** Whose use is counted over all guilds: a user's, and everything. */
export type WideHolder = `user:${string}` | 'total';
/** One whose use is counted: a guild, a user within a guild, a user on their own, or over all of these. */
export type Holder = `guild:${string}` | `member:${string}:${string}` | `person:${string}` | WideHolder;

/** Whom a task of this account counts for. */
export function holdersOf({ guildId, person }: Account): {
  readonly guild?: Holder;
  readonly member: Holder;
  readonly user: WideHolder;
  readonly total: WideHolder;
} {
  const wide = { user: `user:${person}`, total: 'total' } as const;
  if (guildId === undefined) return { member: `person:${person}`, ...wide };
  return { guild: `guild:${guildId}`, member: `member:${guildId}:${person}`, ...wide };
}

/** Where someone asked. */
export interface Asker {
  readonly userId: string;
  /** Absent in direct messages. */
  readonly guildId?: string;
  /** Whether the bot is a member of that guild; where only the user installed it, the user pays. */
  readonly guildInstalled: boolean;
}

export interface Accounts {
  /**
   * Reads the secret that users are hashed with, or makes it at the first start.
   * @throws StoreError while the store cannot be read or its secret is none; it may be called again.
   */
  load(): Promise<void>;
  /** @throws StoreError until `load` was done: without it no one's use is known. */
  of(asker: Asker): Account;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly random?: (bytes: number) => Buffer;
}

const key = 'person';
const secretForm = /^[0-9a-f]{64}$/;
/** Persons whose hash is remembered: it takes as long as all else that a limit is looked at for. */
const mostKnown = 5_000;

/** `table`: a table of its own in the store. Whoever has it can tell whom a hash means. */
export function createAccounts({ table, random = randomBytes }: Deps): Accounts {
  let secret: Buffer | undefined;
  const known = new Map<string, string>();

  function personOf(userId: string): string {
    if (!secret) throw new StoreError('unopenable', 'accounts', 'the secret has not been loaded yet');
    const found = known.get(userId);
    if (found !== undefined) return found;
    const hash = createHmac('sha256', secret).update(userId).digest();
    const person = hash.subarray(0, 16).toString('base64url');
    if (known.size >= mostKnown) known.clear();
    known.set(userId, person);
    return person;
  }

  return {
    async load() {
      if ((await table.get(key)) === undefined) await table.add(key, random(32).toString('hex'));
      const found = await table.get(key);
      // A new one in its place would give everyone fresh quota: that is for the operator to decide.
      if (typeof found !== 'string' || !secretForm.test(found))
        throw new StoreError('corrupt', 'accounts', 'the secret for hashing users is unreadable');
      secret = Buffer.from(found, 'hex');
      known.clear();
    },
    of({ userId, guildId, guildInstalled }) {
      const person = personOf(userId);
      return guildInstalled && guildId !== undefined ? { guildId, person } : { person };
    },
  };
}
