import { type APIMessage, Routes } from 'discord.js';
import { UserError } from '../../errors.js';
import type { Settings } from '../../guilds/settings.js';
import type { Locale } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import { endingOf } from '../../media/formats/declared-type.js';
import type { Fetcher } from '../../media/results/result-fetcher.js';
import type { Journal } from '../../moderation/journal.js';
import type { Kind } from '../../mps/generation-request.js';
import { RouteClosedError, WordsRefusedError } from '../../tasks/delivery/delivery-port.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Posted, Task } from '../../tasks/model/task.js';
import { createOrder } from '../../util/keyed-lock.js';
import { minute } from '../../util/time.js';
import { copyNames } from '../input/media-kind.js';
import type { Rests } from '../rest/clients.js';
import { classify, isClosed, refusalOf } from '../rest/route-errors.js';
import type { UploadLimits } from '../rest/upload-limits.js';
import { type NamedFile, upload } from '../rest/uploads.js';
import { drawReport, type ReportLook } from './report-message.js';
import type { ReportRow, ReportRows } from './report-rows.js';
import type { ReviewCopies } from './review-copies.js';

/** A file of a reported message, as Discord has it. */
export interface ReportedFile {
  readonly url: string;
  readonly kind: Kind;
}

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
}

interface Deps {
  readonly rows: ReportRows;
  readonly ledger: Pick<Ledger, 'find'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly rests: Pick<Rests, 'bot' | 'uploads'>;
  readonly limits: Pick<UploadLimits, 'of'>;
  /** Downloads from Discord alone. */
  readonly copies: Fetcher;
  /** Messages with copies, by task. */
  readonly kept: Pick<ReviewCopies, 'keep'>;
  readonly journal: Pick<Journal, 'note'>;
  readonly languageOf: (guildId: string) => Promise<Locale>;
  readonly log: Log;
  readonly now: () => number;
}

/** How long a file of a reported message is tried, ms. */
const copyPatienceMs = minute;

export function createReports(deps: Deps): Reports {
  const { rows, ledger, settings, kept, journal, log, now } = deps;
  const inOrder = createOrder();

  async function report(userId: string, reported: Reported): Promise<void> {
    const { guildId, at, tasks } = reported;
    const [task] = tasks;
    const { channel } = (await settings.get(guildId)).review;
    if (!task || channel === undefined) throw new UserError({ key: 'report.error.channel' });
    const before = await rows.get(at.messageId);
    if (before?.reporters.includes(userId)) throw new UserError({ key: 'report.error.again' });
    await rows.requireRested(guildId, userId);
    const reporters = [...(before?.reporters ?? []), userId];
    const row: ReportRow = { v: 1, guildId, taskId: task.id, since: now(), ...before, at, reporters };
    const message = await tell(task, { reported, row, channel });
    await rows.set(at.messageId, { ...row, ...(message && { message }) });
    if (message) for (const one of tasks) await kept.keep(one, message);
    await journal.note({
      guildId,
      act: 'report',
      at: now(),
      by: userId,
      about: task.origin.userId,
      taskId: task.id,
    });
    log.info({ guild: guildId, task: task.id }, 'a result was reported');
  }

  /** @returns the message about it; undefined if moderators have closed the report. */
  async function tell(
    task: Task,
    {
      reported,
      row,
      channel,
    }: { readonly reported: Reported; readonly row: ReportRow; readonly channel: string },
  ): Promise<Posted | undefined> {
    if (row.closed !== undefined) return undefined;
    const look = await lookOf(deps, row);
    try {
      if (row.message && (await redraw(deps, task, row.message, look))) return row.message;
      return await post(deps, task, reported, { look, channel });
    } catch (error) {
      if (classify(error) instanceof RouteClosedError)
        throw new UserError({ key: 'report.error.unreachable' });
      throw error;
    }
  }

  return {
    report: (userId, reported) => inOrder(reported.at.messageId, () => report(userId, reported)),
    of: rows.of,
    async close({ message: _message, ...row }, key) {
      await rows.set(key, { ...row, closed: now() });
    },
    async forget(userId) {
      for (const row of await rows.forget(userId)) {
        const task = await ledger.find(row.taskId);
        if (!task || !row.message) continue;
        await redraw(deps, task, row.message, await lookOf(deps, row)).catch((error: unknown) =>
          log.warn({ task: task.id, err: error }, "a reporter's name could not be removed"),
        );
      }
    },
    prune: rows.prune,
  };
}

async function lookOf({ languageOf }: Deps, { guildId, reporters, at }: ReportRow): Promise<ReportLook> {
  return { locale: await languageOf(guildId), reporters, at };
}

/** @returns false if the message is gone. */
async function redraw(
  { rests }: Deps,
  task: Task,
  { channelId, messageId }: Posted,
  look: ReportLook,
): Promise<boolean> {
  const edit = (wordless: boolean) =>
    rests.bot.patch(Routes.channelMessage(channelId, messageId), {
      body: drawReport(task, { ...look, wordless }),
    });
  try {
    await edit(false).catch((error: unknown) => {
      if (refusalOf(error) !== 'words') throw error;
      return edit(true);
    });
    return true;
  } catch (error) {
    if (isClosed(error)) return false;
    throw error;
  }
}

interface Letter {
  readonly look: ReportLook;
  readonly channel: string;
}

async function post(deps: Deps, task: Task, reported: Reported, { look, channel }: Letter): Promise<Posted> {
  const { copies } = deps;
  const files = await copied(deps, task, reported.files);
  try {
    return await send(deps, task, files, { look, channel });
  } catch (error) {
    const known = classify(error);
    if (known instanceof WordsRefusedError)
      return await send(deps, task, files, { look: { ...look, wordless: true }, channel });
    // Its files are refused, or too large after all: the link remains.
    if (known instanceof RouteClosedError || files.length === 0) throw error;
    return await send(deps, task, [], { look, channel });
  } finally {
    await copies.discard(files);
  }
}

async function send(
  { rests }: Deps,
  task: Task,
  files: readonly FetchedFile[],
  { look, channel }: Letter,
): Promise<Posted> {
  const card = drawReport(task, { ...look, noCopy: files.length === 0 });
  // Discord sends a request again if it hears nothing; two members at once are served in turn.
  const nonce = `q${BigInt(look.at.messageId).toString(36)}`;
  const body = { ...card, nonce, enforce_nonce: true };
  const path = Routes.channelMessages(channel);
  const named = files.map(
    (file, index): NamedFile => ({
      file,
      name: `${copyNames.report}-${index + 1}.${endingOf(file.type)}`,
      description: '',
    }),
  );
  const sent =
    named.length === 0 ? rests.bot.post(path, { body }) : rests.uploads.post(path, await upload(body, named));
  const { id, channel_id: channelId } = (await sent) as APIMessage;
  return { channelId, messageId: id };
}

/** The files of the message as far as they fit; none if they can't be had. */
async function copied(
  { copies, limits, log, now }: Deps,
  task: Task,
  files: readonly ReportedFile[],
): Promise<readonly FetchedFile[]> {
  const limit = await limits.of(task.origin, 'channel');
  const kinds = (['image', 'video'] as const).map((kind) => ({
    kind,
    urls: files.filter((file) => file.kind === kind).map(({ url }) => url),
  }));
  const found: FetchedFile[] = [];
  for (const { kind, urls } of kinds) {
    if (urls.length === 0) continue;
    const results = { taskId: task.id, kind, urls, until: now() + copyPatienceMs };
    try {
      found.push(
        ...(await copies.fetch(results, { signal: AbortSignal.timeout(copyPatienceMs), believeMs: 0 })),
      );
    } catch (error) {
      log.info({ task: task.id, err: error }, 'a reported result could not be copied');
    }
  }
  const large = found.filter(({ bytes }) => bytes > limit);
  await copies.discard(large);
  return found.filter(({ bytes }) => bytes <= limit);
}
