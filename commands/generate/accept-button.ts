import { type ButtonInteraction, MessageFlags } from 'discord.js';
import type { Button } from '../../src/discord/interactions/command.js';
import { acceptedAs } from '../../src/discord/interactions/proposals.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';
import { type FormNeeds, openForm } from '../shared/order-form.js';

/** Accepts what a refusal or a question offered: orders it, or opens it as a form. Once: two presses make one task. */
export const accept = {
  verb: 'accept',
  async press(interaction, id, bot: Uses<'proposals' | 'orders' | 'tasks' | FormNeeds>) {
    const proposal = await bot.proposals.find(id, interaction.user.id);
    if (!proposal) throw new UserError({ key: 'offer.gone' });
    const { asked, choice, private: secret } = proposal;
    if ((await acceptedAs(asked, interaction.id, bot.tasks.find)) === undefined)
      throw new UserError({ key: 'offer.taken' });
    if ('draft' in choice) return openForm(interaction, { ...choice.draft, asked }, 'form.title.edit', bot);
    const options = { asked, ...(secret !== undefined && { private: secret }) };
    if (await bot.orders.place(interaction, choice.request, options)) await closeQuestion(interaction, bot);
  },
} satisfies Button<Bot>;

/** Takes the buttons off a question that everyone sees; a private refusal can't be edited by this press. */
async function closeQuestion(
  interaction: ButtonInteraction,
  bot: Uses<'guilds' | 'responder'>,
): Promise<void> {
  const { message, channelId } = interaction;
  if (message.flags.has(MessageFlags.Ephemeral)) return;
  const card = drawLines([text(await bot.guilds.locale(interaction), 'offer.accepted')]);
  // The order is placed, whether or not the question is still there to be edited.
  await bot.responder.redraw({ channelId, id: message.id }, card).catch(() => {});
}
