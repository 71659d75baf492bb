import type { MessageView } from '@easel/discord-stand-in';
import * as languages from '../../src/locales/languages.js';
import type { Order } from './order.js';
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

/** Has seen every outcome that was ever shown, also one that another took the place of. */
export interface Witness {
  /** The different outcomes of an order, each place counted, in the order of time. */
  seen(order: Pick<Order, 'id' | 'part'>): readonly Sighting[];
  /** The failure reasons that it was given separately, if its cards do not contain them. */
  reasons(order: Pick<Order, 'id' | 'part'>): readonly Sighting[];
}

export function createWitness({ events }: Pick<World['discord'], 'events'>): Witness {
  const seen = new Map<string, Map<string, Sighting>>();
  const reasons = new Map<string, Map<string, Sighting>>();
  function look(message: MessageView): void {
    const all = isReason(message) ? reasons : seen;
    for (const task of tasksOn(message)) {
      const outcome = outcomeOf(message, task.endsWith(':101') ? 101 : 1);
      // Discord accepted a result without its files: that is no outcome yet, and if it stays so the end finds it.
      if (outcome === unknown) continue;
      const { id: messageId, guildId, visibleTo } = message;
      const sightings = all.get(task) ?? new Map<string, Sighting>();
      all.set(task, sightings);
      const key = `${messageId} ${outcome}`;
      if (!sightings.has(key)) sightings.set(key, { messageId, guildId, visibleTo, outcome, at: Date.now() });
    }
  }
  events.on('messageCreated', look).on('messageUpdated', look);
  const of = (all: typeof seen, { id, part }: Pick<Order, 'id' | 'part'>) => [
    ...(all.get(`${id}:${part}`)?.values() ?? []),
  ];
  return { seen: (order) => of(seen, order), reasons: (order) => of(reasons, order) };
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
  const isSo = message && outcomeOf(message, order.part) === untold && witness.reasons(order).length === 0;
  return isSo ? message : undefined;
}

/** Everything the bot has posted that bears the outcome of an order, wherever it is. */
export function outcomesOf(
  { discord }: Pick<World, 'discord'>,
  { id, part }: Pick<Order, 'id' | 'part'>,
): MessageView[] {
  const everywhere = discord.world.channels().flatMap((channel) => discord.messages(channel.id));
  return everywhere.filter((message) => !isReason(message) && tasksOn(message).has(`${id}:${part}`));
}

/** In a guild, for everyone's eyes. */
export function isPublic({ guildId, visibleTo }: Pick<MessageView, 'guildId' | 'visibleTo'>): boolean {
  return guildId !== undefined && visibleTo === undefined;
}

const isClip = ({ filename }: MessageView['attachments'][number]) => filename.endsWith('.mp4');

/** Which of its files is the outcome: a clip of an order of two comes after its picture. */
export function indexOf({ attachments }: MessageView, part: Order['part']): number {
  return part === 101 ? attachments.findIndex(isClip) : 0;
}

/** The outcome of a task that its user dismissed for discarding. */
export const dropped = 'discarded.asker';

const unknown = 'of no known text';
/** The text of a card that leaves the reason to its user. */
export const untold = 'failed';

/** The outcome in a message: `delivered`, `cancelled`, `dropped`, or the name of a failure. */
export function outcomeOf({ attachments, content, components }: MessageView, part: Order['part']): string {
  const clips = attachments.filter(isClip).length;
  const hasNext = part === 1 && /v1:again:\d+:101"/.test(JSON.stringify(components));
  const files = part === 101 ? clips : attachments.length - (hasNext ? clips : 0);
  if (files > 0) return 'delivered';
  const told = Object.values(languages)
    .flatMap(({ texts }) => Object.entries(texts))
    .filter(([name, words]) => isEnding(name) && says(content, words))
    .map(([name, words]) => ({ name, at: content.indexOf(words.split('{{')[0] ?? '') }))
    .sort((one, other) => one.at - other.at);
  // If one message shows both parts, the picture's end comes first.
  const key = (part === 101 ? told.at(-1) : told[0])?.name ?? `failure.${unknown}`;
  if (key.startsWith('card.failed')) return untold;
  return key.slice(key.indexOf('.') + 1).replace(/_(zero|one|two|few|many|other)$/, '');
}

/** Whether the text with this key is an end without a file. */
function isEnding(name: string): boolean {
  const others = ['fit.withheld', 'card.cancelled', 'card.failed', 'card.failed.clip', `card.${dropped}`];
  return name.startsWith('failure.') || others.includes(name);
}

/** Whether a content has all the words of a text, whatever its params. */
function says(content: string, words: string): boolean {
  return words.split(/\{\{\w+\}\}/).every((part) => content.includes(part));
}
