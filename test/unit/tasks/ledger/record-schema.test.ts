import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../../src/tasks/ledger/record-schema.js';
import { failureReasons } from '../../../../src/tasks/model/task.js';
import { emptied } from '../../../../src/tasks/model/task-record.js';
import { aTask, aVideoRequest, states } from '../../../support/tasks.js';

const source = { url: 'https://cdn.example.com/1.png', name: '1.png', type: 'image/png', bytes: 9 };
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const full = () =>
  aTask({
    request: aVideoRequest({ image: source, references: [{ ...source, subject: 'fox' }] }),
    cost: { unit: 'second', amount: 5, micros: 250_000 },
    made: { billed: 5 },
    release: { wish: 'deliver', by: 'asker' },
    state: {
      ...states.failed,
      failure: { reason: 'source.size', params: { name: 'a', max: 10, of: ['x'] } },
    },
  });

describe('a record', () => {
  it('is read in every state and with every end, also redacted, and keeps the fields of a later Easel', () => {
    const ends = failureReasons.map((reason) => ({ ...states.failed, failure: { reason } }));
    const quota = { ...states.failed, failure: { reason: 'quota.member.image.day' } } as const;
    for (const state of [...Object.values(states), ...ends, quota]) {
      for (const task of [aTask({ state }), { ...full(), state }]) {
        expect(migrate(stored(task))).toEqual({ task: stored(task) });
        expect(migrate(stored(emptied(task))).task?.purge).toBe('done');
      }
    }
    expect(migrate({ ...aTask(), later: [1] }).task).toHaveProperty('later', [1]);
  });

  it("with bare links into a bucket was written with an expiry that they don't have", () => {
    const bare = [
      'https://pictures-1250000000.cos.ap-guangzhou.myqcloud.com/aigc-output/1/2-1/a_1.png',
      'https://pictures-1250000000.cos.ap-guangzhou.tencentcos.cn/aigc-output/1/2-1/a_2.png',
    ];
    const files = [{ sha256: 'ab', bytes: 1, type: 'image/png' }];
    const task = (urls: readonly string[]) =>
      aTask({
        state: { ...states.delivering, urls, linksExpireAt: 5 },
        results: { urls, linksExpireAt: 5, files },
      });
    const { task: lasting } = migrate(stored(task(bare)));
    expect(lasting?.state).toEqual({ ...states.delivering, urls: bare, linksExpireAt: undefined });
    expect(lasting?.results).toEqual({ urls: bare, files });
    // MPS's own links are signed, and expire; one of them is enough.
    for (const urls of [[`${bare[0]}?q-sign-algorithm=sha1`], [...bare, 'https://r.example.com/1'], []]) {
      const dies = task(urls);
      expect(migrate(stored(dies)).task).toEqual(dies);
    }
  });

  it('of another version, or of none, is not read', () => {
    expect(migrate({ ...aTask(), v: 2 }).reason).toBe('it is of an unknown version');
    for (const nothing of [undefined, null, 7, 'task', [], {}]) expect(migrate(nothing).task).toBeUndefined();
  });

  it('with an error is not read; the log says where, and quotes nothing', () => {
    const wrong = { ...aTask(), cost: { unit: 'image', amount: 'a secret' } };
    expect(migrate(wrong).reason).toBe('it is wrong in cost.amount');
    const { origin: _lost, ...partial } = aTask();
    expect(migrate(partial).reason).toBe('it is wrong in origin');
    for (const amount of [0.5, -1, Number.NaN, 2 ** 60])
      expect(migrate({ ...aTask(), cost: { unit: 'image', amount } }).task, String(amount)).toBeUndefined();
    expect(migrate({ ...aTask(), history: [] }).task).toBeUndefined();
    expect(migrate({ ...aTask(), state: { name: 'running' } }).task).toBeUndefined();
    expect(
      migrate({ ...aTask(), state: { ...states.failed, failure: { reason: 'new' } } }).task,
    ).toBeUndefined();
  });

  it('can hold anything, and never causes a crash', () => {
    const keys = Object.keys(full());
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        const { task, reason } = migrate({ ...full(), [key]: value });
        expect((task === undefined) !== (reason === undefined)).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => void migrate(value)));
  });
});
