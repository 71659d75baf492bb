import type { ChatInputCommandInteraction } from 'discord.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { type Locale, text } from '../../src/locales/index.js';
import type { Standing } from '../../src/quota/check.js';
import { allScopes } from '../../src/quota/measures.js';
import { shown, standingOf } from './amounts.js';

/** Characters in a bar. */
const barLength = 10;

/** `/quota show`: the user's own usage, the guild's if it pays, and for operators the total. */
export async function showStandings(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'config' | 'catalogue' | 'guilds' | 'quota' | 'responder'>,
): Promise<void> {
  const [standings, locale] = await Promise.all([
    bot.quota.standings(interaction),
    bot.guilds.locale(interaction),
  ]);
  const isOperator = bot.config.operators.includes(interaction.user.id);
  const { currency } = bot.catalogue;
  await bot.responder.whisper(
    interaction,
    drawPanel(standingLines(standings, { locale, isOperator, currency })),
  );
}

interface Reader {
  /** A mention of the member whose standing a moderator reads; their own is headed by *You*. */
  readonly whose?: string;
  readonly locale: Locale;
  /** Only operators see the total. */
  readonly isOperator: boolean;
  readonly currency: string | undefined;
}

/** Limits and usage by scope; a sentence if there are neither. */
export function standingLines(
  standings: readonly Standing[],
  { locale, isOperator, currency, whose }: Reader,
): readonly string[] {
  const worthSaying = standings.filter(
    ({ limit, max, used }) => (max !== undefined || used > 0) && (limit.scope !== 'total' || isOperator),
  );
  const lines = allScopes.flatMap((scope) => {
    const own = worthSaying.filter(({ limit }) => limit.scope === scope);
    const isPersonal = scope === 'member' || scope === 'user';
    const heading = `**${(isPersonal && whose) || text(locale, `standing.${scope}`)}**`;
    return own.length > 0 ? [heading, ...own.map((standing) => line(standing, locale, currency))] : [];
  });
  return lines.length > 0
    ? lines
    : [text(locale, whose === undefined ? 'standing.none' : 'standing.none.member')];
}

/** `█▒░░░░░░░░ Pictures today: 2 of 10 · 1 in progress · resets in 5 hours` */
function line(standing: Standing, locale: Locale, currency: string | undefined): string {
  const { limit, max, used, reserved } = standing;
  const { measure } = limit;
  const amount = (value: number) => shown(value, measure, locale);
  const what = standingOf(measure, locale, currency);
  const main =
    max === undefined || max === 0
      ? text(locale, max === 0 ? 'standing.barred' : 'standing.free', { used: amount(used), what })
      : text(locale, 'standing.limited', {
          bar: bar({ ...standing, max }),
          used: amount(used),
          max: amount(max),
          what,
        });
  const inUnit = (value: number) =>
    measure.startsWith('second') ? text(locale, 'card.seconds', { seconds: amount(value) }) : amount(value);
  const facts = [
    main,
    ...(reserved > 0 && measure !== 'open'
      ? [text(locale, 'standing.reserved', { reserved: inUnit(reserved) })]
      : []),
    ...outlook(standing, locale),
  ];
  return facts.join(' · ');
}

/** When there will be more; if the limit is 0, waiting doesn't help. */
function outlook({ max, left, resetsAt }: Standing, locale: Locale): readonly string[] {
  if (max === 0) return [text(locale, 'standing.never')];
  if (resetsAt === undefined) return [];
  const key = left !== undefined && left <= 0 ? 'standing.empty' : 'standing.resets';
  return [text(locale, key, { resets: Math.round(resetsAt / 1000) })];
}

/** Spent, reserved and left as a bar of ten characters; any started tenth shows. `max`: above 0. */
export function bar({ spent, used, max }: Pick<Standing, 'spent' | 'used'> & { max: number }): string {
  const signs = (amount: number) => Math.min(barLength, Math.ceil((amount / max) * barLength));
  const [full, taken] = [signs(spent), signs(used)];
  return '█'.repeat(full) + '▒'.repeat(taken - full) + '░'.repeat(barLength - taken);
}
