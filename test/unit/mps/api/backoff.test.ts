import { describe, expect, it } from 'vitest';
import { backoffMs, fullBackoffMs } from '../../../../src/mps/api/backoff.js';

describe('backoffMs', () => {
  it('doubles its bound up to ten seconds', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 1000, 5000].map((refusals) => backoffMs(refusals, () => 1));
    expect(bounds).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
  });

  it('varies between zero and its bound', () => {
    expect(backoffMs(3, () => 0)).toBe(0);
    expect(backoffMs(3, () => 0.5)).toBe(500);
  });

  it('waits at least as long as Retry-After asks, up to a minute', () => {
    expect(backoffMs(1, () => 0, 7000)).toBe(7000);
    expect(backoffMs(1, () => 0.5, 7000)).toBe(7125);
    expect(backoffMs(1, () => 0, 86_400_000)).toBe(60_000);
  });
});

it('waits 8 to 20 s if the task limit is reached', () => {
  expect([0, 0.5, 1].map((chance) => fullBackoffMs(() => chance))).toEqual([8_000, 14_000, 20_000]);
});
