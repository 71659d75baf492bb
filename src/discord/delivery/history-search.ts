import { type APIMessage, Routes, SnowflakeUtil } from 'discord.js';
import type { Task } from '../../tasks/model/task.js';
import { lastChange, receivedAt } from '../../tasks/model/task-record.js';
import { minute } from '../../util/time.js';
import type { Rests } from '../rest/clients.js';

/** A part of a channel's history, by Discord's ids: after one message or instant, and up to another; open: up to now. */
export interface Window {
  readonly after: string;
  readonly before?: string;
}

/**
 * From when a post is persisted as begun until nothing can come of it any more, ms: an upload's ten minutes, waits.
 */
const longestPostMs = 15 * minute;
/** Discord keeps an interaction open for its first answer so long at most (Discord docs: "Receiving and Responding"). */
const longestAnswerMs = 15 * minute;
/** What clocks differ by besides what can be seen, ms. */
const spareMs = minute;
const perPage = 100;
/**
 * Pages read at most. A window of half an hour holds so many messages where eleven are written each second, all the time:
 * far more than Discord takes of one channel.
 */
const mostPages = 200;

/**
 * Where the last post of a task's outcome is, if it arrived: around the time at which it was persisted as begun, by
 * Discord's clock. What ours differs by shows in the event that asked, whose id has Discord's time.
 */
export function windowOfPost(task: Task): Window {
  const { state, origin } = task;
  const at = 'handover' in state ? state.handover.at : undefined;
  const skew = receivedAt(task) - SnowflakeUtil.timestampFrom(origin.eventId);
  // Records of former versions do not have the time of the post, but that of its state.
  const from = (at ?? lastChange(task)) - Math.max(skew, 0) - spareMs;
  return {
    after: later(snowflakeAt(from), origin.eventId),
    ...(at !== undefined && { before: snowflakeAt(at + Math.max(-skew, 0) + longestPostMs + spareMs) }),
  };
}

/** Where the answer to an interaction is. */
export function windowOfAnswer({ origin: { eventId } }: Task): Window {
  return {
    after: eventId,
    before: snowflakeAt(SnowflakeUtil.timestampFrom(eventId) + longestAnswerMs + spareMs),
  };
}

/**
 * The message of a channel that is so. Read from both ends of the window in turn: what was begun early is near its
 * beginning, what was begun just now near its end, and in a quiet channel the first page holds all of it.
 */
export async function search(
  bot: Rests['bot'],
  channelId: string,
  { after, before }: Window,
  isIt: (message: APIMessage) => boolean,
): Promise<APIMessage | undefined> {
  let [low, high] = [after, before];
  for (let page = 0; page < mostPages; page++) {
    const forwards = page % 2 === 0;
    const where = forwards ? { after: low } : high === undefined ? {} : { before: high };
    const query = new URLSearchParams({ ...where, limit: String(perPage) });
    // Newest first, whichever way is asked for.
    const messages = (await bot.get(Routes.channelMessages(channelId), { query })) as APIMessage[];
    const found = messages.find(isIt);
    if (found) return found;
    const [newest, oldest] = [messages[0], messages.at(-1)];
    if (!newest || !oldest || messages.length < perPage) return undefined;
    if (forwards) low = later(low, newest.id);
    else high = oldest.id;
    if (high !== undefined && BigInt(low) >= BigInt(high) - 1n) return undefined;
  }
  return undefined;
}

/** The id that a message of that instant (ms since the epoch) would have at least. */
function snowflakeAt(ms: number): string {
  return String(BigInt(Math.max(0, Math.floor(ms) - Number(SnowflakeUtil.epoch))) << 22n);
}

function later(one: string, other: string): string {
  return BigInt(one) > BigInt(other) ? one : other;
}
