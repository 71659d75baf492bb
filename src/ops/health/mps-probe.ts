import type { MpsClient } from '../../mps/api/client.js';
import { MpsError } from '../../mps/api/errors.js';
import { minute } from '../../util/time.js';
import type { Observer } from '../observer.js';

/** Whether MPS answers. */
export interface MpsProbe extends Pick<Observer, 'request'> {
  /**
   * Whether MPS answered recently; if there was no recent request, a task that doesn't exist is polled, which is
   * free. Never throws.
   * @returns the error (`ECONNREFUSED`); undefined if all is well.
   */
  trouble(mps: Pick<MpsClient, 'describe'>): Promise<string | undefined>;
}

/** No task at MPS has this id. */
export const noSuchTask = 'easel-asks-whether-anybody-is-there';

/** How long a response counts as recent, ms. */
const latelyMs = 2 * minute;
/** Minimum interval of our own probes, ms. */
const betweenProbesMs = 30_000;
const probeMs = 5_000;

export function createMpsProbe(now: () => number): MpsProbe {
  let answeredAt = Number.NEGATIVE_INFINITY;
  let failure: string | undefined;
  let probedAt = Number.NEGATIVE_INFINITY;
  let probing: Promise<void> | undefined;

  async function probe(mps: Pick<MpsClient, 'describe'>): Promise<void> {
    probedAt = now();
    try {
      await mps.describe('image', () => noSuchTask, { signal: AbortSignal.timeout(probeMs) });
    } catch (error) {
      // Sent requests were reported to `request`; otherwise it couldn't be sent in time.
      if (!(error instanceof MpsError)) failure = 'no answer in time';
    }
  }

  return {
    request(_action, error) {
      if (isAnswer(error)) answeredAt = now();
      else failure = error instanceof MpsError ? error.code : 'no answer in time';
    },
    async trouble(mps) {
      const isRecent = () => now() - answeredAt <= latelyMs;
      if (isRecent()) return undefined;
      if (now() - probedAt >= betweenProbesMs) probing = probe(mps);
      await probing;
      return isRecent() ? undefined : failure;
    },
  };
}

/** A refusal is a response too; a page from a gateway in front of MPS isn't. */
function isAnswer(error: unknown): boolean {
  return error === undefined || (error instanceof MpsError && error.spoken);
}
