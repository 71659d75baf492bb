import type { UsageEntry } from '../../quota/usage.js';
import type { Task } from '../model/task.js';
import { isDoubtful, toUsage } from './billing.js';

/** Charges by MPS that are uncertain. */
export interface UncertainCharge {
  /** Orders. */
  readonly count: number;
  readonly images: number;
  /** Of video. */
  readonly seconds: number;
  /** In money, millionths of a currency unit, as far as prices are known. */
  readonly micros: number;
}

export interface UncertainCharges {
  /** Records a task's current state; called for each record read or written. */
  note(task: Task): void;
  /** A refunded order that may be billed. */
  get(taskId: string): UsageEntry | undefined;
  /** Forgets orders whose quota was reserved before (ms since the epoch). */
  prune(before: number): void;
  /**
   * The sum over orders whose quota was reserved at `since` (ms since the epoch) or later: of one paying guild, or of
   * everyone, including users without a guild.
   */
  sum(since: number, guildId?: string): UncertainCharge;
}

/**
 * Orders with uncertain billing. Their users were refunded; the operator can compare the uncertain charges with the
 * Tencent Cloud account. Derived from the ledger's records.
 */
export function createUncertainCharges(): UncertainCharges {
  // There are few: a handful per crash.
  const entries = new Map<string, UsageEntry>();
  return {
    note(task) {
      const entry = isDoubtful(task) ? toUsage(task) : undefined;
      if (entry) entries.set(task.id, entry);
    },
    get: (taskId) => entries.get(taskId),
    prune(before) {
      for (const [id, { at }] of entries) if (at < before) entries.delete(id);
    },
    sum(since, guildId) {
      const counted = [...entries.values()].filter(
        ({ at, account }) => at >= since && (guildId === undefined || account.guildId === guildId),
      );
      return counted.reduce(add, { count: 0, images: 0, seconds: 0, micros: 0 });
    },
  };
}

function add(sum: UncertainCharge, { unit, amount, cost = 0 }: UsageEntry): UncertainCharge {
  return {
    count: sum.count + 1,
    images: sum.images + (unit === 'image' ? amount : 0),
    seconds: sum.seconds + (unit === 'second' ? amount : 0),
    micros: sum.micros + cost,
  };
}
