import type { ChatInputCommandInteraction } from 'discord.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { text } from '../../src/locales/index.js';
import { hour } from '../../src/util/time.js';

/** `/moderate remove`: all results of a member since a time. */
export async function removeResults(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'moderation' | 'guilds' | 'deferred' | 'now'>,
): Promise<void> {
  const guildId = requireModeration(interaction);
  const { id: userId } = interaction.options.getUser('member', true);
  const hours = interaction.options.getInteger('hours', true);
  await bot.deferred.whisper(interaction, async () => {
    const since = bot.now() - hours * hour;
    const { removed, failed } = await bot.moderation.removeResults(guildId, {
      userId,
      since,
      by: interaction.user.id,
    });
    const locale = await bot.guilds.locale(interaction);
    const params = { member: `<@${userId}>`, hours, removed, failed };
    const key = removed + failed === 0 ? 'moderate.remove.none' : 'moderate.remove.done';
    return { card: drawLines([text(locale, key, params)]) };
  });
}
