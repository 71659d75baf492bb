import { type APIMessage, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import type { SourceImage } from '../../mps/generation-request.js';
import type { Rests } from '../rest/clients.js';
import { codeOf } from '../rest/errors.js';
import { bareLink, picturesOf } from './message-images.js';

/**
 * Refreshes the link of an image: Discord CDN links answer 403 or 404 once expired, and the message that shows the
 * image has a valid one (docs/discord-notes.md#files).
 */
export function createFreshLinks({ rests, cdn, log }: { rests: Pick<Rests, 'bot'>; cdn: string; log: Log }) {
  /** @returns undefined if the image belongs to no message, or the message can't be read. Never throws. */
  return async ({ url, uploaded = url, from }: SourceImage): Promise<string | undefined> => {
    if (!from) return undefined;
    try {
      const route = Routes.channelMessage(from.channelId, from.messageId);
      const message = (await rests.bot.get(route)) as APIMessage;
      const known = bareLink(uploaded);
      return shownIn(message, cdn).find((url) => bareLink(url) === known);
    } catch (error) {
      log.info({ ...from, code: codeOf(error), err: error }, 'an image could not be found in Discord again');
      return undefined;
    }
  };
}

/** Links to the pictures and clips of a message, also of one that it forwards. */
function shownIn(message: APIMessage, cdn: string): string[] {
  const forwarded = message.message_snapshots?.flatMap(({ message: { attachments } }) => attachments) ?? [];
  const files = [...message.attachments, ...forwarded].map(({ url }) => url);
  return [...picturesOf(message, cdn).map(({ url }) => url), ...files];
}
