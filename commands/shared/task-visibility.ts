import { sightOf } from '../../src/discord/access/channel-visibility.js';
import { moderates } from '../../src/discord/access/permissions.js';
import { type AnswerableInteraction, guildOf } from '../../src/discord/access/request-origin.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { isHushed } from '../../src/discord/views/task-ending.js';
import { type Sentence, UserError } from '../../src/errors.js';
import { setOf } from '../../src/tasks/ledger/order-parts.js';
import type { Origin, Task, TaskId } from '../../src/tasks/model/task.js';

/** True if a user may know what was ordered. */
export async function isVisible(task: Task, interaction: AnswerableInteraction): Promise<boolean> {
  return (await whyHidden(task, interaction)) === undefined;
}

/**
 * Makes sure that a user may know what was ordered: a custom id proves nothing, since buttons with any task's id can
 * be posted anywhere. Users see their own orders; others see those of the channel they are in, and of this guild's
 * channels that they can see. Private orders are for their user only, and so are orders that ended without a result,
 * but for moderators.
 * @throws UserError
 */
export async function requireVisible(task: Task, interaction: AnswerableInteraction): Promise<void> {
  const key = await whyHidden(task, interaction);
  if (key) throw new UserError({ key });
}

/**
 * The task of a button.
 * @throws UserError if its record is gone, or this user may not see it.
 */
export async function visibleTask(
  id: TaskId,
  interaction: AnswerableInteraction,
  { tasks }: Uses<'tasks'>,
): Promise<Task> {
  const task = await tasks.find(id);
  if (!task) throw new UserError({ key: 'error.button.gone' });
  // What one part of a set shows of the order it says of all.
  const parts = isHushed(task) ? await setOf(task, tasks) : [];
  await requireVisible(parts.find((part) => !isHushed(part)) ?? task, interaction);
  return task;
}

async function whyHidden(
  task: Task,
  interaction: AnswerableInteraction,
): Promise<Sentence['key'] | undefined> {
  const { origin } = task;
  if (origin.userId === interaction.user.id) return undefined;
  if (origin.private) return 'error.details.private';
  if (!(await isInSight(origin, interaction))) return 'error.details.unseen';
  // Its card doesn't show others what was asked for.
  return isHushed(task) && !moderates(interaction, origin) ? 'error.release.notYours' : undefined;
}

/** True if the user can see the channel where it was ordered. */
async function isInSight(
  { guildId, channelId }: Origin,
  interaction: AnswerableInteraction,
): Promise<boolean> {
  if (channelId !== '' && channelId === interaction.channelId) return true;
  const here = guildOf(interaction);
  return here !== undefined && here === guildId && sightOf(interaction)(channelId);
}
