import { describe, expect, it } from 'vitest';
import { text } from '../../../../src/locales/index.js';
import { FetchError } from '../../../../src/media/results/result-fetcher.js';
import { toMpsError } from '../../../../src/mps/api/errors.js';
import { toEnding } from '../../../../src/tasks/lifecycle/failure-mapping.js';
import { writtenIn } from '../../../support/languages.js';
import { aTask } from '../../../support/tasks.js';
import { anMpsError } from '../kit.js';

const refused = (code: string, detail?: string) =>
  toMpsError({ kind: 'refused', action: 'CreateAigcImageTask', httpStatus: 200, code, detail });
const failureOf = (error: unknown) => toEnding(error, aTask()).failure;

describe('a request that MPS rejects', () => {
  it.each([
    ['what MPS says of it', 'InvalidParameterValue', 'Duration must be 5 or 10.', 'Duration must be 5 or 10'],
    ['that rather than the name', 'InvalidParameterValue.Duration', '时长无效。', '时长无效'],
    ['its name where MPS says no more', 'InvalidParameterValue.Duration', undefined, 'Duration'],
    ['its name where MPS says but a full stop', 'UnsupportedOperation.OffPeak', ' . ', 'OffPeak'],
  ])('is told by %s', (_, code, detail, what) => {
    expect(failureOf(refused(code, detail))).toEqual({ reason: 'rejected.named', params: { what } });
  });

  it('is reported without a name if there is none, or none of MPS’s', () => {
    expect(failureOf(refused('MissingParameter'))).toEqual({ reason: 'rejected' });
    expect(failureOf(anMpsError('rejected'))).toEqual({ reason: 'rejected' });
  });

  it('is reported to the operator equally loudly, with its options, named or not', () => {
    for (const error of [refused('InvalidParameter'), refused('InvalidParameter', 'Format')])
      expect(toEnding(error, aTask())).toMatchObject({
        level: 'error',
        details: { asked: { kind: 'image' } },
      });
  });
});

it.each([
  'AuthFailure.SecretIdNotFound',
  'InvalidParameter.ViolationContent',
  'ResourceInsufficient.Gpu',
  'OperationDenied.Arrears',
  'InternalError.Db',
])('nothing that MPS says with %s reaches a person', (code) => {
  const failure = failureOf(refused(code, 'words of a machine'));
  expect(failure.reason).not.toMatch(/^rejected/);
  expect(failure).not.toHaveProperty('params');
});

describe('a result without a file', () => {
  it('is reported to the operator as their problem, if it is', () => {
    expect(toEnding(new FetchError('misresolved', 'x resolves to 10.0.0.1.'), aTask())).toMatchObject({
      level: 'error',
      failure: { reason: 'misresolved' },
    });
    for (const reason of ['gone', 'forbidden', 'unreadable'] as const)
      expect(toEnding(new FetchError(reason, 'no file'), aTask()).level, reason).toBe('warn');
  });

  it.each(writtenIn)('is blamed on its link only if that has expired (%s)', (locale) => {
    const word = locale === 'en-US' ? /link expired/ : /失效/;
    expect(text(locale, 'failure.expired')).toMatch(word);
    for (const key of ['failure.misresolved', 'failure.forbidden', 'original.unusable'] as const)
      expect(text(locale, key), key).not.toMatch(word);
  });
});
