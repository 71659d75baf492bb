import { afterEach, describe, expect, it, vi } from 'vitest';
import { orAborted, sleep, untilAborted } from '../../../src/util/abort.js';
import { watchTimers } from '../../support/timers.js';

afterEach(() => void vi.useRealTimers());

describe('sleep', () => {
  it('rejects with the reason as soon as the signal aborts, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    using timers = watchTimers(/util.abort\.ts/);
    const stop = new AbortController();
    const slept = sleep(60_000, stop.signal);
    expect(timers.left()).toBe(1);
    const reason = new Error('shutting down');
    stop.abort(reason);
    await expect(slept).rejects.toBe(reason);
    expect(timers.left()).toBe(0);
  });

  it('does not begin once the signal has aborted', async () => {
    await expect(sleep(60_000, AbortSignal.abort('over'))).rejects.toBe('over');
  });
});

describe('orAborted', () => {
  it('takes the outcome of the work, or the reason of a signal that aborts first', async () => {
    const stop = new AbortController();
    await expect(orAborted(stop.signal, Promise.resolve(1))).resolves.toBe(1);
    await expect(orAborted(stop.signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
    const waiting = orAborted(stop.signal, new Promise(() => {}));
    stop.abort('over');
    await expect(waiting).rejects.toBe('over');
  });

  it('leaves no rejection of the work unhandled after the abort', async () => {
    const late = Promise.reject(new Error('late'));
    await expect(orAborted(AbortSignal.abort('over'), late)).rejects.toBe('over');
  });
});

describe('untilAborted', () => {
  it('does not affect work that has begun', async () => {
    const stop = new AbortController();
    const work = untilAborted(stop.signal, async (begin) => {
      const may = begin();
      stop.abort('over');
      return may;
    });
    await expect(work).resolves.toBe(true);
  });

  it("ends the wait of work that has not begun, which then can't begin", async () => {
    const stop = new AbortController();
    let begins = (): boolean => true;
    const work = untilAborted(stop.signal, (begin) => {
      begins = begin;
      return new Promise(() => {});
    });
    stop.abort('over');
    await expect(work).rejects.toBe('over');
    expect(begins()).toBe(false);
  });
});
