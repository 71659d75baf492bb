import type { ChatInputCommandInteraction, Guild } from 'discord.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { DeferredReply } from '../../src/discord/interactions/deferred-reply.js';
import { stateOf } from '../../src/discord/moderation/order-lines.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { jumpLink } from '../../src/discord/views/message-link.js';
import { UserError } from '../../src/errors.js';
import { zoneOf } from '../../src/guilds/settings.js';
import { defaultLocale, text } from '../../src/locales/index.js';
import { fromMicros } from '../../src/quota/measures.js';
import { periodIn } from '../../src/quota/time-zone.js';
import type { Task } from '../../src/tasks/model/task.js';
import { receivedAt } from '../../src/tasks/model/task-record.js';
import { createTable } from '../shared/csv-table.js';

/** Bytes of the upload limit left free for the rest of the message. */
const spareBytes = 100_000;
const columns = [
  ...['time', 'member_id', 'member', 'channel_id', 'channel', 'kind', 'model', 'state'],
  ...['unit', 'amount', 'cost', 'currency', 'private', 'words', 'link', 'order'],
];

/** `/moderate history`: the orders of a month, or of one member in it, as a table with names, words and links. */
export async function history(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'moderation' | 'guilds' | 'catalogue' | 'config' | 'deferred' | 'now'>,
): Promise<void> {
  const guildId = requireModeration(interaction);
  const member = interaction.options.getUser('member')?.id;
  const typed = interaction.options.getString('month')?.trim();
  await bot.deferred.whisper(interaction, async (): Promise<DeferredReply> => {
    const zone = zoneOf(await bot.guilds.get(guildId), bot.config.quota.timeZone);
    const { start, end } = periodIn('month', momentIn(typed, bot.now()), zone);
    const locale = await bot.guilds.locale(interaction);
    const names = namesIn(interaction.guild);
    const table = createTable(columns, interaction.attachmentSizeLimit - spareBytes);
    for await (const tasks of bot.moderation.tasks(guildId, start, member))
      for (const task of tasks) {
        if (receivedAt(task) < end) table.add(rowOf(task, names, bot.catalogue.currency));
      }
    const month = monthOf(start, zone.timeZone);
    if (table.rows + table.left === 0)
      return { card: drawLines([text(locale, 'moderate.history.none', { month })]) };
    const lines = [
      text(locale, 'moderate.history.done', { count: table.rows + table.left, month }),
      ...(table.left > 0 ? [text(locale, 'moderate.history.cut', { count: table.rows })] : []),
    ];
    const file = { name: `easel-${month}.csv`, contentType: 'text/csv', text: table.text() };
    return { card: drawLines(lines), file };
  });
}

/** An instant in the middle of a month, ms since the epoch. @throws UserError for anything else than a month. */
function momentIn(typed: string | undefined, now: number): number {
  if (typed === undefined || typed === '') return now;
  // As it may be typed: 2026-11, 2026/1, 2026年1月.
  const plain = typed.normalize('NFKC');
  const [, year = '', month = ''] = /^(20\d\d)\s*[-/.年]\s*(0?[1-9]|1[0-2])\s*月?$/u.exec(plain) ?? [];
  if (year === '') throw new UserError({ key: 'error.moderate.month', params: { asked: typed } });
  return Date.UTC(Number(year), Number(month) - 1, 15);
}

function monthOf(start: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' });
  return parts.format(start).slice(0, 7);
}

interface Names {
  readonly member: (id: string) => string;
  readonly channel: (id: string) => string;
}

/** Names as Discord has sent them so far; empty if it hasn't. */
function namesIn(guild: Guild | null): Names {
  return {
    member: (id) =>
      guild?.members.cache.get(id)?.displayName ?? guild?.client.users.cache.get(id)?.username ?? '',
    channel: (id) => guild?.channels.cache.get(id)?.name ?? '',
  };
}

function rowOf(task: Task, names: Names, currency = ''): readonly string[] {
  const { origin, request, cost, made } = task;
  const { userId, channelId, private: secret } = origin;
  const price = cost.micros === undefined ? '' : String(fromMicros(cost.micros));
  return [
    new Date(receivedAt(task)).toISOString(),
    ...[userId, names.member(userId), channelId, names.channel(channelId)],
    ...[request.kind, request.model, stateOf(task, defaultLocale)],
    ...[cost.unit, String(made?.billed ?? cost.amount), price, price && currency],
    secret ? 'yes' : 'no',
    secret ? '' : request.prompt,
    jumpLink(task) ?? '',
    task.id,
  ];
}
