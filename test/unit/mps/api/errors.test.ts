import { describe, expect, it } from 'vitest';
import { type Failure, MpsError, toMpsError } from '../../../../src/mps/api/errors.js';

const create = 'CreateAigcVideoTask';
const ask = 'DescribeAigcVideoTask';

/** The table of docs/mps-api.md#errors, read again. */
const table = [
  ['RequestLimitExceeded', 'throttled', 'no', 'backoff'],
  ['RequestLimitExceeded.UinLimitExceeded', 'throttled', 'no', 'backoff'],
  ['IpNotInWhitelist', 'credentials', 'no', 'never'],
  ['IpInBlacklist', 'credentials', 'no', 'never'],
  ['FailedOperation.InvalidMpsUser', 'inactive', 'no', 'never'],
  ['InvalidParameter.VoilationContent', 'moderation', 'no', 'never'],
  ['NoSuchProduct', 'rejected', 'no', 'never'],
  ['ActionOffline', 'rejected', 'no', 'never'],
  ['RequestSizeLimitExceeded', 'rejected', 'no', 'never'],
  ['ResourceUnavailable', 'unavailable', 'no', 'backoff'],
  ['ServiceUnavailable', 'unavailable', 'no', 'backoff'],
  ['ResourceInUse', 'unavailable', 'no', 'backoff'],
  ['FailedOperation.TaskNotFound', 'uncertain', 'unknown', 'never'],
  ['AuthFailure.SignatureExpire', 'clock', 'no', 'resign'],
  ['AuthFailure', 'credentials', 'no', 'never'],
  ['AuthFailure.SignatureFailure', 'credentials', 'no', 'never'],
  ['AuthFailure.SecretIdNotFound', 'credentials', 'no', 'never'],
  ['UnauthorizedOperation', 'credentials', 'no', 'never'],
  ['UnauthorizedOperation.CamNoAuth', 'credentials', 'no', 'never'],
  ['InvalidParameter.ViolationContent', 'moderation', 'no', 'never'],
  ['InvalidParameter', 'rejected', 'no', 'never'],
  ['InvalidParameter.Format', 'rejected', 'no', 'never'],
  ['InvalidParameterValue', 'rejected', 'no', 'never'],
  ['InvalidParameterValue.Duration', 'rejected', 'no', 'never'],
  ['MissingParameter', 'rejected', 'no', 'never'],
  ['UnknownParameter', 'rejected', 'no', 'never'],
  ['UnsupportedOperation', 'rejected', 'no', 'never'],
  ['ResourceInsufficient', 'exhausted', 'no', 'never'],
  ['LimitExceeded', 'exhausted', 'no', 'never'],
  ['LimitExceeded.Tasks', 'exhausted', 'no', 'never'],
  ['OperationDenied', 'arrears', 'no', 'never'],
  ['OperationDenied.Arrears', 'arrears', 'no', 'never'],
  ['InternalError', 'uncertain', 'unknown', 'never'],
  ['InternalError.DB', 'uncertain', 'unknown', 'never'],
  ['FailedOperation', 'uncertain', 'unknown', 'never'],
  // The API gateway's own codes, which the fact sheet leaves to the docs: set up wrongly, nothing reached MPS.
  ['UnsupportedRegion', 'credentials', 'no', 'never'],
  ['InvalidAction', 'credentials', 'no', 'never'],
  ['NoSuchVersion', 'credentials', 'no', 'never'],
  ['UnsupportedProtocol', 'credentials', 'no', 'never'],
  ['InvalidRequest', 'rejected', 'no', 'never'],
  ['SomethingNobodyHasSeen', 'uncertain', 'unknown', 'never'],
] as const;

const refusal = (action: Failure['action'], code: string): Failure => ({
  kind: 'refused',
  action,
  code,
  httpStatus: 200,
});

describe('toMpsError', () => {
  it.each(table)('maps %s on a Create to %s, created: %s, retry: %s', (code, reason, created, retry) => {
    expect(toMpsError(refusal(create, code))).toMatchObject({ code, reason, created, retry });
  });

  it.each(table)('polls again after %s on a Describe', (code, reason) => {
    const error = toMpsError(refusal(ask, code));
    expect(error.created).toBe('no');
    expect(error.retry).toBe(code === 'AuthFailure.SignatureExpire' ? 'resign' : 'backoff');
    expect(error.reason).toBe(reason === 'uncertain' ? 'unreachable' : reason);
  });

  it.each(['Exceeded the maximum concurrency of this model', '超过最大并发数'])(
    'recognises the second limit, of concurrent tasks, by the message alone: %s',
    (detail) => {
      const failure = { ...refusal(create, 'RequestLimitExceeded'), detail } as Failure;
      expect(toMpsError(failure)).toMatchObject({ reason: 'full', created: 'no', retry: 'backoff' });
      // Of any other code the same words mean nothing.
      const other = { ...refusal(create, 'InternalError'), detail } as Failure;
      expect(toMpsError(other)).toMatchObject({ reason: 'uncertain' });
    },
  );

  it("assigns a code to another's family only at a dot", () => {
    expect(toMpsError(refusal(create, 'LimitExceededly')).reason).toBe('uncertain');
    expect(toMpsError(refusal(create, 'RequestLimitExceededX')).created).toBe('unknown');
  });

  it.each([500, 502, 503, 504, 302, 404])("does not trust a gateway's %i on a Create", (httpStatus) => {
    const error = toMpsError({ kind: 'unreadable', action: create, httpStatus });
    expect(error).toMatchObject({
      reason: 'uncertain',
      created: 'unknown',
      retry: 'never',
      code: `Http${httpStatus}`,
    });
  });

  it("treats a gateway's 429 as throttling", () => {
    const error = toMpsError({ kind: 'unreadable', action: create, httpStatus: 429, retryAfterMs: 2000 });
    expect(error).toMatchObject({
      reason: 'throttled',
      created: 'no',
      retry: 'backoff',
      retryAfterMs: 2000,
    });
  });

  it('describes an answer of 200 that makes no sense', () => {
    expect(toMpsError({ kind: 'unreadable', action: create, httpStatus: 200 })).toMatchObject({
      code: 'UnreadableAnswer',
      created: 'unknown',
    });
  });

  it.each(['network', 'timed-out'] as const)(
    'lets the state of the request decide whether a Create that met %s can be repeated',
    (kind) => {
      const cause = Object.assign(new Error('broken'), { code: 'ECONNRESET' });
      expect(toMpsError({ kind, action: create, written: false, cause })).toMatchObject({
        reason: 'unreachable',
        created: 'no',
        retry: 'backoff',
      });
      expect(toMpsError({ kind, action: create, written: true, cause })).toMatchObject({
        reason: 'uncertain',
        created: 'unknown',
        retry: 'never',
      });
      expect(toMpsError({ kind, action: ask, written: true, cause })).toMatchObject({
        reason: 'unreachable',
        created: 'no',
        retry: 'backoff',
      });
    },
  );

  it("finds the network's code in nested and grouped causes", () => {
    const inner = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const codeOf = (cause: unknown) =>
      toMpsError({ kind: 'network', action: ask, written: false, cause }).code;
    expect(codeOf(inner)).toBe('ECONNREFUSED');
    expect(codeOf(new TypeError('fetch failed', { cause: inner }))).toBe('ECONNREFUSED');
    expect(codeOf(new AggregateError([inner, inner]))).toBe('ECONNREFUSED');
    expect(codeOf('a string')).toBe('NetworkFailure');
  });

  it('says which action failed with what, and keeps the cause', () => {
    const cause = new Error('why');
    const error = toMpsError({
      kind: 'refused',
      action: create,
      code: 'InternalError',
      httpStatus: 200,
      requestId: 'r-1',
      cause,
    });
    expect(error).toBeInstanceOf(MpsError);
    expect(error.message).toBe('CreateAigcVideoTask failed: InternalError (request r-1)');
    expect(error.cause).toBe(cause);
  });
});
