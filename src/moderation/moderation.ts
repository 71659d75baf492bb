import type { Log } from '../log.js';
import type { Table } from '../store/store.js';
import { type Blocks, createBlocks } from './blocks.js';
import { createJournal, type Journal } from './journal.js';
import { createOrderGate, type OrderGate } from './order-gate.js';
import { createRecentOrders, type RecentOrders } from './recent-orders.js';
import { createRules, type Rules } from './rules.js';
import { createSettingsRecorder, type SettingsRecorder } from './settings-recorder.js';

/** What moderators of a server have set, and what is on record for them. */
export interface Moderation {
  readonly journal: Journal;
  readonly rules: Rules;
  readonly blocks: Blocks;
  readonly recentOrders: RecentOrders;
  readonly gate: OrderGate;
  /** Puts the latest change of a guild's settings on record, once. @throws StoreError */
  readonly recordSettings: SettingsRecorder;
  /** Deletes everything of a guild that removed Easel. @throws StoreError */
  remove(guildId: string): Promise<void>;
}

interface Deps {
  /** One table for everything in this room: an act and its entry in the journal are written together. */
  readonly table: Table<unknown>;
  /** Messages of log channels that are older than their entries in the journal. */
  readonly oldMessages: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
}

/** The name of that table in the store. */
export const moderationTable = 'moderation';

export function createModeration({ table, oldMessages, log, now }: Deps): Moderation {
  const journal = createJournal({ table, oldMessages });
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
    recordSettings: createSettingsRecorder({ table, journal }),
  };
}
