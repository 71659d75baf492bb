import type { ButtonInteraction } from 'discord.js';
import { moderates } from '../../src/discord/access/permissions.js';
import type { Button } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { canPass } from '../../src/discord/views/task-ending.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';
import type { Task } from '../../src/tasks/model/task.js';
import { leadId, partOf } from '../../src/tasks/model/task-set.js';
import { asPrivateAs } from '../shared/order-form.js';
import { visibleTask } from '../shared/task-visibility.js';
import { memberNumbered } from './set-selects.js';

/** Try again 3: orders one failed part of a set once more, as an order of its own. */
export const retry = {
  verb: 'retry',
  async press(interaction, id, bot: Uses<'tasks' | 'orders'>) {
    const { request, state } = await visibleTask(id, interaction, bot);
    if (!canPass(state)) throw new UserError({ key: 'retry.futile' });
    await bot.orders.place(interaction, request, asPrivateAs(interaction.message));
  },
} satisfies Button<Bot>;

/** Delete, below one result of a set: takes it out of the message, and leaves the others. */
export const erase = {
  verb: 'erase',
  everywhere: true,
  async press(interaction, id, bot: Uses<'tasks' | 'guilds' | 'gallery' | 'moderation' | 'deferred'>) {
    const number = partOf(id);
    const lead = await visibleTask(leadId(id), interaction, bot);
    const task = (await memberNumbered(lead, number, bot))?.task;
    if (!task) throw new UserError({ key: 'error.button.gone' });
    await requireDeleter(interaction, task, bot);
    if (task.state.name !== 'delivered' || task.removed)
      throw new UserError({ key: 'pick.gone', params: { number } });
    await bot.deferred.update(interaction, async () => {
      await bot.gallery.removeOne(task, number);
      await bot.moderation.noteDeletion(task, interaction.user.id);
      return { card: drawLines([text(await bot.guilds.locale(interaction), 'erase.done', { number })]) };
    });
  },
} satisfies Button<Bot>;

/** @throws UserError for others than its user, if members may delete, and moderators of its channel. */
async function requireDeleter(
  interaction: ButtonInteraction,
  { origin }: Task,
  bot: Uses<'guilds'>,
): Promise<void> {
  if (moderates(interaction, origin) && origin.channelId === interaction.channelId) return;
  if (origin.userId !== interaction.user.id) throw new UserError({ key: 'error.delete.notYours' });
  const { membersMayDelete } = await bot.guilds.rules(interaction);
  if (!membersMayDelete) throw new UserError({ key: 'error.delete.off' });
}
