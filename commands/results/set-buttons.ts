import type { Button } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { canPass } from '../../src/discord/views/task-ending.js';
import { UserError } from '../../src/errors.js';
import { asPrivateAs } from '../shared/order-form.js';
import { visibleTask } from '../shared/task-visibility.js';

/** Try again 3: orders one failed part of a set once more, as an order of its own. */
export const retry = {
  verb: 'retry',
  async press(interaction, id, bot: Uses<'tasks' | 'orders'>) {
    const { request, state } = await visibleTask(id, interaction, bot);
    if (!canPass(state)) throw new UserError({ key: 'retry.futile' });
    await bot.orders.place(interaction, request, asPrivateAs(interaction.message));
  },
} satisfies Button<Bot>;
