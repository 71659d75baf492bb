/** One table of a database, without any order between calls. All methods throw StoreError. */
export interface Rows {
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown): Promise<void>;
  add(key: string, value: unknown): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  entries<T>(): AsyncIterable<[string, T]>;
  close(): Promise<void>;
}

/** A database as the store uses it. */
export interface Backend {
  open(table: string): Rows;
  /** Names of the tables that are there. Throws StoreError. */
  tables(): Promise<string[]>;
  /** As `Store.fence`. */
  fence(lease: string): void;
  /** After its tables. */
  close(): Promise<void>;
}

/** Rows read at once on a walk. */
export const pageSize = 1000;

/** Values are plain JSON; Keyv's own way, which also knows buffers, takes four times as long to read ten thousand rows. */
export const plainJson = { serialize: JSON.stringify, deserialize: JSON.parse } as const;
