import { describe, expect, it } from 'vitest';
import { type NextAttempt, retry } from '../../../src/util/retry.js';

/** Fails so often, and then answers with the number of its attempt. */
function failing(times: number) {
  let attempts = 0;
  return {
    run: async () => {
      if (attempts++ < times) throw new Error(`attempt ${attempts}`);
      return attempts;
    },
    count: () => attempts,
  };
}

describe('retry', () => {
  it('continues until an attempt succeeds, and reports each time how long it waits', async () => {
    const waits: number[] = [];
    const onFailure = (_: unknown, { againInMs }: NextAttempt) => void waits.push(againInMs);
    await expect(retry(failing(5).run, { firstMs: 1, maxMs: 5, onFailure })).resolves.toBe(6);
    expect(waits).toEqual([1, 2, 4, 5, 5]);
  });

  it('throws the last error once no tries are left, and has reported each', async () => {
    const left: number[] = [];
    const one = failing(9);
    const onFailure = (_: unknown, next: NextAttempt) => void left.push(next.left);
    await expect(retry(one.run, { firstMs: 0, tries: 3, onFailure })).rejects.toThrow('attempt 3');
    expect([one.count(), left]).toEqual([3, [2, 1, 0]]);
  });

  it('gives up with what onFailure throws', async () => {
    const one = failing(9);
    const onFailure = (cause: unknown) => {
      throw new Error('for good', { cause });
    };
    await expect(retry(one.run, { firstMs: 0, onFailure })).rejects.toThrow('for good');
    expect(one.count()).toBe(1);
  });

  it('ends a wait with the reason of its signal', async () => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    const onFailure = () => void setImmediate(() => stop.abort(reason));
    const one = failing(9);
    await expect(retry(one.run, { firstMs: 60_000, signal: stop.signal, onFailure })).rejects.toBe(reason);
    expect(one.count()).toBe(1);
  });

  it('does not report an attempt that failed because of the abort, and begins none after it', async () => {
    const stop = new AbortController();
    const told: unknown[] = [];
    const aborting = async () => {
      stop.abort('over');
      throw new Error('broken off');
    };
    const options = {
      firstMs: 0,
      signal: stop.signal,
      onFailure: (error: unknown) => void told.push(error),
    };
    await expect(retry(aborting, options)).rejects.toBe('over');
    const late = failing(0);
    await expect(retry(late.run, options)).rejects.toBe('over');
    expect([told, late.count()]).toEqual([[], 0]);
  });
});
