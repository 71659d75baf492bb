import { hour } from '../util/time.js';

/** An order, as far as pauses between orders and limits of channels are concerned. */
export interface RecentOrder {
  /** Id of the event that first asked. */
  readonly id: string;
  readonly guildId: string;
  /** The channel, and a thread's parent. */
  readonly channels: readonly string[];
  readonly userId: string;
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * Orders of the last day in the guilds of this process, from the ledger; the store needs no table for them. All of it
 * happens in one turn of the event loop, so of two orders at once only one gets the last place.
 */
export interface RecentOrders {
  /** An order is in the ledger. */
  note(order: RecentOrder): void;
  /** @returns takes it back. An order that is noted later keeps its claim. */
  claim(order: RecentOrder): () => void;
  /** When the member last ordered, ms since the epoch. */
  lastOf(guildId: string, userId: string): number | undefined;
  /** When the orders of the last hour in a channel were placed, oldest first. */
  lastHour(guildId: string, channelId: string): readonly number[];
}

/** The longest pause that there can be. */
const keptMs = 24 * hour;
/** Between two looks for what is too old, ms. */
const tidyMs = hour;

export function createRecentOrders(now: () => number): RecentOrders {
  const byGuild = new Map<string, Map<string, RecentOrder>>();
  let tidiedAt = 0;

  function tidy(): void {
    if (now() - tidiedAt < tidyMs) return;
    tidiedAt = now();
    for (const [guildId, orders] of byGuild) {
      for (const [id, { at }] of orders) if (now() - at > keptMs) orders.delete(id);
      if (orders.size === 0) byGuild.delete(guildId);
    }
  }

  function keep(order: RecentOrder): void {
    const orders = byGuild.get(order.guildId) ?? new Map<string, RecentOrder>();
    orders.set(order.id, order);
    byGuild.set(order.guildId, orders);
    tidy();
  }

  const ordersOf = (guildId: string) => [...(byGuild.get(guildId)?.values() ?? [])];
  return {
    note(order) {
      // A claim knows the parent of a thread as well.
      if (now() - order.at <= keptMs && !byGuild.get(order.guildId)?.has(order.id)) keep(order);
    },
    claim(order) {
      keep(order);
      return () => void byGuild.get(order.guildId)?.delete(order.id);
    },
    lastOf(guildId, userId) {
      const times = ordersOf(guildId).flatMap((order) => (order.userId === userId ? [order.at] : []));
      return times.length > 0 ? Math.max(...times) : undefined;
    },
    lastHour: (guildId, channelId) =>
      ordersOf(guildId)
        .flatMap(({ channels, at }) => (channels.includes(channelId) && now() - at < hour ? [at] : []))
        .sort((a, b) => a - b),
  };
}
