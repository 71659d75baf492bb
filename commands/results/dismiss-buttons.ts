import { requireReleaser, whyNotReleased } from '../../src/discord/access/dismissal-rules.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Button, Select } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawReleaseChoice, drawSetReleaseChoice } from '../../src/discord/views/dismissal-prompt.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { labelOf } from '../../src/discord/views/sets/set-view.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';
import { type Member, membersOf } from '../../src/tasks/delivery/set-members.js';
import { isAlive, isReleasable } from '../../src/tasks/model/state-machine.js';
import type { Release, Task, TaskId } from '../../src/tasks/model/task.js';
import { isLead, leadId, partOf } from '../../src/tasks/model/task-set.js';

/** Stop waiting: asks what should happen to the result of a running task, or to those of a set. */
export const release = {
  verb: 'release',
  everywhere: true,
  press: (interaction, id, bot: DismissNeeds) => offerRelease(interaction, id, bot),
} satisfies Button<Bot>;

/** The select below that question about a set: the question for the chosen one alone. */
export const releaseOne = {
  verb: 'release',
  everywhere: true,
  async choose(interaction, id, bot: DismissNeeds) {
    const lead = await taskOf(id, bot);
    const members = await openMembers(lead, bot);
    const chosen = members.find((member) => labelOf(member) === interaction.values[0]);
    requireReleaser(interaction, chosen?.task ?? lead);
    if (!chosen) throw new UserError({ key: 'error.release.over' });
    if (!isReleasable(chosen.task.state)) throw new UserError(whyNotReleased(chosen.task));
    const card = drawReleaseChoice(chosen.task, await bot.guilds.locale(interaction));
    await bot.responder.update(interaction, card);
  },
} satisfies Select<Bot>;

/** What the prompt needs. */
export type DismissNeeds = Uses<'tasks' | 'guilds' | 'responder' | 'catalogue'>;

/**
 * Asks privately; of a set's lead about all of its results that are being made.
 * @throws UserError if they may not dismiss it, or there is nothing to dismiss.
 */
export async function offerRelease(
  interaction: AnswerableInteraction,
  id: TaskId,
  bot: DismissNeeds,
): Promise<void> {
  const task = await taskOf(id, bot);
  requireReleaser(interaction, task);
  const locale = await bot.guilds.locale(interaction);
  const members = isLead(task) ? await openMembers(task, bot) : [];
  const running = members.filter((member) => isReleasable(member.task.state));
  if (running.length > 0) {
    const listed = running.map((member) => ({ number: labelOf(member), model: modelOf(member.task, bot) }));
    return bot.responder.whisper(interaction, drawSetReleaseChoice(id, listed, locale));
  }
  if (!isReleasable(task.state)) throw new UserError(whyNotReleased(members[0]?.task ?? task));
  await bot.responder.whisper(interaction, drawReleaseChoice(task, locale));
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
        const isWhole = partOf(id) === 0;
        const task = await taskOf(isWhole ? leadId(id) : id, bot);
        const parts = isWhole ? await openMembers(task, bot) : [];
        const running = parts.map((member) => member.task).filter(({ state }) => isReleasable(state));
        const [by] = (running.length > 0 ? running : [task]).map((one) => requireReleaser(interaction, one));
        if (!by || !(await bot.tasks.dismiss(task, { wish, by }, { whole: isWhole })))
          throw new UserError(whyNotReleased(await taskOf(task.id, bot)));
        const said = isWhole ? (`release.done.set.${wish}` as const) : (`release.done.${wish}` as const);
        return { card: drawPanel([text(await bot.guilds.locale(interaction), said)]) };
      }),
  };
}

/** The unfinished tasks of a set, with their numbers. @throws StoreError */
async function openMembers(
  lead: Task,
  bot: Uses<'tasks'>,
): Promise<readonly (Member & { readonly task: Task })[]> {
  const set = await membersOf(lead, (id) => bot.tasks.find(id));
  return (set?.members ?? []).flatMap((member) =>
    member.task && isAlive(member.task.state) ? [{ ...member, task: member.task }] : [],
  );
}

function modelOf({ request: { kind, model } }: Task, { catalogue }: Uses<'catalogue'>): string {
  return catalogue.find(kind, model)?.label ?? model;
}

async function taskOf(id: TaskId, bot: Uses<'tasks'>): Promise<Task> {
  const task = await bot.tasks.find(id);
  if (!task) throw new UserError({ key: 'error.button.gone' });
  return task;
}
