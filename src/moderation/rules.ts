import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { StoreError, type Table } from '../store/store.js';
import type { Act } from './acts.js';
import type { Journal, JournalEntry } from './journal.js';
import { rulesKey } from './rules-rows.js';
import { compileLists, type WordJudge } from './words/word-list.js';

const id = z.string().regex(/^\d{17,20}$/, 'an id of Discord');
const entries = z.array(z.string()).max(1000);

/** Most channels with a limit of their own, and most excluded roles. */
export const mostChannels = 100;
export const mostRoles = 25;
export const longestCooldown = 86_400;
/** Most orders an hour that a channel can be limited to. */
export const mostHourly = 1_000;

const record = z.object({
  v: z.literal(1),
  words: z.object({ refuse: entries, review: entries }).default({ refuse: [], review: [] }),
  /** Seconds that a member waits between two orders. */
  cooldown: z.int().min(0).max(longestCooldown).default(0),
  /** Most orders an hour, by channel; 0: Easel is switched off there. */
  channels: z.record(id, z.int().min(0).max(mostHourly)).default({}),
  /** Members with one of these roles may not use Easel. */
  deniedRoles: z.array(id).max(mostRoles).default([]),
  /** Absent: nothing is logged. */
  logChannel: z.exactOptional(id),
});

/** What moderators of a guild have set, besides its settings. Plain JSON. */
export type ModerationRules = z.infer<typeof record>;

export const noRules: ModerationRules = record.parse({ v: 1 });

/** Rules of guilds. Any process may change any guild's; each `get` sees a change as soon as it is acknowledged. */
export interface Rules {
  /**
   * @throws StoreError while they can't be read, or if the record is unreadable: an order must not pass because of that.
   */
  get(guildId: string): Promise<ModerationRules>;
  /** The word list, compiled once for each change. */
  words(rules: ModerationRules): WordJudge;
  /**
   * Changes them and puts it on record.
   * @param entry who did it, and what the audit list says.
   * @throws StoreError
   */
  change(
    guildId: string,
    entry: Omit<JournalEntry, 'guildId' | 'at'> & { readonly act: Act },
    change: (rules: ModerationRules) => ModerationRules,
  ): Promise<ModerationRules>;
  /** @throws StoreError */
  remove(guildId: string): Promise<void>;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly journal: Pick<Journal, 'noteWith'>;
  readonly now: () => number;
}

const mostAttempts = 200;
/** Compiled lists that are kept: those of the guilds that ordered last. */
const mostCompiled = 200;

export function createRules({ table, journal, now }: Deps): Rules {
  const compiled = new Map<string, WordJudge>();

  const parsed = (guildId: string, row: unknown): ModerationRules => {
    if (row === undefined) return noRules;
    const { success, data } = record.safeParse(row);
    if (!success) throw new StoreError('corrupt', 'moderation', `the rules of guild ${guildId}`);
    return data;
  };

  return {
    get: async (guildId) => parsed(guildId, await table.get(rulesKey(guildId))),
    words({ words }) {
      const name = JSON.stringify(words);
      const judge = compiled.get(name) ?? compileLists(words);
      compiled.delete(name);
      compiled.set(name, judge);
      const [oldest] = compiled.keys();
      if (compiled.size > mostCompiled && oldest !== undefined) compiled.delete(oldest);
      return judge;
    },
    async change(guildId, entry, change) {
      for (let tries = 0; tries < mostAttempts; tries++) {
        const { value, version } = await table.read(rulesKey(guildId));
        const before = parsed(guildId, value);
        const after = record.parse(change(before));
        if (isDeepStrictEqual(before, after)) return before;
        const changes = [{ key: rulesKey(guildId), version, value: after }];
        if (await journal.noteWith({ guildId, at: now(), ...entry }, changes)) return after;
      }
      throw new StoreError(
        'failed',
        'moderation',
        `the rules of guild ${guildId} were changed again and again`,
      );
    },
    async remove(guildId) {
      await table.delete(rulesKey(guildId));
    },
  };
}
