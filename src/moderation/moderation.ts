import type { Log } from '../log.js';
import type { Table } from '../store/store.js';
import { createJournal, type Journal } from './journal.js';
import { createOrderGate, type OrderGate } from './order-gate.js';

/** What moderators of a server have set, and what is on record for them. */
export interface Moderation {
  readonly journal: Journal;
  readonly gate: OrderGate;
}

interface Deps {
  /** One table for everything in this room: an act and its entry in the journal are written together. */
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
}

/** The name of that table in the store. */
export const moderationTable = 'moderation';

export function createModeration({ table }: Deps): Moderation {
  return { journal: createJournal({ table }), gate: createOrderGate([]) };
}
