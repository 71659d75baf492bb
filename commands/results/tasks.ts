import { requireModerator } from '../../src/discord/access/permissions.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Button, Command, Easel, Panel } from '../../src/discord/interactions/command.js';
import { drawTaskList, parseListControl, type Whose } from '../../src/discord/views/task-list.js';
import { UserError } from '../../src/errors.js';
import { isReleasable } from '../../src/tasks/model/state-machine.js';
import type { Task, TaskId } from '../../src/tasks/model/task.js';
import { optionsOf, slashCommand } from '../shared/option-builders.js';
import { offerRelease } from './dismiss-buttons.js';

const everybody = ['mine', 'server'] as const satisfies readonly Whose[];

/** `/tasks`: what is on its way, what waits to be fetched, and what was made lately; of a server for its moderators. */
export const tasks = {
  name: 'tasks',
  everywhere: true,
  data: () => slashCommand('tasks', [optionsOf('tasks').oneOf('whose', 'tasks.of', everybody)]),
  async run(interaction, easel) {
    const asked = interaction.options.getString('whose');
    const whose = everybody.find((one) => one === asked) ?? 'mine';
    await easel.whisperLater(interaction, () => pageOf(interaction, easel, { whose, page: 0 }));
  },
} satisfies Command;

/** The buttons beneath: they turn its pages and call off what waits. */
export const tasksPanel = {
  desk: 'tasks',
  everywhere: true,
  async use(interaction, control, easel) {
    const asked = parseListControl(control);
    if (!asked) throw new UserError({ key: 'error.button.unknown' });
    if (asked.cancel) {
      const task = await easel.find(asked.cancel);
      // A moment too late, there is still the choice to let it go.
      if (task && isReleasable(task.state)) return offerRelease(interaction, asked.cancel, easel);
      // What stands in the way of it is told beside the list, which stays.
      await easel.callOff(interaction, asked.cancel);
    }
    await easel.updateLater(interaction, () => pageOf(interaction, easel, asked));
  },
} satisfies Panel;

interface Asked {
  readonly whose: Whose;
  readonly page: number;
  readonly cancel?: TaskId;
}

async function pageOf(interaction: AnswerableInteraction, easel: Easel, { whose, page, cancel }: Asked) {
  const [shown, locale] = await Promise.all([
    // Asked at every use: a list stays open after somebody lost the permission.
    whose === 'server'
      ? easel.tasksIn(requireModerator(interaction), page)
      : easel.tasksOf(interaction.user.id, page),
    easel.locale(interaction),
  ]);
  const view = {
    ...{ whose, page: shown.page, pages: shown.pages, userId: interaction.user.id, now: easel.now() },
    ...{ ahead: easel.ahead, expected: easel.expected, currency: easel.catalogue.currency },
    hidden: whose === 'server' ? await hiddenFrom(interaction, shown.tasks, easel) : new Set<TaskId>(),
    ...(cancel && { calledOff: cancel }),
  };
  return { card: drawTaskList(shown.tasks, locale, view) };
}

/** What somebody else asked for in private, and what was asked for in channels that this moderator may not see. */
async function hiddenFrom(interaction: AnswerableInteraction, listed: readonly Task[], easel: Easel) {
  const sight = easel.sight(interaction);
  const open = await Promise.all(
    listed.map(async ({ origin }) => !origin.private && (await sight(origin.channelId))),
  );
  return new Set(listed.flatMap(({ id }, at) => (open[at] ? [] : [id])));
}

/** The button beside a result that could not be posted. */
export const collect = {
  verb: 'collect',
  everywhere: true,
  press: (interaction, id, easel) => easel.collect(interaction, id),
} satisfies Button;
