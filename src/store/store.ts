import type { Log } from '../log.js';
import { createOrder } from '../util/keyed-lock.js';
import type { Backend, Change, Rows, TableOptions, Versioned } from './backend.js';
import type { RedisOptions } from './redis.js';
import { createSqliteBackend, type SqliteOptions } from './sqlite.js';
import { type Reason, StoreError } from './store-error.js';
import { addressOf, capabilitiesOf, type StoreCapabilities } from './store-url.js';
import { createGate } from './write-gate.js';
import { createWatch } from './write-monitor.js';

export type { Change, Versioned } from './backend.js';
export { isFenced, type Reason, StoreError } from './store-error.js';

/**
 * Rows of one kind, by non-empty key. Values are plain JSON and must not be changed after they are passed in.
 * Operations on one key happen in order, awaited or not. All methods throw StoreError; acknowledged writes stay, and
 * later calls work again once the fault is gone.
 */
export interface Table<T> {
  get(key: string): Promise<T | undefined>;
  /** The existing rows of these keys, read together; unordered with respect to writes. */
  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, T>>;
  set(key: string, value: T): Promise<void>;
  /** Sets only if the key is absent, atomically; true if it was. */
  add(key: string, value: T): Promise<boolean>;
  /** True if there was something to delete. */
  delete(key: string): Promise<boolean>;
  /** The row, and the version that a compareAndSet takes: for what several processes may change. */
  read(key: string): Promise<Versioned<T>>;
  /**
   * Compare-and-set: writes only if the row is still as `read` returned it (version undefined: no row), atomically
   * across processes. Any other write of the row counts, also a plain `set`. False if it has changed.
   */
  compareAndSet(key: string, version: string | undefined, value: T): Promise<boolean>;
  /** The same for several rows of this table, each key once: all are written, or none and the answer is false. */
  compareAndSetAll(changes: readonly Change<T>[]): Promise<boolean>;
  /**
   * Reads the row, writes what `change` makes of it, and does both again if another process was faster; `change` may
   * therefore run several times. What it returns unchanged is not written; what it throws is thrown.
   * @returns what is there now.
   */
  update(key: string, change: (value: T | undefined) => T): Promise<T>;
  /** Every row that exists throughout the scan, in key order; rows may be deleted meanwhile. */
  entries(): AsyncIterable<[key: string, value: T]>;
}

export interface Store extends StoreCapabilities {
  /**
   * The table of that name (`a-z` and `_`), made when first used. Name and type belong together: one owner each, who
   * opens it first.
   */
  table<T>(name: string, options?: TableOptions): Table<T>;
  /** Names of existing tables, sorted. Throws StoreError. */
  tables(): Promise<string[]>;
  /** Writes and removes a row, to check whether the database works right now. */
  healthy(): Promise<boolean>;
  /** Why the last write failed; undefined if it succeeded. */
  fault(): Reason | undefined;
  /**
   * From now on the database accepts writes only while this process holds the lease with this number
   * (src/cluster/store-lease.ts), checked atomically with the write: one in flight when the lease is lost is
   * rejected.
   * @param onFenced called once, at the first rejection; the store sends no further writes.
   */
  fence(lease: string, onFenced?: () => void): void;
  /** Rejects all further writes: the lease is lost. */
  shut(): void;
  /** Lets writes in flight finish, then closes. Later calls throw. */
  close(): Promise<void>;
}

export interface StoreDeps extends Partial<SqliteOptions>, Partial<RedisOptions> {
  readonly log: Log;
  /**
   * Nothing is written before `fence`, but the lease itself: a process that is rejected leaves no trace.
   * @default false
   */
  readonly guarded?: boolean;
}

/**
 * The store at `storeUrl` (`sqlite://relative/path`, `sqlite:///absolute/path`, `sqlite::memory:`,
 * `redis://host:6379/0`, `rediss://…`). The database is tried at once. One that does not work is logged, not thrown:
 * it is tried again at each use, so that the bot can say so and go on when it is back. Throws StoreError only for an
 * address it cannot read.
 */
export async function createStore(
  storeUrl: string,
  { log, guarded = false, ...options }: StoreDeps,
): Promise<Store> {
  const backend = await openBackend(storeUrl, { log, ...options });
  const tables = new Map<string, Rows>();
  const gate = createGate(guarded);
  const watch = createWatch(log);
  const order = createOrder();
  const parts: TableParts = { gate, watch, order };
  const probes = openTable('probe');

  function openTable(name: string, options?: TableOptions): Rows {
    if (!/^[a-z][a-z_]*$/.test(name)) throw new RangeError(`Table names use a-z and _, not ${name}`);
    const rows = tables.get(name) ?? backend.open(name, options);
    tables.set(name, rows);
    return rows;
  }

  /** Its own row, written and removed; before the lease is held it only reads. */
  async function probe(): Promise<void> {
    if (gate.isWaiting()) return void (await watch.write(probes.get('probe')));
    await gate.pass('probe', () => watch.write(probes.set('probe', 'x'.repeat(8000))));
    await gate.pass('probe', () => watch.write(probes.delete('probe')));
  }

  const store: Store = {
    ...capabilitiesOf(storeUrl),
    table: <T>(name: string, options?: TableOptions) => createTable<T>(name, openTable(name, options), parts),
    fault: watch.fault,
    fence(lease, onFenced) {
      backend.fence(lease);
      gate.open(onFenced);
    },
    shut: gate.shut,
    tables: async () => (await backend.tables()).sort(),
    healthy: () =>
      order('probe:probe', probe).then(
        () => true,
        () => false,
      ),
    async close() {
      await order.settled();
      await Promise.all([...tables.values()].map((rows) => rows.close()));
      await backend.close();
    },
  };
  await store.healthy();
  return store;
}

/** Losing this many times in a row is no longer a race. */
const mostAttempts = 200;

interface Row {
  readonly rows: Rows;
  readonly name: string;
  readonly write: <R>(work: () => Promise<R>) => Promise<R>;
}

async function updateRow<T>(
  { rows, name, write }: Row,
  key: string,
  change: (value: T | undefined) => T,
): Promise<T> {
  for (let n = 0; n < mostAttempts; n++) {
    const { value: before, version } = await rows.read<T>(key);
    const value = change(before);
    if (value === before && version !== undefined) return value;
    if (await write(() => rows.compareAndSet([{ key, version, value }]))) return value;
  }
  throw new StoreError('failed', name, 'a row kept being changed by other processes');
}

async function openBackend(storeUrl: string, { log, ...options }: StoreDeps): Promise<Backend> {
  const address = addressOf(storeUrl);
  if (address.database === 'sqlite') return createSqliteBackend(address.path, log, options);
  // Loading the Redis client takes longer than reading ten thousand tasks: a process on a file starts without it.
  const { createRedisBackend } = await import('./redis.js');
  return createRedisBackend(storeUrl, log, options);
}

interface TableParts {
  readonly gate: ReturnType<typeof createGate>;
  readonly watch: ReturnType<typeof createWatch>;
  readonly order: ReturnType<typeof createOrder>;
}

function createTable<T>(name: string, rows: Rows, { gate, watch, order }: TableParts): Table<T> {
  const ask = <R>(key: string, work: () => Promise<R>) => order(`${name}:${key}`, work);
  const write = <R>(work: () => Promise<R>) => gate.pass(name, () => watch.write(work()));
  return {
    get: (key) => ask(key, () => rows.get<T>(key)),
    getMany: (keys) => rows.getMany<T>(keys),
    set: (key, value) => ask(key, () => write(() => rows.set(key, value))),
    add: (key, value) => ask(key, () => write(() => rows.add(key, value))),
    delete: (key) => ask(key, () => write(() => rows.delete(key))),
    read: (key) => ask(key, () => rows.read<T>(key)),
    compareAndSet: (key, version, value) =>
      ask(key, () => write(() => rows.compareAndSet([{ key, version, value }]))),
    compareAndSetAll: (changes) => {
      const keys = [...new Set(changes.map(({ key }) => key))].sort();
      if (keys.length !== changes.length) throw new RangeError('a row is changed twice in one batch');
      if (keys.length === 0) return Promise.resolve(true);
      const last = () => write(() => rows.compareAndSet(changes));
      // Always in the same order, so that two of them cannot wait for each other.
      return keys.reduceRight<() => Promise<boolean>>((work, key) => () => ask(key, work), last)();
    },
    update: (key, change) => ask(key, () => updateRow({ rows, name, write }, key, change)),
    entries: () => rows.entries<T>(),
  };
}
