import { sightOf } from '../../src/discord/access/channel-visibility.js';
import { requireModerator } from '../../src/discord/access/permissions.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Button, Command, Panel } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { parseCustomId } from '../../src/discord/views/custom-ids.js';
import { entriesOf } from '../../src/discord/views/sets/set-entry.js';
import { drawTaskList, parseListControl, type Whose } from '../../src/discord/views/task-list.js';
import { UserError } from '../../src/errors.js';
import { setOf } from '../../src/tasks/ledger/order-parts.js';
import type { Task, TaskId } from '../../src/tasks/model/task.js';
import { isKept } from '../../src/tasks/model/task-record.js';
import { optionsOf, slashCommand } from '../shared/option-builders.js';
import { type DismissNeeds, offerRelease } from './dismiss-buttons.js';
import { isPastCancelling, orderAgain } from './result-buttons.js';

const everybody = ['mine', 'server'] as const satisfies readonly Whose[];

/** `/tasks`: tasks in progress, results to collect and recent results; for moderators, the whole server's. */
export const tasks = {
  name: 'tasks',
  everywhere: true,
  data: () => slashCommand('tasks', [optionsOf('tasks').oneOf('whose', 'tasks.of', everybody)]),
  async run(interaction, bot: ListNeeds) {
    const asked = interaction.options.getString('whose');
    const whose = everybody.find((one) => one === asked) ?? 'mine';
    await bot.deferred.whisper(interaction, () => pageOf(interaction, bot, { whose, page: 0 }));
  },
} satisfies Command<Bot>;

/** Its select of finished orders: the chosen one is ordered again. Unlike the list, it needs a place that takes orders. */
export const repeatPanel = {
  id: 'repeat',
  async use(interaction, _control, bot: Uses<'tasks' | 'orders'>) {
    const [chosen = ''] = interaction.isStringSelectMenu() ? interaction.values : [];
    const asked = parseCustomId(`v1:again:${chosen}`);
    if (!asked) throw new UserError({ key: 'error.button.unknown' });
    await orderAgain(interaction, asked.id, bot);
  },
} satisfies Panel<Bot>;

/** Its buttons: paging and Cancel. */
export const tasksPanel = {
  id: 'tasks',
  everywhere: true,
  async use(interaction, control, bot: ListNeeds & DismissNeeds) {
    const asked = parseListControl(control);
    if (!asked) throw new UserError({ key: 'error.button.unknown' });
    if (asked.cancel) {
      const task = await bot.tasks.find(asked.cancel);
      // If it has just been submitted, offer to dismiss it instead.
      if (task && (await isPastCancelling(task, bot))) return offerRelease(interaction, asked.cancel, bot);
      // The reason it can't be cancelled is shown in a separate message; the list stays.
      const { goOn } = await bot.tasks.cancel(interaction, asked.cancel);
      const { cancel: _, ...place } = asked;
      if (goOn > 0) return bot.deferred.update(interaction, () => pageOf(interaction, bot, place));
    }
    await bot.deferred.update(interaction, () => pageOf(interaction, bot, asked));
  },
} satisfies Panel<Bot>;

type ListNeeds = Uses<'tasks' | 'guilds' | 'catalogue' | 'deferred'>;

interface Asked {
  readonly whose: Whose;
  readonly page: number;
  readonly cancel?: TaskId;
}

async function pageOf(interaction: AnswerableInteraction, bot: ListNeeds, { whose, page, cancel }: Asked) {
  const [shown, locale] = await Promise.all([
    // Checked at every use: a list stays open after a member lost the permission.
    whose === 'server'
      ? bot.tasks.ofGuild(requireModerator(interaction), page)
      : bot.tasks.ofUser(interaction.user.id, page),
    bot.guilds.locale(interaction),
  ]);
  // What its user has to collect stays an entry of its own.
  const { tasks, sets } = await entriesOf(shown.tasks, isKept, (task) => setOf(task, bot.tasks));
  const view = {
    sets,
    whose,
    page: shown.page,
    pages: shown.pages,
    userId: interaction.user.id,
    turn: bot.tasks.turn,
    expected: bot.tasks.expected,
    currency: bot.catalogue.currency,
    hidden: whose === 'server' ? await hiddenFrom(interaction, tasks) : new Set<TaskId>(),
    ...(cancel && { calledOff: cancel }),
  };
  return { card: drawTaskList(tasks, locale, view) };
}

/** Other users' private tasks, and tasks in channels that this moderator can't see. */
async function hiddenFrom(interaction: AnswerableInteraction, listed: readonly Task[]) {
  const sight = sightOf(interaction);
  const open = await Promise.all(
    listed.map(async ({ origin }) => !origin.private && (await sight(origin.channelId))),
  );
  return new Set(listed.flatMap(({ id }, at) => (open[at] ? [] : [id])));
}

/** Get #1: collects a result that could not be posted. */
export const collect = {
  verb: 'collect',
  everywhere: true,
  press: (interaction, id, { heldResults }: Uses<'heldResults'>) => heldResults.collect(interaction, id),
} satisfies Button<Bot>;
