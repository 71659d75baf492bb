import { type APIGuild, Routes } from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../log.js';
import type { Table } from '../../store/store.js';
import type { Origin, Route } from '../../tasks/model/task.js';
import { day, minute } from '../../util/time.js';
import type { Rests } from './clients.js';

const mebibyte = 1024 * 1024;
/** By boost tier, what a message by the bot may hold at least, bytes a file (Discord docs: "Uploading Files"). */
const byTier = [10, 10, 50, 100] as const;
/** Sizes that Discord has had as limits, bytes; a refused file is taken to be over the next smaller one. */
const steps = [500, 100, 50, 25, 20, 10, 8, 4, 2, 1].map((size) => size * mebibyte);

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

const learnedSchema = z.object({ v: z.literal(1), bytes: z.number().positive(), at: z.number() });
type Learned = z.infer<typeof learnedSchema>;

/** How long a guild is taken at its word, ms: one that was boosted since is tried with more again. */
const learnedForMs = 30 * day;
/** How long a guild's boost tier counts as known, ms. */
const tierForMs = 10 * minute;

export function createUploadLimits({ table, rests, log, now }: Deps): UploadLimits {
  const learned = new Map<string, Learned | undefined>();
  const tiers = new Map<string, { readonly tier: number; readonly at: number }>();
  /** The least that Discord named if no one boosts: what it grants everyone. */
  let leastTold = Number.POSITIVE_INFINITY;

  const isFresh = ({ at }: Learned) => now() - at < learnedForMs;

  async function learnedOf(key: string): Promise<number> {
    if (!learned.has(key)) {
      const stored = await read(key);
      // What was learned meanwhile is newer.
      if (!learned.has(key)) learned.set(key, stored);
    }
    const known = learned.get(key);
    return known && isFresh(known) ? known.bytes : Number.POSITIVE_INFINITY;
  }

  async function read(key: string): Promise<Learned | undefined> {
    const stored = await table.get(key).catch((error: unknown) => {
      log.warn({ place: key, err: error }, 'an upload limit could not be looked up');
      return undefined;
    });
    return learnedSchema.safeParse(stored).data;
  }

  async function tierOf({ guildId, guildInstalled }: Origin): Promise<number> {
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
  }

  /** Whether Discord named this limit, and not for a guild that may be boosted. */
  function isTold({ replyAs, guildId }: Origin): boolean {
    if (replyAs !== undefined) return false;
    return guildId === undefined || (tiers.get(guildId)?.tier ?? Number.POSITIVE_INFINITY) < 2;
  }

  /**
   * A message of the bot's own counts only what everyone has, and the guild's boosts: not what its user pays for.
   */
  async function ofMessage(origin: Origin, route: Route): Promise<number> {
    const tier = route === 'direct' ? 0 : await tierOf(origin);
    const everybody = Number.isFinite(leastTold) ? leastTold : limitOfTier();
    return Math.max(limitOfTier(tier), everybody);
  }

  return {
    async of(origin, route) {
      const byToken = route === 'answer' && origin.token !== undefined;
      if (isTold(origin)) leastTold = Math.min(leastTold, origin.sizeLimit);
      const granted = byToken ? origin.sizeLimit : await ofMessage(origin, route);
      return Math.min(granted, await learnedOf(placeOf(origin, route)));
    },
    async refused(origin, route, bytes) {
      const below = steps.find((step) => step < bytes) ?? Math.floor(bytes / 2);
      const entry: Learned = { v: 1, bytes: below, at: now() };
      const place = placeOf(origin, route);
      // An earlier, larger file may be refused late: that it is too large says nothing of smaller ones.
      if (below >= (await learnedOf(place))) return;
      learned.set(place, entry);
      log.warn({ place, bytes, limit: below }, 'the upload limit is lower than Discord said');
      await table.set(place, entry).catch((error: unknown) => {
        log.warn({ place, err: error }, 'an upload limit could not be saved');
      });
    },
    async forget(userId) {
      learned.delete(directOf(userId));
      await table.delete(directOf(userId));
    },
    async prune() {
      const due: string[] = [];
      for await (const [key, stored] of table.entries()) {
        const entry = learnedSchema.safeParse(stored).data;
        if (!entry || !isFresh(entry)) due.push(key);
      }
      for (const key of due) await table.delete(key);
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
