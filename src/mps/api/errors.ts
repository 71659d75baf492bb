import type { Action } from '../wire.js';

/**
 * Why MPS gave nothing: one word for each row of the API's errors.
 * `full`: the account has as many tasks at MPS as it may. `inactive`: MPS is not switched on for the account.
 * `unavailable`: MPS says that it cannot serve now, and that nothing was done. `unreachable`: no usable answer, and
 * certainly nothing done. `uncertain`: a Create whose outcome cannot be known.
 */
export const mpsErrorReasons = [
  'throttled',
  'full',
  'clock',
  'credentials',
  'inactive',
  'moderation',
  'rejected',
  'exhausted',
  'arrears',
  'unavailable',
  'unreachable',
  'uncertain',
] as const;
export type MpsErrorReason = (typeof mpsErrorReasons)[number];

/** Whether a task may exist, and be billed, after a failed Create. */
export type Created = 'no' | 'unknown';
/**
 * `backoff`: retry later, unchanged; `resign`: retry at once with the corrected clock; `never`: it would fail again,
 * or create twice.
 */
export type Retry = 'backoff' | 'resign' | 'never';

export interface MpsErrorFacts {
  readonly action: Action;
  /**
   * The API's code; without an API response, the network's (`ECONNREFUSED`) or one of ours (`TimedOut`, `Http502`).
   */
  readonly code: string;
  readonly reason: MpsErrorReason;
  readonly created: Created;
  readonly retry: Retry;
  /** The server's message with keys, signature and user input redacted: for the operator. */
  readonly detail?: string | undefined;
  readonly requestId?: string | undefined;
  readonly httpStatus?: number | undefined;
  /**
   * True if the message is MPS's own, not a gateway's page, the network's or ours.
   * @default false
   */
  readonly spoken?: boolean;
  /** The server's Retry-After, ms. */
  readonly retryAfterMs?: number | undefined;
  /** The server's clock, ms since the epoch. */
  readonly serverTime?: number | undefined;
  readonly cause?: unknown;
}

/** A failed request to MPS. Carries no key, no signature and no prompt. */
export class MpsError extends Error {
  override readonly name = 'MpsError';
  readonly action: Action;
  readonly code: string;
  readonly reason: MpsErrorReason;
  readonly created: Created;
  readonly retry: Retry;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly httpStatus: number | undefined;
  readonly spoken: boolean;
  readonly retryAfterMs: number | undefined;
  readonly serverTime: number | undefined;

  constructor(facts: MpsErrorFacts) {
    const request = facts.requestId ? ` (request ${facts.requestId})` : '';
    super(`${facts.action} failed: ${facts.code}${request}`, facts.cause ? { cause: facts.cause } : {});
    this.action = facts.action;
    this.code = facts.code;
    this.reason = facts.reason;
    this.created = facts.created;
    this.retry = facts.retry;
    this.detail = facts.detail;
    this.requestId = facts.requestId;
    this.httpStatus = facts.httpStatus;
    this.spoken = facts.spoken ?? false;
    this.retryAfterMs = facts.retryAfterMs;
    this.serverTime = facts.serverTime;
  }
}

/** Where an operator activates MPS for an account; on the mainland site `console.cloud.tencent.com/mps`. */
export const mpsConsole = 'https://console.tencentcloud.com/mps';

/** How one attempt failed, as seen on the wire. */
export type Failure = { readonly action: Action } & (
  | ({ readonly kind: 'refused'; readonly code: string } & Answered)
  /** A response that isn't MPS's: a gateway's page, or JSON without the required fields. */
  | ({ readonly kind: 'unreadable' } & Answered)
  | { readonly kind: 'timed-out'; readonly written: boolean; readonly cause: unknown }
  | { readonly kind: 'network'; readonly written: boolean; readonly cause: unknown }
);

interface Answered {
  readonly httpStatus: number;
  readonly detail?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly serverTime?: number | undefined;
  readonly cause?: unknown;
}

type Verdict = Pick<MpsErrorFacts, 'reason' | 'created' | 'retry'>;

const refused = (reason: MpsErrorReason, retry: Retry = 'never'): Verdict => ({
  reason,
  retry,
  created: 'no',
});
const uncertain: Verdict = { reason: 'uncertain', retry: 'never', created: 'unknown' };
const unreachable: Verdict = refused('unreachable', 'backoff');
const throttled: Verdict = refused('throttled', 'backoff');
const full: Verdict = refused('full', 'backoff');
const unavailable: Verdict = refused('unavailable', 'backoff');

/**
 * RequestLimitExceeded also stands for the concurrency limit, which shows only in the message (measured with
 * Tencent's own tools: "maximum concurrency").
 */
const saysFull = /concurren|并发/i;

/**
 * What the API's codes mean for a Create; a code also stands for all that it prefixes with a dot, the first match counts.
 * The last group is the API gateway's own: such a request never reached MPS (Tencent Cloud docs: "Common error codes"), and it is the operator who can change that.
 */
const verdicts: readonly (readonly [code: string, verdict: Verdict])[] = [
  ['RequestLimitExceeded', throttled],
  ['AuthFailure.SignatureExpire', refused('clock', 'resign')],
  ['AuthFailure', refused('credentials')],
  ['UnauthorizedOperation', refused('credentials')],
  ['IpNotInWhitelist', refused('credentials')],
  ['IpInBlacklist', refused('credentials')],
  ['FailedOperation.InvalidMpsUser', refused('inactive')],
  ['InvalidParameter.ViolationContent', refused('moderation')],
  // An alternative spelling of MPS.
  ['InvalidParameter.VoilationContent', refused('moderation')],
  ['InvalidParameter', refused('rejected')],
  ['InvalidParameterValue', refused('rejected')],
  ['MissingParameter', refused('rejected')],
  ['UnknownParameter', refused('rejected')],
  ['UnsupportedOperation', refused('rejected')],
  ['NoSuchProduct', refused('rejected')],
  ['ActionOffline', refused('rejected')],
  ['RequestSizeLimitExceeded', refused('rejected')],
  ['ResourceInsufficient', refused('exhausted')],
  ['ResourcesSoldOut', refused('exhausted')],
  ['ResourceUnavailable', unavailable],
  ['ServiceUnavailable', unavailable],
  ['ResourceInUse', unavailable],
  ['LimitExceeded', refused('exhausted')],
  ['OperationDenied', refused('arrears')],
  ['InvalidAction', refused('credentials')],
  ['InvalidRequest', refused('rejected')],
  ['NoSuchVersion', refused('credentials')],
  ['UnsupportedProtocol', refused('credentials')],
  ['UnsupportedRegion', refused('credentials')],
];

/** The only place where a failed attempt becomes an error. */
export function toMpsError(failure: Failure): MpsError {
  const { kind, action, ...rest } = failure;
  const spoken = kind === 'refused';
  return new MpsError({ ...rest, action, spoken, code: codeOf(failure), ...judge(failure) });
}

function judge(failure: Failure): Verdict {
  const verdict = judgeCreate(failure);
  if (failure.action.startsWith('Create')) return verdict;
  // A poll costs nothing, so it may always be repeated.
  const reason = verdict.reason === 'uncertain' ? 'unreachable' : verdict.reason;
  return refused(reason, verdict.retry === 'resign' ? 'resign' : 'backoff');
}

function judgeCreate(failure: Failure): Verdict {
  switch (failure.kind) {
    case 'refused': {
      const verdict = verdicts.find(([code]) => isFamily(failure.code, code))?.[1] ?? uncertain;
      return verdict === throttled && saysFull.test(failure.detail ?? '') ? full : verdict;
    }
    case 'unreadable':
      return failure.httpStatus === 429 ? throttled : uncertain;
    default:
      return failure.written ? uncertain : unreachable;
  }
}

function isFamily(code: string, family: string): boolean {
  return code === family || code.startsWith(`${family}.`);
}

function codeOf(failure: Failure): string {
  switch (failure.kind) {
    case 'refused':
      return failure.code;
    case 'unreadable':
      return failure.httpStatus === 200 ? 'UnreadableAnswer' : `Http${failure.httpStatus}`;
    case 'timed-out':
      return 'TimedOut';
    case 'network':
      return networkCode(failure.cause) ?? 'NetworkFailure';
  }
}

function networkCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  // If a name has several addresses, Node wraps their errors in one.
  return networkCode(cause instanceof AggregateError ? cause.errors[0] : cause.cause);
}

/** Errors that only the operator can fix: a clock, a key, an account, a catalogue rule. */
const operatorReasons: ReadonlySet<MpsErrorReason> = new Set([
  'clock',
  'credentials',
  'inactive',
  'rejected',
  'arrears',
]);

/** The log level of an error: `error` if nothing will work until the operator acts. */
export function levelOf(error: unknown): 'warn' | 'error' {
  return error instanceof MpsError && operatorReasons.has(error.reason) ? 'error' : 'warn';
}
