import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AddressRule, createAddressRule } from '../../../../src/media/http/url-guard.js';
import { createSources, SourceError, type Sources } from '../../../../src/media/sources/source-intake.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import { sourceRules } from '../../../../src/mps/catalogue/model-rules.js';
import { aDecoder } from '../../../support/decoder.js';
import {
  broken,
  chunked,
  type FileServer,
  stalled,
  startFileServer,
  status,
  whole,
} from '../../../support/files.js';
import { animated, asHeic, noise, paint, pngBomb } from '../../../support/images.js';
import { resolveTo } from '../../../support/names.js';
import { until } from '../../../support/until.js';

const decoder = aDecoder();
const never = () => new AbortController().signal;
let server: FileServer;
let addresses: AddressRule;
let spool: Spool;
let sources: Sources;

beforeEach(async () => {
  server = await startFileServer();
  addresses = createAddressRule(server.url);
  spool = await createSpool();
  sources = createSources({ addresses, spool, decoder });
});
afterEach(async () => {
  await addresses.close();
  await server[Symbol.asyncDispose]();
  await spool.close();
});

const spooled = async () => (await readdir(dirname(spool.newPath()))).length;
const given = (name = 'fox.png', bytes?: number) => ({
  url: `${server.url}/${name}`,
  name,
  ...(bytes !== undefined && { bytes }),
});

function take(kind: 'image' | 'video', bytes?: Uint8Array, name?: string) {
  if (bytes) server.answers(whole(bytes));
  return sources.take(given(name), sourceRules[kind], { signal: never() });
}

/** The SourceError an image is refused with; nothing of it may stay behind. */
async function refusal(work: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(await spooled()).toBe(0);
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`);
}

describe('an image that MPS accepts as it is', () => {
  it.each([
    ['image', 'png'],
    ['image', 'jpeg'],
    ['image', 'webp'],
    ['video', 'png'],
    ['video', 'jpeg'],
  ] as const)('is left alone: for the kind %s a %s', async (kind, format) => {
    const bytes = await paint().toFormat(format).toBuffer();
    const taken = await take(kind, bytes, 'lying-name.gif');
    expect(taken).toMatchObject({ type: `image/${format}`, bytes: bytes.length, converted: false });
    expect(bytes.equals(await readFile(taken.path))).toBe(true);
    await sources.release([taken]);
    expect(await spooled()).toBe(0);
  });
});

describe('an image that MPS would refuse', () => {
  it.each([
    ['video', 'webp', 'jpeg'],
    ['image', 'gif', 'jpeg'],
    ['image', 'avif', 'jpeg'],
  ] as const)('is converted: for the kind %s a %s to a %s', async (kind, from, to) => {
    const taken = await take(kind, await paint().toFormat(from).toBuffer());
    expect(taken).toMatchObject({ type: `image/${to}`, converted: true });
    expect(await sharp(taken.path).metadata()).toMatchObject({ format: to, width: 16, height: 8 });
    expect(await spooled()).toBe(1);
  });

  it.each(['image', 'video'] as const)(
    'is animated, and its first frame is taken: for the kind %s',
    async (kind) => {
      const taken = await take(kind, await animated('webp'));
      expect(taken).toMatchObject({ type: 'image/jpeg', converted: true });
      expect(await sharp(taken.path).metadata()).toMatchObject({ format: 'jpeg', width: 32, height: 24 });
    },
  );

  it.each([
    ['the colours of print', () => paint().toColourspace('cmyk').jpeg().toBuffer()],
    ['16 bits a colour', () => paint().toColourspace('rgb16').png().toBuffer()],
    ['the colours of a better screen', () => paint().withIccProfile('p3').png().toBuffer()],
  ])('has %s, and gets those of the web', async (_, bytes) => {
    const taken = await take('image', await bytes());
    expect(taken.converted).toBe(true);
    const header = await sharp(taken.path).metadata();
    expect(header).toMatchObject({ space: 'srgb', depth: 'uchar', hasProfile: false });
  });

  it('is a heic that this machine can read', async () => {
    const taken = await take('video', asHeic(await paint().avif().toBuffer(), { coded: false }));
    expect(taken).toMatchObject({ type: 'image/jpeg', converted: true });
  });

  it('stays transparent', async () => {
    const clear = sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } },
    });
    const taken = await take('video', await clear.webp().toBuffer());
    expect(taken.type).toBe('image/png');
    expect((await sharp(taken.path).metadata()).hasAlpha).toBe(true);
  });

  it('is turned upright, without its camera metadata', async () => {
    const turned = await paint(16, 8)
      .withExif({ IFD0: { Copyright: 'somebody', Orientation: '6' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const taken = await take('image', turned);
    const header = await sharp(taken.path).metadata();
    expect(header).toMatchObject({ width: 8, height: 16 });
    expect(header.exif).toBeUndefined();
  });

  it('is scaled down until it is small enough', async () => {
    const bytes = await noise(2_200).png({ compressionLevel: 0 }).toBuffer();
    expect(bytes.length).toBeGreaterThan(sourceRules.video.maxBytes);
    const taken = await take('video', bytes);
    expect(taken.converted).toBe(true);
    expect(taken.bytes).toBeLessThan(sourceRules.video.maxBytes);
    expect((await readFile(taken.path)).length).toBe(taken.bytes);
  });
});

describe('a file that is refused', () => {
  it('is of a type that is not a still image, and the sentence names both', async () => {
    const clip = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), Buffer.alloc(200)]);
    const error = await refusal(take('image', clip, 'fox.png'));
    expect(error).toMatchObject({ reason: 'type', params: { name: 'fox.png', found: 'mp4' } });
    expect(error.params.allowed).toContain('png');
  });

  it.each([
    ['zip', 'PK\u0003\u0004 and so on'],
    ['pdf', '%PDF-1.7'],
    ['svg', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
  ])('is a %s under a picture’s name, and the sentence says so', async (found, text) => {
    expect(await refusal(take('image', Buffer.from(text)))).toMatchObject({
      reason: 'type',
      params: { name: 'fox.png', found, allowed: ['png', 'jpeg', 'webp', 'gif', 'avif'] },
    });
  });

  it("is a heic that this machine can't read, and the sentence lists the types that it can", async () => {
    const heic = asHeic(await paint().avif().toBuffer(), { coded: true });
    expect(await refusal(take('image', heic, 'fox.jpg'))).toMatchObject({
      reason: 'type',
      params: { name: 'fox.jpg', found: 'heic', allowed: ['png', 'jpeg', 'webp', 'gif', 'avif'] },
    });
  });

  it('is one of Discord’s animated stickers, and the sentence says so', async () => {
    const lottie = JSON.stringify({ v: '5.5.7', fr: 60, ip: 0, op: 60, w: 320, h: 320, layers: [] });
    expect(await refusal(take('image', Buffer.from(lottie), 'wave.json'))).toMatchObject({
      reason: 'lottie',
      params: { name: 'wave.json' },
    });
  });

  it.each([
    ['nothing at all', Buffer.alloc(0)],
    ['words', Buffer.from('not a picture at all')],
    ['a magic with nothing behind it', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
    ['a jpeg’s magic and noise', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500, 7)])],
  ])('is broken: %s', async (_, bytes) => {
    expect(await refusal(take('image', bytes))).toMatchObject({
      reason: 'broken',
      params: { name: 'fox.png' },
    });
  });

  it('is broken: an image that ends in the middle', async () => {
    for (const format of ['png', 'jpeg'] as const) {
      const bytes = await noise(64).toFormat(format).toBuffer();
      expect((await refusal(take('image', bytes.subarray(0, bytes.length / 2)))).reason).toBe('broken');
    }
  });

  it('decodes to more pixels than any photograph has', async () => {
    const error = await refusal(take('image', pngBomb(60_000, 60_000)));
    expect(error).toMatchObject({ reason: 'pixels', params: { width: 60_000, height: 60_000 } });
  });

  it('is declared too long, and is not even requested', async () => {
    const asked = sources.take(given('fox.png', 60_000_000), sourceRules.image, { signal: never() });
    expect(await refusal(asked)).toMatchObject({ reason: 'size', params: { megabytes: 60, max: 50 } });
    expect(server.asked).toEqual([]);
  });

  it('is longer than declared', async () => {
    server.answers(chunked(Buffer.alloc(50_000_001)));
    const error = await refusal(sources.take(given('fox.png', 10), sourceRules.image, { signal: never() }));
    expect(error).toMatchObject({ reason: 'size', params: { megabytes: 50, max: 50 } });
  });

  it.each([
    ['is gone', status(404)],
    ['leads elsewhere', status(302, { location: 'http://127.0.0.1:1/' })],
    ['breaks off', broken(Buffer.alloc(1_000), 10)],
  ])('cannot be fetched: its link %s', async (_, answer) => {
    server.answers(answer);
    expect(await refusal(take('image'))).toMatchObject({
      reason: 'unreachable',
      params: { name: 'fox.png' },
    });
    expect(server.asked).toHaveLength(1);
  });

  it("can't be fetched if this machine resolves Discord’s name to a forbidden address", async () => {
    const misled = createAddressRule(server.url, { resolve: resolveTo(() => ['198.18.0.3']) });
    const url = `${server.url.replace('127.0.0.1', 'localhost')}/fox.png`;
    const here = createSources({ addresses: misled, spool, decoder });
    const taking = here.take({ url, name: 'fox.png' }, sourceRules.image, { signal: never() });
    expect((await refusal(taking)).reason).toBe('unreachable');
    await misled.close();
  });

  it("is not on Discord's CDN", async () => {
    const discord = createAddressRule('https://discord.com/api', { hosts: /^cdn\.discordapp\.com$/ });
    const strict = createSources({ addresses: discord, spool, decoder });
    for (const url of [
      'https://evil.example.com/fox.png',
      'http://cdn.discordapp.com/fox.png',
      'nonsense',
      server.url,
    ]) {
      const error = await refusal(
        strict.take({ url, name: 'fox.png' }, sourceRules.image, { signal: never() }),
      );
      expect(error.reason, url).toBe('address');
    }
    expect(server.asked).toEqual([]);
    await discord.close();
  });
});

it('ends at once, with the signal’s reason, when Easel stops', async () => {
  server.answers(stalled(Buffer.alloc(1_000), 10));
  const stop = new AbortController();
  const taking = sources.take(given(), sourceRules.image, { signal: stop.signal });
  await until('the file is asked for', () => server.asked.length === 1);
  stop.abort(new Error('stopping'));
  await expect(taking).rejects.toThrow('stopping');
  await expect.poll(spooled).toBe(0);
});
