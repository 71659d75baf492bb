import { entryIn } from '../../moderation/journal.js';
import type { Table } from '../../store/store.js';

/** How far the log of a guild has been posted. Times are ms since the epoch. */
export interface LogHead {
  readonly v: 1;
  readonly channelId: string;
  /** When logging into this channel began: orders from before are not in it. */
  readonly since: number;
  /** The first entry of the journal that isn't in a message yet. */
  readonly cursor: number;
  /** Id of the last message that is known to be posted. */
  readonly last?: string;
  /** A message that may have been sent. */
  readonly pending?: Pending;
  /** The channel can't be written since then; that is on record. */
  readonly silentSince?: number;
}

/** Entries from `from` to before `to`, in one message. */
export interface Pending {
  readonly from: number;
  readonly to: number;
  readonly nonce: string;
  /** When it was first sent, ms since the epoch. */
  readonly at: number;
}

/** A message of the log. */
export interface LogMessage {
  readonly v: 1;
  readonly guildId: string;
  readonly channelId: string;
  readonly messageId: string;
  readonly from: number;
  readonly to: number;
  /** What it shows; another text has to be drawn. */
  readonly look: string;
  /** Sum of its entries' revisions when it was drawn: a higher one has to be drawn, also after a restart. */
  readonly revision: number;
  /** An order in it isn't over. */
  readonly open: boolean;
}

export const headKey = (guildId: string) => `log:${guildId}`;
export const messageKey = (guildId: string, from: number) => `logmessage:${guildId}:${from}`;
/** Which entry is an order's. */
export const orderKey = (taskId: string) => `logorder:${taskId}`;

export function isLogHead(row: unknown): row is LogHead {
  return typeof row === 'object' && row !== null && 'cursor' in row && 'channelId' in row;
}

export function isLogMessage(row: unknown): row is LogMessage {
  return typeof row === 'object' && row !== null && 'messageId' in row && 'look' in row && 'from' in row;
}

/** The entry that a row of `orderKey` names. */
export function entryOfOrder(row: unknown): { readonly guildId: string; readonly n: number } | undefined {
  const isRow = typeof row === 'object' && row !== null && 'n' in row && 'guildId' in row;
  return isRow ? (row as { readonly guildId: string; readonly n: number }) : undefined;
}

/** Guilds with a log, now or before, and entries of theirs whose message may show something else than they say. @throws StoreError */
export async function dueIn(
  table: Table<unknown>,
): Promise<readonly { readonly guildId: string; readonly entries: readonly number[] }[]> {
  const revisions = new Map<string, number>();
  const messages: LogMessage[] = [];
  const guilds = new Map<string, number[]>();
  for await (const [key, row] of table.entries()) {
    const entry = entryIn(row);
    if (entry?.revision) revisions.set(`${entry.guildId}:${entry.n}`, entry.revision);
    if (isLogMessage(row)) messages.push(row);
    if (isLogHead(row)) guilds.set(key.slice(headKey('').length), []);
  }
  for (const { guildId, from, to, revision, open } of messages) {
    let sum = 0;
    for (let n = from; n < to; n++) sum += revisions.get(`${guildId}:${n}`) ?? 0;
    if (open || sum !== revision) guilds.set(guildId, [...(guilds.get(guildId) ?? []), from]);
  }
  return [...guilds].map(([guildId, entries]) => ({ guildId, entries }));
}
