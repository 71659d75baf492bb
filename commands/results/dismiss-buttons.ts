import { requireReleaser, whyNotReleased } from '../../src/discord/access/dismissal-rules.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Button } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawReleaseChoice } from '../../src/discord/views/dismissal-prompt.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';
import { isReleasable } from '../../src/tasks/model/state-machine.js';
import type { Release, Task, TaskId } from '../../src/tasks/model/task.js';

/** Stop waiting: asks what should happen to the result of a running task. */
export const release = {
  verb: 'release',
  everywhere: true,
  press: (interaction, id, bot: DismissNeeds) => offerRelease(interaction, id, bot),
} satisfies Button<Bot>;

/** What the prompt needs. */
export type DismissNeeds = Uses<'tasks' | 'guilds' | 'responder'>;

/**
 * Asks privately.
 * @throws UserError if they may not dismiss it, or there is nothing to dismiss.
 */
export async function offerRelease(
  interaction: AnswerableInteraction,
  id: TaskId,
  bot: DismissNeeds,
): Promise<void> {
  const task = await taskOf(id, bot);
  requireReleaser(interaction, task);
  if (!isReleasable(task.state)) throw new UserError(whyNotReleased(task));
  await bot.responder.whisper(interaction, drawReleaseChoice(task, await bot.guilds.locale(interaction)));
}

/** The two choices. */
export const quiet = choice('quiet', 'deliver');
export const discard = choice('discard', 'drop');

function choice(verb: 'quiet' | 'discard', wish: Release['wish']): Button<Bot> {
  return {
    verb,
    everywhere: true,
    press: (interaction, id, bot: Uses<'tasks' | 'guilds' | 'deferred'>) =>
      // The choice is persisted first, which may take longer than Discord waits.
      bot.deferred.update(interaction, async () => {
        const task = await taskOf(id, bot);
        const by = requireReleaser(interaction, task);
        if (!(await bot.tasks.dismiss(task, { wish, by })))
          throw new UserError(whyNotReleased(await taskOf(id, bot)));
        return { card: drawPanel([text(await bot.guilds.locale(interaction), `release.done.${wish}`)]) };
      }),
  };
}

async function taskOf(id: TaskId, bot: Uses<'tasks'>): Promise<Task> {
  const task = await bot.tasks.find(id);
  if (!task) throw new UserError({ key: 'error.button.gone' });
  return task;
}
