import { dueIn } from '../../moderation/log-rows.js';
import type { Task } from '../../tasks/model/task.js';
import { receivedAt } from '../../tasks/model/task-record.js';
import { createOrder } from '../../util/keyed-lock.js';
import { day, minute, second } from '../../util/time.js';
import { refusalOf } from '../rest/route-errors.js';
import { headFor } from './log-head.js';
import { createLogMessages } from './log-messages.js';
import type { Due, LogBookDeps } from './log-parts.js';

/**
 * Posts the journal of each guild into its log channel, several entries a message, and keeps the messages as the entries
 * and the orders are now. What is to be posted is in the store: a crash loses nothing and posts nothing twice.
 */
export interface LogBook {
  /** A record of an order was read or written. */
  noteTask(task: Task): void;
  /** Draws what has changed while this process didn't see it: after a start, or by another process. Never rejects. */
  catchUp(): Promise<void>;
  close(): void;
}

/** ms until a channel that can't be written is tried again, and until another failure is. */
const silentMs = 10 * minute;
const againMs = 30 * second;
/** Orders from so long before a start may be missing in the log, ms. */
const recentMs = 2 * day;

export function createLogBook(deps: LogBookDeps): LogBook {
  const { journal, serves, log, now, gatherMs = 3 * second } = deps;
  const messages = createLogMessages(deps);
  const inOrder = createOrder();
  const timers = new Map<string, NodeJS.Timeout>();
  const due = new Map<string, Due>();
  let isOpen = true;

  const dueOf = (guildId: string): Due => {
    const known = due.get(guildId) ?? { tasks: new Set(), entries: new Set(), rows: new Set() };
    due.set(guildId, known);
    return known;
  };

  function schedule(guildId: string, waitMs = gatherMs): void {
    if (!isOpen || timers.has(guildId)) return;
    const timer = setTimeout(() => {
      timers.delete(guildId);
      void inOrder(guildId, () => flush(guildId));
    }, waitMs);
    timers.set(guildId, timer.unref());
  }

  async function flush(guildId: string): Promise<void> {
    if (!isOpen || !serves(guildId)) return;
    try {
      const waitMs = await work(deps, messages, guildId, dueOf(guildId));
      if (waitMs !== undefined) schedule(guildId, waitMs);
    } catch (error) {
      if (!isOpen) return;
      log.warn({ guild: guildId, err: error }, 'the log of a server could not be written yet');
      schedule(guildId, againMs);
    }
  }

  function note(guildId: string, changed: readonly number[], rows: readonly string[]): void {
    for (const n of changed) dueOf(guildId).entries.add(n);
    for (const key of rows) dueOf(guildId).rows.add(key);
    schedule(guildId);
  }
  journal.watch(note);

  return {
    noteTask(task) {
      const { guildId, guildInstalled } = task.origin;
      if (guildId === undefined || !guildInstalled || (task.set && task.set.part > 1)) return;
      if (now() - receivedAt(task) > recentMs) return;
      dueOf(guildId).tasks.add(task.id);
      schedule(guildId);
    },
    catchUp: () => catchUp(deps, note),
    close() {
      isOpen = false;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

async function catchUp(
  { table, serves, log }: LogBookDeps,
  note: (guildId: string, changed: readonly number[], rows: readonly string[]) => void,
): Promise<void> {
  try {
    for (const { guildId, entries, rows } of await dueIn(table))
      if (serves(guildId)) note(guildId, entries, rows);
  } catch (error) {
    log.warn({ err: error }, 'what is due in the logs of servers could not be read');
  }
}

/** @returns ms until there is more to do; undefined if all is done. */
async function work(
  deps: LogBookDeps,
  messages: ReturnType<typeof createLogMessages>,
  guildId: string,
  due: Due,
): Promise<number | undefined> {
  const { journal, now, gatherMs = 3 * second } = deps;
  const head = await headFor(deps, guildId, due);
  // Before anything that may fail: what a user has deleted goes whatever becomes of the rest, also from a log that is off.
  if (await messages.settleNext(guildId, due)) return gatherMs;
  if (await messages.redrawNext(guildId, due)) return gatherMs;
  if (!head) {
    due.tasks.clear();
    return undefined;
  }
  const { silentSince } = head;
  if (silentSince !== undefined && now() - silentSince < silentMs) return silentMs;
  await messages.enter(guildId, head, due);
  try {
    const isPosted = await messages.postNext(guildId, due);
    return isPosted || due.entries.size > 0 || due.rows.size > 0 ? gatherMs : undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined || refusal === 'later') throw error;
    deps.log.info({ guild: guildId, err: error }, 'the log channel of a server can not be written');
    if (silentSince === undefined) await journal.note({ guildId, act: 'silent', at: now() });
    await messages.silence(guildId, now());
    return silentMs;
  }
}
