import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor, Invocation, MessageView, OptionValues } from '@easel/discord-stand-in';
import sharp from 'sharp';
import { isClipPart, type Order, type SetOrdered } from './order.js';

/** An order, placed. */
export interface Placed {
  /** Of the interaction or message that asked: a task's id begins with it. */
  readonly id: string;
  readonly kind: Order['kind'];
  /** The request, if it differs from the shown prompt. */
  readonly prompt?: string;
  /** Undefined for an order by message. */
  readonly invocation?: Invocation;
  readonly wish?: NonNullable<Order['wish']>;
  /** More than one result is wanted. */
  readonly set?: SetOrdered;
}

/** A way to place an order; undefined if there was nothing to press, or no form opened. */
export type Way = (actor: Actor, prompt: string, orders: readonly Order[]) => Promise<Placed | undefined>;

export function slash(command: 'imagine' | 'animate', options: OptionValues = {}): Way {
  return async (actor, prompt) => {
    const invocation = await actor.command(command, { prompt, ...options });
    return { id: invocation.id, kind: command === 'imagine' ? 'image' : 'video', invocation };
  };
}

/** A user's clip, changed, moved like, or gone on from: then the answer is joined to it. */
export function ofClip(
  command: 'edit' | 'motion' | 'extend',
  bytes: Buffer,
  options: OptionValues = {},
): Way {
  return async (actor, prompt) => {
    const video = { filename: 'start.mp4', bytes };
    // The seconds are named: nothing has a price here, so that nothing is asked first.
    const invocation = await actor.command(`clip ${command}`, { prompt, video, duration: 5, ...options });
    return { id: invocation.id, kind: 'video', invocation };
  };
}

/** A picture, and the clip that is made of it. */
export function chained(options: OptionValues = {}): Way {
  return (actor, prompt, orders) =>
    slash('imagine', { ...options, then_animate: clipOf(prompt) })(actor, prompt, orders);
}

/** The prompt of a follow-up clip. */
export function clipOf(prompt: string): string {
  return `${prompt} that runs`;
}

/** By a message that mentions the bot, with a picture or without. */
export function mention(picture?: Buffer): Way {
  return async (actor, prompt) => {
    const files = picture ? [{ filename: 'start.png', bytes: picture }] : [];
    const { id } = await actor.send(`@Easel ${prompt}`, { files });
    return { id, kind: picture ? 'video' : 'image' };
  };
}

/** In the menu of a message that shows a picture: by a form. */
export function menu(name: 'Animate' | 'Remix', picture: Buffer): Way {
  return async (actor, prompt) => {
    const message = await actor.send('look', { files: [{ filename: 'start.png', bytes: picture }] });
    const opened = await actor.messageCommand(name, message.id);
    return fillIn(actor, opened, prompt, name === 'Animate' ? 'video' : 'image');
  };
}

/** The button below a user's picture. */
export function button(label: 'Again' | 'Edit' | 'Animate'): Way {
  return async (actor, prompt, orders) => {
    const alone = orders.filter(
      (one) => !one.set && !orders.some(({ id, part }) => id === one.id && isClipPart(part)),
    );
    const found = actor.messages().flatMap((message) => {
      const order = alone.find((one) => shows(message, one, label));
      return order ? [{ message, order }] : [];
    });
    const target = found.at(-1);
    if (!target) return undefined;
    const pressed = await actor.press(target.message.id, label);
    if (label !== 'Again') return fillIn(actor, pressed, prompt, label === 'Animate' ? 'video' : 'image');
    return { id: pressed.id, kind: target.order.kind, prompt: target.order.prompt, invocation: pressed };
  };
}

/** A picture of this order, for everyone's eyes, with such a button. */
function shows({ components, visibleTo }: MessageView, { id, kind }: Order, label: string): boolean {
  const drawn = JSON.stringify(components);
  if (kind !== 'image' || visibleTo !== undefined) return false;
  return drawn.includes(`v1:again:${id}:1"`) && drawn.includes(`"label":"${label}"`);
}

/** An order that is cancelled as soon as it can be; it may be too late by then. */
export const calledOff: Way = async (actor, prompt, orders) => {
  const placed = await slash('imagine')(actor, prompt, orders);
  void cancel(actor, placed?.invocation).catch(() => {});
  return placed && { ...placed, wish: 'callOff' };
};

async function cancel(actor: Actor, invocation: Invocation | undefined): Promise<void> {
  const message = await invocation?.until(({ components }) =>
    JSON.stringify(components).includes('v1:cancel:'),
  );
  if (message) await actor.press(message.id, 'Cancel');
}

/** An order that is dismissed for discarding while MPS runs it; it may have arrived by then. */
export const letGo: Way = async (actor, prompt, orders) => {
  const placed = await slash('animate')(actor, prompt, orders);
  if (placed) void drop(actor, placed.id).catch(() => {});
  return placed && { ...placed, wish: 'letGo' };
};

/** By the list of tasks: the card has its next look only some seconds later. */
async function drop(actor: Actor, id: string): Promise<void> {
  for (let tries = 12; tries > 0; tries -= 1) {
    await sleep(250);
    const list = await (await actor.command('tasks')).until(({ content }) => content !== '');
    const verb = `v1:release:${id}:1`;
    if (!JSON.stringify(list.components).includes(verb)) continue;
    const question = await (await actor.press(list.id, verb)).until(({ content }) => content !== '');
    await actor.press(question.id, `v1:discard:${id}:1`);
    return;
  }
}

async function fillIn(
  actor: Actor,
  opened: Invocation,
  prompt: string,
  kind: Order['kind'],
): Promise<Placed | undefined> {
  const acknowledged = await Promise.race([opened.acknowledged.catch(() => undefined), sleep(4_000)]);
  if (!acknowledged || !opened.modal()) return undefined;
  const invocation = await actor.submitModal(opened, { prompt });
  return { id: invocation.id, kind, invocation };
}

export function picture(format: 'png' | 'webp'): Promise<Buffer> {
  return sharp({ create: { width: 400, height: 320, channels: 3, background: '#c4512d' } })
    .toFormat(format)
    .toBuffer();
}
