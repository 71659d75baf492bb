import PQueue from 'p-queue';
import type { Task } from '../model/task.js';
import { type TurnOptions, Turns } from './fair-queue.js';

/** Turns in which source images are downloaded and looked at. */
export interface PreparationTurns {
  /**
   * Runs `job`, which prepares one image of a task, when its turn has come: turns go round the guilds and their members,
   * image by image, and a member has only some of the slots at once. So no one waits for another member's whole order.
   * @throws what `job` throws, or the signal's reason while it waits.
   */
  run<T>(task: Pick<Task, 'origin'>, job: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface Options {
  /**
   * Images on their way at once, over all guilds. More than are decoded at once, or a slow download would keep the decoder idle.
   * @default 6
   */
  readonly slots?: number;
  /**
   * Of these, a member's at most.
   * @default 2
   */
  readonly perMember?: number;
}

export function createPreparationTurns({ slots = 6, perMember = 2 }: Options = {}): PreparationTurns {
  const queue = new PQueue<Turns, TurnOptions>({ concurrency: slots, queueClass: Turns });
  /** What each member has under way: the jobs beyond their share wait here, not in the turns. */
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
