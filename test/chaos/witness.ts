import type { MessageView } from '@easel/discord-stand-in';
import { endingIn, unknown, untold } from './ending-texts.js';
import { isClipPart, type Order } from './order.js';
import { lineOf, numbersOf, readSet } from './set-message.js';
import type { World } from './world.js';

/** An outcome as it was shown, in one place. */
export interface Sighting {
  readonly messageId: string;
  /** Undefined in a direct message. */
  readonly guildId: string | undefined;
  /** The only user who sees it; undefined for everyone there. */
  readonly visibleTo: string | undefined;
  /** As for `outcomeOf`. */
  readonly outcome: string;
  /** When it was first shown, ms since the epoch. */
  readonly at: number;
}

/** Which of an event's files it is. */
export type Which = Pick<Order, 'id' | 'part' | 'set'>;

/** Has seen every outcome that was ever shown, also one that another took the place of. */
export interface Witness {
  /** The different outcomes of an order, each place counted, in the order of time. */
  seen(order: Which): readonly Sighting[];
  /** The failure reasons that it was given separately, if its cards do not contain them. */
  reasons(order: Which): readonly Sighting[];
  /** The messages that pinged someone over an event, whatever they say. */
  pings(event: string): readonly string[];
}

/** A message that told someone why an order failed, with its text. */
interface Reason extends Sighting {
  readonly content: string;
}

export function createWitness({ events }: Pick<World['discord'], 'events'>): Witness {
  const seen = new Map<string, Map<string, Sighting>>();
  const reasons = new Map<string, Map<string, Reason>>();
  const pings = new Map<string, Set<string>>();

  function note<T extends Sighting>(all: Map<string, Map<string, T>>, of: string, sighting: T): void {
    const sightings = all.get(of) ?? new Map<string, T>();
    all.set(of, sightings);
    const key = `${sighting.messageId} ${sighting.outcome}`;
    if (!sightings.has(key)) sightings.set(key, sighting);
  }

  function look(message: MessageView): void {
    const { id: messageId, guildId, visibleTo, content } = message;
    const sighting = (outcome: string) => ({ messageId, guildId, visibleTo, outcome, at: Date.now() });
    notePing(pings, message);
    const set = readSet(message);
    if (set)
      for (const [number, outcome] of set.shown) note(seen, `${set.event} ${number}`, sighting(outcome));
    else
      for (const task of tasksOn(message)) {
        const outcome = outcomeOf(message, Number(task.split(':')[1]));
        // Discord accepted a result without its files: that is no outcome yet, and if it stays so the end finds it.
        if (outcome === unknown) continue;
        if (isReason(message)) note(reasons, task, { ...sighting(outcome), content });
        else note(seen, task, sighting(outcome));
      }
  }
  events.on('messageCreated', look).on('messageUpdated', look);

  return {
    seen({ id, part, set }) {
      const alone = [...(seen.get(`${id}:${part}`)?.values() ?? [])];
      if (!set) return alone;
      return latestWords([...(seen.get(`${id} ${set.number}`)?.values() ?? []), ...alone]);
    },
    reasons({ id, part, set }) {
      const all = [...(reasons.get(set ? `${id}:1` : `${id}:${part}`)?.values() ?? [])];
      return all.map(({ content, ...reason }) => ({
        ...reason,
        outcome: (set && lineOf(content, set.number)) ?? reason.outcome,
      }));
    },
    pings: (event) => [...(pings.get(event) ?? [])],
  };
}

/**
 * A set's message says of a part only that it failed until there is a result beside it: of several words in one message
 * the last ones count.
 */
function latestWords(sightings: readonly Sighting[]): Sighting[] {
  const ordered = [...sightings].sort((one, other) => one.at - other.at);
  const kindOf = ({ messageId, outcome }: Sighting) => `${messageId} ${outcome === 'delivered'}`;
  return [...new Map(ordered.map((sighting) => [kindOf(sighting), sighting])).values()];
}

/** A ping's own message names its event by the interaction that it follows, or by what it is a reply to. */
function notePing(pings: Map<string, Set<string>>, message: MessageView): void {
  const { id, notified, components, interactionId } = message;
  if (notified.length === 0) return;
  const event = interactionId ?? /v1:\w+:(\d+):\d+"/.exec(JSON.stringify(components))?.[1];
  if (event === undefined) return;
  pings.set(event, (pings.get(event) ?? new Set()).add(id));
}

/** The orders whose outcome a message shows: an outcome can be deleted or edited, and no list of tasks has either. */
function tasksOn({ components }: Pick<MessageView, 'components'>): ReadonlySet<string> {
  const marks = JSON.stringify(components).matchAll(/v1:(?:edit|delete):(\d+:\d+)"/g);
  return new Set([...marks].map(([, task = '']) => task));
}

/**
 * Whether a message explains a failure whose card only says that it failed: only its remedies are
 * beneath it. An outcome can be deleted, or has details.
 */
function isReason({ components, visibleTo }: Pick<MessageView, 'components' | 'visibleTo'>): boolean {
  return visibleTo !== undefined && !/v1:(delete|details):/.test(JSON.stringify(components));
}

/** The message that only says that an order failed, with a button for the reason that has not been read yet. */
export function unexplained(
  world: Pick<World, 'discord'>,
  witness: Witness,
  order: Order,
): MessageView | undefined {
  const [message] = outcomesOf(world, order);
  const isSo = message && outcomeShown(message, order) === untold && witness.reasons(order).length === 0;
  return isSo ? message : undefined;
}

/** Everything the bot has posted that bears the outcome of an order, wherever it is. */
export function outcomesOf({ discord }: Pick<World, 'discord'>, order: Which): MessageView[] {
  const { id, part, set } = order;
  const everywhere = discord.world.channels().flatMap((channel) => discord.messages(channel.id));
  const bearing = everywhere.filter((message) => {
    const read = readSet(message);
    if (!read) return !isReason(message) && tasksOn(message).has(`${id}:${part}`);
    return set !== undefined && read.event === id && read.shown.has(set.number);
  });
  return set && bearing.length === 0 ? everywhere.filter((message) => isEndOfAll(message, order)) : bearing;
}

/** Whether a message shows the end of a whole set without a result, as that of an order of one. */
export function isEndOfAll(message: MessageView, { id, set }: Which): boolean {
  if (!set || message.attachments.length > 0 || readSet(message) || isReason(message)) return false;
  return tasksOn(message).has(`${id}:1`);
}

/** In a guild, for everyone's eyes. */
export function isPublic({ guildId, visibleTo }: Pick<MessageView, 'guildId' | 'visibleTo'>): boolean {
  return guildId !== undefined && visibleTo === undefined;
}

const isClip = ({ filename }: MessageView['attachments'][number]) => filename.endsWith('.mp4');

/** Which of its files is the outcome: a clip of an order of two comes after its picture. */
export function indexOf(message: MessageView, { part, set }: Which): number {
  const { attachments } = message;
  if (set && readSet(message)) return numbersOf(attachments).indexOf(set.number);
  return isClipPart(part) ? attachments.findIndex(isClip) : 0;
}

/** The outcome of an order in a message that bears it: as for `outcomeOf`. */
export function outcomeShown(message: MessageView, order: Which): string {
  const { part, set } = order;
  const read = set && readSet(message);
  if (read) return read.shown.get(set.number) ?? unknown;
  const own = set && isEndOfAll(message, order) ? lineOf(message.content, set.number) : undefined;
  return own ?? outcomeOf(message, part);
}

/** The outcome of a task in a message of its own: `delivered`, `cancelled`, `dropped`, or the name of a failure. */
export function outcomeOf({ attachments, content, components }: MessageView, part: Order['part']): string {
  const clips = attachments.filter(isClip).length;
  const hasNext =
    !isClipPart(part) && new RegExp(`v1:again:\\d+:${part + 100}"`).test(JSON.stringify(components));
  const files = isClipPart(part) ? clips : attachments.length - (hasNext ? clips : 0);
  if (files > 0) return 'delivered';
  // If one message shows both parts, the picture's end comes first.
  return endingIn(content, isClipPart(part) ? 'last' : 'first');
}
