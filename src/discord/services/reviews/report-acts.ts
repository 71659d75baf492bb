import { Routes } from 'discord.js';
import { type Locale, text } from '../../../locales/index.js';
import type { Journal } from '../../../moderation/journal.js';
import type { Ledger } from '../../../tasks/ledger/ledger.js';
import type { Task, TaskId } from '../../../tasks/model/task.js';
import type { ModeratorService } from '../../moderation/moderator-service.js';
import type { Rests } from '../../rest/clients.js';
import { isClosed } from '../../rest/route-errors.js';
import type { Reports } from '../../review/reports.js';
import { drawLines } from '../../views/message.js';
import type { Gallery } from '../gallery.js';

/** What a moderator does about a report. False: there is no such report in this guild, or its result is gone. */
export interface ReportActs {
  /** Deletes the reported message, with every result in it, and all copies of it. @throws DiscordAPIError; StoreError */
  expel(guildId: string, id: TaskId, by: string): Promise<boolean>;
  /** Blocks its user, and cancels what isn't created yet; the report stays open. @throws StoreError */
  ban(guildId: string, id: TaskId, by: string): Promise<boolean>;
  /** Closes the report: nothing is left of it but that. @throws DiscordAPIError; StoreError */
  dismiss(guildId: string, id: TaskId, by: string): Promise<boolean>;
}

interface Deps {
  readonly reports: Pick<Reports, 'of' | 'close'>;
  readonly ledger: Pick<Ledger, 'find'>;
  readonly rests: Pick<Rests, 'bot'>;
  readonly gallery: Pick<Gallery, 'noteDeleted'>;
  readonly moderators: Pick<ModeratorService, 'block'>;
  readonly journal: Pick<Journal, 'note'>;
  readonly languageOf: (guildId: string) => Promise<Locale>;
  readonly now: () => number;
}

export function createReportActs(deps: Deps): ReportActs {
  const { reports, moderators, rests, gallery, journal, languageOf, now } = deps;
  return {
    async expel(guildId, id, by) {
      const found = await openReport(deps, guildId, id);
      if (!found) return false;
      const { task, key, row } = found;
      const { channelId, messageId } = row.at;
      await rests.bot.delete(Routes.channelMessage(channelId, messageId)).catch(unlessGone);
      const about = task.origin.userId;
      await journal.note({ guildId, act: 'deleted', at: now(), by, about, taskId: id });
      await reports.close(row, key);
      // Its copies go with it, the report's own too.
      await gallery.noteDeleted(id, messageId);
      return true;
    },
    async ban(guildId, id, by) {
      const found = await openReport(deps, guildId, id);
      if (!found) return false;
      await moderators.block(guildId, { userId: found.task.origin.userId, by });
      return true;
    },
    async dismiss(guildId, id, by) {
      const found = await openReport(deps, guildId, id);
      if (!found) return false;
      const { task, key, row } = found;
      const about = task.origin.userId;
      await journal.note({ guildId, act: 'report.dismissed', at: now(), by, about, taskId: id });
      await reports.close(row, key);
      if (!row.message) return true;
      const when = `<t:${Math.round(now() / 1000)}:R>`;
      const said = text(await languageOf(guildId), 'report.dismissed', { moderator: `<@${by}>`, when });
      const { channelId, messageId } = row.message;
      const body = { ...drawLines([said]), attachments: [] };
      await rests.bot.patch(Routes.channelMessage(channelId, messageId), { body }).catch(unlessGone);
      return true;
    },
  };
}

async function openReport({ reports, ledger }: Deps, guildId: string, id: TaskId) {
  const [task, report] = await Promise.all([ledger.find(id), reports.of(id)]);
  if (!task || !report || !isIn(guildId, task)) return undefined;
  const [key, row] = report;
  return { task, key, row };
}

function isIn(guildId: string, { origin }: Task): boolean {
  return origin.guildInstalled && origin.guildId === guildId;
}

function unlessGone(error: unknown): void {
  if (!isClosed(error)) throw error;
}
