import type { ModalSubmitInteraction } from 'discord.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { drawSettings } from './panel-view.js';
import { type SettingsContext, seenBy } from './view-model.js';

export type AnswerNeeds = SettingsContext &
  Uses<'guilds' | 'mentions' | 'moderation' | 'styles' | 'responder'>;

/**
 * Says what a form has saved: in the panel that it was opened from, which shows it at once, or in a message of its own after
 * a command.
 */
export async function answerForm(
  interaction: ModalSubmitInteraction,
  guildId: string,
  { section, said }: { readonly section: 'styles' | 'moderation'; readonly said: string },
  bot: AnswerNeeds,
): Promise<void> {
  if (!interaction.isFromMessage()) return bot.responder.whisper(interaction, drawLines([said]));
  const [seen, styles, moderation] = await Promise.all([
    bot.guilds.get(guildId).then((settings) => seenBy(interaction, bot, settings)),
    bot.styles.ofGuild(guildId),
    bot.moderation.rules.get(guildId),
  ]);
  const all = { ...seen, styles, moderation, mention: bot.mentions.of };
  await bot.responder.update(interaction, drawSettings(all, section, [said]));
}
