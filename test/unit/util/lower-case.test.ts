import { describe, expect, it } from 'vitest';
import { lowerCased } from '../../../src/util/lower-case.js';

describe('a name in lower case', () => {
  it.each([
    ['Işık', 'ışık'],
    ['ışık', 'IŞIK'],
    ['Europe/İstanbul', 'europe/istanbul'],
    ['KLİNG', 'kling'],
    ['Đêm Neon', 'đêm neon'],
  ])('is the same for %s and %s', (one, other) => {
    expect(lowerCased(one)).toBe(lowerCased(other));
  });

  it('keeps other letters apart', () => {
    expect(lowerCased('Gün')).not.toBe(lowerCased('Gun'));
  });
});
