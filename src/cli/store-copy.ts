import { isDeepStrictEqual } from 'node:util';
import { connectRedis } from '../cluster/redis-connection.js';
import { createRangeLease } from '../cluster/shard-lease.js';
import { createLease, type Lease } from '../cluster/store-lease.js';
import { type Log, silentLog } from '../log.js';
import { leaseTable } from '../store/fencing.js';
import { createStore, type Store, StoreError } from '../store/store.js';
import { withProgress } from '../util/progress-report.js';

export interface CopyOptions {
  /** Addresses as in STORE_URL. */
  readonly from: string;
  readonly to: string;
  /** Reads everything and writes nothing. */
  readonly dryRun: boolean;
  /** A line for the operator. */
  readonly say: (line: string) => void;
  /** Called before each table. */
  readonly onTable?: (name: string) => void;
  readonly log?: Log;
  /** How long to wait for a Redis that another Easel holds, ms. */
  readonly patienceMs?: number;
}

/** The operator has to fix something before the store can be copied. */
export class CopyError extends Error {
  override readonly name = 'CopyError';
}

/** Tables that belong to one run of Easel and are not copied. */
const passing: ReadonlySet<string> = new Set([leaseTable, 'probe']);

/**
 * Copies every row of one store to another and verifies the result. An interrupted copy can be resumed. Neither store
 * may be in use, and the target may hold nothing else.
 * @throws CopyError; StoreError if a store fails.
 */
export async function copyStore({
  log = silentLog,
  patienceMs = 1_500,
  ...options
}: CopyOptions): Promise<void> {
  const { from, to, dryRun, say, onTable } = options;
  if (from === to) throw new CopyError('The two URLs are the same.');
  const source = await open(from, log, patienceMs);
  try {
    const target = await open(to, log, patienceMs);
    try {
      const names = (await source.store.tables()).filter((name) => !passing.has(name));
      await requireRoom(source.store, target.store, names);
      for (const name of names) {
        onTable?.(name);
        await copyTable(name, source.store, target.store, { dryRun, say });
      }
      say(
        dryRun
          ? 'Nothing was written.'
          : `All rows are in ${shown(to)}. Set STORE_URL to it, and start Easel.`,
      );
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyTable(
  name: string,
  source: Store,
  target: Store,
  { dryRun, say }: Pick<CopyOptions, 'dryRun' | 'say'>,
): Promise<void> {
  let rows = 0;
  const table = target.table<unknown>(name);
  for await (const batch of inBatches(source.table<unknown>(name).entries())) {
    rows += batch.length;
    if (!dryRun) await Promise.all(batch.map(([key, value]) => table.set(key, value)));
  }
  if (dryRun) return say(`${name}: ${rows} rows to copy`);
  for await (const [key, value] of source.table<unknown>(name).entries())
    if (!isDeepStrictEqual(await table.get(key), value))
      throw new CopyError(`A row of ${name} was not copied correctly. Start again with an empty store.`);
  say(`${name}: ${rows} rows copied`);
}

/** Existing rows would be mixed up with the copy. */
async function requireRoom(source: Store, target: Store, names: readonly string[]): Promise<void> {
  for (const name of await target.tables()) {
    if (passing.has(name)) continue;
    for await (const [key, value] of target.table<unknown>(name).entries()) {
      const same =
        names.includes(name) && isDeepStrictEqual(await source.table<unknown>(name).get(key), value);
      if (!same)
        throw new CopyError(`The target store already holds other rows (in ${name}). Name an empty one.`);
    }
  }
}

/** Opens a store and holds its lease, so that no one else uses it. */
async function open(url: string, log: Log, patienceMs: number) {
  const store = await createStore(url, { log, guarded: true });
  try {
    const fault = store.fault();
    if (fault) throw new CopyError(`${shown(url)} cannot be used: it is ${fault}.`);
    const { lease, disconnect } = hold(url, store, log);
    // For a file the lease's lifetime shows whether it is held; for Redis we wait.
    const signal = store.canShare ? AbortSignal.timeout(patienceMs) : undefined;
    const held = await lease.take(signal).catch((error: unknown) => {
      disconnect();
      if (error instanceof StoreError) throw error;
      return false;
    });
    if (!held) throw new CopyError(`An Easel is using ${shown(url)}. Stop it first.`);
    return {
      store,
      async close() {
        await lease.release();
        disconnect();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function hold(
  url: string,
  store: Store,
  log: Log,
): { readonly lease: Lease; readonly disconnect: () => void } {
  const onLost = () => {
    store.shut();
    log.error({}, 'another Easel was started on a store that is being copied');
  };
  const onTaken = (number: string) => store.fence(number);
  if (!store.canShare)
    return {
      lease: createLease({ table: store.table(leaseTable), log, now: Date.now, onTaken, onLost }),
      disconnect() {},
    };
  const redis = connectRedis(url);
  return {
    lease: createRangeLease({ redis, shards: 'auto', log, onLost, onTaken }),
    disconnect: () => redis.disconnect(),
  };
}

/** A URL without its password. */
function shown(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//…@');
}

async function* inBatches<T>(all: AsyncIterable<T>, size = 500): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** `npm run store:copy`: reports what it did or what has to be fixed. Returns the exit code (sysexits.h). */
export async function copyAtDesk(from: string, to: string, dryRun: boolean): Promise<number> {
  try {
    await withProgress('opening the two stores', (progress) =>
      copyStore({
        from,
        to,
        dryRun,
        say: (line) => process.stdout.write(`${line}\n`),
        onTable: (name) => progress.now(`${dryRun ? 'reading' : 'copying and comparing'} ${name}`),
      }),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof CopyError || error instanceof StoreError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 78;
  }
}
