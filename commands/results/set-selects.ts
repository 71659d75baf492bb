import type { StringSelectMenuInteraction } from 'discord.js';
import { pictureNumbered, resultNumbered } from '../../src/discord/input/numbered-results.js';
import type { Select } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawPicked } from '../../src/discord/views/sets/picked-result.js';
import { numbersIn } from '../../src/discord/views/sets/set-view.js';
import { UserError } from '../../src/errors.js';
import { type Member, membersOf } from '../../src/tasks/delivery/set-members.js';
import type { Task, TaskId } from '../../src/tasks/model/task.js';
import { asPrivateAs } from '../shared/order-form.js';
import { visibleTask } from '../shared/task-visibility.js';

/** Which one?: answers privately with the chosen result of a set, and what can be done with it. */
export const pick = {
  verb: 'pick',
  async choose(
    interaction,
    id,
    bot: Uses<'tasks' | 'guilds' | 'catalogue' | 'config' | 'cdn' | 'responder'>,
  ) {
    const { task, number } = await chosenIn(interaction, id, bot);
    const locale = await bot.guilds.locale(interaction);
    const file = resultNumbered(interaction.message, number, task.request);
    const enabled = { image: bot.config.image.enabled, video: bot.config.video.enabled };
    const card = drawPicked({ task, number, file }, locale, { catalogue: bot.catalogue, enabled });
    await bot.responder.whisper(interaction, card);
  },
} satisfies Select<Bot>;

/** Which one should be animated?: orders the clip of the chosen picture, for the user who chooses. */
export const move = {
  verb: 'move',
  async choose(interaction, id, bot: Uses<'config' | 'tasks' | 'cdn' | 'orders'>) {
    if (!bot.config.video.enabled) throw new UserError({ key: 'error.disabled.video' });
    const { lead, task, number } = await chosenIn(interaction, id, bot);
    const { request } = task;
    const clip = lead.set?.thenAnimate;
    if (!clip) throw new UserError({ key: 'error.button.unknown' });
    const image = pictureNumbered(interaction, interaction.message, { number, request, cdn: bot.cdn });
    if (!image) throw new UserError({ key: 'pick.gone', params: { number } });
    await bot.orders.place(interaction, { ...clip, image }, asPrivateAs(interaction.message));
  },
} satisfies Select<Bot>;

/**
 * The result of a set that was chosen by its number.
 * @throws UserError if its record is gone, or this user may not see it.
 */
async function chosenIn(
  interaction: StringSelectMenuInteraction,
  id: TaskId,
  bot: Uses<'tasks'>,
): Promise<{ readonly lead: Task; readonly task: Task; readonly number: number }> {
  const lead = await visibleTask(id, interaction, bot);
  const number = Number(interaction.values[0]);
  const member = await memberNumbered(lead, number, bot);
  if (!member?.task) throw new UserError({ key: 'error.button.gone' });
  return { lead, task: member.task, number };
}

/** The part or clip of a set that a number in its message belongs to. @throws StoreError */
export async function memberNumbered(
  lead: Task,
  number: number,
  bot: Uses<'tasks'>,
): Promise<Member | undefined> {
  const set = await membersOf(lead, (one) => bot.tasks.find(one));
  return set?.members.find((one) => numbersIn(one).includes(number));
}
