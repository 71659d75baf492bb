import { MessageFlags, RESTJSONErrorCodes, Routes } from 'discord.js';
import { isLogMessage, type LogMessage, messageKey } from '../../moderation/log-rows.js';
import { codeOf } from '../rest/errors.js';
import { isClosed, refusalOf } from '../rest/route-errors.js';
import type { Due } from './log-parts.js';
import { entriesIn, type LogTools, perMessage } from './log-posting.js';

/** Draws one message again whose entries have changed. @returns whether there are more. */
export async function redrawNext(tools: LogTools, guildId: string, due: Due): Promise<boolean> {
  const [n] = due.entries;
  if (n === undefined) return false;
  const row = await messageWith(tools, guildId, n);
  for (const other of [...due.entries])
    if (other === n || (row && other >= row.from && other < row.to)) due.entries.delete(other);
  try {
    if (row) await redraw(tools, row);
  } catch (error) {
    // Its channel is gone, or closed for now: that is tried again after the next start, and holds up nothing else.
    if (isClosed(error)) return due.entries.size > 0;
    due.entries.add(n);
    throw error;
  }
  return due.entries.size > 0;
}

/** The message that an entry is in; undefined if it isn't posted yet, and will be as it is then. */
async function messageWith({ table }: LogTools, guildId: string, n: number): Promise<LogMessage | undefined> {
  const keys = Array.from({ length: perMessage }, (_, back) => messageKey(guildId, n - back));
  const rows = await table.getMany(keys);
  return [...rows.values()].filter(isLogMessage).find(({ from, to }) => from <= n && n < to);
}

async function redraw(tools: LogTools, row: LogMessage): Promise<void> {
  const { table, rests, languageOf, draw } = tools;
  const { guildId, channelId, messageId, from } = row;
  const entries = await entriesIn(tools, guildId, row);
  const locale = await languageOf(guildId);
  const { content, look, revision, open } = await draw(entries, locale, {});
  const body = { flags: MessageFlags.SuppressEmbeds, allowed_mentions: { parse: [] } };
  const edit = (words: string) =>
    rests.bot.patch(Routes.channelMessage(channelId, messageId), { body: { content: words, ...body } });
  if (look !== row.look)
    await edit(content).catch(async (error: unknown) => {
      // Moderators have deleted the message.
      if (codeOf(error) === RESTJSONErrorCodes.UnknownMessage) return;
      if (refusalOf(error) !== 'words') throw error;
      await edit((await draw(entries, locale, { wordless: true })).content);
    });
  await table.set(messageKey(guildId, from), { ...row, look, revision, open } satisfies LogMessage);
}
