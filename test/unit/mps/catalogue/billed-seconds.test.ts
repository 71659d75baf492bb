import { expect, it } from 'vitest';
import { billedSeconds } from '../../../../src/mps/catalogue/pricing.js';

it.each([
  [5.04, 5],
  [5.88, 6],
  [7.29, 7],
  [12.25, 12],
  [5, 5],
  [0.2, 1],
])('a clip of %d s counts as %d', (seconds, counted) => expect(billedSeconds(seconds)).toBe(counted));
