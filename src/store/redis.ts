import { setTimeout as sleep } from 'node:timers/promises';
import KeyvRedis, { createClient, type RedisClientType } from '@keyv/redis';
import { Keyv } from 'keyv';
import { z } from 'zod';
import type { Log } from '../log.js';
import { type Backend, pageSize, plainJson, type Rows, type Versioned, valueIn } from './backend.js';
import { compareAndSetScript, leasesKey, rowPrefix, writeScript } from './redis-fencing.js';
import { lossOf } from './redis-loss.js';
import { StoreError, toStoreError } from './store-error.js';
import { createBatch } from './write-batch.js';

export interface RedisOptions {
  /** ms a command waits for Redis; below Discord's 3 s, so that the user still gets an answer. */
  readonly patienceMs: number;
}

interface Write {
  readonly mode: 'set' | 'add' | 'delete';
  readonly key: string;
  readonly value: string;
}

const written = z.array(z.number());
const setting = z.record(z.string(), z.string());

/** Longest delay between two attempts to connect, ms. */
const longestRetryMs = 1_000;

/**
 * The database of a Redis: rows under `easel:TABLE::KEY` as Keyv reads them, and beside each table its keys in order.
 * It connects in the background, also again, and until it has, everything fails at once.
 */
export function createRedisBackend(
  url: string,
  log: Log,
  { patienceMs = 2_000 }: Partial<RedisOptions> = {},
): Backend {
  const reconnectStrategy = (attempts: number) => Math.min(50 * 2 ** attempts, longestRetryMs);
  const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy } });
  // Each table's adapter listens on it.
  client.setMaxListeners(0);
  client.on('error', () => {}); // Said by whatever is asked meanwhile.
  client.on('ready', () => void warnOfLoss(client as RedisClientType, log));
  /** The first attempt is over, one way or the other. */
  const tried = new Promise<void>((resolve) => {
    client.once('ready', () => resolve()).once('error', () => resolve());
  });
  const connected = client.connect().catch(() => {});
  let lease = '';
  return {
    open: (table) =>
      createRedisRows({ client: client as RedisClientType, table, tried, patienceMs, lease: () => lease }),
    async tables() {
      await tried;
      const keys = await client.keys(indexOf('*')).catch((error: unknown) => {
        throw toStoreError(error, '–', 'away');
      });
      return keys.map((key) => key.slice(indexOf('').length));
    },
    fence(given) {
      lease = given;
    },
    async close() {
      client.destroy();
      await connected;
    },
  };
}

function indexOf(table: string): string {
  return `easel:index:${table}`;
}

/** Redis may lose acknowledged writes: tell the operator what that costs. */
async function warnOfLoss(client: RedisClientType, log: Log): Promise<void> {
  const answer = await client.configGet('append*').catch(() => undefined);
  // Managed Redis services don't allow this query.
  const { appendonly, appendfsync } = setting.safeParse(answer).data ?? {};
  const loss = appendonly === undefined ? undefined : lossOf(appendonly, appendfsync);
  if (loss !== undefined)
    log.warn(
      { appendonly, appendfsync },
      `a power cut costs Redis ${loss}; start it with --appendonly yes --appendfsync always`,
    );
}

interface Parts extends RedisOptions {
  readonly client: RedisClientType;
  readonly table: string;
  readonly tried: Promise<void>;
  readonly lease: () => string;
}

function createRedisRows({ client, table, tried, patienceMs, lease }: Parts): Rows {
  const prefix = rowPrefix(table);
  const index = indexOf(table);
  const keyv = createKeyv(client, `easel:${table}`);
  const { use, close } = createUse(table, tried, patienceMs);
  const write = createBatch((writes: readonly Write[]) =>
    use(async () => {
      const rows = writes.flatMap(({ mode, key, value }) => [mode, key, value]);
      const options = { keys: [leasesKey, index], arguments: [lease(), prefix, ...rows] };
      return written.parse(await client.eval(writeScript, options)).map((done) => done === 1);
    }),
  );

  const serialized = async (value: unknown) => String(await keyv.serializeData({ value }));
  const put = async (mode: Write['mode'], key: string, value: unknown) =>
    write({ mode, key, value: await serialized(value) });

  const readVersioned = <T>(key: string): Promise<Versioned<T>> =>
    use(async () => {
      const text = (await client.get(`${prefix}${key}`)) ?? undefined;
      return { value: text === undefined ? undefined : (valueIn(text) as T), version: text };
    });

  return {
    get: async <T>(key: string) => (await readVersioned<T>(key)).value,
    getMany: <T>(keys: readonly string[]) => use(async () => new Map(await rowsOf<T>(client, prefix, keys))),
    set: async (key, value) => void (await put('set', key, value)),
    add: (key, value) => put('add', key, value),
    delete: (key) => write({ mode: 'delete', key, value: '' }),
    read: readVersioned,
    compareAndSet: (changes) =>
      use(async () => {
        const rows = await Promise.all(
          changes.map(async ({ key, version = '', value }) => [key, version, await serialized(value)]),
        );
        const options = { keys: [leasesKey, index], arguments: [lease(), prefix, ...rows.flat()] };
        return (await client.eval(compareAndSetScript, options)) === 1;
      }),
    async *entries<T>() {
      for (let after: string | undefined = ''; after !== undefined; ) {
        const from: string = after;
        const { page, last } = await use(() => readPage<T>(client, table, from));
        yield* page;
        after = last;
      }
    },
    close,
  };
}

/** Runs work on a connection that has been tried, for so long at most. @throws StoreError */
function createUse(table: string, tried: Promise<void>, patienceMs: number) {
  let closed = false;

  async function use<R>(work: () => Promise<R>): Promise<R> {
    if (closed) throw new StoreError('failed', table, 'the store is closed');
    const late = new AbortController();
    try {
      return await Promise.race([
        tried.then(work),
        sleep(patienceMs, undefined, late).then(() => {
          throw new StoreError('away', table, `no answer within ${patienceMs} ms`);
        }),
      ]);
    } catch (error) {
      throw toStoreError(error, table, 'away');
    } finally {
      late.abort();
    }
  }

  return {
    use,
    close: async (): Promise<void> => {
      closed = true;
    },
  };
}

async function rowsOf<T>(
  client: RedisClientType,
  prefix: string,
  keys: readonly string[],
): Promise<[string, T][]> {
  const texts = keys.length > 0 ? await client.mGet(keys.map((key) => `${prefix}${key}`)) : [];
  const rows: [string, T][] = [];
  for (const [n, key] of keys.entries()) {
    const text = texts[n];
    if (typeof text === 'string') rows.push([key, valueIn(text) as T]);
  }
  return rows;
}

/** @param after the last key of the page before; empty for the first. */
async function readPage<T>(client: RedisClientType, table: string, after: string) {
  const limit = { offset: 0, count: pageSize };
  const from = after === '' ? '-' : `(${after}`;
  const keys = await client.zRange(indexOf(table), from, '+', { BY: 'LEX', LIMIT: limit });
  const page = await rowsOf<T>(client, rowPrefix(table), keys);
  return { page, last: keys.length < pageSize ? undefined : keys.at(-1) };
}

/** Keyv's own form of the rows: only its serializer is used here. */
function createKeyv(client: RedisClientType, namespace: string): Keyv {
  const adapter = new KeyvRedis(client, { namespace, throwOnErrors: true });
  adapter.on('error', () => {}); // Thrown as well.
  return new Keyv({
    store: adapter,
    namespace,
    throwOnErrors: true,
    useKeyPrefix: false,
    ...plainJson,
  });
}
