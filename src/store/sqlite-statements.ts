import type { KeyvSqlite } from '@keyv/sqlite';
import type { Keyv } from 'keyv';
import { z } from 'zod';
import { type Change, pageSize, type Versioned, valueIn } from './backend.js';

/** An open database: Keyv for what it can do, its adapter for SQL. */
export interface Database {
  readonly adapter: KeyvSqlite;
  readonly keyv: Keyv;
}

/** A row to be written. */
export interface Write {
  readonly key: string;
  readonly value: unknown;
  /** Only where the key is absent. */
  readonly absent: boolean;
}

const stored = z.array(z.object({ key: z.string(), value: z.string() }));
const written = z.array(z.object({ key: z.string() }));

/** The names of all tables. */
export async function readTables({ adapter }: Pick<Database, 'adapter'>): Promise<string[]> {
  const sql = "SELECT name AS key FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  return written.parse(await adapter.query(sql)).map(({ key }) => key);
}

/** Writes rows of different keys in one step; for each, whether it was written. */
export async function writeRows(
  { adapter, keyv }: Database,
  table: string,
  writes: readonly Write[],
): Promise<boolean[]> {
  const rows = await Promise.all(
    writes.map(async ({ key, value }) => ({ key, value: await keyv.serializeData({ value }) })),
  );
  const [only] = rows;
  if (only && rows.length === 1)
    return [await writeRow(adapter, table, { ...only, absent: writes[0]?.absent })];
  const kept = writes.filter(({ absent }) => absent).map(({ key }) => key);
  const sql = `INSERT INTO ${table} (key, value)
    SELECT value ->> 'key', value ->> 'value' FROM json_each(?) WHERE true
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
    WHERE excluded.key NOT IN (SELECT value FROM json_each(?)) RETURNING key`;
  const answer = written.parse(await adapter.query(sql, JSON.stringify(rows), JSON.stringify(kept)));
  const done = new Set(answer.map(({ key }) => key));
  return writes.map(({ key }) => done.has(key));
}

/** One alone, as most are: SQLite needs half as long for it as for a list in JSON. */
async function writeRow(
  adapter: KeyvSqlite,
  table: string,
  {
    key,
    value,
    absent,
  }: { readonly key: string; readonly value: unknown; readonly absent: boolean | undefined },
): Promise<boolean> {
  const change = absent ? 'NOTHING' : 'UPDATE SET value = excluded.value';
  const sql = `INSERT INTO ${table} (key, value) VALUES (?, ?) ON CONFLICT (key) DO ${change} RETURNING key`;
  return written.parse(await adapter.query(sql, key, value)).length > 0;
}

export async function readMany<T>(
  { adapter }: Database,
  table: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, T>> {
  const sql = `SELECT key, value FROM ${table} WHERE key IN (SELECT value FROM json_each(?))`;
  const rows = stored.parse(await adapter.query(sql, JSON.stringify(keys)));
  return new Map(rows.map(({ key, value }) => [key, valueIn(value) as T]));
}

export async function readVersioned<T>(
  { adapter }: Database,
  table: string,
  key: string,
): Promise<Versioned<T>> {
  const [row] = stored.parse(await adapter.query(`SELECT key, value FROM ${table} WHERE key = ?`, key));
  return { value: row && (valueIn(row.value) as T), version: row?.value };
}

/** Writes all rows or none, in one statement: no process can write between the comparison and the write. */
export async function compareAndSet(
  { adapter, keyv }: Database,
  table: string,
  changes: readonly Change<unknown>[],
): Promise<boolean> {
  const rows = await Promise.all(
    changes.map(async ({ key, version = null, value }) => ({
      key,
      version,
      value: await keyv.serializeData({ value }),
    })),
  );
  const sql = `INSERT INTO ${table} (key, value)
    SELECT value ->> 'key', value ->> 'value' FROM json_each(?1) WHERE NOT EXISTS (
      SELECT 1 FROM json_each(?1) AS change LEFT JOIN ${table} AS there ON there.key = change.value ->> 'key'
      WHERE there.value IS NOT change.value ->> 'version')
    ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING key`;
  return written.parse(await adapter.query(sql, JSON.stringify(rows))).length > 0;
}

/** A page of rows by key, not by offset as Keyv's iterator does: a row deleted meanwhile makes none be skipped. */
export async function readPage<T>(
  { adapter }: Database,
  table: string,
  after: string,
): Promise<[string, T][]> {
  const sql = `SELECT key, value FROM ${table} WHERE key > ? ORDER BY key LIMIT ${pageSize}`;
  const rows = stored.parse(await adapter.query(sql, after));
  return rows.map(({ key, value }) => [key, valueIn(value) as T]);
}
