import type { ChatInputCommandInteraction } from 'discord.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { RefusalCounts } from '../../src/discord/moderation/moderator-service.js';
import { taskLine } from '../../src/discord/moderation/order-lines.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { escapeWords } from '../../src/discord/views/markdown.js';
import { drawLines } from '../../src/discord/views/message.js';
import { type Locale, text } from '../../src/locales/index.js';
import type { Task } from '../../src/tasks/model/task.js';
import { day } from '../../src/util/time.js';
import { standingLines } from '../quota/show.js';
import { termLine } from './terms.js';

type Needs = Uses<'moderation' | 'guilds' | 'quota' | 'catalogue' | 'deferred' | 'now'>;

const usualDays = 30;
const mostOrders = 5;
const mostNamed = 25;

/** `/moderate member`: one member's standing. */
export async function showMember(interaction: ChatInputCommandInteraction, bot: Needs): Promise<void> {
  const guildId = requireModeration(interaction);
  const { id } = interaction.options.getUser('member', true);
  const member = interaction.options.getMember('member');
  const roles = member && 'roles' in member ? rolesIn(member.roles) : [];
  await bot.deferred.whisper(interaction, async () => {
    const since = bot.now() - usualDays * day;
    const [locale, block, refused, standings, orders] = await Promise.all([
      bot.guilds.locale(interaction),
      bot.moderation.blocks.of(guildId, id),
      bot.moderation.refusals(guildId, since, id),
      bot.quota.standingsOf(interaction, { userId: id, roles }),
      latestOf(bot, guildId, id, since),
    ]);
    const whom = { member: `<@${id}>` };
    const first = block
      ? text(locale, 'moderate.member.blocked', {
          ...whom,
          by: `<@${block.by}>`,
          term: termLine(block.until, locale),
        })
      : text(locale, 'moderate.member.free', whom);
    const reason = block?.reason
      ? [text(locale, 'log.reason', { reason: escapeWords(block.reason, 200) })]
      : [];
    const { currency } = bot.catalogue;
    const times = Object.values(refused.get(id) ?? {}).reduce((sum, one) => sum + (one ?? 0), 0);
    const lines = [
      first,
      ...reason,
      ...standingLines(
        standings.filter(({ limit }) => limit.scope === 'member' || limit.scope === 'user'),
        { locale, isOperator: false, currency, whose: `<@${id}>` },
      ),
      text(locale, 'moderate.member.refused', { count: times }),
      ...(times > 0 ? [countsLine(refused.get(id) ?? {}, locale)] : []),
      `**${text(locale, 'moderate.member.orders')}**`,
      ...(orders.length === 0
        ? [text(locale, 'moderate.member.none')]
        : orders.map((task) => taskLine(task, { locale, catalogue: bot.catalogue }))),
    ];
    return { card: drawLines(lines) };
  });
}

function rolesIn(
  roles: { readonly cache?: ReadonlyMap<string, unknown> } | readonly string[],
): readonly string[] {
  if ('cache' in roles && roles.cache) return [...roles.cache.keys()];
  return Array.isArray(roles) ? roles : [];
}

async function latestOf(bot: Needs, guildId: string, userId: string, since: number): Promise<Task[]> {
  const found: Task[] = [];
  for await (const tasks of bot.moderation.tasks(guildId, since, userId)) {
    found.push(...tasks);
    if (found.length >= mostOrders) break;
  }
  return found.slice(0, mostOrders);
}

/** `/moderate refusals`: who was refused, by what, and how often. */
export async function showRefusals(interaction: ChatInputCommandInteraction, bot: Needs): Promise<void> {
  const guildId = requireModeration(interaction);
  const days = interaction.options.getInteger('days') ?? usualDays;
  await bot.deferred.whisper(interaction, async () => {
    const [locale, refused] = await Promise.all([
      bot.guilds.locale(interaction),
      bot.moderation.refusals(guildId, bot.now() - days * day),
    ]);
    const sum = (counts: RefusalCounts) => Object.values(counts).reduce((all, one) => all + (one ?? 0), 0);
    const sorted = [...refused].sort(([, one], [, other]) => sum(other) - sum(one));
    const more = sorted.length - mostNamed;
    const lines = [
      `**${text(locale, 'moderate.refusals.title', { count: days })}**`,
      ...(sorted.length === 0 ? [text(locale, 'moderate.refusals.none')] : []),
      ...sorted.slice(0, mostNamed).map(([userId, counts]) => `<@${userId}> · ${countsLine(counts, locale)}`),
      ...(more > 0 ? [text(locale, 'moderate.more', { count: more })] : []),
    ];
    return { card: drawLines(lines) };
  });
}

/** "word list 3, content check 1" */
function countsLine(counts: RefusalCounts, locale: Locale): string {
  const causes = ['words', 'check', 'blocked', 'cooldown', 'channel', 'role'] as const;
  return causes
    .flatMap((why) => (counts[why] ? [text(locale, `refusal.${why}`, { times: counts[why] })] : []))
    .join(text(locale, 'list.comma'));
}
