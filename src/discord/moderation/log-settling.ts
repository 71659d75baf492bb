import { type APIMessage, MessageFlags, RESTJSONErrorCodes, Routes } from 'discord.js';
import {
  isCleaning,
  isLostMessage,
  type LogCleaning,
  type LogMessage,
  type LostMessage,
  messageKey,
} from '../../moderation/log-rows.js';
import { codeOf } from '../rest/errors.js';
import { isClosed } from '../rest/route-errors.js';
import type { Due } from './log-parts.js';
import { entriesIn, findSent, type LogTools } from './log-posting.js';

/**
 * Looks for one message that was sent into an earlier log channel, or cleans one whose entries are no longer kept.
 * @returns whether there are more.
 * @throws StoreError; what Discord's REST API does
 */
export async function settleNext(tools: LogTools, guildId: string, due: Due): Promise<boolean> {
  const [key] = due.rows;
  if (key === undefined) return false;
  const row = await tools.table.get(key);
  try {
    if (isLostMessage(row)) await find(tools, row, due);
    else if (isCleaning(row) && row.guildId === guildId) await clean(tools, row);
    await tools.table.delete(key);
  } catch (error) {
    // Its channel is gone, or closed for now: that is tried again after the next start, and holds up nothing else.
    if (!isClosed(error)) throw error;
  }
  due.rows.delete(key);
  return due.rows.size > 0;
}

/** What was sent is a message like any other from then on. */
async function find(tools: LogTools, row: LostMessage, due: Due): Promise<void> {
  const { guildId, channelId, from, to, at, last } = row;
  const entries = await entriesIn(tools, guildId, { from, to });
  const drawn = await tools.draw(entries, await tools.languageOf(guildId), {});
  const found = await findSent(tools, { channelId, last, at }, drawn);
  if (!found) return;
  const revision = drawn.revision - 1;
  const { id: messageId } = found;
  await tools.table.set(messageKey(guildId, from), {
    ...{ v: 1, guildId, channelId, messageId, from, to },
    ...{ look: '', revision, open: drawn.open },
  } satisfies LogMessage);
  due.entries.add(from);
}

/** Takes words, names and links from lines: only act, time and moderator stay, as in the journal. */
async function clean(
  { rests }: LogTools,
  { channelId, messageId, count, lines }: LogCleaning,
): Promise<void> {
  const route = Routes.channelMessage(channelId, messageId);
  try {
    const { content } = (await rests.bot.get(route)) as APIMessage;
    const before = content.split('\n');
    // Not as it was when its lines were counted: better all of them than the wrong ones.
    const cleaned = before.length === count ? lines : before.map((_, line) => ({ line, author: true }));
    const after = before.map((said, at) => {
      const found = cleaned.find(({ line }) => line === at);
      return found ? headOf(said, found.author) : said;
    });
    const body = {
      content: after.join('\n'),
      flags: MessageFlags.SuppressEmbeds,
      allowed_mentions: { parse: [] },
    };
    await rests.bot.patch(route, { body });
  } catch (error) {
    // Moderators have deleted the message.
    if (codeOf(error) !== RESTJSONErrorCodes.UnknownMessage) throw error;
  }
}

/** `<t:1:f> <@2> ordered · …`: when, who and what come first (entry-lines.ts). */
function headOf(line: string, withoutAuthor: boolean): string {
  const [head = ''] = line.split(' · ');
  return withoutAuthor ? head.replace(/ <@\d+>/, '') : head;
}
