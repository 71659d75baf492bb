import { UserError } from '../../errors.js';
import type { Settings } from '../../guilds/settings.js';
import type { Locale } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { Journal } from '../../moderation/journal.js';
import { RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Posted, Task, TaskId } from '../../tasks/model/task.js';
import { createOrder } from '../../util/keyed-lock.js';
import { retry } from '../../util/retry.js';
import { classify, refusalOf } from '../rest/route-errors.js';
import type { ReportLook } from './report-message.js';
import type { ReportedFile, ReportPosts } from './report-post.js';
import type { ReportRow, ReportRows } from './report-rows.js';
import type { ReviewCopies } from './review-copies.js';

/** What a member reports: a message with results, and the tasks that made them. */
export interface Reported {
  readonly guildId: string;
  readonly at: Posted;
  /** At least one. */
  readonly tasks: readonly Task[];
  readonly files: readonly ReportedFile[];
}

/** Members tell moderators about results. */
export interface Reports {
  /**
   * Tells moderators, with a copy; of several members who report the same the others are counted.
   * @throws UserError if there is no channel for it, or this member has reported it, or another one a moment ago.
   */
  report(userId: string, reported: Reported): Promise<void>;
  /** A moderator has decided about a report: it is closed, and further ones of the same are only counted. @throws StoreError */
  close(row: ReportRow, key: string): Promise<void>;
  /** The open report of a task. @throws StoreError */
  readonly of: ReportRows['of'];
  /** Takes a member's name out of all reports. @throws StoreError */
  forget(userId: string): Promise<void>;
  readonly prune: ReportRows['prune'];
  /** Finishes what a restart interrupted, in the guilds that this process serves. Never rejects. */
  resume(): Promise<void>;
}

interface Deps {
  readonly rows: ReportRows;
  readonly ledger: Pick<Ledger, 'find'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly posts: ReportPosts;
  /** Messages with copies, by task. */
  readonly kept: Pick<ReviewCopies, 'keep'>;
  readonly journal: Pick<Journal, 'note'>;
  readonly languageOf: (guildId: string) => Promise<Locale>;
  /** The channel of the moderators, if no one else sees it. @throws RouteClosedError */
  readonly requireHidden: (guildId: string, channelId: string) => Promise<void>;
  /** Whether this process serves a guild. */
  readonly serves: (guildId: string) => boolean;
  /** Ends background work. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly now: () => number;
}

/** A post whose outcome is unknown is looked for after this, ms; the wait doubles up to a minute. */
const seekMs = 1_000;

export function createReports(deps: Deps): Reports {
  const { rows, ledger, posts, serves, signal, log, now } = deps;
  const inOrder = createOrder();
  const settlement = createSettlement(deps);
  const settle = (key: string) => inOrder(key, () => settlement.settle(key));

  /** Until it is known what became of a post. */
  function settleLater(key: string): void {
    retry(() => settle(key), { firstMs: seekMs, signal, ref: false }).catch((error: unknown) => {
      if (!signal.aborted) log.warn({ message: key, err: error }, 'a report could not be looked for');
    });
  }

  return {
    report: (userId, reported) =>
      inOrder(reported.at.messageId, async () => {
        try {
          await report(deps, settlement, userId, reported);
        } catch (error) {
          const row = await rows.get(reported.at.messageId).catch(() => undefined);
          if (row?.posting) settleLater(reported.at.messageId);
          throw error;
        }
      }),
    async of(taskId) {
      const found = await rows.of(taskId);
      if (!found?.[1].posting) return found;
      await settle(found[0]);
      return rows.of(taskId);
    },
    async close({ message: _message, ...row }, key) {
      await rows.set(key, { ...row, closed: now() });
    },
    async forget(userId) {
      for (const row of await rows.forget(userId)) {
        const task = await ledger.find(row.taskId);
        if (!task || !row.message) continue;
        await posts
          .redraw(task, row.message, await lookOf(deps, row))
          .catch((error: unknown) =>
            log.warn({ task: task.id, err: error }, "a reporter's name could not be removed"),
          );
      }
    },
    prune: rows.prune,
    async resume() {
      try {
        for (const [key, { guildId }] of await rows.unsettled()) if (serves(guildId)) settleLater(key);
      } catch (error) {
        log.warn({ err: error }, 'reports could not be read');
      }
    },
  };
}

type Settlement = ReturnType<typeof createSettlement>;

/** From a message that was posted to its record. */
function createSettlement({ rows, posts, kept, journal, ledger, now }: Deps) {
  /** Copies first: they are found when the result is deleted from here on. */
  async function finish(key: string, row: ReportRow, message: Posted): Promise<void> {
    const { guildId, taskId, posting } = row;
    if (!posting) return;
    for (const id of posting.taskIds) await kept.keep(id, message);
    const about = (await ledger.find(taskId))?.origin.userId;
    await journal.note({
      ...{ guildId, act: 'report' as const, at: now(), taskId },
      ...(posting.by !== '' && { by: posting.by }),
      ...(about !== undefined && { about }),
    });
    await rows.change(key, ({ posting: latest, ...others }) => ({
      ...others,
      message,
      reporters: latest?.by ? [...others.reporters, latest.by] : others.reporters,
    }));
  }

  return {
    finish,
    /** Finds out what became of a post whose outcome is unknown. @throws DiscordAPIError; StoreError */
    async settle(key: string): Promise<void> {
      const row = await rows.get(key);
      if (!row?.posting) return;
      const found = await posts.seek(row.posting, row.taskId);
      if (found) return finish(key, row, found);
      await forgetPost(rows, key);
    },
  };
}

/** Nothing was posted. */
async function forgetPost(rows: ReportRows, key: string): Promise<void> {
  await rows.change(key, ({ posting: _posting, ...others }) => others);
}

async function report(deps: Deps, settlement: Settlement, userId: string, reported: Reported): Promise<void> {
  const { rows, settings, journal, requireHidden, log, now } = deps;
  const { guildId, at, tasks } = reported;
  const [task] = tasks;
  const { channel } = (await settings.get(guildId)).review;
  if (!task || channel === undefined) throw new UserError({ key: 'report.error.channel' });
  await settlement.settle(at.messageId);
  const before = await rows.get(at.messageId);
  if (before?.reporters.includes(userId)) throw new UserError({ key: 'report.error.again' });
  await rows.requireRested(guildId, userId);
  const row: ReportRow = { v: 1, guildId, taskId: task.id, since: now(), reporters: [], ...before, at };
  try {
    await requireHidden(guildId, channel);
    const known = await recount(deps, task, row, userId);
    if (known) {
      await rows.set(at.messageId, known);
      await journal.note({
        ...{ guildId, act: 'report' as const, at: now(), by: userId },
        ...{ about: task.origin.userId, taskId: task.id },
      });
    } else await tell(deps, settlement, reported, { row, channelId: channel, by: userId });
  } catch (error) {
    if (classify(error) instanceof RouteClosedError) throw new UserError({ key: 'report.error.unreachable' });
    throw error;
  }
  log.info({ guild: guildId, task: task.id }, 'a result was reported');
}

/** One more member, of whom the message says so. @returns undefined if there is no such message */
async function recount(
  deps: Deps,
  task: Task,
  row: ReportRow,
  userId: string,
): Promise<ReportRow | undefined> {
  const next = { ...row, reporters: [...row.reporters, userId] };
  if (row.closed !== undefined) return next;
  if (!row.message) return undefined;
  return (await deps.posts.redraw(task, row.message, await lookOf(deps, next))) ? next : undefined;
}

interface First {
  readonly row: ReportRow;
  readonly channelId: string;
  /** Id of the member who reports it. */
  readonly by: string;
}

/** Posts a message with copies; that it is about to be posted is persisted first. */
async function tell(
  deps: Deps,
  settlement: Settlement,
  { tasks, files, at }: Reported,
  { row: { message: _gone, ...row }, channelId, by }: First,
): Promise<void> {
  const { rows, posts, now } = deps;
  const taskIds: readonly TaskId[] = tasks.map(({ id }) => id);
  const posting = { channelId, at: now(), by, taskIds };
  const [task] = tasks;
  if (!task) return;
  const look = await lookOf(deps, { ...row, reporters: [...row.reporters, by] });
  const begun: ReportRow = { ...row, posting };
  await rows.set(at.messageId, begun);
  let message: Posted;
  try {
    message = await posts.post(task, files, { look, posting });
  } catch (error) {
    // Discord's own refusal: nothing was posted.
    if (!['later', undefined].includes(refusalOf(error))) await forgetPost(rows, at.messageId);
    throw error;
  }
  await settlement.finish(at.messageId, begun, message);
}

async function lookOf({ languageOf }: Deps, row: ReportRow): Promise<ReportLook> {
  const { guildId, reporters, at } = row;
  return { locale: await languageOf(guildId), reporters, at };
}
