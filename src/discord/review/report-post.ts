import { type APIMessage, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import { endingOf } from '../../media/formats/declared-type.js';
import type { Fetcher } from '../../media/results/result-fetcher.js';
import type { Kind } from '../../mps/generation-request.js';
import { RouteClosedError, WordsRefusedError } from '../../tasks/delivery/delivery-port.js';
import type { Posted, Task, TaskId } from '../../tasks/model/task.js';
import { minute } from '../../util/time.js';
import { hasButton, search, snowflakeAt } from '../delivery/history-search.js';
import { copyNames } from '../input/media-kind.js';
import type { Rests } from '../rest/clients.js';
import { classify, isClosed, refusalOf } from '../rest/route-errors.js';
import type { UploadLimits } from '../rest/upload-limits.js';
import { type NamedFile, upload } from '../rest/uploads.js';
import { customId } from '../views/custom-ids.js';
import { drawReport, type ReportLook } from './report-message.js';
import type { Posting } from './report-rows.js';

/** A file of a reported message, as Discord has it. */
export interface ReportedFile {
  readonly url: string;
  readonly kind: Kind;
}

interface Deps {
  readonly rests: Pick<Rests, 'bot' | 'uploads'>;
  readonly limits: Pick<UploadLimits, 'of'>;
  /** Downloads from Discord alone. */
  readonly copies: Fetcher;
  readonly log: Log;
  readonly now: () => number;
}

/** Messages about reports in moderators' channels. */
export interface ReportPosts {
  /** Posts with a copy of the files, as far as they can be had. @throws DiscordAPIError; RouteClosedError */
  post(
    task: Task,
    files: readonly ReportedFile[],
    letter: { readonly look: ReportLook; readonly posting: Posting },
  ): Promise<Posted>;
  /** The message that an interrupted post may have left. */
  seek(posting: Posting, taskId: TaskId): Promise<Posted | undefined>;
  /** @returns false if the message is gone. */
  redraw(task: Task, message: Posted, look: ReportLook): Promise<boolean>;
}

/** How long a file of a reported message is tried, ms. */
const copyPatienceMs = minute;
/** Longest time from persisting the start of a post until it can no longer arrive, with clocks that differ, ms. */
const longestPostMs = 17 * minute;

export function createReportPosts(deps: Deps): ReportPosts {
  const { rests } = deps;
  return {
    post: (task, files, letter) => post(deps, task, files, letter),
    async seek({ channelId, at }, taskId) {
      const mark = customId('dismiss', taskId);
      const window = { after: snowflakeAt(at - minute), before: snowflakeAt(at + longestPostMs) };
      try {
        const found = await search(rests.bot, channelId, window, (one) => hasButton(one, mark));
        return found && { channelId, messageId: found.id };
      } catch (error) {
        if (isClosed(error)) return undefined;
        throw error;
      }
    },
    redraw: (task, message, look) => redraw(deps, task, message, look),
  };
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
  readonly posting: Posting;
}

async function post(
  deps: Deps,
  task: Task,
  reported: readonly ReportedFile[],
  { look, posting }: Letter,
): Promise<Posted> {
  const { copies } = deps;
  const files = await copied(deps, task, reported);
  try {
    return await send(deps, task, files, { look, posting });
  } catch (error) {
    const known = classify(error);
    if (known instanceof WordsRefusedError)
      return await send(deps, task, files, { look: { ...look, wordless: true }, posting });
    // Its files are refused, or too large after all: the link remains.
    if (known instanceof RouteClosedError || files.length === 0) throw error;
    return await send(deps, task, [], { look, posting });
  } finally {
    await copies.discard(files);
  }
}

async function send(
  { rests }: Deps,
  task: Task,
  files: readonly FetchedFile[],
  { look, posting }: Letter,
): Promise<Posted> {
  const card = drawReport(task, { ...look, noCopy: files.length === 0 });
  // A request is sent again if nothing is heard; the nonce of an earlier message must not return that one.
  const nonce = `q${posting.at.toString(36)}${BigInt(look.at.messageId).toString(36)}`;
  const body = { ...card, nonce, enforce_nonce: true };
  const path = Routes.channelMessages(posting.channelId);
  const named = files.map(
    (file, index): NamedFile => ({
      file,
      name: `${copyNames.report}-${index + 1}.${endingOf(file.type)}`,
      description: '',
    }),
  );
  const sent =
    named.length === 0
      ? rests.bot.post(path, { body })
      : upload(body, named, (request) => rests.uploads.post(path, request));
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
