import type { Journal } from '../../moderation/journal.js';
import { headKey, isLogHead, type LogHead, type LostMessage, lostKey } from '../../moderation/log-rows.js';
import type { Due, LogBookDeps } from './log-parts.js';

/** Entries among which the choice of a log channel is looked for. */
const mostRecent = 50;

/**
 * How far the log is, after what moderators have chosen: another channel goes on where the last one ended. What may
 * already have been sent there is looked for, and not sent again.
 * @returns undefined: nothing is logged.
 * @throws StoreError
 */
export async function headFor(
  { table, journal, rules, now }: LogBookDeps,
  guildId: string,
  due: Due,
): Promise<LogHead | undefined> {
  const channelId = (await rules.get(guildId)).logChannel;
  const { value, version } = await table.read(headKey(guildId));
  const before = isLogHead(value) ? value : undefined;
  if (before && before.channelId === channelId) return before;
  if (before?.pending) {
    const { from, to, at } = before.pending;
    const { last } = before;
    const lost = { v: 1, guildId, channelId: before.channelId, from, to, at, ...(last && { last }) } as const;
    await table.set(lostKey(guildId, from), lost satisfies LostMessage);
    due.rows.add(lostKey(guildId, from));
  }
  if (channelId === undefined) {
    if (before) await table.delete(headKey(guildId));
    return undefined;
  }
  const start = before
    ? { since: before.since, cursor: before.pending?.to ?? before.cursor }
    : await chosenAt(journal, guildId, now());
  const head: LogHead = { v: 1, channelId, ...start };
  await table.compareAndSet(headKey(guildId), version, head);
  return head;
}

/** The choice itself is the first line of a log. */
async function chosenAt(
  journal: Pick<Journal, 'page' | 'next'>,
  guildId: string,
  now: number,
): Promise<Pick<LogHead, 'since' | 'cursor'>> {
  const { entries } = await journal.page(guildId, { count: mostRecent });
  const isChoice = (fields: unknown) =>
    Array.isArray(fields) && fields.some((one) => /\blogChannel$/.test(one));
  const chosen = entries.find(({ details }) => isChoice(details?.fields)) ?? entries[0];
  return { since: Math.min(chosen?.at ?? now, now), cursor: chosen?.n ?? (await journal.next(guildId)) };
}
