import { Routes } from 'discord.js';
import type { Log } from '../../log.js';
import type { Table } from '../../store/store.js';
import type { Posted, Task, TaskId } from '../../tasks/model/task.js';
import { retry } from '../../util/retry.js';
import { minute } from '../../util/time.js';
import type { Rests } from '../rest/clients.js';
import { isClosed } from '../rest/route-errors.js';

/** Messages in moderators' channels that hold copies, words and names of users: they go when the result goes. */
export interface ReviewCopies {
  /** Remembers a message about a task; it is deleted at once if the result is gone by now. @throws StoreError */
  keep(id: TaskId, message: Posted): Promise<void>;
  /** Called with each task read or written: if its user or someone else deleted it, so are its copies. */
  note(task: Task): void;
  /** Continues what a restart interrupted. Never rejects. */
  resume(): Promise<void>;
  /** Deletes messages from before `before`, ms since the epoch: their tasks' records are gone, too. @throws StoreError */
  prune(before: number): Promise<void>;
}

/** A row, by the task's id. */
interface Row {
  readonly v: 1;
  readonly messages: readonly Posted[];
  /** ms since the epoch. */
  readonly at: number;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly rests: Pick<Rests, 'bot'>;
  /** A task, unless its data was deleted. @throws StoreError */
  readonly find: (id: TaskId) => Promise<Task | undefined>;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** ms before a failed deletion is tried again; doubles up to a minute. */
  readonly retryMs: number;
}

export function createReviewCopies(deps: Deps): ReviewCopies {
  const { table, find, log, now } = deps;
  /** Tasks whose copies have to go; deletions begin once the bot can reach Discord. */
  const due = new Set<TaskId>();
  let isReady = false;

  async function remove(id: string): Promise<void> {
    const row = await table.get(id);
    if (!isRow(row)) return;
    for (const message of row.messages) await deleteMessage(deps, message);
    await table.delete(id);
  }

  function begin(id: TaskId): void {
    remove(id)
      .then(() => due.delete(id))
      .catch((error: unknown) => {
        if (!deps.signal.aborted)
          log.warn(
            { task: id, err: error },
            'a copy for moderators could not be deleted; trying at the next start',
          );
      });
  }

  function demand(id: TaskId): void {
    due.add(id);
    if (isReady) begin(id);
  }

  return {
    async keep(id, message) {
      await table.update(id, (row) => withMessage(row, message, now()));
      // It may have been deleted while the message was being sent: then no one calls `note` any more.
      const task = await find(id);
      if (!task || isGone(task)) demand(id);
    },
    note(task) {
      if (isGone(task) && !due.has(task.id)) demand(task.id);
    },
    async resume() {
      isReady = true;
      try {
        const kept: string[] = [];
        for await (const [id] of table.entries()) kept.push(id);
        for (const id of kept) if (due.has(id as TaskId)) begin(id as TaskId);
        const known = new Set(kept);
        for (const id of due) if (!known.has(id)) due.delete(id);
      } catch (error) {
        log.warn({ err: error }, 'copies for moderators could not be read');
      }
    },
    async prune(before) {
      const old: string[] = [];
      for await (const [id, row] of table.entries()) if (isRow(row) && row.at < before) old.push(id);
      for (const id of old) await remove(id);
    },
  };
}

function withMessage(row: unknown, message: Posted, at: number): Row {
  const before = isRow(row) ? row.messages : [];
  const others = before.filter(({ messageId }) => messageId !== message.messageId);
  return { v: 1, messages: [...others, message], at };
}

function isGone({ purge, removed }: Task): boolean {
  return purge === 'done' || removed === true;
}

/** One that is gone, or that Easel may not touch any more, counts as deleted. @throws the signal's reason */
async function deleteMessage(
  { rests, signal, retryMs }: Deps,
  { channelId, messageId }: Posted,
): Promise<void> {
  const remove = async () => {
    try {
      await rests.bot.delete(Routes.channelMessage(channelId, messageId));
    } catch (error) {
      if (!isClosed(error)) throw error;
    }
  };
  await retry(remove, { firstMs: retryMs, maxMs: minute, signal, ref: false });
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null && 'v' in row && row.v === 1 && 'messages' in row;
}
