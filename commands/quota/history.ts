import type { ChatInputCommandInteraction } from 'discord.js';
import { requireGuild, requireManager } from '../../src/discord/access/permissions.js';
import type { DeferredReply } from '../../src/discord/interactions/deferred-reply.js';
import type { Uses } from '../../src/discord/services/bot.js';
import type { History } from '../../src/discord/services/quota-service.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { type Locale, text } from '../../src/locales/index.js';
import { fromMicros } from '../../src/quota/measures.js';
import { visitInSlices } from '../../src/util/slices.js';

type Use = History['uses'][number];

/** Users listed in the answer; the file lists all of them. */
const maxNamed = 10;
/** Bytes of the upload limit left free for the rest of the message. */
const spareBytes = 100_000;
const columns = ['time', 'user', 'kind', 'model', 'state', 'unit', 'amount', 'cost', 'currency', 'order'];

/** `/quota history`: who used what this month, and which charges are uncertain, as a summary and a file. */
export async function history(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'config' | 'catalogue' | 'guilds' | 'quota' | 'deferred'>,
): Promise<void> {
  const isOperator = bot.config.operators.includes(interaction.user.id);
  const guildId = isOperator ? requireGuild(interaction) : requireManager(interaction);
  const { currency } = bot.catalogue;
  await bot.deferred.whisper(interaction, async (): Promise<DeferredReply> => {
    const [{ since, uses, perhapsBilled }, locale] = await Promise.all([
      bot.quota.history(guildId),
      bot.guilds.locale(interaction),
    ]);
    const month = { since: Math.round(since / 1000) };
    if (uses.length === 0) return { card: drawPanel([text(locale, 'history.none', month)]) };
    const table = await tableOf(uses, currency, interaction.attachmentSizeLimit - spareBytes);
    const lines = [
      text(locale, 'history.title', month),
      ...(await summaries(
        uses.filter(({ entry }) => !isDoubtful(entry)),
        locale,
        currency,
      )),
      ...(perhapsBilled.count > 0 ? [doubt(perhapsBilled, locale, currency)] : []),
      ...(table.rows < uses.length ? [text(locale, 'history.cut', { count: table.rows })] : []),
    ];
    const name = `easel-${new Date(since).toISOString().slice(0, 10)}.csv`;
    return { card: drawPanel(lines), file: { name, contentType: 'text/csv', text: table.text } };
  });
}

/**
 * The newest rows that fit into `maxBytes`. Values that aren't plain ASCII, or contain commas or quotes, are quoted.
 */
async function tableOf(
  uses: readonly Use[],
  currency: string | undefined,
  maxBytes: number,
): Promise<{ readonly text: string; readonly rows: number }> {
  const rows = [columns.join(',')];
  let bytes = columns.join(',').length;
  await visitInSlices(uses, (use) => {
    if (bytes > maxBytes) return;
    const row = rowOf(use, currency);
    bytes += Buffer.byteLength(row) + 2;
    if (bytes <= maxBytes) rows.push(row);
  });
  return { text: `${rows.join('\r\n')}\r\n`, rows: rows.length - 1 };
}

function rowOf({ task, entry }: Use, currency = ''): string {
  const { request, origin, account } = task;
  const cost = entry.cost === undefined ? '' : String(fromMicros(entry.cost));
  return [
    new Date(entry.at).toISOString(),
    origin.userId || `deleted ${account.person}`,
    request.kind,
    request.model,
    isDoubtful(entry) ? 'perhaps_billed' : entry.state,
    entry.unit,
    entry.amount,
    cost,
    cost && currency,
    task.id,
  ]
    .map((value) => cell(String(value)))
    .join(',');
}

/** RFC 4180; a spreadsheet must not read a value as a formula. */
function cell(value: string): string {
  const plain = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Refunded to the user, and listed because MPS may bill it anyway. */
function isDoubtful({ state }: Use['entry']): boolean {
  return state === 'refunded';
}

/** Uncertain charges, for the operator to compare with the Tencent Cloud account. */
function doubt(
  { count, images, seconds, micros }: History['perhapsBilled'],
  locale: Locale,
  currency: string | undefined,
): string {
  const sums = { image: images, second: seconds, cost: micros };
  return [text(locale, 'history.perhaps', { count }), ...amounts(sums, locale, currency)].join(' · ');
}

interface Sums {
  readonly image: number;
  readonly second: number;
  /** Millionths of a currency unit. */
  readonly cost: number;
}

function amounts({ image, second, cost }: Sums, locale: Locale, currency: string | undefined): string[] {
  return [
    ...(image > 0 ? [text(locale, 'history.images', { count: image })] : []),
    ...(second > 0 ? [text(locale, 'history.seconds', { count: second })] : []),
    ...(cost > 0 && currency
      ? [text(locale, 'history.cost', { amount: fromMicros(cost).toFixed(2), currency })]
      : []),
  ];
}

/** A line for each of the heaviest users, by images and seconds. */
async function summaries(
  uses: readonly Use[],
  locale: Locale,
  currency: string | undefined,
): Promise<string[]> {
  const people = new Map<string, { image: number; second: number; cost: number }>();
  await visitInSlices(uses, ({ task, entry }) => {
    const { userId } = task.origin;
    const sums = people.get(userId) ?? { image: 0, second: 0, cost: 0 };
    sums[entry.unit] += entry.amount;
    sums.cost += entry.cost ?? 0;
    people.set(userId, sums);
  });
  const sorted = [...people].sort(([, a], [, b]) => b.image + b.second - (a.image + a.second));
  const lines = sorted.slice(0, maxNamed).map(([userId, { image, second, cost }]) => {
    const name = userId ? `<@${userId}>` : text(locale, 'history.gone');
    return [name, ...amounts({ image, second, cost }, locale, currency)].join(' · ');
  });
  const others = sorted.length - lines.length;
  return others > 0 ? [...lines, text(locale, 'history.others', { count: others })] : lines;
}
