import { type APIMessage, ComponentType, Routes } from 'discord.js';
import { RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import { endsInWords } from '../../tasks/model/state-machine.js';
import type { Posted, Route, Task } from '../../tasks/model/task.js';
import type { Rests } from '../rest/clients.js';
import { isClosed } from '../rest/route-errors.js';
import { customId } from '../views/custom-ids.js';
import type { Answers } from './answer-message.js';
import { search, type Window, windowOfAnswer, windowOfPost } from './history-search.js';
import { holds } from './missing-attachments.js';

/** Looks for what an interrupted step may have left in Discord. Errors may be temporary: try again later. */
export interface DeliveryLookup {
  /** The task's outcome on one route; undefined if there is none, or none that Easel may see. */
  outcome(task: Task, route: Exclude<Route, 'kept'>): Promise<Posted | undefined>;
  /**
   * The answer to the event; false if Discord knows of none.
   * @throws RouteClosedError if it can't be determined: the token has expired and the channel isn't visible.
   */
  answer(task: Task): Promise<Posted | false>;
  /**
   * Easel's reply to the mention.
   * @throws DiscordAPIError if the channel can't be read.
   */
  reply(task: Task): Promise<Posted | undefined>;
}

interface Deps {
  readonly rests: Pick<Rests, 'bot'>;
  readonly answers: Answers;
  /** Where a route's messages are. */
  readonly channelOf: (task: Task, route: Route) => Promise<string>;
}

export function createDeliveryLookup({ rests, answers, channelOf }: Deps): DeliveryLookup {
  async function outcomeInAnswer(task: Task): Promise<Posted | undefined> {
    const message =
      (await answers.fetch(task.origin).catch(unlessClosed)) ?? (await fetchAnswerAsBot(rests.bot, task));
    return message && isOutcome(message, task) ? posted(message) : undefined;
  }

  async function find(channelId: string, window: Window, isIt: (message: APIMessage) => boolean) {
    const message = await search(rests.bot, channelId, window, isIt);
    return message && posted(message);
  }

  /**
   * Judged by the channel. The token proves nothing: expired tokens can return every code that a never-answered one
   * returns.
   */
  async function answerInChannel(task: Task, error: unknown): Promise<Posted | false> {
    const { origin } = task;
    if (origin.private || !origin.mayReadHistory)
      throw new RouteClosedError('The token is invalid, and the answer cannot be found elsewhere.', {
        cause: error,
      });
    try {
      const answers = (message: APIMessage) => message.interaction_metadata?.id === origin.eventId;
      return (await find(origin.channelId, windowOfAnswer(task), answers)) ?? false;
    } catch (cause) {
      if (isClosed(cause)) throw new RouteClosedError('The channel is not visible.', { cause });
      throw cause;
    }
  }

  return {
    async outcome(task, route) {
      try {
        if (route === 'answer') return await outcomeInAnswer(task);
        if (route === 'channel' && !task.origin.mayReadHistory) return undefined;
        return await find(await channelOf(task, route), windowOfPost(task), (message) =>
          isOutcome(message, task),
        );
      } catch (error) {
        if (isClosed(error)) return undefined;
        throw error;
      }
    },
    reply(task) {
      const { replyAs, eventId, channelId, mayReadHistory } = task.origin;
      if (!mayReadHistory) return Promise.resolve(undefined);
      // It may have been sent when the message arrived, or after any restart since.
      return find(
        channelId,
        { after: eventId },
        ({ author, message_reference: asked }) => author.id === replyAs && asked?.message_id === eventId,
      );
    },
    async answer(task) {
      try {
        return posted(await answers.fetch(task.origin));
      } catch (error) {
        if (isClosed(error)) return answerInChannel(task, error);
        throw error;
      }
    },
  };
}

/** An answer outlives its token: one posted at the last moment is still visible in the channel. */
async function fetchAnswerAsBot(bot: Rests['bot'], { origin }: Task): Promise<APIMessage | undefined> {
  if (origin.private || !origin.messageId || !origin.mayReadHistory) return undefined;
  return (await bot.get(Routes.channelMessage(origin.channelId, origin.messageId))) as APIMessage;
}

/** Nothing if the answer's token has expired; any other error is thrown. */
function unlessClosed(error: unknown): undefined {
  if (isClosed(error)) return undefined;
  throw error;
}

/**
 * A message is the task's outcome if it has the button that every outcome has and no progress card has. A result also
 * has its files, unless a button says that they are elsewhere: Discord may have accepted the message without them.
 */
function isOutcome(message: APIMessage, task: Task): boolean {
  const has = (mark: string) =>
    (message.components ?? []).some(
      (row) =>
        row.type === ComponentType.ActionRow &&
        row.components.some((button) => 'custom_id' in button && button.custom_id === mark),
    );
  // An order that ended without a result may have no `again`, which would not help.
  if (endsInWords(task.state))
    return (['again', 'edit', 'delete'] as const).some((verb) => has(customId(verb, task.id)));
  if (!has(customId('again', task.id))) return false;
  return task.state.name !== 'delivering' || holds(message, 1) || has(customId('original', task.id));
}

/** Where a message is. */
export function posted(message: APIMessage): Posted {
  return { channelId: message.channel_id, messageId: message.id };
}
