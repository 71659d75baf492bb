import type { MpsClient } from '../../mps/api/client.js';
import { MpsError } from '../../mps/api/errors.js';
import { minute } from '../../util/time.js';
import type { Observer } from '../observer.js';

/** Whether MPS answers. */
export interface Reach extends Pick<Observer, 'request'> {
  /**
   * Whether MPS answered lately; if no one asked it anything lately, it is asked about a task that does not exist,
   * which costs nothing. Never throws.
   * @returns what went wrong (`ECONNREFUSED`); undefined while all is well.
   */
  trouble(mps: Pick<MpsClient, 'describe'>): Promise<string | undefined>;
}

/** No task of MPS's is called so. */
export const noSuchTask = 'easel-asks-whether-anybody-is-there';

/** How long an answer counts, ms. */
const latelyMs = 2 * minute;
/** A question of our own is asked no more often, ms. */
const betweenProbesMs = 30_000;
const probeMs = 5_000;

export function createReach(now: () => number): Reach {
  let answeredAt = Number.NEGATIVE_INFINITY;
  let failure: string | undefined;
  let probedAt = Number.NEGATIVE_INFINITY;
  let probing: Promise<void> | undefined;

  async function probe(mps: Pick<MpsClient, 'describe'>): Promise<void> {
    probedAt = now();
    try {
      await mps.describe('image', () => noSuchTask, { signal: AbortSignal.timeout(probeMs) });
    } catch (error) {
      // What was sent has been told to `request`; else it could not be sent in time.
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

/** A refusal is an answer too; a gateway's page before MPS, whatever its status, is none. */
function isAnswer(error: unknown): boolean {
  return error === undefined || (error instanceof MpsError && error.spoken);
}
