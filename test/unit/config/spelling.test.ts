import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/config/spelling.js';

describe('the nearest name', () => {
  it.each([
    ['kling-3.0', 'kling-3.0'],
    ['KLING-3.0', 'kling-3.0'],
    ['klnig-3.0', 'kling-3.0'],
    ['klin-3.0', 'kling-3.0'],
    ['kling-33.0', 'kling-3.0'],
    ['kling-4.0', 'kling-3.0'],
    ['midjourney', undefined],
    ['', undefined],
  ])('to %j is %j', (word, name) => {
    expect(nearest(word, ['vidu-q2', 'kling-3.0'], 1)).toBe(name);
  });
});
