import type { Table } from '../store/store.js';
import { entryIn } from './journal-entry.js';
import { loggedGuildOf } from './rules-rows.js';

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

/** A message that may have been sent into a channel which is the log no more: looked for, and never sent again. */
export interface LostMessage extends Pick<Pending, 'from' | 'to' | 'at'> {
  readonly v: 1;
  readonly guildId: string;
  readonly channelId: string;
  /** As in the head. */
  readonly last?: string;
}

/** Lines of a message that its users' data have to be taken from; their entries are no longer kept. */
export interface LogCleaning {
  readonly v: 1;
  readonly guildId: string;
  readonly channelId: string;
  readonly messageId: string;
  /** How many lines the message has. */
  readonly count: number;
  readonly lines: readonly CleanedLine[];
}

export interface CleanedLine {
  /** From 0. */
  readonly line: number;
  /** Its author goes, too. */
  readonly author: boolean;
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
export const lostKey = (guildId: string, from: number) => `loglost:${guildId}:${from}`;
export const cleaningKey = (guildId: string, messageId: string) => `logcleaning:${guildId}:${messageId}`;
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

export function isLostMessage(row: unknown): row is LostMessage {
  return typeof row === 'object' && row !== null && 'channelId' in row && 'from' in row && !('look' in row);
}

export function isCleaning(row: unknown): row is LogCleaning {
  return typeof row === 'object' && row !== null && 'lines' in row && 'messageId' in row && 'count' in row;
}

/** What is to be done in the log of a guild, besides posting. */
export interface DueInGuild {
  readonly guildId: string;
  /** Entries whose message may show something else than they say. */
  readonly entries: readonly number[];
  /** Keys of rows with messages to look for, or to clean. */
  readonly rows: readonly string[];
}

/** Guilds with a log, now or before. @throws StoreError */
export async function dueIn(table: Table<unknown>): Promise<readonly DueInGuild[]> {
  const revisions = new Map<string, number>();
  const messages: LogMessage[] = [];
  const guilds = new Map<string, { readonly entries: number[]; readonly rows: string[] }>();
  const dueOf = (guildId: string) => {
    const due = guilds.get(guildId) ?? { entries: [], rows: [] };
    guilds.set(guildId, due);
    return due;
  };
  for await (const [key, row] of table.entries()) {
    const entry = entryIn(row);
    if (entry?.revision) revisions.set(`${entry.guildId}:${entry.n}`, entry.revision);
    // Also one without a head: a kill came between the choice of the log and its first message.
    const logged = loggedGuildOf(key, row);
    if (logged !== undefined) dueOf(logged);
    if (isLogMessage(row)) messages.push(row);
    else if (isLogHead(row)) dueOf(key.slice(headKey('').length));
    else if (isLostMessage(row) || isCleaning(row)) dueOf(row.guildId).rows.push(key);
  }
  for (const { guildId, from, to, revision, open } of messages) {
    let sum = 0;
    for (let n = from; n < to; n++) sum += revisions.get(`${guildId}:${n}`) ?? 0;
    if (open || sum !== revision) dueOf(guildId).entries.push(from);
  }
  return [...guilds].map(([guildId, due]) => ({ guildId, ...due }));
}
