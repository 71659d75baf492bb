import {
  type APIMessage,
  ComponentType,
  DiscordAPIError,
  type RESTPostAPICurrentUserCreateDMChannelResult,
  Routes,
} from 'discord.js';
import type { Log } from '../log.js';
import type { FetchedFile } from '../media/fetch.js';
import { type Delivery, RouteClosedError, TooLargeError } from '../tasks/delivery.js';
import { sourcesOf } from '../tasks/preparation.js';
import { isAlive, type Origin, type Posted, type Route, type Task } from '../tasks/task.js';
import type { Card, Cards } from './cards.js';
import { parseCustomId } from './custom-id.js';
import { createEdits } from './edits.js';
import { clip } from './escape.js';
import { fileName } from './file-name.js';
import { codeOf, multipart, type NamedFile, type Rests } from './rest.js';

interface Deps {
  readonly rests: Rests;
  readonly cards: Cards;
  readonly log: Log;
  readonly now: () => number;
}

/** Longest attachment description, UTF-16 units. */
const maxDescription = 1024;
/** Pages of 100 messages that are searched for an earlier post. */
const pagesSearched = 5;

/** Hands outcomes over in Discord: by editing the answer, in the channel, in a direct message. */
export function createDelivery({ rests, cards, log, now }: Deps): Delivery {
  const edits = createEdits();

  async function editAnswer(task: Task, card: Card, files: readonly NamedFile[]): Promise<APIMessage> {
    const { applicationId, token } = task.origin;
    if (!token) throw new RouteClosedError('The answer has no token.');
    const route = Routes.webhookMessage(applicationId, token, '@original');
    const message = await (files.length > 0
      ? rests.uploads.patch(route, { body: await multipart(card, files), passThroughBody: true, auth: false })
      : rests.answers.patch(route, { body: { ...card, attachments: hostedBy(task) }, auth: false }));
    return message as APIMessage;
  }

  /** A message of its own: it mentions the asker, and only them, since no answer of theirs is edited. */
  async function send(
    task: Task,
    channelId: string,
    card: Card,
    files: readonly NamedFile[],
    kind: 'r' | 'f' | 'n',
  ): Promise<Posted> {
    const { origin } = task;
    const body = {
      ...card,
      content: clip(`<@${origin.userId}>\n${card.content}`, 2000),
      allowed_mentions: { parse: [], users: [origin.userId], replied_user: false },
      nonce: nonce(kind, task),
      enforce_nonce: true,
      ...replyTo(origin, channelId),
    };
    const route = Routes.channelMessages(channelId);
    const message = await (files.length > 0
      ? rests.uploads.post(route, { body: await multipart(body, files), passThroughBody: true })
      : rests.bot.post(route, { body }));
    return posted(message as APIMessage);
  }

  async function directChannel(userId: string): Promise<string> {
    const body = { recipient_id: userId };
    const channel = (await rests.bot.post(Routes.userChannels(), {
      body,
    })) as RESTPostAPICurrentUserCreateDMChannelResult;
    return channel.id;
  }

  async function channelOf(task: Task, route: Route): Promise<string> {
    return route === 'direct' ? directChannel(task.origin.userId) : task.origin.channelId;
  }

  async function postBy(task: Task, route: Route, files: readonly FetchedFile[]): Promise<Posted> {
    const card = cards.draw(task);
    const named = nameFiles(task, files);
    if (route === 'answer') return posted(await editAnswer(task, card, named));
    return send(task, await channelOf(task, route), card, named, files.length > 0 ? 'r' : 'f');
  }

  return {
    async show(task, progress) {
      const { id } = task;
      if ((task.origin.tokenExpiresAt ?? 0) <= now()) return;
      try {
        await edits.draw(id, async () => void (await editAnswer(task, cards.draw(task, progress), [])));
      } catch (error) {
        log.debug({ task: id, err: error }, 'a card could not be drawn');
      }
    },

    async host(task, images) {
      const { applicationId, token = '' } = task.origin;
      const named = images.map((file, at) => ({
        file,
        name: fileName('source', file.type, at + 1),
        description: '',
      }));
      const route = Routes.webhookMessage(applicationId, token, '@original');
      try {
        const message = (await edits.make(task.id, async () => {
          const body = await multipart({ ...cards.draw(task), attachments: hostedBy(task) }, named);
          return rests.answers.patch(route, { body, passThroughBody: true, auth: false });
        })) as APIMessage;
        // Discord lists what was there before, then what is new.
        return message.attachments.slice(-images.length).map(({ id, url }) => ({ url, hostedAs: id }));
      } catch (error) {
        throw classify(error, 'answer');
      }
    },

    async post(task, route, files) {
      try {
        return await edits.make(task.id, () => postBy(task, route, files));
      } catch (error) {
        throw classify(error, route);
      }
    },

    async seek(task, route) {
      try {
        if (route === 'answer') return await seekAnswer(task);
        if (route === 'channel' && !task.origin.mayReadHistory) return undefined;
        return await seekMessage(task, await channelOf(task, route));
      } catch (error) {
        if (isClosed(codeOf(error), route)) return undefined;
        throw error;
      }
    },

    async answered(task) {
      try {
        return posted(await fetchAnswer(task));
      } catch (error) {
        if (isClosed(codeOf(error), 'answer')) return false;
        log.warn({ task: task.id, err: error }, 'an answer could not be looked for');
        return undefined;
      }
    },

    async tellLate(task) {
      try {
        const card = cards.draw(task);
        if ((task.origin.tokenExpiresAt ?? 0) > now())
          await edits.make(task.id, () => editAnswer(task, card, []));
        else await send(task, await channelOf(task, laterRoute(task.origin)), card, [], 'n');
      } catch (error) {
        log.warn({ task: task.id, err: error }, 'a person could not be told that their task takes long');
      }
    },
  };

  async function fetchAnswer({ origin }: Task): Promise<APIMessage> {
    if (!origin.token) throw new RouteClosedError('The answer has no token.');
    const route = Routes.webhookMessage(origin.applicationId, origin.token, '@original');
    return (await rests.answers.get(route, { auth: false })) as APIMessage;
  }

  async function seekAnswer(task: Task): Promise<Posted | undefined> {
    const message = (await fetchAnswer(task).catch(unlessClosed)) ?? (await fetchAnswerAsBot(task));
    return message && isOutcome(message, task) ? posted(message) : undefined;
  }

  /** An answer outlives its token: what was posted in the last moment is still to be seen in the channel. */
  async function fetchAnswerAsBot({ origin }: Task): Promise<APIMessage | undefined> {
    if (origin.private || !origin.messageId || !origin.mayReadHistory) return undefined;
    return (await rests.bot.get(Routes.channelMessage(origin.channelId, origin.messageId))) as APIMessage;
  }

  async function seekMessage(task: Task, channelId: string): Promise<Posted | undefined> {
    let after = task.origin.eventId;
    for (let page = 0; page < pagesSearched; page++) {
      const query = new URLSearchParams({ after, limit: '100' });
      const messages = (await rests.bot.get(Routes.channelMessages(channelId), { query })) as APIMessage[];
      const found = messages.find((message) => isOutcome(message, task));
      if (found) return posted(found);
      const [newestOne] = messages;
      if (!newestOne || messages.length < 100) return undefined;
      after = newestOne.id;
    }
    return undefined;
  }
}

/** Codes by which Discord says that a token is dead: the answer is out of reach for good (facts/discord.md). */
const deadToken: ReadonlySet<number> = new Set([401, 404, 10_008, 10_015, 10_062, 50_027]);
const tooLarge: ReadonlySet<number> = new Set([413, 40_005, 50_045]);

/** Whether trying this route once more is of no use. */
function isClosed(code: number | undefined, route: Route): boolean {
  if (code === undefined) return false;
  if (route === 'answer' && deadToken.has(code)) return true;
  // Whatever else Discord refuses (a permission gone, a channel deleted, direct messages closed) stays refused.
  return code >= 10_000 || (code >= 400 && code < 429) || (code > 429 && code < 500);
}

/** Nothing, where the answer's token is dead; any other error goes on. */
function unlessClosed(error: unknown): undefined {
  if (error instanceof RouteClosedError || isClosed(codeOf(error), 'answer')) return undefined;
  throw error;
}

function classify(error: unknown, route: Route): unknown {
  const code = codeOf(error);
  const status = error instanceof DiscordAPIError ? error.status : undefined;
  if (code !== undefined && (tooLarge.has(code) || status === 413))
    return new TooLargeError(undefined, { cause: error });
  if (isClosed(code, route)) return new RouteClosedError(`Discord refused with ${code}.`, { cause: error });
  return error;
}

/** A message bears the task's outcome if one of its buttons speaks of the task. */
function isOutcome(message: APIMessage, task: Task): boolean {
  return (message.components ?? []).some(
    (row) =>
      row.type === ComponentType.ActionRow &&
      row.components.some(
        (button) => 'custom_id' in button && parseCustomId(button.custom_id)?.id === task.id,
      ),
  );
}

/** Images that the answer hosts for MPS: an edit drops what it does not list. An outcome needs them no more. */
function hostedBy({ request, state }: Task): { id: string }[] {
  if (!isAlive(state) || state.name === 'delivering') return [];
  return sourcesOf(request).flatMap(({ hostedAs }) => (hostedAs === undefined ? [] : [{ id: hostedAs }]));
}

function nameFiles(task: Task, files: readonly FetchedFile[]): NamedFile[] {
  const { prompt } = task.request;
  const description = clip(prompt, maxDescription);
  return files.map((file, index) => ({ file, name: fileName(prompt, file.type, index + 1), description }));
}

/** At most 25 characters, and another one for each message of a task: `r1146…023.1`. */
function nonce(kind: 'r' | 'f' | 'n', task: Task): string {
  return `${kind}${task.id.replace(':', '.')}`;
}

function replyTo(origin: Origin, channelId: string): object {
  if (!origin.messageId || !origin.mayReadHistory || channelId !== origin.channelId) return {};
  return { message_reference: { message_id: origin.messageId, fail_if_not_exists: false } };
}

function laterRoute(origin: Origin): Route {
  return !origin.private && origin.mayPostLater ? 'channel' : 'direct';
}

function posted(message: APIMessage): Posted {
  return { channelId: message.channel_id, messageId: message.id };
}
