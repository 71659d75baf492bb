import { createRandom, logNormal } from '@easel/stand-in-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimits } from '../src/api/rate-limits.js';

describe('the sliding second', () => {
  it('never exceeds its limit, wherever it begins, and refuses only when full', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 200 }), (pauses) => {
        const limits = createLimits();
        const admitted: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          const recent = admitted.filter((at) => now - at < 1000).length;
          const admit = () => limits.admit('CreateAigcVideoTask', now);
          if (recent >= 10) expect(admit).toThrow('RequestLimitExceeded');
          else {
            admit();
            admitted.push(now);
          }
        }
      }),
    );
  });
});

describe('a log-normal duration', () => {
  it('stays between its bounds and near their geometric mean', () => {
    const random = createRandom(1);
    const values = Array.from({ length: 2000 }, () => logNormal(random, [60, 180])).sort((a, b) => a - b);
    expect(values[0]).toBeGreaterThanOrEqual(60);
    expect(values.at(-1)).toBeLessThanOrEqual(180);
    expect(Math.abs((values[1000] ?? 0) - Math.sqrt(60 * 180))).toBeLessThan(5);
  });
});
