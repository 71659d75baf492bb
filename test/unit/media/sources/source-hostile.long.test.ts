import { readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { text } from '../../../../src/locales/index.js';
import { sniff } from '../../../../src/media/formats/magic-bytes.js';
import { headOf } from '../../../../src/media/http/download.js';
import { createAddressRule } from '../../../../src/media/http/url-guard.js';
import {
  createSources,
  SourceError,
  type SourceRule,
  type TakenSource,
} from '../../../../src/media/sources/source-intake.js';
import { createSpool } from '../../../../src/media/storage/spool.js';
import { sourceRules } from '../../../../src/mps/catalogue/model-rules.js';
import { aDecoder } from '../../../support/decoder.js';
import { startFileServer } from '../../../support/files.js';
import { type HostileImage, hostileImages } from '../../../support/hostile.js';
import { cornersOf } from '../../../support/images.js';

const seed = 20_260_115;
/** More than the two largest images unfold to while both are worked on. */
const roomMb = 700;

it('three hundred hostile images each end as something MPS takes or as a sentence, in bounded memory', async () => {
  const images = await hostileImages(seed);
  expect(images.length).toBeGreaterThanOrEqual(300);
  expect(new Set(images.map(({ what }) => what)).size).toBe(images.length);
  const server = await startFileServer();
  server.serves((path) => images[Number(path.slice(1))]?.bytes);
  const addresses = createAddressRule(server.url);
  const spool = await createSpool();
  const sources = createSources({ addresses, spool, decoder: aDecoder() });
  const memory = watchMemory();
  const ends = { usable: 0, refused: 0 };

  async function send(image: HostileImage, at: number): Promise<void> {
    const rule = sourceRules[at % 2 === 0 ? 'image' : 'video'];
    // Every one is declared a png, which must not be trusted.
    const source = { url: `${server.url}/${at}`, name: 'fox.png', bytes: image.bytes.length };
    const taken = await sources
      .take(source, rule, { signal: new AbortController().signal })
      .catch((error: unknown) => asRefusal(error, image));
    if (taken) await expectUsable(taken, rule, image);
    ends[taken ? 'usable' : 'refused']++;
    if (image.end !== 'either') expect(taken ? 'usable' : 'refused', image.what).toBe(image.end);
    if (taken) await sources.release([taken]);
  }

  const waiting = images.map((image, at) => () => send(image, at));
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: 6 }, worker));

  expect(memory.stop()).toBeLessThan(roomMb);
  expect(ends.usable).toBeGreaterThan(60);
  expect(ends.refused).toBeGreaterThan(120);
  expect(await readdir(dirname(spool.newPath()))).toEqual([]);
  await spool.close();
  await addresses.close();
  await server[Symbol.asyncDispose]();
});

/** Only a sentence that names the file will do; anything else is a crash. */
function asRefusal(error: unknown, { what }: HostileImage): undefined {
  if (!(error instanceof SourceError)) throw new Error(`${what} was no SourceError`, { cause: error });
  for (const locale of ['en-US', 'zh-CN'] as const) {
    const sentence = text(locale, `failure.source.${error.reason}`, error.params);
    expect(sentence, what).toContain('fox.png');
    expect(sentence, what).not.toMatch(/\{\{|undefined/);
  }
}

/** MPS and the model behind it see what the user sees. */
async function expectUsable(
  { path, type, bytes, converted }: TakenSource,
  rule: SourceRule,
  image: HostileImage,
) {
  const { what } = image;
  expect(sniff(await headOf(path)), what).toBe(type);
  expect(rule.types, what).toContain(type.replace('image/', ''));
  expect((await stat(path)).size, what).toBe(bytes);
  expect(bytes, what).toBeLessThan(rule.maxBytes);
  const header = await sharp(path).metadata();
  expect(header, what).toMatchObject({ depth: 'uchar', space: expect.stringMatching(/^(srgb|b-w)$/) });
  expect([header.orientation ?? 1, header.pages ?? 1], what).toEqual([1, 1]);
  if (converted)
    expect([header.exif, header.icc, header.xmp], what).toEqual([undefined, undefined, undefined]);
  const corners = await cornersOf(sharp(path, { failOn: 'truncated' }).resize(48, 32, { fit: 'fill' }));
  if (image.corners) expect(corners, what).toBe(image.corners);
}

/** Measures from now on; `stop` returns how far the process grew at most, MB. */
function watchMemory(): { stop(): number } {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return (most - before) / 1e6;
    },
  };
}
