import type { ButtonInteraction } from 'discord.js';
import { clipsAt } from '../../src/discord/input/message-images.js';
import type { Button } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { longestClip } from '../../src/discord/views/task-ending.js';
import { UserError } from '../../src/errors.js';
import type { TaskId } from '../../src/tasks/model/task.js';
import { asPrivateAs, type FormNeeds, openForm } from '../shared/order-form.js';
import { visibleTask } from '../shared/task-visibility.js';
import { type ClipTarget, changeDraft, extendDraft } from './clip-target.js';

type Needs = Uses<'config' | 'tasks' | 'cdn' | FormNeeds>;

/** Change the clip, under a clip: a form for another version of it. */
export const changeClip = {
  verb: 'changeclip',
  async press(interaction, id, bot: Needs) {
    const target = await targetOf(interaction, id, bot);
    const draft = {
      ...changeDraft(target, await bot.guilds.offer(interaction)),
      ...asPrivateAs(interaction.message),
    };
    await openForm(interaction, draft, 'form.title.changeclip', bot);
  },
} satisfies Button<Bot>;

/** Extend, under a clip: a form for what happens next. */
export const extendClip = {
  verb: 'extend',
  async press(interaction, id, bot: Needs) {
    const target = await targetOf(interaction, id, bot);
    const draft = {
      ...extendDraft(target, await bot.guilds.offer(interaction)),
      ...asPrivateAs(interaction.message),
    };
    await openForm(interaction, draft, 'form.title.extend', bot);
  },
} satisfies Button<Bot>;

/** New part alone, under a clip that went on from another: the file that MPS made, for the user who asks. */
export const newPart = {
  verb: 'part',
  everywhere: true,
  async press(interaction, id, bot: Uses<'tasks' | 'guilds' | 'originals'>) {
    const task = await visibleTask(id, interaction, bot);
    if (!task.whole) throw new UserError({ key: 'error.part.none' });
    await bot.originals.show(interaction, task, await bot.guilds.locale(interaction), { part: true });
  },
} satisfies Button<Bot>;

/** Use the first seconds, under an order whose clip was too long: the same with so much of it. */
export const cutClip = {
  verb: 'cut',
  async press(interaction, id, bot: Uses<'tasks' | 'orders'>) {
    const { request, state } = await visibleTask(id, interaction, bot);
    const cutTo = longestClip(state);
    if (request.kind !== 'video' || cutTo === undefined) throw new UserError({ key: 'error.noClip' });
    const clips = (request.clips ?? []).map((clip) => ({ ...clip, cutTo }));
    await bot.orders.place(interaction, { ...request, clips }, asPrivateAs(interaction.message));
  },
} satisfies Button<Bot>;

async function targetOf(interaction: ButtonInteraction, id: TaskId, bot: Needs): Promise<ClipTarget> {
  if (!bot.config.video.enabled) throw new UserError({ key: 'error.disabled.video' });
  const task = await visibleTask(id, interaction, bot);
  const [file] = clipsAt(interaction, interaction.message, bot.cdn);
  return { file, task };
}
