import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Task } from '../../tasks/model/task.js';

/** Records read in one go. */
const atOnce = 50;

/**
 * A guild's tasks received at `since` (ms since the epoch) or later, without redacted ones, newest first; a few at a time.
 * @param userId only this member's
 * @throws StoreError
 */
export async function* tasksIn(
  { since: orderedSince, find }: Pick<Ledger, 'since' | 'find'>,
  guildId: string,
  since: number,
  userId?: string,
): AsyncGenerator<readonly Task[]> {
  for await (const some of orderedSince(guildId, since)) {
    const wanted = some.filter((one) => one.userId !== undefined && (!userId || one.userId === userId));
    for (let at = 0; at < wanted.length; at += atOnce) {
      const found = await Promise.all(wanted.slice(at, at + atOnce).map(({ id }) => find(id)));
      yield found.flatMap((task) => task ?? []);
    }
  }
}
