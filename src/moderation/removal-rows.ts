import type { Table } from '../store/store.js';

/** A removal of a member's results that has begun. Times are ms since the epoch. */
export interface RemovalRow {
  readonly v: 1;
  readonly guildId: string;
  readonly userId: string;
  /** Results received since then. */
  readonly since: number;
  readonly by: string;
  readonly at: number;
}

/** All that aren't finished, with their keys. @throws StoreError */
export async function removalsIn(table: Table<unknown>): Promise<readonly (readonly [string, RemovalRow])[]> {
  const found: [string, RemovalRow][] = [];
  for await (const [key, row] of table.entries())
    if (key.startsWith('removal:') && isRemoval(row)) found.push([key, row]);
  return found;
}

function isRemoval(row: unknown): row is RemovalRow {
  return typeof row === 'object' && row !== null && 'since' in row && 'userId' in row && 'guildId' in row;
}
