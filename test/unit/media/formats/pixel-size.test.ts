import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pixelSizeOf } from '../../../../src/media/formats/pixel-size.js';
import { paint } from '../../../support/images.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function sizeOf(bytes: Buffer, type: string) {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  return pixelSizeOf(path, type);
}

it.each(['png', 'jpeg', 'webp', 'gif'] as const)(
  'the size of an image is read from its header: %s',
  async (format) => {
    const bytes = await paint(321, 204).toFormat(format).toBuffer();
    expect(await sizeOf(bytes, `image/${format}`)).toEqual({ width: 321, height: 204 });
  },
);

it('a JPEG with metadata before its frame is read as well', async () => {
  const bytes = await paint(321, 204)
    .withExif({ IFD0: { Copyright: 'x'.repeat(20_000) } })
    .jpeg()
    .toBuffer();
  expect(await sizeOf(bytes, 'image/jpeg')).toEqual({ width: 321, height: 204 });
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['no image', Buffer.from('no picture at all, but long enough to be read as one')],
  ['a JPEG cut off', Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17])],
])('of what has no size nothing is said: %s', async (_, bytes) => {
  for (const type of ['image/png', 'video/mp4']) expect(await sizeOf(bytes, type)).toBeUndefined();
});

it('a missing file has none', async () => {
  expect(await pixelSizeOf(join(folder, 'gone'), 'image/png')).toBeUndefined();
});
