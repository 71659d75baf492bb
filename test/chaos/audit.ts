import { enUS } from '../../src/locales/en-US.js';
import { zhCN } from '../../src/locales/zh-CN.js';
import { silentLog } from '../../src/log.js';
import type { MessageView } from '../../src/playground/discord/index.js';
import { has } from '../../src/playground/discord/permissions.js';
import { createStore } from '../../src/store.js';
import type { Task } from '../../src/tasks/task.js';
import { isOver } from '../../src/tasks/transition.js';
import type { Order } from './people.js';
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

/** Failures that kills and trouble explain. */
const explained = {
  kills: ['interrupted'],
  trouble: ['interrupted', 'uncertain', 'unsuccessful', 'expired', 'unanswered'],
} as const;

/** Everything the bot has posted that bears the outcome of an order, wherever it is. */
export function outcomesOf({ discord }: World, { id }: Order): MessageView[] {
  const everywhere = discord.world.channels().flatMap((channel) => discord.messages(channel.id));
  return everywhere.filter(({ components }) => JSON.stringify(components).includes(`v1:again:${id}:`));
}

/** Has seen every outcome that was ever shown, also one that another took the place of. */
export interface Witness {
  /** How many different outcomes of an order were shown, each place counted. */
  count(order: Order): number;
}

export function createWitness({ events }: World['discord']): Witness {
  const seen = new Map<string, Set<string>>();
  function look(message: MessageView): void {
    const [, id] = /v1:again:(\d+):/.exec(JSON.stringify(message.components)) ?? [];
    if (!id) return;
    const outcomes = seen.get(id) ?? new Set();
    seen.set(id, outcomes.add(`${message.id} ${outcomeOf(message)}`));
  }
  events.on('messageCreated', look).on('messageUpdated', look);
  return { count: ({ id }) => seen.get(id)?.size ?? 0 };
}

/** Whether Discord told the person to wait (type 5: a deferred answer). */
export function isAccepted({ discord }: World, { id }: Order): boolean {
  return discord.interaction(id)?.acknowledged?.type === 5;
}

/** Judges every order by what both services saw, and by the ledger that the bot left. */
export async function audit(
  world: World,
  orders: readonly Order[],
  evidence: { readonly witness: Witness; readonly trouble: boolean },
): Promise<Verdict[]> {
  const open = await openTasks(world);
  return Promise.all(orders.map((order) => judge(world, order, { ...evidence, open })));
}

interface Evidence {
  readonly witness: Witness;
  readonly trouble: boolean;
  /** Interactions whose tasks are not over in the ledger. */
  readonly open: ReadonlySet<string>;
}

async function judge(world: World, order: Order, { witness, trouble, open }: Evidence): Promise<Verdict> {
  const accepted = isAccepted(world, order);
  const creates = world.mps.tasks.filter(({ params }) => params.Prompt === order.prompt);
  const outcomes = outcomesOf(world, order);
  const [message] = outcomes;
  const outcome = message && outcomeOf(message);
  const found: Fault[] = [];
  if (creates.length > 1) found.push('doubled create');
  if (creates.length > 0 && !accepted) found.push('create for nobody');
  const isDoubled = Math.max(outcomes.length, witness.count(order)) > 1;
  const repeated = isDoubled && isBlind(world, order);
  if (isDoubled && !repeated) found.push('doubled answer');
  if (open.has(order.id)) found.push('stuck');
  else if (accepted && !message) found.push('lost');
  if (message && outcome === 'delivered') {
    const posted = await world.discord.fetchAttachment(message.id);
    const made = await Promise.all(creates.map(({ id }) => world.mps.resultBytes(id)));
    if (!made.some((bytes) => bytes.equals(posted))) found.push('wrong bytes');
  } else if (outcome && accepted && !isExplained(outcome, trouble)) found.push('wrong failure');
  if (outcomes.some(({ notified }) => notified.some((id) => id !== order.userId)))
    found.push('rang at others');
  if (order.secret && outcomes.some(isPublic)) found.push('shown to others');
  return { order, accepted, outcome, faults: found, repeated };
}

/** With the token dead, and the answer private or its channel out of sight, Easel cannot look for what it has posted. */
function isBlind({ discord: { world } }: World, { cutOff, secret, channelId }: Order): boolean {
  return (
    cutOff && (secret || !has(world.permissionsIn(world.channel(channelId), world.botId), 'ViewChannel'))
  );
}

/** In a guild, for everybody's eyes. */
function isPublic({ guildId, visibleTo }: MessageView): boolean {
  return guildId !== undefined && visibleTo === undefined;
}

function isExplained(failure: string, trouble: boolean): boolean {
  return explained[trouble ? 'trouble' : 'kills'].some((name) => name === failure);
}

/** Ids of interactions whose tasks the ledger does not hold for over. */
export async function openTasks({ storeUrl }: World): Promise<ReadonlySet<string>> {
  const store = await createStore(storeUrl, { log: silentLog });
  const open = new Set<string>();
  for await (const [, task] of store.table<Task>('tasks').entries()) {
    if (!isOver(task.state)) open.add(task.origin.eventId);
  }
  await store.close();
  return open;
}

function outcomeOf({ attachments, content }: MessageView): string {
  if (attachments.length > 0) return 'delivered';
  const sentences = [...Object.entries(enUS), ...Object.entries(zhCN)];
  const [key = 'failure.of no known text'] =
    sentences.find(([name, words]) => name.startsWith('failure.') && says(content, words)) ?? [];
  return key.slice('failure.'.length);
}

/** Whether a content has all the words of a text, whatever it was filled in with. */
function says(content: string, words: string): boolean {
  return words.split(/\{\{\w+\}\}/).every((part) => content.includes(part));
}
