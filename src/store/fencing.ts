/**
 * The table with the lease of a store (src/cluster/store-lease.ts). Its rows protect themselves, so their writes
 * aren't fenced.
 */
export const leaseTable = 'lease';
/** Its row. */
export const leaseKey = 'bot';

/** The database's error for a write by a process that lost its lease. */
export const fencedReply = 'FENCED';

/** Names of the triggers that reject writes to a table, on this connection only. */
const acts = ['INSERT', 'UPDATE', 'DELETE'] as const;

/**
 * Statements after which an SQLite connection writes into `table` only while the lease has this number: triggers, which
 * are looked at in the same step as the write, whatever statement makes it. TEMP: other connections are not concerned.
 * @param lease digits.
 */
export function sqliteFence(table: string, lease: string): readonly string[] {
  if (!/^\d+$/.test(lease)) throw new RangeError('a lease number consists of digits');
  // A connection opened before the table of leases was made does not know it, and a trigger alone does not make it look
  // again: its writes would be refused as faults of the database.
  const look = `SELECT 1 FROM main.${leaseTable} LIMIT 1`;
  const triggers = acts.flatMap((act) => [
    `DROP TRIGGER IF EXISTS temp.fence_${act}`,
    `CREATE TEMP TRIGGER fence_${act} BEFORE ${act} ON main.${table}
      WHEN (SELECT value ->> '$.value.number' FROM main.${leaseTable} WHERE key = '${leaseKey}') IS NOT ${lease}
      BEGIN SELECT RAISE(ABORT, '${fencedReply} this lease was given to another process'); END`,
  ]);
  return [look, ...triggers];
}
