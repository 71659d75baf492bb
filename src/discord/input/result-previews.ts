import { type APIAttachment, type APIMessage, AttachmentFlags, DiscordAPIError, Routes } from 'discord.js';
import PQueue from 'p-queue';
import type { Log } from '../../log.js';
import type { Posted, Task } from '../../tasks/model/task.js';
import { sourcesOf } from '../../tasks/sources/source-images.js';
import { sleep } from '../../util/abort.js';
import { second } from '../../util/time.js';
import type { Rests } from '../rest/clients.js';
import { codeOf } from '../rest/errors.js';
import { sortOf } from './media-kind.js';
import { numberIn } from './numbered-results.js';

/**
 * Why a result can't be shown:
 * - `private`: only its user sees the message, so Easel can't fetch it.
 * - `elsewhere`: it was posted where Easel isn't a member.
 * - `deleted`: the message is gone.
 * - `unreadable`: Easel may not read that channel.
 * - `fileless`: the message has no file that can be shown.
 * - `unloaded`: Discord didn't answer in time, or must not be asked now.
 */
export type PreviewGap = 'private' | 'elsewhere' | 'deleted' | 'unreadable' | 'fileless' | 'unloaded';

/** A posted result's first file, with a link that works now; or why there is none. */
export type Preview =
  | { readonly url: string; readonly spoiler: boolean }
  | { readonly gap: PreviewGap; readonly url?: undefined };

interface Deps {
  readonly rests: Pick<Rests, 'bot'> & { readonly guard: Pick<Rests['guard'], 'hasRoom'> };
  readonly log: Log;
  /** How long a user waits for the files of a page, ms. @default 8 seconds */
  readonly patienceMs?: number;
  readonly random?: () => number;
}

/** Fetches posted results again, because Discord's links expire within a day (docs/discord-notes.md#files). */
export interface ResultPreviews {
  /** One for each task, in the same order. Never rejects. */
  of(tasks: readonly Task[]): Promise<readonly Preview[]>;
}

/** Of the 50 requests a second that Discord allows a bot, all galleries together leave most to orders. */
const pace = { concurrency: 5, intervalCap: 20, interval: second };
/** Requests of one page start this far apart at most, ms. */
const spreadMs = 50;

export function createResultPreviews(deps: Deps): ResultPreviews {
  const { rests, log, patienceMs = 8 * second, random = Math.random } = deps;
  const requests = new PQueue(pace);

  async function fetchMessage(posted: Posted): Promise<APIMessage | PreviewGap> {
    const signal = AbortSignal.timeout(patienceMs);
    try {
      const route = Routes.channelMessage(posted.channelId, posted.messageId);
      return await requests.add(
        async () => {
          await sleep(spreadMs * random(), signal);
          return (await rests.bot.get(route, { signal })) as APIMessage;
        },
        { signal },
      );
    } catch (error) {
      log.info({ ...posted, code: codeOf(error), err: error }, 'a result could not be fetched to be shown');
      return gapOf(error);
    }
  }

  return {
    async of(tasks) {
      const hasRoom = rests.guard.hasRoom();
      // An image and its follow-up video share one message.
      const fetched = new Map<string, Promise<APIMessage | PreviewGap>>();
      const messageOf = (posted: Posted) => {
        const message = fetched.get(posted.messageId) ?? fetchMessage(posted);
        fetched.set(posted.messageId, message);
        return message;
      };
      return Promise.all(
        tasks.map(async (task): Promise<Preview> => {
          const posted = whereabouts(task);
          if (typeof posted === 'string') return { gap: posted };
          if (!hasRoom) return { gap: 'unloaded' };
          const message = await messageOf(posted);
          return typeof message === 'string' ? { gap: message } : previewIn(message, task);
        }),
      );
    },
  };
}

/** The message that Easel can fetch. */
function whereabouts({ state, origin, removed }: Task): Posted | PreviewGap {
  if (state.name !== 'delivered' || removed) return 'deleted';
  if (origin.private) return 'private';
  // Of a user install Easel sees neither the guild's channels nor the conversations of others.
  const isMember = origin.guildId === undefined ? origin.mayPostLater : origin.guildInstalled;
  return isMember ? state.posted : 'elsewhere';
}

/** Unknown message, and unknown channel. Discord docs: "JSON Error Codes". */
const goneCodes: ReadonlySet<number> = new Set([10_008, 10_003]);

function gapOf(error: unknown): PreviewGap {
  if (goneCodes.has(codeOf(error) ?? 0)) return 'deleted';
  return error instanceof DiscordAPIError && error.status === 403 ? 'unreadable' : 'unloaded';
}

/** A video too large for Discord may be represented by a picture. */
function previewIn(message: APIMessage, task: Task): Preview {
  const files = resultsIn(message, task);
  const first = (sort: 'picture' | 'clip') =>
    files.find(({ filename, content_type: type }) => sortOf(filename, type) === sort);
  const file = (task.request.kind === 'video' ? first('clip') : undefined) ?? first('picture');
  return file ? { url: file.url, spoiler: isSpoiler(file) } : { gap: 'fileless' };
}

/**
 * The task's own files: a message may hold those of a whole set, numbered through (`a-red-fox-3.png`),
 * and source images that MPS still needs.
 */
function resultsIn({ attachments }: APIMessage, { request, set }: Task): readonly APIAttachment[] {
  const sources = new Set(sourcesOf(request).flatMap(({ hostedAs }) => hostedAs ?? []));
  const files = attachments.filter(({ id }) => !sources.has(id));
  if (!set) return files;
  const number = set.before + 1;
  return files.filter(({ filename }) => numberIn(filename) === number);
}

/** Discord docs: Message Resource, "Attachment Flags"; the name is the older way (docs/discord-notes.md#files). */
function isSpoiler({ filename, flags }: APIAttachment): boolean {
  return filename.startsWith('SPOILER_') || (Number(flags ?? 0) & AttachmentFlags.IsSpoiler) !== 0;
}
