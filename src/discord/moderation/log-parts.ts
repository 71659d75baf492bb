import type { Locale } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { Journal } from '../../moderation/journal.js';
import type { Rules } from '../../moderation/rules.js';
import type { Table } from '../../store/store.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { TaskId } from '../../tasks/model/task.js';
import type { Rests } from '../rest/clients.js';
import type { LogTextDeps } from './log-drawing.js';

/** What a log is made with. */
export interface LogBookDeps extends LogTextDeps {
  readonly table: Table<unknown>;
  readonly journal: Journal;
  readonly rules: Pick<Rules, 'get'>;
  readonly ledger: Pick<Ledger, 'find'>;
  readonly rests: Pick<Rests, 'bot'>;
  readonly languageOf: (guildId: string) => Promise<Locale>;
  /** Whether this process serves a guild. */
  readonly serves: (guildId: string | undefined) => boolean;
  readonly log: Log;
  readonly now: () => number;
  /**
   * ms in which entries are gathered for one message.
   * @default 3000
   */
  readonly gatherMs?: number;
}

/** What is due in one guild. */
export interface Due {
  /** Orders whose record was read or written. */
  readonly tasks: Set<TaskId>;
  /** Entries whose message is to be drawn again. */
  readonly entries: Set<number>;
  /** Keys of rows with messages to look for, or to clean. */
  readonly rows: Set<string>;
}
