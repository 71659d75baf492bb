import type { Pair, SharedOwners } from '../../cluster/user-task-index.js';
import type { Log } from '../../log.js';
import { sleep } from '../../util/abort.js';
import type { TaskId } from '../model/task.js';

interface Deps {
  readonly shared?: SharedOwners | undefined;
  readonly log: Log;
  /** ms before what couldn't be shared is shared again. */
  readonly retryMs: number;
}

/** Lets other processes know which tasks here are whose; in memory while that can't be shared. */
export function createSharing({ shared, log, retryMs }: Deps) {
  const pending = new Map<string, { readonly pair: Pair; readonly isThere: boolean }>();
  let isReady = false;
  let flushing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    while (shared && pending.size > 0) {
      const some = [...pending];
      pending.clear();
      const pairs = (wanted: boolean) =>
        some.flatMap(([, { pair, isThere }]) => (isThere === wanted ? [pair] : []));
      try {
        await shared.add(pairs(true));
        await shared.drop(pairs(false));
      } catch (error) {
        for (const [key, one] of some) if (!pending.has(key)) pending.set(key, one);
        log.debug({ err: error }, "the index of users' tasks could not be shared yet");
        await sleep(retryMs, undefined, { ref: false });
      }
    }
  }

  return {
    tell(userId: string | undefined, id: TaskId, isThere: boolean): void {
      if (!shared || userId === undefined || userId === '') return;
      pending.set(`${userId} ${id}`, { pair: [userId, id], isThere });
      if (isReady) flushing ??= flush().finally(() => (flushing = undefined));
    },
    /** All are noted that were there at the start. @throws StoreError */
    async ready(): Promise<void> {
      const pairs = [...pending.values()].map(({ pair }) => pair);
      await shared?.add(pairs);
      pending.clear();
      isReady = true;
    },
  };
}
