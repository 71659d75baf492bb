import { type APIMessage, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import { RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Rests } from '../rest/clients.js';
import { refusalOf } from '../rest/route-errors.js';

/** Edits by which files that did not arrive are sent once more. */
const mostRepairs = 2;

/**
 * Whether a message holds as many files as it should. Discord can answer 200 and keep none of them
 * (docs/discord-notes.md#files), so only the answer proves that they are there. Sizes are not compared: Discord may rewrite
 * a file's metadata.
 */
export function holds(message: Pick<APIMessage, 'attachments'>, files: number): boolean {
  return (message.attachments ?? []).filter(({ size }) => size > 0).length >= files;
}

/** What was posted, and how the same is put into that message once more. */
export interface Arriving {
  readonly message: APIMessage;
  /** Files that it should hold, those it had before included. */
  readonly files: number;
  repair(message: APIMessage): Promise<APIMessage>;
  /** Takes back a message that stays without its files; an answer is left, for others show what became of it. */
  readonly takeBack?: (message: APIMessage) => Promise<unknown>;
}

/**
 * The message, once Discord has all of its files.
 * @throws RouteClosedError if it still lacks some after two more tries; what `repair` throws.
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
      // The next route posts its own: an empty one here would only be in the way.
      if (refusalOf(error) === 'closed') await leave(latest);
      throw error;
    });
  }
  return latest;
}

/** Deletes a message of the bot's own. */
export function deleteOwn({ bot }: Pick<Rests, 'bot'>) {
  return ({ channel_id: channelId, id }: APIMessage) => bot.delete(Routes.channelMessage(channelId, id));
}
