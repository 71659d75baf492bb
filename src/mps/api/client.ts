import { setMaxListeners } from 'node:events';
import type { Log } from '../../log.js';
import type { Kind } from '../generation-request.js';
import type { Limits } from '../limits/rate-limits.js';
import type { CreateParameters } from '../wire.js';
import { type CreatedTask, type CreateOptions, createTask } from './create-task.js';
import { createStatusReader, describeTask, type TaskReport } from './describe-task.js';
import { createClock } from './server-clock.js';
import { createRequest, requestTimeouts } from './signed-request.js';
import type { Credentials } from './tc3-signature.js';
import { createTransport, type Transport } from './transport.js';

export type { CreatedTask, CreateOptions, CreateParameters, Credentials, TaskReport };

export interface MpsClientDeps {
  /** Scheme, host and port; the path is always `/`. */
  readonly endpoint: URL | string;
  readonly region: string;
  readonly credentials: Credentials;
  /** Owned by who made them: `close()` leaves them open. */
  readonly limits: Limits;
  readonly log: Log;
  /** Ms since the epoch. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
  /** The network; the client closes it. */
  readonly transport?: Transport;
  /** Ms for one request, from connecting to the last byte. */
  readonly timeouts?: { readonly create: number; readonly describe: number };
}

export interface MpsClient {
  /**
   * Creates one task. Refusals that provably created nothing are retried with backoff where the table in `errors.ts` says
   * so: throttling until `signal` aborts, an unreachable MPS until `giveUpAfterMs` has passed.
   *
   * @throws MpsError: look at `created` before creating again. Else the signal's reason, or what a hook threw: nothing was created.
   */
  create(parameters: CreateParameters, options: CreateOptions): Promise<CreatedTask>;
  /**
   * Asks about one task, once. `choose` says which at the moment a request may be sent; if it says `undefined`
   * the right is handed back and the answer is `undefined`.
   *
   * @throws MpsError (all may be asked again later), or the signal's reason at once
   */
  describe(
    kind: Kind,
    choose: () => string | undefined,
    options: { signal: AbortSignal },
  ): Promise<TaskReport | undefined>;
  /** Settles when the requests in flight have ended. */
  close(): Promise<void>;
}

/** The client of the four AIGC actions of Tencent Cloud MPS. */
export function createMpsClient(deps: MpsClientDeps): MpsClient {
  const { limits, log, now = Date.now, random = Math.random, timeouts = requestTimeouts } = deps;
  const transport = deps.transport ?? createTransport();
  const clock = createClock(now, log);
  const { region, credentials } = deps;
  const endpoint = new URL(deps.endpoint);
  const request = createRequest({ endpoint, region, credentials, clock, transport, timeouts });
  const context = { limits, log, now, random, clock, request };
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

/** One signal may well stop hundreds of calls at once, which Node takes for a leak from the eleventh on. */
function expectCrowd(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}
