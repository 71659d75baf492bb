import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Button, Easel } from '../../src/discord/interactions/command.js';
import { requireReleaser, whyNotReleased } from '../../src/discord/services/dismissal-rules.js';
import { drawReleaseChoice } from '../../src/discord/views/dismissal-prompt.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';
import { isReleasable } from '../../src/tasks/model/state-machine.js';
import type { Release, Task, TaskId } from '../../src/tasks/model/task.js';

/** The button under a task that MPS is at work on: what is to become of what it makes? */
export const release = {
  verb: 'release',
  everywhere: true,
  press: (interaction, id, easel) => offerRelease(interaction, id, easel),
} satisfies Button;

/** Asks the person alone. @throws UserError where it is not theirs to say, or there is nothing to let go. */
export async function offerRelease(
  interaction: AnswerableInteraction,
  id: TaskId,
  easel: Easel,
): Promise<void> {
  const task = await taskOf(id, easel);
  requireReleaser(interaction, task);
  if (!isReleasable(task.state)) throw new UserError(whyNotReleased(task));
  await easel.whisper(interaction, drawReleaseChoice(task, await easel.locale(interaction)));
}

/** The two answers to that. */
export const quiet = choice('quiet', 'deliver');
export const discard = choice('discard', 'drop');

function choice(verb: 'quiet' | 'discard', wish: Release['wish']): Button {
  return {
    verb,
    everywhere: true,
    press: (interaction, id, easel) =>
      // The word is written down first, which may take longer than Discord waits.
      easel.updateLater(interaction, async () => {
        const task = await taskOf(id, easel);
        const by = requireReleaser(interaction, task);
        if (!(await easel.release(task, { wish, by })))
          throw new UserError(whyNotReleased(await taskOf(id, easel)));
        return { card: drawPanel([text(await easel.locale(interaction), `release.done.${wish}`)]) };
      }),
  };
}

async function taskOf(id: TaskId, easel: Easel): Promise<Task> {
  const task = await easel.find(id);
  if (!task) throw new UserError({ key: 'error.button.gone' });
  return task;
}
