import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.js';

/** The door of what Discord tells of: it knows who is inside, so that no one is left standing there at a stop. */
export interface InFlight {
  /** Runs what an event asks for, the answer to it included. */
  enter(work: () => Promise<void>): Promise<void>;
  /** @throws UserError once the gate is closed: whoever comes then is asked to come again. */
  requireOpen(): void;
  /** From now on nothing new is begun for anyone. */
  close(): void;
  /** From now on no event is handled at all: another process has taken over, and answers them. */
  abandon(): void;
  /** Resolves when everyone inside has had their answer, or cannot be given one any more. */
  emptied(): Promise<void>;
}

/** Discord waits so long for the first answer, ms (Discord docs: "Receiving and Responding"). */
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
    async emptied() {
      const enough = new AbortController();
      const patience = sleep(patienceMs, undefined, { signal: enough.signal, ref: false }).catch(() => {});
      await Promise.race([emptied(), patience]);
      enough.abort();
    },
  };
}
