import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRegistering } from '../../../src/app/registered-commands.js';
import { createCollectingLog } from '../../support/log.js';

const hour = 3_600_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('commands that Discord refuses are retried ever more rarely, for about a day, and then the operator is alerted', async () => {
  const log = createCollectingLog();
  const at: number[] = [];
  const attempt = async () => {
    at.push(Date.now());
    throw new Error('Missing Access');
  };
  const { register } = createRegistering({ attempt, log });
  await register();
  await vi.advanceTimersByTimeAsync(20 * 24 * hour);
  expect(at).toHaveLength(30);
  const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  expect(Math.max(...waits)).toBeLessThanOrEqual(1.25 * hour);
  // At random, so that two may be alike.
  expect(new Set(waits).size).toBeGreaterThan(waits.length * 0.8);
  expect(log.lines.at(-1)?.message).toContain('npm run register');
});

it('a stop ends the tries', async () => {
  const attempt = vi.fn(() => Promise.reject(new Error('Missing Access')));
  const { register, stop } = createRegistering({ attempt, log: createCollectingLog() });
  await register();
  stop();
  await vi.advanceTimersByTimeAsync(24 * hour);
  expect(attempt).toHaveBeenCalledTimes(1);
});
