/** A row as read, with a version that tells whether it has been written since. */
export interface Versioned<T> {
  /** Undefined if there is no row. */
  readonly value: T | undefined;
  /** The row's text; undefined if there is no row. Only compare it. */
  readonly version: string | undefined;
}

/** A write that only happens if the row is still as it was read. */
export interface Change<T> {
  readonly key: string;
  /** As `read` returned it; undefined: while there is no row. */
  readonly version: string | undefined;
  readonly value: T;
}

/** One table of a database, with no ordering between calls. All methods throw StoreError. */
export interface Rows {
  get<T>(key: string): Promise<T | undefined>;
  /** As `Table.getMany`. */
  getMany<T>(keys: readonly string[]): Promise<ReadonlyMap<string, T>>;
  set(key: string, value: unknown): Promise<void>;
  add(key: string, value: unknown): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  /** As `Table.read`. */
  read<T>(key: string): Promise<Versioned<T>>;
  /** As `Table.compareAndSetAll`, of at least one row, each key once. */
  compareAndSet(changes: readonly Change<unknown>[]): Promise<boolean>;
  entries<T>(): AsyncIterable<[string, T]>;
  close(): Promise<void>;
}

/** How a table is opened. */
export interface TableOptions {
  /**
   * Rows that were read stay in memory while no other process can write them: few, small, and read for every order.
   * @default false
   */
  readonly kept?: boolean;
}

/** A database as the store uses it. */
export interface Backend {
  open(table: string, options?: TableOptions): Rows;
  /** Names of the tables that are there. Throws StoreError. */
  tables(): Promise<string[]>;
  /** As `Store.fence`. */
  fence(lease: string): void;
  /** After its tables. */
  close(): Promise<void>;
}

/**
 * Parses a row's text. An invalid one (cut off, written by hand) is returned as text, for its reader to judge:
 * throwing would end each scan of the table, and with it every start.
 */
export function valueIn(text: string): unknown {
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row === 'object' && row !== null && 'value' in row) return row.value;
  } catch {}
  return text;
}

/** Rows per page of a scan. */
export const pageSize = 1000;

/** Values are plain JSON; Keyv's own way, which also knows buffers, takes four times as long to read ten thousand rows. */
export const plainJson = { serialize: JSON.stringify, deserialize: JSON.parse } as const;
