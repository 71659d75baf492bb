import type { Button } from '../src/discord/command.js';
import { UserError } from '../src/errors.js';

/** The button under an outcome: the same once more, for whoever presses it. */
export const again = {
  verb: 'again',
  async press(interaction, id, easel) {
    const task = await easel.find(id);
    if (!task) throw new UserError({ key: 'error.button.gone' });
    await easel.order(interaction, task.request);
  },
} satisfies Button;

/** The button under a task that waits. */
export const cancel = {
  verb: 'cancel',
  press: (interaction, id, easel) => easel.cancel(interaction, id),
} satisfies Button;
