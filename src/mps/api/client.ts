import { setMaxListeners } from 'node:events';
import type { Log } from '../../log.js';
import type { Kind } from '../generation-request.js';
import type { Limits } from '../limits/rate-limits.js';
import type { CreateParameters } from '../wire.js';
import { type CreatedTask, type CreateOptions, createTask } from './create-task.js';
import { createStatusReader, describeTask, type TaskReport } from './describe-task.js';
import { createClock } from './server-clock.js';
import { createSign, requestTimeouts } from './signed-request.js';
import type { Credentials } from './tc3-signature.js';
import { createTransport, type Transport } from './transport.js';

export type { CreatedTask, CreateOptions, CreateParameters, Credentials, TaskReport };

export interface MpsClientDeps {
  /** Scheme, host and port; the path is always `/`. */
  readonly endpoint: URL | string;
  readonly region: string;
  readonly credentials: Credentials;
  /** Owned by the caller: `close()` leaves them open. */
  readonly limits: Limits;
  readonly log: Log;
  /** Ms since the epoch. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
  /** The network; the client closes it. */
  readonly transport?: Transport;
  /** ms for one request, from connecting to the last byte. */
  readonly timeouts?: { readonly create: number; readonly describe: number };
}

export interface MpsClient {
  /**
   * Creates one task. Refusals that provably created nothing are retried with backoff if the table in `errors.ts`
   * says so: throttling for a day or until `signal` aborts, an unreachable MPS until `giveUpAfterMs` has passed.
   * @throws MpsError: check `created` before creating again. Otherwise the signal's reason, or the error of a hook:
   * nothing was created.
   */
  create(parameters: CreateParameters, options: CreateOptions): Promise<CreatedTask>;
  /**
   * Polls one task, once. `choose` names it when a request may be sent; if it returns `undefined`, the permit is
   * returned and the result is `undefined`.
   * @throws MpsError (all can be retried later), or the signal's reason immediately
   */
  describe(
    kind: Kind,
    choose: () => string | undefined,
    options: { signal: AbortSignal },
  ): Promise<TaskReport | undefined>;
  /** Resolves when the requests in flight have ended. */
  close(): Promise<void>;
}

/** The client of the four AIGC actions of Tencent Cloud MPS. */
export function createMpsClient(deps: MpsClientDeps): MpsClient {
  const { limits, log, now = Date.now, random = Math.random, timeouts = requestTimeouts } = deps;
  const transport = deps.transport ?? createTransport();
  const clock = createClock(now, log);
  const { region, credentials } = deps;
  const endpoint = new URL(deps.endpoint);
  const sign = createSign({ endpoint, region, credentials, clock, transport, timeouts });
  const ready = () => within(timeouts.create, transport.ready(endpoint.origin));
  const context = { limits, log, now, random, clock, sign, ready };
  const statusOf = createStatusReader(log);
  return {
    create(parameters, options) {
      expectCrowd(options.signal);
      return createTask(context, parameters, options);
    },
    describe(kind, choose, { signal }) {
      expectCrowd(signal);
      return describeTask({ ...context, statusOf }, kind, choose, signal);
    },
    close: () => transport.close(),
  };
}

/** Waits for something that never fails, but no longer than so many ms. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** One signal may abort hundreds of calls at once, which Node reports as a leak from the eleventh on. */
function expectCrowd(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}
