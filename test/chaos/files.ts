import { createHash } from 'node:crypto';
import type { Order } from './order.js';
import { indexOf, outcomeShown, outcomesOf } from './witness.js';
import type { World } from './world.js';

/** Files, identified by the hash of their bytes. */
export interface Files {
  /** The file that an order's user was given; undefined if they have none. */
  posted(order: Order): Promise<string | undefined>;
  /** The file that MPS has made, or would have. */
  made(taskId: string): Promise<string>;
}

/** Each is asked for once: drawing one takes a moment. */
export function createFiles(world: Pick<World, 'discord' | 'mps'>): Files {
  const known = new Map<string, Promise<string | undefined>>();
  const drawn = new Map<string, Promise<string>>();

  async function fetchPosted(order: Order): Promise<string | undefined> {
    const [message] = outcomesOf(world, order);
    if (!message || outcomeShown(message, order) !== 'delivered') return undefined;
    return hash(await world.discord.fetchAttachment(message.id, indexOf(message, order)));
  }

  return {
    posted(order) {
      const task = `${order.id}:${order.part}`;
      const file = known.get(task) ?? fetchPosted(order);
      known.set(task, file);
      return file;
    },
    made(taskId) {
      const file = drawn.get(taskId) ?? world.mps.resultBytes(taskId).then(hash);
      drawn.set(taskId, file);
      return file;
    },
  };
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
