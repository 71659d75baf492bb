import { type APIMessage, type RouteLike, Routes } from 'discord.js';
import { RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Origin } from '../../tasks/model/task.js';
import type { Rests } from '../rest/clients.js';
import { type NamedFile, type UploadBody, upload } from '../rest/uploads.js';

/** The answer message: of an interaction, by its token, or Easel's reply to a mention. */
export interface Answers {
  /**
   * Replaces its content.
   * @throws RouteClosedError if it can't be reached; DiscordAPIError.
   */
  edit(origin: Origin, body: UploadBody, files: readonly NamedFile[]): Promise<APIMessage>;
  /** What is in it. @throws as `edit`. */
  fetch(origin: Origin): Promise<APIMessage>;
}

export function createAnswers({ answers, bot, uploads }: Rests): Answers {
  return {
    async edit(origin, body, files) {
      const { route, auth } = placeOf(origin);
      const message = await (files.length > 0
        ? upload(body, files, (request) => uploads.patch(route, { ...request, auth }))
        : (auth ? bot : answers).patch(route, { body, auth }));
      return message as APIMessage;
    },
    async fetch(origin) {
      const { route, auth } = placeOf(origin);
      return (await (auth ? bot : answers).get(route, { auth })) as APIMessage;
    },
  };
}

/** `auth`: true if it needs the bot's token. */
function placeOf(origin: Origin): { route: RouteLike; auth: boolean } {
  const { applicationId, token, replyAs, channelId, messageId } = origin;
  if (token) return { route: Routes.webhookMessage(applicationId, token, '@original'), auth: false };
  if (replyAs && messageId) return { route: Routes.channelMessage(channelId, messageId), auth: true };
  throw new RouteClosedError('The answer has no token.');
}
