import type { Task } from '../model/task.js';
import { isDoubtful, toUsage } from './billing.js';

/** What MPS perhaps bills though nothing came of it. */
export interface Doubt {
  /** Orders. */
  readonly count: number;
  readonly images: number;
  /** Of video. */
  readonly seconds: number;
  /** The same in money, millionths of a currency unit, as far as prices are known. */
  readonly micros: number;
}

export interface Doubts {
  /** Takes note of a task as it stands; called with each record that is read or written. */
  note(task: Task): void;
  /** Forgets orders whose quota was reserved before (ms since the epoch). */
  prune(before: number): void;
  /**
   * The sum over orders whose quota was reserved at `since` (ms since the epoch) or later: of one guild that pays, or
   * of everyone, users on their own among them.
   */
  sum(since: number, guildId?: string): Doubt;
}

type Entry = NonNullable<ReturnType<typeof toUsage>>;

/**
 * Orders of which no one can tell whether MPS bills them. Their users were given back what they had reserved; what is
 * perhaps billed is for the operator to compare with the account at Tencent Cloud. Derived from the ledger's records.
 */
export function createDoubts(): Doubts {
  // They are few: a handful for each crash.
  const entries = new Map<string, Entry>();
  return {
    note(task) {
      const entry = isDoubtful(task) ? toUsage(task) : undefined;
      if (entry) entries.set(task.id, entry);
    },
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

function add(sum: Doubt, { unit, amount, cost = 0 }: Entry): Doubt {
  return {
    count: sum.count + 1,
    images: sum.images + (unit === 'image' ? amount : 0),
    seconds: sum.seconds + (unit === 'second' ? amount : 0),
    micros: sum.micros + cost,
  };
}
