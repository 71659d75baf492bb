import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { customId } from '../../src/discord/views/custom-ids.js';
import type { Preset } from '../../src/presets/preset.js';
import { drawHouseForm, drawStyleForm } from './style-fields.js';

type Opening = Uses<'guilds' | 'responder'>;

/** Opens the form of a style. A fresh id each time: phones show the values of a form that they know again. */
export async function openStyleForm(
  interaction: AnswerableInteraction,
  verb: 'style' | 'ownstyle',
  preset: Preset | undefined,
  bot: Opening,
): Promise<void> {
  const id = customId(verb, `${interaction.id}:${preset?.no ?? 0}`);
  const locale = await bot.guilds.locale(interaction);
  await bot.responder.openForm(interaction, drawStyleForm(id, preset, locale));
}

/** Opens the form of what a server excludes. */
export async function openHouseForm(
  interaction: AnswerableInteraction,
  house: string | undefined,
  bot: Opening,
): Promise<void> {
  const id = customId('house', `${interaction.id}:0`);
  await bot.responder.openForm(
    interaction,
    drawHouseForm(id, house ?? '', await bot.guilds.locale(interaction)),
  );
}
