import { sleep } from '../../util/abort.js';
import { day } from '../../util/time.js';
import { bodies, type CreateParameters, createAnswer } from '../wire.js';
import { backoffMs, fullBackoffMs } from './backoff.js';
import type { Context } from './context.js';
import { MpsError } from './errors.js';

export interface CreateOptions {
  /** Ends waiting and retrying. A request in flight may finish, because its response may be worth money. */
  readonly signal: AbortSignal;
  /** Awaited right before each request is sent. If it throws, nothing is sent and `create` throws the same error. */
  readonly onSend?: () => Promise<void>;
  /** Awaited after a request that provably created nothing, before the next try (or the abort by `signal`). */
  readonly onRefused?: (error: MpsError) => Promise<void>;
  /**
   * How long to retry while MPS is unreachable or unavailable, ms from the call on.
   * @default forever
   */
  readonly giveUpAfterMs?: number;
  /** What the log says it is for. */
  readonly about?: { readonly task: string };
}

export interface CreatedTask {
  readonly taskId: string;
  readonly requestId: string;
}

/**
 * How long a Create is retried while MPS takes no more of this account, ms: other programs may fill it for hours, but an order
 * that waited for a day is no longer expected by anyone.
 */
const crowdedForMs = day;

/** How often a Create was refused so far, and the last refusal. */
interface Refusals {
  readonly count: number;
  readonly last?: MpsError;
}

/** Creates one task at MPS with as many requests as it takes; see `MpsClient.create`. */
export async function createTask(
  context: Context,
  parameters: CreateParameters,
  options: CreateOptions,
): Promise<CreatedTask> {
  const { action } = parameters;
  const body = checkBody(parameters);
  const began = context.now();
  const { signal, onSend, about = {} } = options;
  const sign = () => context.sign({ action, body, answer: createAnswer });
  let signed: ReturnType<typeof sign> | undefined;
  // Whatever can be done before `onSend` is: a crash between that and the request leaves a doubt.
  const early = async () => {
    await context.ready();
    signed = sign();
  };
  const attempt = async () => {
    const { TaskId, RequestId } = await (signed ?? sign())();
    return { taskId: TaskId, requestId: RequestId };
  };
  const slotOptions = { signal, early, ...(onSend && { prepare: onSend }) };
  let earlier: Refusals = { count: 0 };
  for (;;) {
    try {
      return await context.limits[action].run(attempt, slotOptions);
    } catch (error) {
      if (!(error instanceof MpsError)) throw error;
      const patienceMs = isCrowded(error)
        ? crowdedForMs
        : (options.giveUpAfterMs ?? Number.POSITIVE_INFINITY);
      const late = context.now() - began >= patienceMs;
      const delay = delayBeforeRetry({ ...context, about }, error, earlier, late);
      if (delay === undefined) throw error;
      earlier = { count: earlier.count + 1, last: error };
      await options.onRefused?.(error);
      await sleep(delay, signal);
    }
  }
}

/** Delay before a refused Create may be sent again, ms; undefined: never. */
function delayBeforeRetry(
  { clock, random, log, about }: Context & { readonly about: object },
  error: MpsError,
  earlier: Refusals,
  late: boolean,
): number | undefined {
  if (error.created !== 'no' || error.retry === 'never') return undefined;
  if (error.retry === 'resign') {
    const again = earlier.last?.retry === 'resign';
    return !again && clock.correctBy(error) ? 0 : undefined;
  }
  const { action, reason, code, requestId } = error;
  const refusals = earlier.count + 1;
  if (late) return undefined;
  const delayMs = Math.round(
    reason === 'full' ? fullBackoffMs(random) : backoffMs(refusals, random, error.retryAfterMs),
  );
  log.warn({ ...about, action, reason, code, requestId, refusals, delayMs }, 'MPS: retrying');
  return delayMs;
}

/** MPS is there, but takes nothing now. */
function isCrowded({ reason }: MpsError): boolean {
  return reason === 'throttled' || reason === 'full';
}

/** A body that violates the API's schema isn't sent: a round trip would only tell the same. */
function checkBody({ action, body }: CreateParameters): object {
  const parsed = bodies[action].safeParse(body);
  if (parsed.success) return parsed.data;
  const code = 'InvalidParameter.Local';
  throw new MpsError({
    action,
    code,
    reason: 'rejected',
    created: 'no',
    retry: 'never',
    cause: parsed.error,
  });
}
