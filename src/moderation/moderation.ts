import type { Log } from '../log.js';
import type { Table } from '../store/store.js';
import { type Blocks, createBlocks } from './blocks.js';
import { createJournal, type Journal } from './journal.js';
import { createOrderGate, type OrderGate } from './order-gate.js';
import { createRecentOrders, type RecentOrders } from './recent-orders.js';
import { createRules, type Rules } from './rules.js';

/** What moderators of a server have set, and what is on record for them. */
export interface Moderation {
  readonly journal: Journal;
  readonly rules: Rules;
  readonly blocks: Blocks;
  readonly recentOrders: RecentOrders;
  readonly gate: OrderGate;
  /**
   * Puts a change of a guild's settings on record.
   * @param by a user's id; anything else is no one.
   * @param fields paths that differ. Never rejects.
   */
  noteSettings(guildId: string, by: string, fields: readonly string[]): Promise<void>;
  /** Deletes everything of a guild that removed Easel. @throws StoreError */
  remove(guildId: string): Promise<void>;
}

interface Deps {
  /** One table for everything in this room: an act and its entry in the journal are written together. */
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
}

/** The name of that table in the store. */
export const moderationTable = 'moderation';

/** Settings that say how much may be used. */
const ofQuota = /^(?:limits|shares|grants|override)\b/;

export function createModeration({ table, log, now }: Deps): Moderation {
  const journal = createJournal({ table });
  const rules = createRules({ table, journal, now });
  const blocks = createBlocks({ table, journal, now });
  const recentOrders = createRecentOrders(now);
  const gate = createOrderGate({ rules, blocks, recentOrders, journal, log, now });
  return {
    journal,
    rules,
    blocks,
    recentOrders,
    gate,
    async remove(guildId) {
      await rules.remove(guildId);
      await blocks.remove(guildId);
      await journal.remove(guildId);
    },
    async noteSettings(guildId, by, fields) {
      const act = fields.every((field) => ofQuota.test(field)) ? 'quota' : 'settings';
      const author = /^\d+$/.test(by) ? { by } : {};
      await journal
        .note({ guildId, act, at: now(), ...author, details: { fields } })
        .catch((error: unknown) =>
          log.warn({ guild: guildId, err: error }, 'a change could not be put on record'),
        );
    },
  };
}
