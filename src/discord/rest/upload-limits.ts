import { type APIGuild, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import type { Table } from '../../store/store.js';
import type { Origin, Route } from '../../tasks/model/task.js';
import { minute } from '../../util/time.js';
import type { Rests } from './clients.js';
import { createLearnedLimits } from './learned-limits.js';

const mebibyte = 1024 * 1024;
/** By boost tier, what a message by the bot may hold at least, bytes a file (Discord docs: "Uploading Files"). */
const byTier = [10, 10, 50, 100] as const;

/** The least that a file may have in a guild of this boost tier, bytes; Discord may grant more by now. */
export function limitOfTier(tier = 0): number {
  return (byTier[tier] ?? byTier[0]) * mebibyte;
}

/** How large a file may be where an outcome goes. */
export interface UploadLimits {
  /** Bytes a file. Never throws: what cannot be found out is guessed low, and Discord has the last word. */
  of(origin: Origin, route: Route): Promise<number>;
  /** Discord refused a file of so many bytes there (40005): less is tried from now on, also after a restart. */
  refused(origin: Origin, route: Route, bytes: number): Promise<void>;
  /** Forgets what was learned in a user's direct messages, at their wish. @throws StoreError */
  forget(userId: string): Promise<void>;
  /** Forgets what was learned so long ago that it no longer counts. @throws StoreError */
  prune(): Promise<void>;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly rests: Pick<Rests, 'bot'>;
  readonly log: Log;
  readonly now: () => number;
}

/** How long a guild's boost tier counts as known, ms. */
const tierForMs = 10 * minute;

export function createUploadLimits({ table, rests, log, now }: Deps): UploadLimits {
  const learned = createLearnedLimits({ table, log, now });
  const tiers = createBoostTiers({ rests, log, now });
  /** The least that Discord named if no one boosts: what it grants everyone. */
  let leastTold = Number.POSITIVE_INFINITY;

  /** Whether Discord named this limit, and not for a guild that may be boosted. */
  function isTold({ replyAs, guildId }: Origin): boolean {
    if (replyAs !== undefined) return false;
    return guildId === undefined || (tiers.known(guildId) ?? Number.POSITIVE_INFINITY) < 2;
  }

  /**
   * A message of the bot's own counts only what everyone has, and the guild's boosts: not what its user pays for.
   */
  async function ofMessage(origin: Origin, route: Route): Promise<number> {
    const tier = route === 'direct' ? 0 : await tiers.of(origin);
    const everybody = Number.isFinite(leastTold) ? leastTold : limitOfTier();
    return Math.max(limitOfTier(tier), everybody);
  }

  return {
    async of(origin, route) {
      const byToken = route === 'answer' && origin.token !== undefined;
      if (isTold(origin)) leastTold = Math.min(leastTold, origin.sizeLimit);
      const granted = byToken ? origin.sizeLimit : await ofMessage(origin, route);
      return Math.min(granted, await learned.of(placeOf(origin, route)));
    },
    refused: (origin, route, bytes) => learned.refused(placeOf(origin, route), bytes),
    forget: (userId) => learned.forget(directOf(userId)),
    prune: learned.prune,
  };
}

/** Boost tiers of guilds that have Easel as a member. */
function createBoostTiers({ rests, log, now }: Pick<Deps, 'rests' | 'log' | 'now'>) {
  const tiers = new Map<string, { readonly tier: number; readonly at: number }>();
  return {
    known: (guildId: string) => tiers.get(guildId)?.tier,
    /** Never throws: what was known before counts on, else none. */
    async of({ guildId, guildInstalled }: Origin): Promise<number> {
      if (guildId === undefined || !guildInstalled) return 0;
      const known = tiers.get(guildId);
      if (known && now() - known.at < tierForMs) return known.tier;
      try {
        const { premium_tier: tier } = (await rests.bot.get(Routes.guild(guildId))) as APIGuild;
        tiers.set(guildId, { tier, at: now() });
        return tier;
      } catch (error) {
        log.debug({ guild: guildId, err: error }, "a guild's boost tier could not be looked up");
        return known?.tier ?? 0;
      }
    },
  };
}

/** A guild; or one user's direct messages, since what they hold goes by what that user pays for. */
function placeOf({ guildId, userId }: Origin, route: Route): string {
  return guildId === undefined || route === 'direct' ? directOf(userId) : guildId;
}

function directOf(userId: string): string {
  return `direct-${userId}`;
}
