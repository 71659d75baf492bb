import type { ApiError } from '../api-errors.js';
import type { JsonObject } from '../types.js';
import type { Call, RestContext } from './rest-context.js';

/** A request that the bot made. */
export interface RestRecord {
  /** ms since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Below `/api/v10`, with the tokens of interactions cut out. */
  readonly path: string;
  /** The interaction that it is about, if any. */
  readonly interactionId: string | undefined;
  /** 0 when the connection was cut. */
  readonly status: number;
  readonly code: number | undefined;
  /** The JSON that was sent. */
  readonly body: unknown;
}

/** A request that the real Discord would have refused for its content: a mistake of the bot. */
export interface Problem {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly code: number;
  readonly message: string;
  readonly errors: JsonObject | undefined;
  readonly body: unknown;
}

export interface RestObserver {
  request(record: RestRecord): void;
  problem(problem: Problem): void;
}

/** The fault of a refused body: bad form, no content, broken JSON. */
const bodyCodes: ReadonlySet<number> = new Set([50035, 50006, 50109]);
/** ms within which refused requests are counted. */
const invalidWindowMs = 10 * 60_000;

export const prefix = '/api/v10';

/** The path of a request below the API's prefix. */
export function pathOf(call: Call): string {
  return decodeURIComponent(new URL(call.req.url).pathname).slice(prefix.length);
}

/** Notifies the observer of requests, and counts refused ones. */
export interface RequestLog {
  record(call: Call, status: number, code?: number): void;
  /** Records a request by its answer. */
  answered(call: Call): Promise<void>;
  /** Reports a body that Discord would have refused. */
  refused(call: Call, error: ApiError): void;
  /** Answers of 401, 403 and 429 within the last ten minutes. */
  invalidRequests(): number;
}

export function createRequestLog(
  { clock, interactions }: Pick<RestContext, 'clock' | 'interactions'>,
  observer: RestObserver,
): RequestLog {
  let invalid: number[] = [];

  function record(call: Call, status: number, code?: number): void {
    observer.request({
      at: clock.now(),
      method: call.req.method,
      path: pathOf(call).replace(/^(\/(?:interactions|webhooks)\/\d+\/)[^/]+/, '$1:token'),
      interactionId: interactions.idIn(pathOf(call)),
      status,
      code,
      body: call.get('payload'),
    });
  }

  return {
    record,
    async answered(call) {
      const { status } = call.res;
      if (isInvalid(call.res)) invalid.push(clock.now());
      record(call, status, status < 400 ? undefined : await codeOf(call.res.clone()));
    },
    refused(call, { code, message, errors }) {
      if (!bodyCodes.has(code)) return;
      const about = { method: call.req.method, path: pathOf(call), body: call.get('payload') };
      observer.problem({ at: clock.now(), ...about, code, message, errors });
    },
    invalidRequests() {
      invalid = invalid.filter((at) => clock.now() - at < invalidWindowMs);
      return invalid.length;
    },
  };
}

function isInvalid({ status, headers }: Response): boolean {
  if (status === 401 || status === 403) return true;
  return status === 429 && headers.get('x-ratelimit-scope') !== 'shared';
}

async function codeOf(response: Response): Promise<number | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'number'
    ? body.code
    : undefined;
}
