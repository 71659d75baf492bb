import PQueue from 'p-queue';
import type { Task } from '../model/task.js';
import { FairQueue, type FairQueueOptions } from './fair-queue.js';

/** Fair turns for downloading and inspecting source images. */
export interface PreparationTurns {
  /**
   * Runs `job`, which prepares one image of a task, in its turn: round-robin over guilds and members, image by image,
   * with a limited number of slots per member. So no one waits for another member's whole order.
   * @throws errors of `job`, or the signal's reason while waiting.
   */
  run<T>(task: Pick<Task, 'origin'>, job: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface Options {
  /**
   * Images prepared concurrently, over all guilds. More than are decoded concurrently, or a slow download would keep
   * the decoder idle.
   * @default 6
   */
  readonly slots?: number;
  /**
   * Most of these per member.
   * @default 2
   */
  readonly perMember?: number;
}

export function createPreparationTurns({ slots = 6, perMember = 2 }: Options = {}): PreparationTurns {
  const queue = new PQueue<FairQueue, FairQueueOptions>({ concurrency: slots, queueClass: FairQueue });
  /** Running jobs per member: jobs beyond their share wait here, outside the turns. */
  const members = new Map<string, { readonly line: PQueue; jobs: number }>();
  let serial = 0;

  return {
    async run({ origin }, job, signal) {
      const { userId: member, guildId: guild = member } = origin;
      const own = members.get(member) ?? { line: new PQueue({ concurrency: perMember }), jobs: 0 };
      members.set(member, own);
      own.jobs += 1;
      const id = String(++serial);
      try {
        return await own.line.add(() => queue.add(job, { id, guild, member, signal }), { signal });
      } finally {
        own.jobs -= 1;
        if (own.jobs === 0) members.delete(member);
      }
    },
  };
}
