import { drawTaskList } from '../src/discord/cards.js';
import type { Button, Command } from '../src/discord/command.js';
import { slashCommand } from './options.js';

/** `/tasks`: what is on its way, and what waits to be fetched. */
export const tasks = {
  name: 'tasks',
  data: () => slashCommand('tasks', []),
  async run(interaction, easel) {
    const open = easel.openTasks(interaction.user.id);
    await easel.whisper(interaction, drawTaskList(open, await easel.locale(interaction)));
  },
} satisfies Command;

/** The button beside a result that could not be posted. */
export const collect = {
  verb: 'collect',
  press: (interaction, id, easel) => easel.collect(interaction, id),
} satisfies Button;
