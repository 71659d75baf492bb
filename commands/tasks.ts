import type { Button, Command, Easel, Panel } from '../src/discord/command.js';
import type { AnswerableInteraction } from '../src/discord/origin.js';
import { drawTaskList } from '../src/discord/task-list.js';
import { UserError } from '../src/errors.js';
import { slashCommand } from './options.js';

/** `/tasks`: what is on its way, what waits to be fetched, and what was made lately. */
export const tasks = {
  name: 'tasks',
  data: () => slashCommand('tasks', []),
  run: (interaction, easel) => easel.whisperLater(interaction, () => pageOf(interaction, easel, 0)),
} satisfies Command;

/** The buttons that turn its pages. */
export const tasksPanel = {
  desk: 'tasks',
  async use(interaction, control, easel) {
    const [, page] = /^page:(\d+)$/.exec(control) ?? [];
    if (page === undefined) throw new UserError({ key: 'error.button.unknown' });
    await easel.updateLater(interaction, () => pageOf(interaction, easel, Number(page)));
  },
} satisfies Panel;

async function pageOf(interaction: AnswerableInteraction, easel: Easel, page: number) {
  const [all, locale] = await Promise.all([easel.tasksOf(interaction.user.id), easel.locale(interaction)]);
  return { card: drawTaskList(all, locale, { ahead: easel.ahead, page }) };
}

/** The button beside a result that could not be posted. */
export const collect = {
  verb: 'collect',
  press: (interaction, id, easel) => easel.collect(interaction, id),
} satisfies Button;
