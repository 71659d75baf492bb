import type { Blocks } from '../../moderation/blocks.js';
import type { Task } from '../model/task.js';

/**
 * Runs what commits Easel to a task, a write of its record, unless its user has been blocked meanwhile: no block comes
 * between the look and the write.
 * @throws BlockedError; StoreError
 */
export type Permit = <R>(task: Pick<Task, 'origin'>, write: () => Promise<R>) => Promise<R>;

/** Where no one is ever blocked. */
export const permitAll: Permit = (_, write) => write();

/** By the blocks of the guild that the task was ordered in. */
export function createPermit({ whileAllowed }: Pick<Blocks, 'whileAllowed'>): Permit {
  return ({ origin: { guildId, guildInstalled, userId } }, write) =>
    guildId !== undefined && guildInstalled ? whileAllowed(guildId, userId, write) : write();
}
