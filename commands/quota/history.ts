import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChatInputCommandInteraction } from 'discord.js';
import { requireGuild, requireManager } from '../../src/discord/access/permissions.js';
import type { DeferredReply } from '../../src/discord/interactions/deferred-reply.js';
import type { Uses } from '../../src/discord/services/bot.js';
import type { History, Use } from '../../src/discord/services/quota-service.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { type Locale, text } from '../../src/locales/index.js';
import { fromMicros } from '../../src/quota/measures.js';

/** Users listed in the answer; the file lists all of them. */
const maxNamed = 10;
/** Bytes of the upload limit left free for the rest of the message. */
const spareBytes = 100_000;
/** Parts copied in one turn of the event loop: about 200 kB. */
const partsAtOnce = 8;
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
    const table = createTable(currency, interaction.attachmentSizeLimit - spareBytes);
    const people = createSums();
    for await (const some of uses) {
      table.add(some);
      people.add(some);
    }
    const { rows, left } = table;
    if (rows + left === 0) return { card: drawPanel([text(locale, 'history.none', month)]) };
    const lines = [
      text(locale, 'history.title', month),
      ...summaries(people.heaviest(), locale, currency),
      ...(perhapsBilled.count > 0 ? [doubt(perhapsBilled, locale, currency)] : []),
      ...(left > 0 ? [text(locale, 'history.cut', { count: rows })] : []),
    ];
    const name = `easel-${new Date(since).toISOString().slice(0, 10)}.csv`;
    return { card: drawPanel(lines), file: { name, contentType: 'text/csv', text: await table.text() } };
  });
}

/**
 * The newest rows that fit into `maxBytes`. Values that aren't plain ASCII, or contain commas or quotes, are quoted.
 */
function createTable(currency: string | undefined, maxBytes: number) {
  // As bytes, outside the heap: megabytes of text in it would be copied by each garbage collection.
  const parts = [Buffer.from(`${columns.join(',')}\r\n`)];
  let bytes = columns.join(',').length;
  let [rows, left] = [0, 0];
  return {
    add(uses: readonly Use[]): void {
      const part: string[] = [];
      for (const use of uses) {
        const row = `${rowOf(use, currency)}\r\n`;
        bytes += Buffer.byteLength(row);
        if (bytes > maxBytes) {
          left += 1;
          continue;
        }
        part.push(row);
      }
      rows += part.length;
      parts.push(Buffer.from(part.join('')));
    },
    get rows() {
      return rows;
    },
    /** How many didn't fit. */
    get left() {
      return left;
    },
    text: () => joined(parts),
  };
}

/** One file of all parts. Many megabytes are copied, so others get their turns in between. */
async function joined(parts: readonly Buffer[]): Promise<Buffer> {
  const file = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const [index, part] of parts.entries()) {
    at += part.copy(file, at);
    if (index % partsAtOnce === 0) await nextTurn();
  }
  return file;
}

function rowOf({ id, userId, model, entry }: Use, currency = ''): string {
  const { at, account, unit, amount, cost } = entry;
  return [
    new Date(at).toISOString(),
    cell(userId || `deleted ${account.person}`),
    unit === 'image' ? 'image' : 'video',
    cell(model),
    isDoubtful(entry) ? 'perhaps_billed' : entry.state,
    unit,
    amount,
    cost === undefined ? '' : fromMicros(cost),
    cost === undefined ? '' : cell(currency),
    id,
  ].join(',');
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
      ? [text(locale, 'history.cost', { amount: cents(cost, locale), currency })]
      : []),
  ];
}

/** Money with two digits after the point: `0.50`. */
function cents(micros: number, locale: Locale): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(locale, digits).format(fromMicros(micros));
}

type Person = readonly [userId: string, Sums];

/** What each user used. */
function createSums() {
  const people = new Map<string, { image: number; second: number; cost: number }>();
  return {
    add(uses: readonly Use[]): void {
      for (const { userId = '', entry } of uses) {
        if (isDoubtful(entry)) continue;
        const sums = people.get(userId) ?? { image: 0, second: 0, cost: 0 };
        sums[entry.unit] += entry.amount;
        sums.cost += entry.cost ?? 0;
        people.set(userId, sums);
      }
    },
    /** The users with most images and seconds, and how many others there are. */
    heaviest(): { readonly named: readonly Person[]; readonly others: number } {
      const weight = ([, { image, second }]: Person) => image + second;
      let named: Person[] = [];
      for (const one of people) {
        const last = named.length < maxNamed ? undefined : named.at(-1);
        if (last && weight(one) <= weight(last)) continue;
        named = [...named, one].sort((a, b) => weight(b) - weight(a)).slice(0, maxNamed);
      }
      return { named, others: people.size - named.length };
    },
  };
}

/** A line for each of the heaviest users. */
function summaries(
  { named, others }: ReturnType<ReturnType<typeof createSums>['heaviest']>,
  locale: Locale,
  currency: string | undefined,
): string[] {
  const lines = named.map(([userId, sums]) => {
    const name = userId ? `<@${userId}>` : text(locale, 'history.gone');
    return [name, ...amounts(sums, locale, currency)].join(' · ');
  });
  return others > 0 ? [...lines, text(locale, 'history.others', { count: others })] : lines;
}
