import type { Actor, Invocation, MessageView, OptionValues } from '@easel/discord-stand-in';
import type { Order, SetOrdered } from './order.js';
import { clipOf, type Placed, type Way } from './ways.js';

/** Several pictures of one prompt, models side by side, or both; or clips side by side. */
export function several(
  set: SetOrdered,
  { command = 'imagine', ...options }: OptionValues & { readonly command?: 'imagine' | 'animate' } = {},
): Way {
  const { count, models, pick } = set;
  return async (actor, prompt) => {
    const invocation = await actor.command(command, {
      prompt,
      ...options,
      ...(count > 1 && { count }),
      ...(models && { compare: models.join(', ') }),
      ...(pick !== undefined && { then_animate: clipOf(prompt), pick }),
    });
    return { id: invocation.id, kind: command === 'imagine' ? 'image' : 'video', invocation, set };
  };
}

/** More than a server lets its members have at once before its manager, who orders here, has raised that. */
export function raised(set: SetOrdered): Way {
  return async (actor, prompt, orders) => {
    const setting = await actor.command('settings most_results', { most: 9 });
    // The bot may die of it: then there is no such order.
    if (!(await setting.acknowledged.catch(() => undefined))) return undefined;
    return several(set)(actor, prompt, orders);
  };
}

/** The same by a message. */
export function mentionSeveral(count: number): Way {
  return async (actor, prompt) => {
    const { id } = await actor.send(`@Easel ${prompt} --count ${count}`);
    return { id, kind: 'image', set: { count } };
  };
}

/** The button below a set for everyone's eyes, which repeats all of it. */
export const againSeveral: Way = async (actor, _prompt, orders) => {
  const found = actor.messages().flatMap((message) => {
    const marks = JSON.stringify(message.components);
    if (message.visibleTo !== undefined || !marks.includes('v1:pick:')) return [];
    const order = orders.find(({ id, set }) => set && marks.includes(`v1:again:${id}:1"`));
    return order ? [{ message, order }] : [];
  });
  const target = found.at(-1);
  if (!target) return undefined;
  const { message, order } = target;
  const pressed = await actor.press(message.id, `v1:again:${order.id}:1`);
  const set = orderedIn(orders.filter(({ id }) => id === order.id));
  return { id: pressed.id, kind: order.kind, prompt: order.prompt, invocation: pressed, set };
};

/** What the orders of one event asked for. */
function orderedIn(orders: readonly Order[]): SetOrdered {
  const pictures = orders.filter(({ part }) => part < 100);
  const models = [...new Set(pictures.flatMap(({ set }) => set?.model ?? []))];
  const clip = orders.find(({ part }) => part > 100);
  return {
    count: pictures.length / Math.max(1, models.length),
    ...(models.length > 0 && { models }),
    ...(clip && { pick: clip.part - 100 }),
  };
}

/** A set of which everything is cancelled that isn't created yet. */
export function calledOffSeveral(count: number): Way {
  return afterwards(count, 'callOff', async (actor, invocation) => {
    const { messageId, button } = await untilOffered(invocation, 'v1:cancel:');
    await actor.press(messageId, button);
  });
}

/** A set that is dismissed for discarding while parts of it run. */
export function letGoSeveral(count: number): Way {
  return afterwards(count, 'letGo', async (actor, invocation) => {
    const running = await untilOffered(invocation, 'v1:release:');
    const asked = await actor.press(running.messageId, running.button);
    const question = await untilOffered(asked, 'v1:discard:');
    await actor.press(question.messageId, question.button);
  });
}

function afterwards(
  count: number,
  wish: NonNullable<Placed['wish']>,
  act: (actor: Actor, invocation: Invocation) => Promise<void>,
): Way {
  return async (actor, prompt, orders) => {
    const placed = await several({ count })(actor, prompt, orders);
    if (placed?.invocation) void act(actor, placed.invocation).catch(() => {});
    return placed && { ...placed, wish };
  };
}

/** The answer once it has such a button, with the id of that. */
async function untilOffered(invocation: Invocation, verb: string) {
  const pattern = new RegExp(`${verb}\\d+:\\d+`);
  const idOf = ({ components }: MessageView) => pattern.exec(JSON.stringify(components))?.[0];
  const message = await invocation.until((one) => idOf(one) !== undefined);
  return { messageId: message.id, button: idOf(message) ?? '' };
}
