import type { ServiceStatus } from '../../discord/services/bot.js';
import type { MpsClient } from '../../mps/api/client.js';
import { MpsError, type MpsErrorReason } from '../../mps/api/errors.js';
import type { Action } from '../../mps/wire.js';
import type { Store } from '../../store/store.js';
import type { Queue } from '../../tasks/queue/slot-queue.js';
import { minute } from '../../util/time.js';
import type { Observer } from '../observer.js';
import type { MpsProbe } from './mps-probe.js';

export interface StatusParts {
  readonly store: Pick<Store, 'fault'>;
  readonly mps: Pick<MpsClient, 'describe'>;
  readonly queue: Pick<Queue, 'waiting'>;
}

/** Refusals that concern every order, and that only the operator can end. */
const lasting: ReadonlySet<MpsErrorReason> = new Set(['credentials', 'inactive', 'arrears']);

/** How long a refusal counts if nothing is ordered after it, ms. */
const memoryMs = 15 * minute;

/** How Easel is doing, as members are told. */
export interface ServiceStatusReader extends Pick<Observer, 'request'> {
  read(parts: StatusParts): Promise<ServiceStatus>;
}

/** @param patienceMs an interaction is answered within three seconds; no answer in this time counts as none. */
export function createServiceStatus(
  reach: Pick<MpsProbe, 'trouble'>,
  now: () => number,
  patienceMs = 1_500,
): ServiceStatusReader {
  /** When each action was last refused, unless it has worked since: an account in arrears can still be polled. */
  const refusedAt = new Map<Action, number>();
  const isRefused = () => [...refusedAt.values()].some((at) => now() - at < memoryMs);

  async function imageService({ mps }: StatusParts, waiting: number): Promise<ServiceStatus['imageService']> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('no answer in time'), patienceMs);
    });
    const trouble = await Promise.race([reach.trouble(mps), late]).finally(() => clearTimeout(timer));
    // The probe is a request as well: it may have been refused, or have ended a refusal.
    if (isRefused()) return 'refused';
    if (trouble !== undefined) return 'silent';
    return waiting > 0 ? 'busy' : 'well';
  }

  return {
    request(action, error) {
      const isAnswer = error === undefined || (error instanceof MpsError && error.spoken);
      if (!isAnswer) return;
      if (error instanceof MpsError && lasting.has(error.reason)) refusedAt.set(action, now());
      else refusedAt.delete(action);
    },
    async read(parts) {
      const waiting = parts.queue.waiting('image') + parts.queue.waiting('video');
      return {
        imageService: await imageService(parts, waiting),
        waiting,
        store: parts.store.fault() === undefined,
      };
    },
  };
}
