import { enUS } from '../../src/locales/en-US.js';
import { zhCN } from '../../src/locales/zh-CN.js';
import { silentLog } from '../../src/log.js';
import type { MessageView } from '../../src/playground/discord/index.js';
import { has } from '../../src/playground/discord/permissions.js';
import { createStore } from '../../src/store.js';
import { toUsage } from '../../src/tasks/billing.js';
import type { Task } from '../../src/tasks/task.js';
import { isOver } from '../../src/tasks/transition.js';
import { dropped, isExcused } from './excuse.js';
import type { Order } from './order.js';
import type { World } from './world.js';

/** What can be wrong with a task. */
export const faults = [
  'lost',
  'stuck',
  'doubled create',
  'create for nobody',
  'doubled answer',
  'wrong bytes',
  'wrong failure',
  'wish not kept',
  'wrong quota',
  'rang at others',
  'shown to others',
] as const;
export type Fault = (typeof faults)[number];

/** What became of an order. */
export interface Verdict {
  readonly order: Order;
  /** Discord took a "thinking…" for it: the person waits for an answer. */
  readonly accepted: boolean;
  /** `delivered`, the name of a failure, or nothing. */
  readonly outcome: string | undefined;
  readonly faults: readonly Fault[];
  /** It was said a second time where nobody could know that the first had arrived. */
  readonly repeated: boolean;
}

/** Everything the bot has posted that bears the outcome of an order, wherever it is: all have Edit, no list of tasks has. */
export function outcomesOf({ discord }: World, { id, part }: Order): MessageView[] {
  const everywhere = discord.world.channels().flatMap((channel) => discord.messages(channel.id));
  return everywhere.filter(({ components }) => JSON.stringify(components).includes(`v1:edit:${id}:${part}"`));
}

/** Has seen every outcome that was ever shown, also one that another took the place of. */
export interface Witness {
  /** How many different outcomes of an order were shown, each place counted. */
  count(order: Order): number;
}

export function createWitness({ events }: World['discord']): Witness {
  const seen = new Map<string, Set<string>>();
  function look(message: MessageView): void {
    for (const [, id = '', part] of JSON.stringify(message.components).matchAll(/v1:edit:(\d+):(\d)/g)) {
      const task = `${id}:${part}`;
      const outcomes = seen.get(task) ?? new Set();
      seen.set(task, outcomes.add(`${message.id} ${outcomeOf(message, part === '2' ? 2 : 1)}`));
    }
  }
  events.on('messageCreated', look).on('messageUpdated', look);
  return { count: ({ id, part }) => seen.get(`${id}:${part}`)?.size ?? 0 };
}

/**
 * Whether the person waits for an answer: Discord has shown them a deferred one (type 5), or the message they wrote has
 * its reply, which the ledger knows.
 */
export function isAccepted({ discord }: World, { id, byMessage }: Order, tasks: Tasks = new Map()): boolean {
  if (byMessage) return tasks.get(`${id}:1`)?.origin.acknowledged ?? false;
  return discord.interaction(id)?.acknowledged?.type === 5;
}

/** Judges every order by what both services saw, and by the ledger that the bot left. */
export async function audit(
  world: World,
  orders: readonly Order[],
  evidence: { readonly witness: Witness },
): Promise<Verdict[]> {
  const tasks = await readTasks(world);
  return Promise.all(orders.map((order) => judge(world, order, { ...evidence, tasks, orders })));
}

interface Evidence {
  readonly witness: Witness;
  readonly tasks: Tasks;
  readonly orders: readonly Order[];
}

async function judge(world: World, order: Order, evidence: Evidence): Promise<Verdict> {
  const { witness, tasks, orders } = evidence;
  const task = tasks.get(`${order.id}:${order.part}`);
  const creates = world.mps.tasks.filter(({ params }) => params.Prompt === order.prompt);
  const accepted = isAccepted(world, order, tasks) && isDue(order, evidence, creates.length > 0);
  const askers = orders.filter(({ prompt }) => prompt === order.prompt);
  const waiting = askers.filter((one) => isAccepted(world, one, tasks)).length;
  const outcomes = outcomesOf(world, order);
  const [message] = outcomes;
  const outcome = message && outcomeOf(message, order.part);
  const found: Fault[] = [];
  if (creates.length > Math.max(1, waiting)) found.push('doubled create');
  if (creates.length > 0 && waiting === 0) found.push('create for nobody');
  const shown = Math.max(outcomes.length, witness.count(order));
  const repeated = shown === 2 && isBlind(world, order) && isOnTwoWays(world, order, outcomes);
  if (shown > 1 && !repeated) found.push('doubled answer');
  if (task && !isOver(task.state)) found.push('stuck');
  else if (accepted && !message) found.push('lost');
  if (message && outcome === 'delivered') {
    const posted = await world.discord.fetchAttachment(message.id, indexOf(message, order.part));
    const made = await Promise.all(creates.map(({ id }) => world.mps.resultBytes(id)));
    if (!made.some((bytes) => bytes.equals(posted))) found.push('wrong bytes');
  } else if (outcome && accepted && !isExcused(outcome, { ...order, task, creates }))
    found.push('wrong failure');
  if (task && !keepsWish(task, outcome)) found.push('wish not kept');
  if (task && !settlesRightly(task)) found.push('wrong quota');
  if (outcomes.some(({ notified }) => notified.some((id) => id !== order.userId)))
    found.push('rang at others');
  if (order.secret && outcomes.some(isPublic)) found.push('shown to others');
  return { order, accepted, outcome, faults: found, repeated };
}

/** A clip is to come only where its picture has: else its picture's outcome speaks for both. */
function isDue({ id, part }: Order, { tasks }: Evidence, wasCreated: boolean): boolean {
  return part === 1 || wasCreated || tasks.get(`${id}:1`)?.state.name === 'delivered';
}

/** What was made is spent, as MPS bills it; what was not is given back to the unit, and nothing stays reserved. */
function settlesRightly(task: Task): boolean {
  const entry = toUsage(task);
  const wasMade = task.history.some(({ state }) => state === 'fetching' || state === 'discarded');
  if (!isOver(task.state) || !entry) return !wasMade;
  if (!wasMade) return entry.state === 'refunded' && !entry.open;
  return entry.state === 'spent' && !entry.open && entry.amount === task.cost.amount;
}

/** With the token dead, and the answer private or its channel out of sight, Easel cannot look for what it has posted. */
function isBlind({ discord: { world } }: World, { cutOff, secret, channelId }: Order): boolean {
  return (
    cutOff && (secret || !has(world.permissionsIn(world.channel(channelId), world.botId), 'ViewChannel'))
  );
}

/** Not twice in one place, where Easel can look: the second was sent because the first was out of its sight. */
function isOnTwoWays({ discord }: World, { id }: Order, outcomes: readonly MessageView[]): boolean {
  const answer = discord.interaction(id)?.message?.id;
  return (
    new Set(outcomes.map(({ channelId }) => channelId)).size === outcomes.length ||
    outcomes.some((message) => message.id === answer)
  );
}

/** In a guild, for everybody's eyes. */
function isPublic({ guildId, visibleTo }: MessageView): boolean {
  return guildId !== undefined && visibleTo === undefined;
}

/** What was let go to be dropped is fetched for nobody, and nothing else is dropped; MPS bills it all the same. */
function keepsWish({ release, state }: Task, outcome: string | undefined): boolean {
  const drops = release?.wish === 'drop';
  return drops ? outcome !== 'delivered' && state.name !== 'delivered' : state.name !== 'discarded';
}

export type Tasks = ReadonlyMap<string, Task>;

/** All that the ledger holds, by its id. */
export async function readTasks({ storeUrl }: World): Promise<Tasks> {
  const store = await createStore(storeUrl, { log: silentLog });
  const tasks = new Map<string, Task>();
  for await (const [id, task] of store.table<Task>('tasks').entries()) tasks.set(id, task);
  await store.close();
  return tasks;
}

const isClip = ({ filename }: MessageView['attachments'][number]) => filename.endsWith('.mp4');

/** Which of its files is the outcome: a clip of an order of two comes after its picture. */
function indexOf({ attachments }: MessageView, part: Order['part']): number {
  return part === 2 ? attachments.findIndex(isClip) : 0;
}

function outcomeOf({ attachments, content, components }: MessageView, part: Order['part']): string {
  const clips = attachments.filter(isClip).length;
  const hasNext = part === 1 && /v1:again:\d+:2"/.test(JSON.stringify(components));
  const files = part === 2 ? clips : attachments.length - (hasNext ? clips : 0);
  if (files > 0) return 'delivered';
  const sentences = [...Object.entries(enUS), ...Object.entries(zhCN)];
  const [key = 'failure.of no known text'] =
    sentences.find(
      ([name, words]) =>
        (name.startsWith('failure.') || ['card.cancelled', `card.${dropped}`].includes(name)) &&
        says(content, words),
    ) ?? [];
  return key.slice(key.indexOf('.') + 1);
}

/** Whether a content has all the words of a text, whatever it was filled in with. */
function says(content: string, words: string): boolean {
  return words.split(/\{\{\w+\}\}/).every((part) => content.includes(part));
}
