import type { Redis } from 'ioredis';
import { z } from 'zod';
import { valueIn } from '../store/backend.js';
import { fence, leasesKey, rowPrefix } from '../store/redis-fencing.js';
import { toStoreError } from '../store/store-error.js';

/** A task, and the user whose it is, as their account names them. Its id may have a mark before it, `~`. */
export type Belonging = readonly [person: string, id: string];

/** What a user is about to do, after a look at what is theirs. */
export interface Claim {
  /** What was there at the look: where more is by now, nothing is done. */
  readonly known: readonly string[];
  /** Ids that are to be theirs. */
  readonly add: readonly string[];
  /** Ids that are of no use any more. */
  readonly drop: readonly string[];
}

/**
 * Which tasks are whose, of users on their own: any process may take their orders. It holds ids and nothing else.
 * What became of a task says its row, and an id without one says nothing. All methods throw StoreError.
 */
export interface UserUsageIndex {
  /** The ids of a user's tasks, and of each the row as it stands at the same instant; undefined if there is none. */
  read(person: string): Promise<ReadonlyMap<string, unknown>>;
  /** False if someone has added to what is the user's since the look; then it is to be looked at again. */
  claim(person: string, claim: Claim): Promise<boolean>;
  add(belongings: readonly Belonging[]): Promise<void>;
  drop(belongings: readonly Belonging[]): Promise<void>;
}

interface Deps {
  readonly redis: Redis;
  /** The number of this process's lease; empty while it holds none. */
  readonly lease: () => string;
  /** The table with the rows. */
  readonly table: string;
}

/**
 * KEYS: the user's ids. ARGV: what rows' keys begin with. Answers each id, perhaps marked, and its row, '' for none.
 */
const readScript = `
local found = {}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  found[#found + 1] = id
  found[#found + 1] = redis.call('GET', ARGV[1] .. (string.gsub(id, '^~', ''))) or ''
end
return found`;

/** KEYS: leases, the user's ids. ARGV: the number of the lease, the claim. Answers 1 where it was done. */
const claimScript = `
${fence}
local claim, known = cjson.decode(ARGV[2]), {}
for _, id in ipairs(claim.known) do known[id] = true end
for _, id in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if not known[id] then return 0 end
end
for _, id in ipairs(claim.drop) do redis.call('SREM', KEYS[2], id) end
for _, id in ipairs(claim.add) do redis.call('SADD', KEYS[2], id) end
return 1`;

/** KEYS: leases. ARGV: the number of the lease, SADD or SREM, then key and id of each. */
const changeScript = `
${fence}
for i = 3, #ARGV, 2 do redis.call(ARGV[2], ARGV[i], ARGV[i + 1]) end
return 1`;

const texts = z.array(z.string());
/** Ids changed in one step: others wait for it. */
const atOnce = 500;

export function createUserUsageIndex({ redis, lease, table }: Deps): UserUsageIndex {
  async function use<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw toStoreError(error, 'people', 'away');
    }
  }

  async function change(command: 'SADD' | 'SREM', belongings: readonly Belonging[]): Promise<void> {
    for (let from = 0; from < belongings.length; from += atOnce) {
      const some = belongings.slice(from, from + atOnce);
      const args = some.flatMap(([person, id]) => [keyOf(person), id]);
      await use(() => redis.eval(changeScript, 1, leasesKey, lease(), command, ...args));
    }
  }

  return {
    read: (person) =>
      use(async () => {
        const found = texts.parse(await redis.eval(readScript, 1, keyOf(person), rowPrefix(table)));
        const rows = new Map<string, unknown>();
        for (let at = 0; at < found.length; at += 2) rows.set(found[at] ?? '', toValue(found[at + 1]));
        return rows;
      }),
    claim: (person, claim) =>
      use(async () => {
        const args = [lease(), JSON.stringify(claim)];
        return (await redis.eval(claimScript, 2, leasesKey, keyOf(person), ...args)) === 1;
      }),
    add: (belongings) => change('SADD', belongings),
    drop: (belongings) => change('SREM', belongings),
  };
}

function keyOf(person: string): string {
  return `easel:person:${person}`;
}

/** A row as Keyv writes it. */
function toValue(text: string | undefined): unknown {
  return text ? valueIn(text) : undefined;
}
