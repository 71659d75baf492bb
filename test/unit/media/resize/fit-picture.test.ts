import { describe, expect, it } from 'vitest';
import type { Encoding } from '../../../../src/media/decoding/decode-jobs.js';
import type { Header } from '../../../../src/media/decoding/decoder.js';
import { fitPicture } from '../../../../src/media/resize/fit-picture.js';
import { bytesAt, qualityFor } from '../../../../src/media/resize/picture-rungs.js';

const facts = { format: 'png', plain: true, byLine: true, deep: false, frames: 1 };
const picture: Header = { ...facts, width: 2_000, height: 2_000, alpha: false, huge: false };
const ways = (how: Encoding) =>
  how.lossless
    ? `lossless ${how.effort}`
    : `${how.type.slice(6)} ${how.quality}${how.side ? ` of ${how.side}` : ''}`;

/** Bytes of an encoding of a picture that takes `at90` as a JPEG of quality 90: one point of quality is 10 %. */
const sizeOf = (how: Encoding, at90: number) => {
  if (how.lossless) return at90 * (how.effort === 0 ? 6 : 5);
  const full = at90 * 1.1 ** (how.quality - 90) * (how.fullColour ? 1 : 0.5);
  return how.side ? full * (how.side / 2_000) ** 2 : full;
};

/** How a picture was made to fit 1 MB: what was tried, and what came of it. */
async function fitted(
  at90: number,
  { header = picture, error = 1, weighs = true }: { header?: Header; error?: number; weighs?: boolean } = {},
) {
  const tried: string[] = [];
  const found = await fitPicture(
    { path: 'fox.png', type: 'image/png', bytes: 1_500_000 },
    { maxBytes: 1_000_000 },
    {
      decoder: {
        header: async () => header,
        weigh: async (_, { hows }) => (weighs ? hows.map((how) => sizeOf(how, at90) * error) : undefined),
        async encode(_from, _to, { how }) {
          tried.push(ways(how));
          return Math.round(sizeOf(how, at90));
        },
      },
      newPath: () => 'made',
      remove: async () => {},
      rungMs: 1_000,
    },
  );
  return { tried, found };
}

describe('a picture is made to fit in one try', () => {
  it.each([
    ['without loss, the quick way if that is small enough', 160_000, 'lossless 0'],
    ['without loss, the thorough way', 190_000, 'lossless 3'],
    ['as the best JPEG', 450_000, 'jpeg 98'],
    ['as a JPEG as good as fits', 700_000, 'jpeg 93'],
    ['as a WebP if the worst of those JPEGs is too large', 1_500_000, 'webp 92'],
    ['as a WebP as good as fits', 2_500_000, 'webp 87'],
  ])('%s', async (_, at90, way) => {
    const { tried, found } = await fitted(at90);
    expect(tried).toEqual([way]);
    expect(found?.bytes).toBeLessThanOrEqual(1_000_000);
    expect(found?.type).toBe(way.startsWith('jpeg') ? 'image/jpeg' : 'image/webp');
  });

  it('and if it is transparent never as a JPEG', async () => {
    const { tried } = await fitted(700_000, { header: { ...picture, alpha: true } });
    expect(tried).toEqual(['webp 92']);
  });
});

describe('an estimate that is wrong', () => {
  it('is corrected by the first try', async () => {
    const { tried, found } = await fitted(800_000, { error: 0.7 });
    expect(tried).toEqual(['jpeg 95', 'jpeg 92']);
    expect(found).toMatchObject({ type: 'image/jpeg', bytes: 968_000 });
  });

  it('by a little too much keeps nothing that fits from being tried', async () => {
    expect((await fitted(195_000, { error: 1.1 })).tried).toEqual(['lossless 3']);
    expect((await fitted(950_000, { error: 1.2 })).tried).toEqual(['jpeg 90']);
    expect((await fitted(4_000_000, { error: 1.2 })).tried).toEqual(['webp 82']);
  });

  it('or missing leads down the same steps, one after the other', async () => {
    const { tried, found } = await fitted(4_000_000, { weighs: false });
    expect(tried).toEqual(['lossless 3', 'jpeg 98', 'jpeg 95', 'jpeg 92', 'webp 92', 'webp 82']);
    expect(found).toMatchObject({ type: 'image/webp' });
  });
});

it('a picture too large at its own size is scaled, and steps that are hopeless are left out', async () => {
  const { tried, found } = await fitted(20_000_000);
  expect(tried).toEqual(['webp 82 of 1024', 'webp 82 of 768']);
  expect(found?.bytes).toBeLessThanOrEqual(1_000_000);
  expect((await fitted(1e12)).found).toBeUndefined();
});

it('qualities between two that were weighed are reckoned by their logarithm', () => {
  const curve = [
    { quality: 98, bytes: 8_000 },
    { quality: 94, bytes: 2_000 },
    { quality: 90, bytes: 1_000 },
  ];
  expect(bytesAt(curve, 96)).toBeCloseTo(4_000);
  expect(bytesAt(curve, 98)).toBe(8_000);
  expect(bytesAt(curve, 90)).toBe(1_000);
  expect(qualityFor(curve, 4_001)).toBe(96);
  expect(qualityFor(curve, 999)).toBeUndefined();
});
