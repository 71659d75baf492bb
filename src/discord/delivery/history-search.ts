import { type APIMessage, ComponentType, Routes, SnowflakeUtil } from 'discord.js';
import type { Task } from '../../tasks/model/task.js';
import { lastChange, receivedAt } from '../../tasks/model/task-record.js';
import { minute } from '../../util/time.js';
import type { Rests } from '../rest/clients.js';

/**
 * A window of a channel's history, by Discord ids: after one message or instant and up to another (open: up to now).
 */
export interface Window {
  readonly after: string;
  readonly before?: string;
}

/**
 * Longest time from persisting the start of a post until it can no longer arrive, ms: an upload's ten minutes plus
 * waits.
 */
const longestPostMs = 15 * minute;
/** How long Discord keeps an interaction open for its first answer (Discord docs: "Receiving and Responding"). */
const longestAnswerMs = 15 * minute;
/** Tolerance for clock differences that can't be measured, ms. */
const spareMs = minute;
const perPage = 100;
/**
 * Most pages read. A half-hour window only fills them at eleven messages a second throughout: far more than Discord
 * allows in one channel.
 */
const mostPages = 200;

/**
 * The window for the last post of a task's outcome: around the time its start was persisted, by Discord's clock. The
 * offset of our clock follows from the event's id, which contains Discord's time.
 */
export function windowOfPost(task: Task): Window {
  const { state, origin } = task;
  const at = 'handover' in state ? state.handover.at : undefined;
  const skew = receivedAt(task) - SnowflakeUtil.timestampFrom(origin.eventId);
  // Records of older versions have the time of the state instead of the post's.
  const from = (at ?? lastChange(task)) - Math.max(skew, 0) - spareMs;
  return {
    after: later(snowflakeAt(from), origin.eventId),
    ...(at !== undefined && { before: snowflakeAt(at + Math.max(-skew, 0) + longestPostMs + spareMs) }),
  };
}

/** The window for the answer to an interaction. */
export function windowOfAnswer({ origin: { eventId } }: Task): Window {
  return {
    after: eventId,
    before: snowflakeAt(SnowflakeUtil.timestampFrom(eventId) + longestAnswerMs + spareMs),
  };
}

/**
 * Finds a matching message in the window. Pages are read from both ends in turn: early posts are near the beginning,
 * recent ones near the end, and in a quiet channel the first page holds everything.
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
    // Newest first, in either direction.
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

/** Whether a message has a button with this custom id. */
export function hasButton({ components = [] }: APIMessage, id: string): boolean {
  return components.some(
    (row) =>
      row.type === ComponentType.ActionRow &&
      row.components.some((button) => 'custom_id' in button && button.custom_id === id),
  );
}

/** The smallest id of a message at that instant (ms since the epoch). */
export function snowflakeAt(ms: number): string {
  return String(BigInt(Math.max(0, Math.floor(ms) - Number(SnowflakeUtil.epoch))) << 22n);
}

function later(one: string, other: string): string {
  return BigInt(one) > BigInt(other) ? one : other;
}
