import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLimits, mpsRates, type Slot } from '../../../../src/mps/limits/rate-limits.js';
import { watchTimers } from '../../../support/timers.js';

const action = 'CreateAigcImageTask';

/** The most within any sliding second. */
function mostInASecond(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.max(0, ...sorted.map((start) => sorted.filter((t) => t >= start && t <= start + 1000).length));
}

describe('createLimits', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('grants each action the rate that MPS grants an account', () => {
    expect(mpsRates).toEqual({
      CreateAigcImageTask: 20,
      DescribeAigcImageTask: 20,
      CreateAigcVideoTask: 10,
      DescribeAigcVideoTask: 50,
    });
  });

  it('lets no more than the rate arrive in any sliding second, however the network jitters', async () => {
    const delay = fc.integer({ min: 0, max: 300 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.tuple(delay, delay), { minLength: 1, maxLength: 70 }),
        async (rate, jitters) => {
          const limits = createLimits({ rates: { [action]: rate } });
          const arrivals: number[] = [];
          const jobs = jitters.map(([there, back]) =>
            limits[action].run(async () => {
              await wait(there);
              arrivals.push(Date.now());
              await wait(back);
            }),
          );
          await vi.advanceTimersByTimeAsync((jitters.length / rate + 1) * 2000);
          await Promise.all(jobs);
          expect(arrivals).toHaveLength(jitters.length);
          expect(mostInASecond(arrivals)).toBeLessThanOrEqual(rate);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([0, 100, 300])(
    'uses 98 % of what a round trip of %i ms leaves of its rate, also where each request takes 40 ms to prepare',
    async (roundTrip) => {
      const limits = createLimits();
      const started = Date.now();
      const times: number[] = [];
      const prepare = () => wait(40);
      const job = async () => {
        times.push(Date.now() - started);
        await wait(roundTrip);
      };
      for (let n = 0; n < 400; n += 1) void limits[action].run(job, { prepare });
      await vi.advanceTimersByTimeAsync(40_000);
      expect(times).toHaveLength(400);
      const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
      expect((400 - 20) / (seconds * 20)).toBeGreaterThanOrEqual(0.98 / (1 + roundTrip / 1000));
    },
  );

  it('prepares a job shortly before its slot opens, and does not run it earlier', async () => {
    const limits = createLimits({ rates: { [action]: 1 } });
    const steps: [string, number][] = [];
    const note = (name: string) => async () => void steps.push([name, Date.now() - started]);
    const started = Date.now();
    void limits[action].run(note('first'));
    void limits[action].run(note('second'), { prepare: note('prepared') });
    await vi.advanceTimersByTimeAsync(2000);
    const [, [prepared, preparedAt] = ['', 0], [second, secondAt] = ['', 0]] = steps;
    expect([prepared, second]).toEqual(['prepared', 'second']);
    expect(preparedAt).toBeGreaterThan(980);
    expect(preparedAt).toBeLessThan(1000);
    expect(secondAt).toBeGreaterThan(1000);
  });

  it('sends a request directly after its preparation, once it knows how long that takes', async () => {
    const limits = createLimits({ rates: { [action]: 1 } });
    let preparedAt = 0;
    const waits: number[] = [];
    const prepare = async () => {
      await wait(8);
      preparedAt = Date.now();
    };
    for (let n = 0; n < 5; n += 1)
      void limits[action].run(async () => void waits.push(Date.now() - preparedAt), { prepare });
    await vi.advanceTimersByTimeAsync(6_000);
    expect(waits).toHaveLength(5);
    // A crash in this time would leave an order in doubt that was never sent.
    expect(Math.max(...waits)).toBeLessThanOrEqual(1);
  });

  it('runs nothing if the preparation fails, and passes the slot on', async () => {
    const limits = createLimits({ rates: { [action]: 1 } });
    void limits[action].run(async () => {});
    const job = vi.fn(async () => {});
    const prepare = () => Promise.reject(new Error('the disk is full'));
    const failing = expect(limits[action].run(job, { prepare })).rejects.toThrow('the disk is full');
    const next = vi.fn(async () => {});
    void limits[action].run(next);
    await vi.advanceTimersByTimeAsync(999);
    await failing;
    expect(next).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60);
    expect(next).toHaveBeenCalledOnce();
    expect(job).not.toHaveBeenCalled();
  });

  it('keeps a slot taken while its answer is pending, and for a second after', async () => {
    const limits = createLimits({ rates: { [action]: 1 } });
    const second = vi.fn(async () => {});
    void limits[action].run(() => wait(5000));
    void limits[action].run(second);
    await vi.advanceTimersByTimeAsync(5990);
    expect(second).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(50);
    expect(second).toHaveBeenCalledOnce();
  });

  it('counts a job that fails like any other', async () => {
    const limits = createLimits({ rates: { [action]: 1 } });
    const failed = limits[action].run(async () => Promise.reject(new Error('refused')));
    const next = vi.fn(async () => {});
    const settled = expect(failed).rejects.toThrow('refused');
    void limits[action].run(next);
    await vi.advanceTimersByTimeAsync(900);
    await settled;
    expect(next).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(next).toHaveBeenCalledOnce();
  });

  it('passes a slot on at once when it was released', async () => {
    const limits = createLimits({ rates: { [action]: 1 } });
    const runs = Array.from({ length: 10 }, () => limits[action].run(async (slot: Slot) => slot.giveBack()));
    await vi.advanceTimersByTimeAsync(500);
    await expect(Promise.all(runs)).resolves.toHaveLength(10);
  });

  it('does not let one action wait for another', async () => {
    const limits = createLimits({ rates: { CreateAigcImageTask: 1 } });
    void limits.CreateAigcImageTask.run(() => wait(10_000));
    const other = vi.fn(async () => {});
    void limits.CreateAigcVideoTask.run(other);
    await vi.advanceTimersByTimeAsync(50);
    expect(other).toHaveBeenCalledOnce();
  });

  it('ends the wait of an aborted job, and passes the slot on unused', async () => {
    const limits = createLimits({ rates: { [action]: 1 } });
    void limits[action].run(() => wait(1000));
    const stop = new AbortController();
    const abandoned = vi.fn(async () => {});
    const next = vi.fn(async () => {});
    const waiting = limits[action].run(abandoned, { signal: stop.signal });
    void limits[action].run(next);
    await vi.advanceTimersByTimeAsync(10);
    const reason = new Error('cancelled');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(2100);
    expect(abandoned).not.toHaveBeenCalled();
    expect(next).toHaveBeenCalledOnce();
  });

  it('does not queue for a signal that has aborted', async () => {
    const limits = createLimits();
    const job = vi.fn(async () => {});
    await expect(limits[action].run(job, { signal: AbortSignal.abort('over') })).rejects.toBe('over');
    await vi.advanceTimersByTimeAsync(100);
    expect(job).not.toHaveBeenCalled();
  });

  it('leaves a running job alone when its signal aborts', async () => {
    const limits = createLimits();
    const stop = new AbortController();
    const running = limits[action].run(() => wait(100).then(() => 'done'), { signal: stop.signal });
    await vi.advanceTimersByTimeAsync(50);
    stop.abort();
    await vi.advanceTimersByTimeAsync(100);
    await expect(running).resolves.toBe('done');
  });

  it('rejects waiting jobs when it is closed, lets running ones finish, and leaves no timer', async () => {
    using timers = watchTimers(/rate-limits\.ts|bottleneck/);
    const limits = createLimits({ rates: { [action]: 2 } });
    void limits[action].run(async () => 'done before');
    const running = limits[action].run(() => wait(100).then(() => 'done'));
    const waiting = limits[action].run(async () => 'never');
    const turnedAway = expect(waiting).rejects.toThrow('closed');
    await vi.advanceTimersByTimeAsync(50);
    expect(timers.left()).toBeGreaterThan(0);
    const closed = limits.close();
    await vi.advanceTimersByTimeAsync(200);
    await turnedAway;
    await expect(running).resolves.toBe('done');
    await closed;
    expect(timers.left()).toBe(0);
    await expect(limits[action].run(async () => 'late')).rejects.toThrow();
  });
});

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
