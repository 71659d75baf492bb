import { type ButtonInteraction, PermissionFlagsBits } from 'discord.js';
import { picturesAt } from '../../src/discord/input/message-images.js';
import type { Button, Easel } from '../../src/discord/interactions/command.js';
import { drawDetails } from '../../src/discord/views/task-details.js';
import { UserError } from '../../src/errors.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { sharpened, sharperThan } from '../../src/mps/parameters/upscale.js';
import { nextId } from '../../src/tasks/ledger/follow-up.js';
import { isReleasable } from '../../src/tasks/model/state-machine.js';
import type { Task, TaskId } from '../../src/tasks/model/task.js';
import { asPrivateAs, openForm } from '../shared/order-form.js';
import { offerRelease } from './dismiss-buttons.js';

/** The button under an outcome: the same once more, for whoever presses it. */
export const again = {
  verb: 'again',
  async press(interaction, id, easel) {
    const { request } = await taskOf(id, interaction, easel);
    await easel.order(interaction, request, asPrivateAs(interaction.message));
  },
} satisfies Button;

/** The same, changed in a form. */
export const edit = {
  verb: 'edit',
  async press(interaction, id, easel) {
    const { request: base } = await taskOf(id, interaction, easel);
    const pictures = (base.kind === 'image' ? base.references : base.image && [base.image]) ?? [];
    const draft = { kind: base.kind, pictures, base, ...asPrivateAs(interaction.message) };
    await openForm(interaction, draft, 'form.title.edit', easel);
  },
} satisfies Button;

/** Under a picture: it moves, or a new one is made of it. */
export const animatePicture = fromPicture('animate', 'video');
export const remixPicture = fromPicture('remix', 'image');

function fromPicture(verb: 'animate' | 'remix', kind: Kind): Button {
  return {
    verb,
    async press(interaction, id, easel) {
      if (!easel.config[kind].enabled) throw new UserError({ key: `error.disabled.${kind}` });
      requireOwn(await easel.find(id), interaction);
      const pictures = picturesAt(interaction, interaction.message, easel.cdn);
      if (pictures.length === 0) throw new UserError({ key: 'error.noPicture' });
      await openForm(
        interaction,
        { kind, pictures, ...asPrivateAs(interaction.message) },
        `form.title.${verb}`,
        easel,
      );
    },
  };
}

/** A picture painted again from itself, or a clip filmed again, at the next resolution or size its model has. */
export const upscale = {
  verb: 'upscale',
  async press(interaction, id, easel) {
    const { request } = await taskOf(id, interaction, easel);
    const sharper = sharperThan(request, easel.catalogue);
    if (!sharper) throw new UserError({ key: 'error.upscale.none' });
    const [picture] = request.kind === 'image' ? picturesAt(interaction, interaction.message, easel.cdn) : [];
    if (request.kind === 'image' && !picture) throw new UserError({ key: 'error.noPicture' });
    await easel.order(interaction, sharpened(request, sharper, picture), asPrivateAs(interaction.message));
  },
} satisfies Button;

/** All that is known of a result, for the person who asks alone. */
export const details = {
  verb: 'details',
  everywhere: true,
  async press(interaction, id, easel) {
    const task = await taskOf(id, interaction, easel);
    const clip = await clipOf(task, easel);
    const locale = await easel.locale(interaction);
    await easel.whisper(interaction, drawDetails(task, locale, easel.catalogue, clip));
  },
} satisfies Button;

/** What was made smaller for Discord, untouched, for the person who asks alone. */
export const original = {
  verb: 'original',
  everywhere: true,
  async press(interaction, id, easel) {
    const task = await taskOf(id, interaction, easel);
    await easel.showOriginals(interaction, task, await easel.locale(interaction));
  },
} satisfies Button;

/** Takes a result away: its asker may, and who may delete other people's messages. */
export const remove = {
  verb: 'delete',
  everywhere: true,
  async press(interaction, id, easel) {
    const moderates = interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false;
    // Of a task that is no longer known nobody can say whose it was.
    const task = await easel.find(id);
    if (!moderates && task?.origin.userId !== interaction.user.id)
      throw new UserError({ key: task ? 'error.delete.notYours' : 'error.button.gone' });
    if (!moderates && !(await easel.rules(interaction)).membersMayDelete)
      throw new UserError({ key: 'error.delete.off' });
    await easel.remove(interaction, id);
  },
} satisfies Button;

/** The button under a task that waits. Pressed a moment too late, there is still the choice to let it go. */
export const cancel = {
  verb: 'cancel',
  everywhere: true,
  async press(interaction, id, easel) {
    const task = await easel.find(id);
    const isMine = task?.origin.userId === interaction.user.id;
    if (isMine && isReleasable(task.state)) return offerRelease(interaction, id, easel);
    await easel.cancel(interaction, id);
  },
} satisfies Button;

/** What is made of a picture in the same order. */
async function clipOf({ id, request }: Task, easel: Easel): Promise<Task | undefined> {
  const isFollowed = request.kind === 'image' && request.thenAnimate !== undefined;
  return isFollowed ? easel.find(nextId(id)) : undefined;
}

/** @throws UserError where nobody knows of it any more, or it was made for somebody else's eyes alone. */
async function taskOf(id: TaskId, interaction: ButtonInteraction, easel: Easel): Promise<Task> {
  const task = await easel.find(id);
  if (!task) throw new UserError({ key: 'error.button.gone' });
  requireOwn(task, interaction);
  return task;
}

/** What was made for one person alone is for nobody else to use. @throws UserError */
function requireOwn(task: Task | undefined, { user }: ButtonInteraction): void {
  if (task?.origin.private && task.origin.userId !== user.id)
    throw new UserError({ key: 'error.details.private' });
}
