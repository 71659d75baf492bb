import { setTimeout as sleep } from 'node:timers/promises';
import type { Counts } from '../../cluster/peer-requests.js';
import { defaultSettings, type Settings, zoneOf } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import { ceilingFor } from '../../quota/limits.js';
import type { ScopedLimits } from '../../quota/measures.js';
import { periodIn } from '../../quota/time-zone.js';
import { isDoubtful, toUsage } from '../../tasks/accounting/billing.js';
import type { Budget } from '../../tasks/accounting/budget.js';
import { type Ledger, LedgerClosedError } from '../../tasks/ledger/ledger.js';
import type { Offer } from '../access/guild-catalogue.js';
import { offerIn } from '../access/guild-catalogue.js';
import { localeIn } from '../access/guild-policy.js';
import { guildOf, originOf } from '../access/request-origin.js';
import type { Easel } from '../interactions/command.js';
import type { Responder } from '../interactions/responder.js';
import { toUserError } from '../interactions/user-errors.js';
import { drawUserError } from '../views/message.js';
import type { Vanished } from './deleted-targets.js';
import type { Elsewhere } from './remote-tasks.js';

interface Deps {
  readonly settings: Settings;
  readonly budget: Pick<Budget, 'standings' | 'perhapsBilled'>;
  readonly ledger: Pick<Ledger, 'since' | 'purge' | 'unfinished'>;
  readonly responder: Responder;
  readonly elsewhere: Pick<Elsewhere, 'forget'>;
  readonly vanished: Pick<Vanished, 'present'>;
  /** The operator's. */
  readonly offer: Offer;
  /** QUOTA_* */
  readonly ceiling: ScopedLimits;
  /** QUOTA_TIME_ZONE */
  readonly timeZone: string;
  readonly log: Log;
  readonly now: () => number;
}

export type Desk = Pick<
  Easel,
  | 'settings'
  | 'rules'
  | 'offer'
  | 'locale'
  | 'standings'
  | 'ceiling'
  | 'history'
  | 'forget'
  | 'update'
  | 'whisperLater'
  | 'updateLater'
  | 'now'
> & {
  /** Forgets a person as far as this process keeps anything. @throws StoreError */
  forgetHere(userId: string): Promise<Counts>;
  /** A guild has sent Easel away: what it set goes, and its records are emptied. Never throws. */
  forgetGuild(guildId: string): Promise<void>;
};

/** The longest from received to reserved that anything takes, ms. */
const receivedEarlierMs = 2 * 24 * 60 * 60_000;
/** How often a guild's records are tried to be emptied while the store is broken; twice as long is waited each time. */
const tries = 10;

/** Quotas, settings and what is kept of people: what guilds and persons see of it and say about it. */
export function createDesk(deps: Deps): Desk {
  const { settings, budget, ledger, responder, elsewhere, ceiling, timeZone, log, now } = deps;

  const rules: Desk['rules'] = async (interaction) => {
    const guildId = guildOf(interaction);
    return guildId === undefined
      ? defaultSettings
      : deps.vanished.present(interaction.guild, await settings.get(guildId));
  };

  const locale: Desk['locale'] = async (interaction) => {
    const guildId = guildOf(interaction);
    return localeIn(guildId === undefined ? defaultSettings : await settings.lastKnown(guildId), interaction);
  };

  /** Fills an answer that was promised: also with what went wrong. */
  async function fill(...[interaction, make]: Parameters<Desk['whisperLater']>): Promise<void> {
    try {
      const { card, file } = await make();
      await responder.fill(interaction, card, file);
    } catch (error) {
      const known = toUserError(error, interaction, log);
      await responder.fill(interaction, drawUserError(known, await locale(interaction)));
    }
  }

  async function forgetHere(userId: string): Promise<Counts> {
    await settings.forget(userId);
    const counts = await ledger.purge({ userId });
    log.info({ ...counts }, 'the records of a person were emptied at their wish');
    const open = ledger.unfinished().filter(({ origin }) => origin.userId === userId);
    return { emptied: counts.emptied, later: open.length };
  }

  return {
    now,
    settings,
    rules,
    offer: async (interaction) => offerIn(deps.offer, await rules(interaction)),
    locale,
    standings: (interaction) => budget.standings(originOf(interaction, now())),
    ceiling: async (guildId) => ceilingFor(ceiling, await settings.get(guildId)),
    async history(guildId) {
      const { start } = periodIn('month', now(), zoneOf(await settings.get(guildId), timeZone));
      // Reserved in this month, one may have been received in the last, and prepared or held for a while.
      const tasks = await ledger.since(guildId, start - receivedEarlierMs);
      const uses = tasks.flatMap((task) => {
        const entry = toUsage(task);
        const counts = entry?.state !== 'refunded' || isDoubtful(task);
        return entry && entry.at >= start && counts ? [{ task, entry }] : [];
      });
      const perhapsBilled = budget.perhapsBilled(start, guildId);
      return { since: start, perhapsBilled, uses: uses.sort((one, other) => other.entry.at - one.entry.at) };
    },
    async forget(userId) {
      const [here, there] = await Promise.all([forgetHere(userId), elsewhere.forget(userId)]);
      const { isWhole } = there;
      return { emptied: here.emptied + there.emptied, later: here.later + there.later, isWhole };
    },
    forgetHere,
    async forgetGuild(guildId) {
      for (let wait = 1_000, left = tries; left > 0; wait *= 2, left -= 1) {
        try {
          await settings.remove(guildId);
          const counts = await ledger.purge({ guildId });
          return log.info({ guild: guildId, ...counts }, 'a guild has sent Easel away and was forgotten');
        } catch (error) {
          // What is left is found to be gone at the next start.
          if (error instanceof LedgerClosedError) return;
          log.error({ guild: guildId, err: error, left: left - 1 }, 'a guild could not be forgotten');
          await sleep(wait, undefined, { ref: false });
        }
      }
    },
    update: (interaction, card) => responder.update(interaction, card),
    async whisperLater(interaction, make) {
      await responder.defer(interaction, { private: true });
      await fill(interaction, make);
    },
    async updateLater(interaction, make) {
      await responder.takeNote(interaction);
      await fill(interaction, make);
    },
  };
}
