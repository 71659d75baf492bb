import type { ChatInputCommandInteraction } from 'discord.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { text } from '../../src/locales/index.js';
import { day } from '../../src/util/time.js';

const perPage = 15;

/** `/moderate audit`: what is on record, newest first. */
export async function showAudit(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'moderation' | 'guilds' | 'responder'>,
): Promise<void> {
  const guildId = requireModeration(interaction);
  const asked = interaction.options.getInteger('before');
  const range = { count: perPage, ...(asked !== null && { before: asked - 1 }) };
  const [{ entries, hasMore }, locale] = await Promise.all([
    bot.moderation.journal.page(guildId, range),
    bot.guilds.locale(interaction),
  ]);
  const last = entries.at(-1);
  const shown = await Promise.all(entries.map((entry) => bot.moderation.line(entry, locale)));
  const lines =
    last === undefined
      ? [text(locale, 'moderate.audit.none')]
      : [
          `**${text(locale, 'moderate.audit.title', { days: Math.round(bot.moderation.keptMs / day) })}**`,
          // From 1, not from 0.
          ...entries.map(({ n }, at) => `${n + 1}. ${shown[at]}`),
          ...(hasMore ? [text(locale, 'moderate.audit.more', { before: last.n + 1 })] : []),
        ];
  await bot.responder.whisper(interaction, drawLines(lines));
}
