import { type Settings, zoneOf } from '../../guilds/settings.js';
import type { Standing } from '../../quota/check.js';
import { ceilingFor } from '../../quota/limits.js';
import type { ScopedLimits } from '../../quota/measures.js';
import { periodIn } from '../../quota/time-zone.js';
import type { UsageEntry } from '../../quota/usage.js';
import type { Budget } from '../../tasks/accounting/budget.js';
import type { UncertainCharge } from '../../tasks/accounting/uncertain-charges.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { OrderedTask } from '../../tasks/ledger/task-listing.js';
import { type AnswerableInteraction, originOf } from '../access/request-origin.js';

/** A guild's usage of this month. */
export interface History {
  /** When the month began, ms since the epoch. */
  readonly since: number;
  /** In the order in which they were received, newest first. They come a few at a time, with a turn for others in between. */
  readonly uses: AsyncIterable<readonly Use[]>;
  /** The sum of those. */
  readonly perhapsBilled: UncertainCharge;
}

export interface Use extends OrderedTask {
  /** Refunded only if MPS may bill it all the same. */
  readonly entry: UsageEntry;
}

/** How much may be used, and how much was. */
export interface QuotaService {
  /** Every limit that applies to the user, and to the guild if it pays. @throws StoreError */
  standings(interaction: AnswerableInteraction): Promise<readonly Standing[]>;
  /** The same for another member of the guild. @throws StoreError */
  standingsOf(
    interaction: AnswerableInteraction,
    member: { readonly userId: string; readonly roles: readonly string[] },
  ): Promise<readonly Standing[]>;
  /** The highest limits a guild may set. @throws StoreError */
  ceiling(guildId: string): Promise<ScopedLimits>;
  /** What a guild has used and reserved this month. No row of the ledger is read. @throws StoreError */
  history(guildId: string): Promise<History>;
}

interface Deps {
  readonly settings: Pick<Settings, 'get'>;
  readonly budget: Pick<Budget, 'standings' | 'perhapsBilled' | 'usageOf'>;
  readonly ledger: Pick<Ledger, 'since'>;
  /** QUOTA_* */
  readonly ceiling: ScopedLimits;
  /** QUOTA_TIME_ZONE */
  readonly timeZone: string;
  readonly now: () => number;
}

/** The longest time from received to reserved, ms. */
const receivedEarlierMs = 2 * 24 * 60 * 60_000;

export function createQuotaService(deps: Deps): QuotaService {
  const { settings, budget, ledger, ceiling, timeZone, now } = deps;
  return {
    standings: (interaction) => budget.standings(originOf(interaction, now())),
    standingsOf: (interaction, { userId, roles }) =>
      budget.standings({ ...originOf(interaction, now()), userId, roles }),
    ceiling: async (guildId) => ceilingFor(ceiling, await settings.get(guildId)),
    async history(guildId) {
      const { start } = periodIn('month', now(), zoneOf(await settings.get(guildId), timeZone));
      // A task reserved this month may have been received last month, and prepared or held for a while.
      const tasks = ledger.since(guildId, start - receivedEarlierMs);
      return {
        since: start,
        perhapsBilled: budget.perhapsBilled(start, guildId),
        uses: usesIn(tasks, budget, start),
      };
    },
  };
}

async function* usesIn(
  tasks: AsyncIterable<readonly OrderedTask[]>,
  budget: Pick<Budget, 'usageOf'>,
  start: number,
): AsyncGenerator<readonly Use[]> {
  for await (const some of tasks)
    yield some.flatMap((task) => {
      const entry = budget.usageOf(task.id);
      return entry && entry.at >= start ? [{ ...task, entry }] : [];
    });
}
