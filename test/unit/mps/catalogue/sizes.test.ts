import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  brokenBound,
  formatSize,
  largestSize,
  parseRatio,
  parseSize,
} from '../../../../src/mps/catalogue/sizes.js';

const hunyuan = { minSide: 512, maxSide: 2048, maxPixels: 1024 * 1024 };
const qwen = { minPixels: 512 * 512, maxPixels: 2048 * 2048 };

describe('parseSize', () => {
  it.each(['1024x768', '1024X768', '1024×768', '1024*768', ' 1024 x 768 '])('reads %j', (text) => {
    expect(parseSize(text)).toEqual({ width: 1024, height: 768 });
  });

  it.each(['', '1024', '1024x', 'x768', '-1x5', '1e3x5', '1024x768x3', '1024.5x768', '999999x1'])(
    'does not read %j',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );

  it('formats what it reads', () => {
    expect(formatSize({ width: 1024, height: 768 })).toBe('1024x768');
  });
});

describe('brokenBound', () => {
  it.each([
    ['1024x1024', undefined],
    ['512x2048', undefined],
    ['511x512', 'sides'],
    ['512x2049', 'sides'],
    ['1024x1025', 'pixels'],
    ['2048x513', 'pixels'],
  ])('judges %s by Hunyuan as %s', (text, broken) => {
    expect(brokenBound(parseSize(text) ?? { width: 0, height: 0 }, hunyuan)).toBe(broken);
  });

  it.each([
    ['512x512', undefined],
    ['2048x2048', undefined],
    ['100x4096', undefined],
    ['511x512', 'pixels'],
    ['2048x2049', 'pixels'],
    ['0x0', 'sides'],
  ])('judges %s by Qwen as %s', (text, broken) => {
    expect(brokenBound(parseSize(text) ?? { width: -1, height: -1 }, qwen)).toBe(broken);
  });
});

describe('largestSize', () => {
  it.each([
    ['1:1', hunyuan, '1024x1024'],
    ['16:9', hunyuan, '1360x768'],
    ['9:16', hunyuan, '768x1360'],
    ['1:1', qwen, '2048x2048'],
  ])('makes %s as large as it may be', (ratio, rule, size) => {
    const found = largestSize(parseRatio(ratio) ?? 0, rule);
    expect(found && formatSize(found)).toBe(size);
  });

  it('gives only sizes that the rule allows, near the requested ratio', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(hunyuan, qwen),
        (w, h, rule) => {
          const size = largestSize(w / h, rule);
          if (!size) return;
          expect(brokenBound(size, rule)).toBeUndefined();
          expect(Math.abs(Math.log((size.width / size.height) * (h / w)))).toBeLessThan(0.06);
        },
      ),
    );
  });

  it('gives nothing if the sides allow no such ratio', () => {
    expect(largestSize(10, hunyuan)).toBeUndefined();
  });
});

describe('parseRatio', () => {
  it('reads width by height', () => {
    expect(parseRatio('16:9')).toBeCloseTo(1.78);
    expect(parseRatio(' 9 : 16 ')).toBeCloseTo(0.5625);
  });

  it.each(['', '16', '0:9', '9:0', 'a:b', '16:9:1'])('does not read %j', (text) => {
    expect(parseRatio(text)).toBeUndefined();
  });
});
