import { createHash } from 'node:crypto';
import { type Locale, text } from '../../locales/index.js';
import type { NumberedEntry } from '../../moderation/journal.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { isOver } from '../../tasks/model/state-machine.js';
import type { Task } from '../../tasks/model/task.js';
import { second } from '../../util/time.js';
import { maxContent } from '../views/message.js';
import { drawEntry, taskOf } from './entry-lines.js';
import { orderParts } from './order-lines.js';

export interface LogTextDeps {
  readonly ledger: Pick<Ledger, 'find'>;
  readonly catalogue: Catalogue;
}

/** What one message of the log shows. */
export interface LogText {
  readonly content: string;
  /** Differs if the content does. */
  readonly look: string;
  /** Sum of the entries' revisions. */
  readonly revision: number;
  /** An order in it isn't over. */
  readonly open: boolean;
}

interface Options {
  /** Leaves room for what becomes of the orders. */
  readonly room?: boolean;
  /** Without users' words: Discord refused them. */
  readonly wordless?: boolean;
}

/** Of a message, UTF-16 units, as long as its orders may still get longer. */
const firstContent = 1_200;

/** Draws entries of the journal for the log channel; orders as their records have them now. */
export function createLogDrawing({ ledger, catalogue }: LogTextDeps) {
  function lineOf(entry: NumberedEntry, task: Task | undefined, locale: Locale, wordless: boolean): string {
    if (entry.act !== 'order')
      return wordless ? drawEntry(withoutWords(entry), locale) : drawEntry(entry, locale, task);
    const at = `<t:${Math.round(entry.at / second)}:f>`;
    const ordered = text(locale, 'moderation.act.order');
    if (!task) return `${at} ${ordered} · ${text(locale, 'log.deletedData')}`;
    const { userId, channelId } = task.origin;
    const parts = orderParts(task, { locale, catalogue, wordless });
    return [`${at} <@${userId}> ${ordered}`, `<#${channelId}>`, ...parts].join(' · ');
  }

  return {
    /** The first entries: with `room` as many as a new message takes, at least one; else all. */
    async draw(
      entries: readonly NumberedEntry[],
      locale: Locale,
      { room = false, wordless = false }: Options,
    ): Promise<LogText & { readonly count: number }> {
      const lines: string[] = [];
      let [open, revision] = [false, 0];
      for (const entry of entries) {
        const task = await taskOf(entry, ledger);
        const line = lineOf(entry, task, locale, wordless);
        if (room && lines.length > 0 && [...lines, line].join('\n').length > firstContent) break;
        lines.push(line);
        open ||= entry.act === 'order' && task !== undefined && !isOver(task.state);
        revision += entry.revision ?? 0;
      }
      const content = fitted(lines);
      const look = createHash('sha256').update(content).digest('base64url').slice(0, 16);
      return { content, look, revision, open, count: lines.length };
    },
  };
}

/** Lines that have grown too long are cut alike. */
function fitted(lines: readonly string[]): string {
  const content = lines.join('\n');
  if (content.length <= maxContent) return content;
  const most = Math.floor(maxContent / lines.length) - 1;
  return lines.map((line) => (line.length > most ? `${line.slice(0, most - 1)}…` : line)).join('\n');
}

function withoutWords({ reason: _reason, details, ...entry }: NumberedEntry): NumberedEntry {
  const { what, fields } = details ?? {};
  return {
    ...entry,
    details: { ...(what !== undefined && { what }), ...(fields !== undefined && { fields }) },
  };
}
