import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.js';

/** Tracks events in flight so that a shutdown can drain them. */
export interface InFlight {
  /** Runs the handler of an event, including its answer. */
  enter(work: () => Promise<void>): Promise<void>;
  /** @throws UserError once closed: the user is asked to try again. */
  requireOpen(): void;
  /** Stops accepting new events. */
  close(): void;
  /** Ignores all further events: another process has taken over and answers them. */
  abandon(): void;
  /** True once abandoned: events in flight are the other process's to answer as well. */
  isAbandoned(): boolean;
  /** Resolves when every event in flight has been answered or can no longer be. */
  emptied(): Promise<void>;
}

/** How long Discord waits for the first answer, ms (Discord docs: "Receiving and Responding"). */
const answerMs = 3_000;

export function createInFlight({ patienceMs = answerMs }: { readonly patienceMs?: number } = {}): InFlight {
  const inside = new Set<Promise<void>>();
  let isOpen = true;
  let isAbandoned = false;

  async function emptied(): Promise<void> {
    while (inside.size > 0) await Promise.allSettled(inside);
  }

  return {
    enter(work) {
      if (isAbandoned) return Promise.resolve();
      const done = work().finally(() => inside.delete(done));
      inside.add(done);
      return done;
    },
    requireOpen() {
      if (!isOpen) throw new UserError({ key: 'error.stopping' });
    },
    close() {
      isOpen = false;
    },
    abandon() {
      isOpen = false;
      isAbandoned = true;
    },
    isAbandoned: () => isAbandoned,
    async emptied() {
      const enough = new AbortController();
      const patience = sleep(patienceMs, undefined, { signal: enough.signal, ref: false }).catch(() => {});
      await Promise.race([emptied(), patience]);
      enough.abort();
    },
  };
}
