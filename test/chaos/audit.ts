import type { MessageView } from '@easel/discord-stand-in';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import type { Task } from '../../src/tasks/model/task.js';
import { isReserved } from '../../src/tasks/model/task-set.js';
import { retry } from '../../src/util/retry.js';
import { type Evidence, type Facts, gather, type Tasks } from './facts.js';
import { createFiles } from './files.js';
import { type Judgement, judge } from './judge.js';
import { isClipPart, type Order } from './order.js';
import { isEndOfAll, outcomesOf } from './witness.js';
import type { World } from './world.js';

export interface Verdict extends Judgement {
  readonly order: Order;
  /** Discord took a "thinking…" or its card for it: the user waits for an answer. */
  readonly accepted: boolean;
}

/** The card of an order that waits: its prompt and small print, which no refusal is. */
const card = /^((> |-# ).*\n?)+$/;

/**
 * Whether the user waits for an answer: Discord has shown them a deferred one (type 5) or its card (type 4), or the message
 * they wrote has its reply, and that of a task and not of a refusal.
 */
export function isAccepted({ discord }: World, { id, byMessage, channelId }: Order, tasks: Tasks): boolean {
  if (!byMessage) {
    const { type, text = '' } = discord.interaction(id)?.acknowledged ?? {};
    return type === 5 || (type === 4 && card.test(text));
  }
  const isReply = ({ replyTo, author }: MessageView) => author.bot && replyTo === id;
  return tasks.has(`${id}:1`) && discord.messages(channelId).some(isReply);
}

/** Judges every order by both services' records, and by the bot's ledger. */
export async function audit(world: World, orders: readonly Order[], evidence: Evidence): Promise<Verdict[]> {
  const tasks = await readTasks(world);
  const files = createFiles(world);

  async function judgeOne(order: Order): Promise<Verdict> {
    const alike = orders.filter(
      ({ prompt, set }) => prompt === order.prompt && set?.model === order.set?.model,
    );
    const facts = gather(world, order, { ...evidence, tasks, alike, all: orders });
    const told = facts.creates.filter(({ reportedAt, storedAt }) => (reportedAt ?? storedAt) !== undefined);
    const isOwn = isDue(facts, tasks);
    const accepted = isAccepted(world, order, tasks) && isOwn;
    const outcomes = outcomesOf(world, order);
    const judgement = judge(facts, {
      accepted,
      waiting: alike.filter((each) => isAccepted(world, each, tasks)).length,
      // The end of a set that was never reserved is its lead's.
      outcomes: isOwn ? outcomes : outcomes.filter((message) => !isEndOfAll(message, order)),
      posted: asMade(await files.posted(order), facts.task),
      received: await Promise.all(
        alike.map(async (each) => asMade(await files.posted(each), tasks.get(`${each.id}:${each.part}`))),
      ),
      made: await Promise.all(facts.creates.map(({ id }) => files.made(id))),
      told: await Promise.all(told.map(({ id }) => files.made(id))),
    });
    return { ...judgement, order, accepted };
  }

  return Promise.all(orders.map(judgeOne));
}

/** A clip that was joined to the one before it stands for the part of it that MPS has made. */
function asMade(posted: string | undefined, task: Task | undefined): string | undefined {
  const isWhole = task?.whole && 'sha256' in task.whole && task.whole.sha256 === posted;
  return isWhole ? task.results?.files[0]?.sha256 : posted;
}

/**
 * A clip is expected only if its picture has arrived: otherwise the picture's outcome covers both. The parts of a set are
 * if it was reserved: otherwise the end of the first one covers all.
 */
function isDue({ order: { id, part }, picture, creates }: Facts, tasks: Tasks): boolean {
  if (part === 1) return true;
  if (isClipPart(part)) return creates.length > 0 || picture?.state.name === 'delivered';
  const lead = tasks.get(`${id}:1`);
  return lead !== undefined && isReserved(lead);
}

/** All that the ledger holds, by its id. On a busy machine Redis may need several tries to answer in its time. */
export function readTasks(world: Pick<World, 'storeUrl'>): Promise<Tasks> {
  return retry(() => readOnce(world), { firstMs: 250, maxMs: 2_000, tries: 20 });
}

async function readOnce({ storeUrl }: Pick<World, 'storeUrl'>): Promise<Tasks> {
  const store = await createStore(storeUrl, { log: silentLog });
  const tasks = new Map<string, Task>();
  try {
    for await (const [id, task] of store.table<Task>('tasks').entries()) tasks.set(id, task);
  } finally {
    await store.close();
  }
  return tasks;
}
