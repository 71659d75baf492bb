import { type APIMessage, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import { RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Rests } from '../rest/clients.js';
import { refusalOf } from '../rest/route-errors.js';

/** How often files that didn't arrive are sent again by an edit. */
export const mostRepairs = 2;

/**
 * True if a message has as many files as expected. Discord can answer 200 and keep none
 * (docs/discord-notes.md#files), so only its response proves that they arrived. Sizes aren't compared: Discord may
 * rewrite a file's metadata.
 */
export function holds(message: Pick<APIMessage, 'attachments'>, files: number): boolean {
  return (message.attachments ?? []).filter(({ size }) => size > 0).length >= files;
}

/** What was posted, and how to put it into that message again. */
export interface Arriving {
  readonly message: APIMessage;
  /** Files it should have, including earlier ones. */
  readonly files: number;
  repair(message: APIMessage): Promise<APIMessage>;
  /**
   * Deletes a message that remains without its files; an answer is left, because other messages show what became of
   * it.
   */
  readonly takeBack?: (message: APIMessage) => Promise<unknown>;
}

/**
 * The message once Discord has all of its files.
 * @throws RouteClosedError if some are still missing after two more tries; errors of `repair`.
 */
export async function arrived({ message, files, repair, takeBack }: Arriving, log: Log): Promise<APIMessage> {
  const leave = (empty: APIMessage) =>
    takeBack?.(empty).catch((err: unknown) =>
      log.info({ err }, 'a message without files could not be deleted'),
    );
  let latest = message;
  for (let repairs = 0; !holds(latest, files); repairs++) {
    const details = { message: latest.id, wanted: files, there: latest.attachments?.length ?? 0 };
    log.warn(details, 'Discord accepted a message without all of its files');
    if (repairs === mostRepairs) {
      await leave(latest);
      throw new RouteClosedError('Discord accepts messages here but drops their files.');
    }
    latest = await repair(latest).catch(async (error: unknown) => {
      // The next route posts its own message: an empty one here would only confuse.
      if (refusalOf(error) === 'closed') await leave(latest);
      throw error;
    });
  }
  return latest;
}

/** Deletes one of the bot's messages. */
export function deleteOwn({ bot }: Pick<Rests, 'bot'>) {
  return ({ channel_id: channelId, id }: APIMessage) => bot.delete(Routes.channelMessage(channelId, id));
}
