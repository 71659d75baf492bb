import {
  type APIChannel,
  type APIMessage,
  type APIThreadChannel,
  DiscordAPIError,
  Routes,
  SnowflakeUtil,
} from 'discord.js';
import { minute } from '../../util/time.js';
import { search } from '../delivery/history-search.js';
import type { Rests } from '../rest/clients.js';
import { type NamedFile, type Upload, upload } from '../rest/uploads.js';
import type { Place } from './place.js';
import type { ShowcaseCard } from './showcase-card.js';

/** A post in the showcase. */
export interface Post {
  /** The channel of the message; in a forum the post's thread. */
  readonly channelId: string;
  readonly messageId: string;
  /** The forum or media channel of that thread. */
  readonly forumId?: string | undefined;
}

/** What is to be posted. */
export interface Draft {
  readonly card: ShowcaseCard;
  /** Of the thread, in a forum. */
  readonly title: string;
  readonly files: readonly NamedFile[];
  /** At most 25 characters: Discord gives a message with the same one back instead of posting it twice. */
  readonly nonce: string;
}

/** Posts to the showcase, and takes down. All throw DiscordAPIError. */
export interface Poster {
  post(place: Place, draft: Draft): Promise<Post>;
  /** A post with a link to this address since then (ms since the epoch); undefined if there is none. */
  find(place: Place, guildId: string, link: string, since: number): Promise<Post | undefined>;
  edit(post: Post, card: ShowcaseCard): Promise<void>;
  /** @param title what a thread is called once it is empty, where Easel may not delete it. */
  remove(post: Post, title: string): Promise<void>;
}

const archiveMinutes = 4_320;

export function createPoster({ bot, uploads }: Pick<Rests, 'bot' | 'uploads'>): Poster {
  return {
    async post(place, { card, title, files, nonce }) {
      if (place.takes === 'posts') {
        const tags = place.tag === undefined ? {} : { applied_tags: [place.tag] };
        const body = { name: title, auto_archive_duration: archiveMinutes, message: card, ...tags };
        const path = Routes.threads(place.channelId);
        // The files belong to the message inside the body. Discord docs: "Start Thread in Forum or Media Channel".
        const inThread = (message: object) => ({ ...body, message });
        const post = (request: Upload) => uploads.post(path, request);
        const thread = (await upload(body.message, files, post, inThread)) as APIThreadChannel;
        return { channelId: thread.id, messageId: thread.id, forumId: place.channelId };
      }
      const body = { ...card, nonce, enforce_nonce: true };
      const path = Routes.channelMessages(place.channelId);
      const sent = await upload(body, files, (request) => uploads.post(path, request));
      return { channelId: place.channelId, messageId: (sent as APIMessage).id };
    },
    async find(place, guildId, link, since) {
      const isIt = (message: APIMessage) => JSON.stringify(message.components ?? []).includes(`"${link}"`);
      if (place.takes === 'posts') return findThread(bot, place, guildId, isIt);
      const after = String(SnowflakeUtil.generate({ timestamp: Math.max(0, since - minute) }));
      const found = await search(bot, place.channelId, { after }, isIt);
      return found && { channelId: place.channelId, messageId: found.id };
    },
    async edit({ channelId, messageId }, card) {
      await bot.patch(Routes.channelMessage(channelId, messageId), { body: card });
    },
    async remove({ channelId, messageId, forumId }, title) {
      try {
        if (forumId !== undefined) return void (await bot.delete(Routes.channel(channelId)));
        await bot.delete(Routes.channelMessage(channelId, messageId));
      } catch (error) {
        if (isGone(error)) return;
        if (forumId === undefined || !isForbidden(error)) throw error;
        await empty(bot, { channelId, messageId }, title);
      }
    },
  };
}

/** Its own message Easel may always delete, and its own thread rename and archive. */
async function empty(bot: Rests['bot'], { channelId, messageId }: Post, title: string): Promise<void> {
  await bot.delete(Routes.channelMessage(channelId, messageId)).catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
  await bot.patch(Routes.channel(channelId), { body: { name: title, archived: true } });
}

async function findThread(
  bot: Rests['bot'],
  { channelId }: Place,
  guildId: string,
  isIt: (message: APIMessage) => boolean,
): Promise<Post | undefined> {
  const { threads } = (await bot.get(Routes.guildActiveThreads(guildId))) as { threads: APIChannel[] };
  for (const { id } of threads.filter((thread) => 'parent_id' in thread && thread.parent_id === channelId)) {
    const first = await bot.get(Routes.channelMessage(id, id)).catch(() => undefined);
    if (first && isIt(first as APIMessage)) return { channelId: id, messageId: id, forumId: channelId };
  }
  return undefined;
}

function isGone(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 404;
}

function isForbidden(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 403;
}
