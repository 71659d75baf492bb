import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createProgress } from '../../../src/util/progress-report.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('reports what is going on before ten silent seconds are over, and nothing once it has ended', () => {
  const said: string[] = [];
  const progress = createProgress({ say: (what, seconds) => said.push(`${what} ${seconds}`) });
  progress.now('opening');
  vi.advanceTimersByTime(7_900);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(200);
  progress.now('connecting');
  vi.advanceTimersByTime(8_000);
  expect(said).toEqual(['opening 8', 'connecting 16']);
  progress.end();
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(2);
});
