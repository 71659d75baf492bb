import type { MessageView } from '@easel/discord-stand-in';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import type { Task } from '../../src/tasks/model/task.js';
import { type Evidence, type Facts, gather, type Tasks } from './facts.js';
import { createFiles } from './files.js';
import { type Judgement, judge } from './judge.js';
import type { Order } from './order.js';
import { outcomesOf } from './witness.js';
import type { World } from './world.js';

export interface Verdict extends Judgement {
  readonly order: Order;
  /** Discord took a "thinking…" for it: the user waits for an answer. */
  readonly accepted: boolean;
}

/**
 * Whether the user waits for an answer: Discord has shown them a deferred one (type 5), or the message they wrote has
 * its reply, and that of a task and not of a refusal.
 */
export function isAccepted({ discord }: World, { id, byMessage, channelId }: Order, tasks: Tasks): boolean {
  if (!byMessage) return discord.interaction(id)?.acknowledged?.type === 5;
  const isReply = ({ replyTo, author }: MessageView) => author.bot && replyTo === id;
  return tasks.has(`${id}:1`) && discord.messages(channelId).some(isReply);
}

/** Judges every order by both services' records, and by the bot's ledger. */
export async function audit(world: World, orders: readonly Order[], evidence: Evidence): Promise<Verdict[]> {
  const tasks = await readTasks(world);
  const files = createFiles(world);

  async function judgeOne(order: Order): Promise<Verdict> {
    const alike = orders.filter(({ prompt }) => prompt === order.prompt);
    const facts = gather(world, order, { ...evidence, tasks, alike });
    const told = facts.creates.filter(({ reportedAt, storedAt }) => (reportedAt ?? storedAt) !== undefined);
    const accepted = isAccepted(world, order, tasks) && isDue(facts);
    const judgement = judge(facts, {
      accepted,
      waiting: alike.filter((each) => isAccepted(world, each, tasks)).length,
      outcomes: outcomesOf(world, order),
      posted: await files.posted(order),
      received: await Promise.all(alike.map((each) => files.posted(each))),
      made: await Promise.all(facts.creates.map(({ id }) => files.made(id))),
      told: await Promise.all(told.map(({ id }) => files.made(id))),
    });
    return { ...judgement, order, accepted };
  }

  return Promise.all(orders.map(judgeOne));
}

/** A clip is expected only if its picture has arrived: otherwise the picture's outcome covers both. */
function isDue({ order, picture, creates }: Facts): boolean {
  return order.part === 1 || creates.length > 0 || picture?.state.name === 'delivered';
}

/** All that the ledger holds, by its id. */
export async function readTasks({ storeUrl }: Pick<World, 'storeUrl'>): Promise<Tasks> {
  const store = await createStore(storeUrl, { log: silentLog });
  const tasks = new Map<string, Task>();
  for await (const [id, task] of store.table<Task>('tasks').entries()) tasks.set(id, task);
  await store.close();
  return tasks;
}
