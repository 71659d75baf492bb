import type { ChatInputCommandInteraction, User } from 'discord.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { escapeWords } from '../../src/discord/views/markdown.js';
import { drawLines } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { type Locale, text } from '../../src/locales/index.js';
import type { Block } from '../../src/moderation/blocks.js';
import { second } from '../../src/util/time.js';
import { termLine, untilOf } from './terms.js';

type Needs = Uses<'moderation' | 'guilds' | 'responder' | 'now'>;

/** Blocks listed in one message. */
const mostListed = 20;
/** Characters of a reason. */
export const longestReason = 300;

/** `/moderate block` */
export async function blockMember(interaction: ChatInputCommandInteraction, bot: Needs): Promise<void> {
  const { options } = interaction;
  const until = untilOf(options.getString('term'), bot.now());
  await block(interaction, options.getUser('member', true), bot, {
    ...(until !== undefined && { until }),
    ...reasonIn(options.getString('reason')),
  });
}

/** @throws UserError if the user may not block, or this can't be blocked. */
export async function block(
  interaction: AnswerableInteraction & Parameters<Needs['responder']['whisper']>[0],
  member: Pick<User, 'id' | 'bot'>,
  bot: Needs,
  terms: Pick<Block, 'until' | 'reason'>,
): Promise<void> {
  const guildId = requireModeration(interaction);
  const by = interaction.user.id;
  if (member.id === by) throw new UserError({ key: 'error.moderate.self' });
  if (member.bot) throw new UserError({ key: 'error.moderate.bot' });
  const before = await bot.moderation.blocks.of(guildId, member.id);
  const { block: made, cancelled } = await bot.moderation.block(guildId, { userId: member.id, by, ...terms });
  const locale = await bot.guilds.locale(interaction);
  const params = { member: `<@${member.id}>`, term: termLine(made.until, locale), count: cancelled };
  const earlier = before && text(locale, 'moderate.blocked.before', { term: termLine(before.until, locale) });
  const lines = [text(locale, 'moderate.blocked', params), ...(earlier === undefined ? [] : [earlier])];
  await bot.responder.whisper(interaction, drawLines(lines));
}

/** What was typed, in one line. */
export function reasonIn(typed: string | null): { readonly reason?: string } {
  const reason = typed?.replace(/\s+/gu, ' ').trim().slice(0, longestReason) ?? '';
  return reason === '' ? {} : { reason };
}

/** `/moderate pardon` */
export async function pardonMember(interaction: ChatInputCommandInteraction, bot: Needs): Promise<void> {
  const guildId = requireModeration(interaction);
  const { id } = interaction.options.getUser('member', true);
  const { reason } = reasonIn(interaction.options.getString('reason'));
  const isPardoned = await bot.moderation.blocks.pardon(guildId, id, interaction.user.id, reason);
  if (!isPardoned) throw new UserError({ key: 'error.moderate.notBlocked' });
  const locale = await bot.guilds.locale(interaction);
  await bot.responder.whisper(
    interaction,
    drawLines([text(locale, 'moderate.pardoned', { member: `<@${id}>` })]),
  );
}

/** `/moderate list` */
export async function listBlocks(interaction: ChatInputCommandInteraction, bot: Needs): Promise<void> {
  const guildId = requireModeration(interaction);
  const [blocks, locale] = await Promise.all([
    bot.moderation.blocks.list(guildId),
    bot.guilds.locale(interaction),
  ]);
  const more = blocks.length - mostListed;
  const lines =
    blocks.length === 0
      ? [text(locale, 'moderate.list.none')]
      : [
          `**${text(locale, 'moderate.list.title')}**`,
          ...blocks.slice(0, mostListed).map((one) => lineOf(one, locale)),
          ...(more > 0 ? [text(locale, 'moderate.more', { count: more })] : []),
        ];
  await bot.responder.whisper(interaction, drawLines(lines));
}

function lineOf({ userId, by, at, until, reason = '' }: Block, locale: Locale): string {
  const params = { member: `<@${userId}>`, by: `<@${by}>`, at: Math.round(at / second) };
  const main = text(locale, 'moderate.list.line', { ...params, term: termLine(until, locale) });
  return reason === '' ? main : `${main} · ${escapeWords(reason, 60)}`;
}
