import { type ButtonInteraction, PermissionFlagsBits } from 'discord.js';
import { picturesAt } from '../../src/discord/input/message-images.js';
import type { Button } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawDetails } from '../../src/discord/views/task-details.js';
import { UserError } from '../../src/errors.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { sharpened, sharperThan } from '../../src/mps/parameters/upscale.js';
import { nextId } from '../../src/tasks/ledger/follow-up.js';
import { isReleasable } from '../../src/tasks/model/state-machine.js';
import type { Task, TaskId } from '../../src/tasks/model/task.js';
import { asPrivateAs, type FormNeeds, openForm } from '../shared/order-form.js';
import { type DismissNeeds, offerRelease } from './dismiss-buttons.js';

/** The button under an outcome: the same once more, for whoever presses it. */
export const again = {
  verb: 'again',
  async press(interaction, id, bot: Uses<'tasks' | 'orders'>) {
    const { request } = await taskOf(id, interaction, bot);
    await bot.orders.place(interaction, request, asPrivateAs(interaction.message));
  },
} satisfies Button<Bot>;

/** The same, changed in a form. */
export const edit = {
  verb: 'edit',
  async press(interaction, id, bot: Uses<'tasks' | FormNeeds>) {
    const { request: base } = await taskOf(id, interaction, bot);
    const pictures = (base.kind === 'image' ? base.references : base.image && [base.image]) ?? [];
    const draft = { kind: base.kind, pictures, base, ...asPrivateAs(interaction.message) };
    await openForm(interaction, draft, 'form.title.edit', bot);
  },
} satisfies Button<Bot>;

/** Under a picture: it moves, or a new one is made of it. */
export const animatePicture = fromPicture('animate', 'video');
export const remixPicture = fromPicture('remix', 'image');

function fromPicture(verb: 'animate' | 'remix', kind: Kind): Button<Bot> {
  return {
    verb,
    async press(interaction, id, bot: Uses<'config' | 'tasks' | 'cdn' | FormNeeds>) {
      if (!bot.config[kind].enabled) throw new UserError({ key: `error.disabled.${kind}` });
      requireOwn(await bot.tasks.find(id), interaction);
      const pictures = picturesAt(interaction, interaction.message, bot.cdn);
      if (pictures.length === 0) throw new UserError({ key: 'error.noPicture' });
      await openForm(
        interaction,
        { kind, pictures, ...asPrivateAs(interaction.message) },
        `form.title.${verb}`,
        bot,
      );
    },
  };
}

/** A picture painted again from itself, or a clip filmed again, at the next resolution or size its model has. */
export const upscale = {
  verb: 'upscale',
  async press(interaction, id, bot: Uses<'tasks' | 'catalogue' | 'cdn' | 'orders'>) {
    const { request } = await taskOf(id, interaction, bot);
    const sharper = sharperThan(request, bot.catalogue);
    if (!sharper) throw new UserError({ key: 'error.upscale.none' });
    const [picture] = request.kind === 'image' ? picturesAt(interaction, interaction.message, bot.cdn) : [];
    if (request.kind === 'image' && !picture) throw new UserError({ key: 'error.noPicture' });
    await bot.orders.place(
      interaction,
      sharpened(request, sharper, picture),
      asPrivateAs(interaction.message),
    );
  },
} satisfies Button<Bot>;

/** All that is known of a result, for the person who asks alone. */
export const details = {
  verb: 'details',
  everywhere: true,
  async press(interaction, id, bot: Uses<'tasks' | 'guilds' | 'catalogue' | 'responder'>) {
    const task = await taskOf(id, interaction, bot);
    const clip = await clipOf(task, bot);
    const locale = await bot.guilds.locale(interaction);
    await bot.responder.whisper(interaction, drawDetails(task, locale, bot.catalogue, clip));
  },
} satisfies Button<Bot>;

/** What was made smaller for Discord, untouched, for the person who asks alone. */
export const original = {
  verb: 'original',
  everywhere: true,
  async press(interaction, id, bot: Uses<'tasks' | 'guilds' | 'originals'>) {
    const task = await taskOf(id, interaction, bot);
    await bot.originals.show(interaction, task, await bot.guilds.locale(interaction));
  },
} satisfies Button<Bot>;

/** Takes a result away: its asker may, and who may delete other people's messages. */
export const remove = {
  verb: 'delete',
  everywhere: true,
  async press(interaction, id, bot: Uses<'tasks' | 'guilds' | 'gallery'>) {
    const moderates = interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false;
    // Of a task that is no longer known nobody can say whose it was.
    const task = await bot.tasks.find(id);
    if (!moderates && task?.origin.userId !== interaction.user.id)
      throw new UserError({ key: task ? 'error.delete.notYours' : 'error.button.gone' });
    if (!moderates && !(await bot.guilds.rules(interaction)).membersMayDelete)
      throw new UserError({ key: 'error.delete.off' });
    await bot.gallery.remove(interaction, id);
  },
} satisfies Button<Bot>;

/** The button under a task that waits. Pressed a moment too late, there is still the choice to let it go. */
export const cancel = {
  verb: 'cancel',
  everywhere: true,
  async press(interaction, id, bot: DismissNeeds) {
    const task = await bot.tasks.find(id);
    const isMine = task?.origin.userId === interaction.user.id;
    if (isMine && isReleasable(task.state)) return offerRelease(interaction, id, bot);
    await bot.tasks.cancel(interaction, id);
    await bot.responder.deferUpdate(interaction);
  },
} satisfies Button<Bot>;

/** What is made of a picture in the same order. */
async function clipOf({ id, request }: Task, bot: Uses<'tasks'>): Promise<Task | undefined> {
  const isFollowed = request.kind === 'image' && request.thenAnimate !== undefined;
  return isFollowed ? bot.tasks.find(nextId(id)) : undefined;
}

/** @throws UserError where nobody knows of it any more, or it was made for somebody else's eyes alone. */
async function taskOf(id: TaskId, interaction: ButtonInteraction, bot: Uses<'tasks'>): Promise<Task> {
  const task = await bot.tasks.find(id);
  if (!task) throw new UserError({ key: 'error.button.gone' });
  requireOwn(task, interaction);
  return task;
}

/** What was made for one person alone is for nobody else to use. @throws UserError */
function requireOwn(task: Task | undefined, { user }: ButtonInteraction): void {
  if (task?.origin.private && task.origin.userId !== user.id)
    throw new UserError({ key: 'error.details.private' });
}
