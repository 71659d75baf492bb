import { isTextKey, type Locale, text } from '../../locales/index.js';
import type { JournalEntry } from '../../moderation/journal.js';
import { second } from '../../util/time.js';
import { escapeWords } from '../views/markdown.js';

/** Characters of a reason, of a detail. */
const longest = 120;

/** An entry of the journal in one line: when, who, what, about whom. Nothing in it pings where mentions are switched off. */
export function drawEntry(entry: JournalEntry, locale: Locale): string {
  const { act, at, by, about, reason } = entry;
  const what = text(locale, `moderation.act.${act}`);
  const parts = [
    ...(by !== undefined ? [`<@${by}> ${what}`] : [what]),
    ...(about !== undefined ? [`<@${about}>`] : []),
    ...detailsOf(entry, locale),
    ...(reason !== undefined ? [text(locale, 'log.reason', { reason: escapeWords(reason, longest) })] : []),
  ];
  return `<t:${Math.round(at / second)}:f> ${parts.join(' · ')}`;
}

function detailsOf({ details = {} }: JournalEntry, locale: Locale): readonly string[] {
  const { until, since, why, channel, entry, fields } = details;
  const why_ = typeof why === 'string' ? `refused.${why}` : '';
  return [
    ...(typeof until === 'number'
      ? [text(locale, 'moderate.until', { until: Math.round(until / second) })]
      : []),
    ...(typeof since === 'number' ? [text(locale, 'log.since', { since: Math.round(since / second) })] : []),
    ...(isTextKey(why_) ? [text(locale, why_)] : []),
    ...(typeof channel === 'string' && /^\d+$/.test(channel) ? [`<#${channel}>`] : []),
    ...(typeof entry === 'string' ? [escapeWords(entry, longest)] : []),
    ...(Array.isArray(fields)
      ? [text(locale, 'log.fields', { fields: escapeWords(fields.join(', '), longest) })]
      : []),
  ];
}
