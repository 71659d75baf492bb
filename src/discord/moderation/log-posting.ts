import { type APIMessage, MessageFlags, Routes } from 'discord.js';
import type { NumberedEntry } from '../../moderation/journal.js';
import {
  headKey,
  isLogHead,
  type LogHead,
  type LogMessage,
  messageKey,
  type Pending,
} from '../../moderation/log-rows.js';
import type { Versioned } from '../../store/store.js';
import { minute } from '../../util/time.js';
import { search, snowflakeAt } from '../delivery/history-search.js';
import { refusalOf } from '../rest/route-errors.js';
import { createLogDrawing, type LogText } from './log-drawing.js';
import type { Due, LogBookDeps } from './log-parts.js';

/** Most entries of a message. */
export const perMessage = 10;
/** Discord keeps a nonce for minutes; a message sent longer ago is looked for. */
const nonceLifeMs = minute;
/** Clocks may differ, ms. */
const spareMs = minute;

/** What the messages of a log are made with. */
export type LogTools = LogBookDeps & ReturnType<typeof createLogDrawing>;

export function logToolsOf(deps: LogBookDeps): LogTools {
  return { ...deps, ...createLogDrawing(deps) };
}

export async function readHead({ table }: LogTools, guildId: string): Promise<Versioned<LogHead>> {
  const { value, version } = await table.read(headKey(guildId));
  return { value: isLogHead(value) ? value : undefined, version };
}

export function entriesIn(
  { journal }: LogTools,
  guildId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly NumberedEntry[]> {
  const numbers = Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
  return journal.entries(guildId, numbers);
}

/** Posts the next message of a log. @returns whether there was one. @throws StoreError; what Discord's REST API does */
export async function postNext(tools: LogTools, guildId: string, due: Due): Promise<boolean> {
  const pending = await prepare(tools, guildId);
  const { value: head, version } = await readHead(tools, guildId);
  if (!pending || !head) return false;
  const { channelId } = head;
  const { from, to } = pending;
  const entries = await entriesIn(tools, guildId, pending);
  const locale = await tools.languageOf(guildId);
  const drawn = await tools.draw(entries, locale, {});
  const wordless = await tools.draw(entries, locale, { wordless: true });
  const { id: messageId, content } = await send(tools, head, pending, { drawn, wordless });
  // One that was sent before a crash says what its entries said then.
  const isStale = content !== drawn.content && content !== wordless.content;
  const { look, open } = drawn;
  const revision = isStale ? drawn.revision - 1 : drawn.revision;
  if (isStale) due.entries.add(from);
  const row: LogMessage = {
    v: 1,
    guildId,
    channelId,
    messageId,
    from,
    to,
    look: isStale ? '' : look,
    revision,
    open,
  };
  const { pending: _sent, silentSince: _silent, ...rest } = head;
  await tools.table.compareAndSetAll([
    { key: headKey(guildId), version, value: { ...rest, cursor: to, last: messageId } satisfies LogHead },
    { key: messageKey(guildId, from), version: undefined, value: row },
  ]);
  return true;
}

/** The next entries, as a message that is about to be sent; persisted. */
async function prepare(tools: LogTools, guildId: string): Promise<Pending | undefined> {
  const { table, journal, rules, languageOf, draw, now } = tools;
  const { value: head, version } = await readHead(tools, guildId);
  if (!head || head.pending) return head?.pending;
  const end = Math.min(await journal.next(guildId), head.cursor + perMessage);
  // Read after it: what was noted after another channel was chosen doesn't go into this one.
  if ((await rules.get(guildId)).logChannel !== head.channelId) return undefined;
  const entries = await entriesIn(tools, guildId, { from: head.cursor, to: end });
  const [first] = entries;
  if (!first) {
    // What was there is gone: too old.
    if (end > head.cursor)
      await table.compareAndSet(headKey(guildId), version, { ...head, cursor: end } satisfies LogHead);
    return undefined;
  }
  const { count } = await draw(entries, await languageOf(guildId), { room: true });
  const to = (entries[count - 1]?.n ?? first.n) + 1;
  const nonce = `l${first.n}-${guildId}`.slice(0, 25);
  const pending: Pending = { from: first.n, to, nonce, at: now() };
  const isKept = await table.compareAndSet(headKey(guildId), version, { ...head, pending });
  return isKept ? pending : undefined;
}

interface Drawn {
  readonly drawn: LogText;
  readonly wordless: LogText;
}

/** A message that may have been sent, and where. */
interface Sent extends Pick<LogHead, 'channelId'>, Pick<Pending, 'at'> {
  /** The last message there that is known to be posted. */
  readonly last?: string | undefined;
}

/**
 * The message in which these entries were sent, if it arrived. It begins with the time of the first one: what else it
 * says may have been deleted since.
 */
export function findSent(
  { rests }: Pick<LogTools, 'rests'>,
  { channelId, last = '0', at }: Sent,
  { content: wanted }: Pick<LogText, 'content'>,
): Promise<APIMessage | undefined> {
  const [begins = ''] = wanted.split(' ');
  const isIt = ({ author, content }: APIMessage) => author.bot === true && content.startsWith(`${begins} `);
  const from = snowflakeAt(at - spareMs);
  // What was posted before looks alike if it is of the same second.
  const after = BigInt(last) > BigInt(from) ? last : from;
  return search(rests.bot, channelId, { after }, isIt);
}

async function send(
  tools: LogTools,
  { channelId, last }: LogHead,
  { at, nonce }: Pending,
  { drawn, wordless }: Drawn,
): Promise<APIMessage> {
  const { rests, now } = tools;
  if (now() - at > nonceLifeMs) {
    const found = await findSent(tools, { channelId, last, at }, drawn);
    if (found) return found;
  }
  const flags = MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications;
  const rest = { flags, allowed_mentions: { parse: [] }, nonce, enforce_nonce: true };
  const post = (content: string) =>
    rests.bot.post(Routes.channelMessages(channelId), { body: { content, ...rest } }) as Promise<APIMessage>;
  return post(drawn.content).catch((error: unknown) => {
    if (refusalOf(error) !== 'words') throw error;
    return post(wordless.content);
  });
}
