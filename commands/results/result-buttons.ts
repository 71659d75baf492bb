import {
  type APIButtonComponentWithCustomId,
  ComponentType,
  type MessageComponentInteraction,
  PermissionFlagsBits,
} from 'discord.js';
import { picturesAt } from '../../src/discord/input/message-images.js';
import type { Button } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { drawDetails } from '../../src/discord/views/task-details.js';
import { drawReason } from '../../src/discord/views/task-ending.js';
import { UserError } from '../../src/errors.js';
import { type Locale, text } from '../../src/locales/index.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { sharpened, sharperThan } from '../../src/mps/parameters/upscale.js';
import { findNext } from '../../src/tasks/ledger/follow-up.js';
import { setOf } from '../../src/tasks/ledger/order-parts.js';
import { endsInWords, isCancellable, isReleasable } from '../../src/tasks/model/state-machine.js';
import type { Task, TaskId } from '../../src/tasks/model/task.js';
import { isLead, orderOf } from '../../src/tasks/model/task-set.js';
import { shown, standingOf } from '../quota/amounts.js';
import { aboutPicture, asPrivateAs, type FormNeeds, openForm } from '../shared/order-form.js';
import { visibleTask } from '../shared/task-visibility.js';
import { type DismissNeeds, offerRelease } from './dismiss-buttons.js';

/** Again: orders the same once more, of a set all of it, for the user who presses it. */
export const again = {
  verb: 'again',
  press: (interaction, id, bot: Uses<'tasks' | 'orders'>) => orderAgain(interaction, id, bot),
} satisfies Button<Bot>;

/** @throws UserError if its record is gone, or this user may not see it. */
export async function orderAgain(
  interaction: MessageComponentInteraction,
  id: TaskId,
  bot: Uses<'tasks' | 'orders'>,
): Promise<void> {
  const task = await visibleTask(id, interaction, bot);
  await bot.orders.place(interaction, orderOf(task), asPrivateAs(interaction.message));
}

/** Edit: orders the same with changes made in a form. */
export const edit = {
  verb: 'edit',
  async press(interaction, id, bot: Uses<'tasks' | FormNeeds>) {
    const base = orderOf(await visibleTask(id, interaction, bot));
    const pictures = (base.kind === 'image' ? base.references : base.image && [base.image]) ?? [];
    const draft = { kind: base.kind, pictures, base, ...asPrivateAs(interaction.message) };
    await openForm(interaction, draft, 'form.title.edit', bot);
  },
} satisfies Button<Bot>;

/** Animate and Remix, under an image. */
export const animatePicture = fromPicture('animate', 'video');
export const remixPicture = fromPicture('remix', 'image');

function fromPicture(verb: 'animate' | 'remix', kind: Kind): Button<Bot> {
  return {
    verb,
    async press(interaction, id, bot: Uses<'config' | 'tasks' | 'cdn' | FormNeeds>) {
      if (!bot.config[kind].enabled) throw new UserError({ key: `error.disabled.${kind}` });
      const task = (await bot.tasks.find(id)) && (await visibleTask(id, interaction, bot));
      const pictures = picturesAt(interaction, interaction.message, bot.cdn);
      if (pictures.length === 0) throw new UserError({ key: 'error.noPicture' });
      const draft = { ...aboutPicture(kind, pictures, task?.request), ...asPrivateAs(interaction.message) };
      await openForm(interaction, draft, `form.title.${verb}`, bot);
    },
  };
}

/** Change the picture: under a clip that a reply to a picture made, a form for a changed picture instead. */
export const repaint = {
  verb: 'repaint',
  async press(interaction, id, bot: Uses<'config' | 'tasks' | FormNeeds>) {
    if (!bot.config.image.enabled) throw new UserError({ key: 'error.disabled.image' });
    const { request } = await visibleTask(id, interaction, bot);
    const picture = request.kind === 'video' ? request.image : undefined;
    if (!picture) throw new UserError({ key: 'error.noPicture' });
    const filled = { prompt: request.prompt };
    const draft = {
      kind: 'image' as const,
      pictures: [picture],
      filled,
      ...asPrivateAs(interaction.message),
    };
    await openForm(interaction, draft, 'form.title.remix', bot);
  },
} satisfies Button<Bot>;

/** Redraw in …, Again in …: repaints an image from itself, or films a video again, at the model's next resolution or size. */
export const upscale = {
  verb: 'upscale',
  async press(interaction, id, bot: Uses<'tasks' | 'catalogue' | 'cdn' | 'orders'>) {
    const { request } = await visibleTask(id, interaction, bot);
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

/** Details: everything known about a result, or why there is none, visible only to the user who asks. */
export const details = {
  verb: 'details',
  everywhere: true,
  press: (interaction, id, bot: DetailsNeeds) => showDetails(interaction, id, bot),
} satisfies Button<Bot>;

export type DetailsNeeds = Uses<'tasks' | 'guilds' | 'catalogue' | 'quota' | 'responder'>;

/**
 * @param buttons what else can be done with a result.
 * @throws UserError if its record is gone, or it is private to another user.
 */
export async function showDetails(
  interaction: MessageComponentInteraction,
  id: TaskId,
  bot: DetailsNeeds,
  buttons: (task: Task, locale: Locale) => APIButtonComponentWithCustomId[] = () => [],
): Promise<void> {
  const task = await visibleTask(id, interaction, bot);
  const locale = await bot.guilds.locale(interaction);
  if (task.state.name === 'failed')
    return void (await bot.responder.whisper(interaction, drawReason(task, locale)));
  const clip = await clipOf(task, bot);
  const left = task.origin.userId === interaction.user.id ? await leftLines(interaction, task, bot) : [];
  const card = drawDetails(task, locale, bot.catalogue, { clip, left });
  const components = buttons(task, locale);
  const rows = components.length > 0 ? [{ type: ComponentType.ActionRow as const, components }] : [];
  await bot.responder.whisper(interaction, { ...card, components: rows });
}

/** What the user has left of what this result was counted in, as far as it is limited. */
async function leftLines(
  interaction: MessageComponentInteraction,
  { cost }: Task,
  bot: Uses<'quota' | 'guilds' | 'catalogue'>,
): Promise<string[]> {
  const [standings, locale] = await Promise.all([
    bot.quota.standings(interaction),
    bot.guilds.locale(interaction),
  ]);
  return standings.flatMap(({ limit: { measure, scope }, max, used, left }) => {
    const isItsOwn =
      measure.startsWith(cost.unit) || (measure.startsWith('cost') && cost.micros !== undefined);
    if (max === undefined || left === undefined || !isItsOwn || scope === 'total') return [];
    const what = standingOf(measure, locale, bot.catalogue.currency);
    const amount = (value: number) => shown(value, measure, locale);
    const who = text(locale, `standing.${scope}`);
    const numbers = { used: amount(used), max: amount(max), left: amount(left) };
    return [text(locale, 'details.left', { who, what, ...numbers })];
  });
}

/** Original: the unmodified file of a result that was made smaller, visible only to the user who asks. */
export const original = {
  verb: 'original',
  everywhere: true,
  async press(interaction, id, bot: Uses<'tasks' | 'guilds' | 'originals'>) {
    const task = await visibleTask(id, interaction, bot);
    await bot.originals.show(interaction, task, await bot.guilds.locale(interaction));
  },
} satisfies Button<Bot>;

/** Delete: for the user who ordered it, and for members who may delete others' messages. */
export const remove = {
  verb: 'delete',
  everywhere: true,
  async press(interaction, id, bot: Uses<'tasks' | 'guilds' | 'gallery' | 'moderation'>) {
    const isModerator = interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false;
    const isMine = isModerator || (await bot.tasks.isAsker(interaction, id));
    if (!isMine)
      throw new UserError({ key: isMine === undefined ? 'error.delete.unknown' : 'error.delete.notYours' });
    // Where members may not delete results, they may still delete the word that there is none.
    const task = await bot.tasks.find(id);
    const shown = task ? await setOf(task, bot.tasks) : [];
    const isResult = !task || shown.some(({ state }) => !endsInWords(state));
    if (!isModerator && isResult && !(await bot.guilds.rules(interaction)).membersMayDelete)
      throw new UserError({ key: 'error.delete.off' });
    const isDeleted = await bot.gallery.remove(interaction, id);
    if (task && isDeleted) await bot.moderation.noteDeletion(task, interaction.user.id);
  },
} satisfies Button<Bot>;

/**
 * Cancel: for a waiting task, or all of a set that waits. If it has just been submitted, it offers to dismiss it
 * instead.
 */
export const cancel = {
  verb: 'cancel',
  everywhere: true,
  async press(interaction, id, bot: DismissNeeds) {
    const task = await bot.tasks.find(id);
    const isMine = task?.origin.userId === interaction.user.id;
    if (isMine && (await isPastCancelling(task, bot))) return offerRelease(interaction, id, bot);
    const { calledOff, goOn } = await bot.tasks.cancel(interaction, id);
    // The card says by itself that all is cancelled.
    if (goOn === 0) return bot.responder.deferUpdate(interaction);
    const locale = await bot.guilds.locale(interaction);
    await bot.responder.whisper(interaction, drawLines([text(locale, 'cancel.partly', { calledOff, goOn })]));
  },
} satisfies Button<Bot>;

/** Nothing of the order waits any more, and some of it is being made. @throws StoreError */
export async function isPastCancelling(task: Task, { tasks }: Uses<'tasks'>): Promise<boolean> {
  const states = (isLead(task) ? await setOf(task, tasks) : [task]).map(({ state }) => state);
  return !states.some(isCancellable) && states.some(isReleasable);
}

/** The follow-up video of the same order. */
async function clipOf({ id, request }: Task, bot: Uses<'tasks'>): Promise<Task | undefined> {
  const isFollowed = request.kind === 'image' && request.thenAnimate !== undefined;
  return isFollowed ? findNext(id, (one) => bot.tasks.find(one)) : undefined;
}
