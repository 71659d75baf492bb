import { createHmac, randomBytes } from 'node:crypto';
import { StoreError, type Table } from '../store/store.js';

/**
 * Who pays for a task: a guild and a member of it, or a user alone. The user is identified by a keyed hash, so it may
 * stay in a redacted record: a user who leaves and returns, or has their data deleted, keeps the same account.
 */
export interface Account {
  readonly guildId?: string;
  readonly person: string;
}

/** Scopes counted across guilds: a user, and the total. */
export type WideHolder = `user:${string}` | 'total';
/** A holder of usage: a guild, a member of a guild, a user without a guild, or a total across them. */
export type Holder = `guild:${string}` | `member:${string}:${string}` | `person:${string}` | WideHolder;

/** The holders for whom a task of this account counts. */
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

/** Where a user ordered. */
export interface Asker {
  readonly userId: string;
  /** Absent in direct messages. */
  readonly guildId?: string;
  /** Whether the bot is a member of that guild; with only a user install, the user pays. */
  readonly guildInstalled: boolean;
}

export interface Accounts {
  /**
   * Reads the secret for hashing users, or creates it at the first start.
   * @throws StoreError while the store can't be read or the secret is invalid; it may be called again.
   */
  load(): Promise<void>;
  /** @throws StoreError until `load` is done: usage is unknown without it. */
  of(asker: Asker): Account;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly random?: (bytes: number) => Buffer;
}

const key = 'person';
const secretForm = /^[0-9a-f]{64}$/;
/** Most cached hashes: hashing takes as long as the rest of a limit check. */
const mostKnown = 5_000;

/** `table`: its own table in the store. Anyone with access to it can map hashes to users. */
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
      // Replacing it would give everyone fresh quota: that is the operator's decision.
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
