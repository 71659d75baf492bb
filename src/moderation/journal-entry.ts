import type { Act } from './acts.js';

/** An act that moderators can look up. Plain JSON. */
export interface JournalEntry {
  /** The guild whose moderators may read it. */
  readonly guildId: string;
  readonly act: Act;
  /** ms since the epoch. */
  readonly at: number;
  /** Id of the user who did it; absent: Easel itself, or Discord without saying who. */
  readonly by?: string;
  /** Id of the member whom it concerns. */
  readonly about?: string;
  readonly taskId?: string;
  /** A moderator's words. */
  readonly reason?: string;
  /** What else there is to know, in the user's or Easel's words. */
  readonly details?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** An entry as it is stored. Entries of one guild are numbered from 0 without a gap. */
export interface NumberedEntry extends JournalEntry {
  readonly v: 1;
  readonly n: number;
  /** Counts changes since it was written. */
  readonly revision?: number;
  /** A user deleted their data or the result: only act, time and moderator are left. */
  readonly cleaned?: true;
}

/** An entry as it is stored; undefined for any other row. */
export function entryIn(row: unknown): NumberedEntry | undefined {
  return isEntry(row) ? row : undefined;
}

export function isEntry(row: unknown): row is NumberedEntry {
  return typeof row === 'object' && row !== null && 'n' in row && 'act' in row && 'guildId' in row;
}

export const entryKey = (guildId: string, n: number) => `entry:${guildId}:${n}`;
