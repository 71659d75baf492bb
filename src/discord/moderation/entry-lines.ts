import { isTextKey, type Locale, text } from '../../locales/index.js';
import type { JournalEntry } from '../../moderation/journal.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import { second } from '../../util/time.js';
import { escapeWords } from '../views/markdown.js';
import { jumpLink } from '../views/message-link.js';
import { fieldNames } from './field-names.js';
import { wordsOf } from './order-lines.js';

/** Characters of a reason, of a detail. */
const longest = 120;

/**
 * An entry of the journal in one line: when, who, what, about whom, and which order or result. Nothing in it pings where
 * mentions are switched off.
 * @param task the one that the entry names, as long as it is on record.
 */
export function drawEntry(entry: JournalEntry, locale: Locale, task?: Task): string {
  const { at, by, about, reason } = entry;
  const what = actOf(entry, locale);
  const parts = [
    ...(by !== undefined ? [`<@${by}> ${what}`] : [what]),
    ...(about !== undefined ? [`<@${about}>`] : []),
    ...detailsOf(entry, locale),
    ...(task ? workOf(task, locale) : []),
    ...(reason !== undefined ? [text(locale, 'log.reason', { reason: escapeWords(reason, longest) })] : []),
  ];
  return `<t:${Math.round(at / second)}:f> ${parts.join(' · ')}`;
}

/** The order or result that an entry is about. @throws StoreError */
export async function taskOf(
  { taskId }: Pick<JournalEntry, 'taskId'>,
  ledger: Pick<Ledger, 'find'>,
): Promise<Task | undefined> {
  return taskId === undefined ? undefined : ledger.find(taskId as TaskId);
}

/** What was done; of a review, also to what. */
function actOf({ act, details = {} }: JournalEntry, locale: Locale): string {
  const exact = `moderation.act.${act}.${details.what}`;
  return isTextKey(exact) ? text(locale, exact) : text(locale, `moderation.act.${act}`);
}

/** Words and link; of a private one neither. */
function workOf(task: Task, locale: Locale): readonly string[] {
  if (task.origin.private) return [text(locale, 'log.private')];
  const link = jumpLink(task);
  return [wordsOf(task), ...(link ? [link] : [])].filter((part) => part !== '');
}

function detailsOf({ act, details = {} }: JournalEntry, locale: Locale): readonly string[] {
  const { until, since, why, channel, entry, fields } = details;
  const why_ = typeof why === 'string' ? `refused.${why}` : '';
  const named = typeof entry === 'string' ? [escapeWords(entry, longest)] : [];
  if (act === 'presets') return styleLine(fields, named[0], locale);
  return [
    ...(typeof until === 'number'
      ? [text(locale, 'moderate.until', { until: Math.round(until / second) })]
      : []),
    ...(typeof since === 'number' ? [text(locale, 'log.since', { since: Math.round(since / second) })] : []),
    ...(isTextKey(why_) ? [text(locale, why_)] : []),
    ...(typeof channel === 'string' && /^\d+$/.test(channel) ? [`<#${channel}>`] : []),
    ...named,
    ...(isList(fields) ? [changedLine(fields, locale)] : []),
  ];
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function changedLine(fields: readonly string[], locale: Locale): string {
  const names = fieldNames(fields, locale).map((name) => escapeField(name));
  return text(locale, 'log.fields', { fields: names.join(text(locale, 'list.comma')) });
}

/** Names are our own words, and mentions of roles; paths without a name are cut. */
function escapeField(name: string): string {
  return name.includes('<@&') ? name : escapeWords(name, longest);
}

/** `presets.added` and the style's name: "added: ink" */
function styleLine(fields: unknown, name: string | undefined, locale: Locale): readonly string[] {
  const what = isList(fields) ? fields[0]?.replace(/^presets\./, '') : undefined;
  const labels = { default: 'rules.style', house: 'rules.house', builtIn: 'rules.builtIn' } as const;
  const nothing = { default: 'style.none', house: 'rules.house.none', builtIn: undefined } as const;
  if (what === 'default' || what === 'house' || what === 'builtIn') {
    const none = nothing[what];
    const value = name ?? (none && text(locale, none));
    const label = text(locale, labels[what]);
    return [value === undefined ? label : text(locale, 'rules.line', { label, value })];
  }
  const key = `log.style.${what}`;
  if (name === undefined) return [];
  return [isTextKey(key) ? text(locale, key, { name }) : name];
}
