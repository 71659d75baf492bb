import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { type CosStandIn, startCos } from '../support/cos.js';
import { createRandom, type HostileImage, smallHostileImages } from '../support/hostile.js';
import { noise, paint } from '../support/images.js';
import { enUS } from '../support/languages.js';
import { until } from '../support/until.js';
import { createWorld, delivered, type World, type WorldOptions } from './world.js';

let world: World;
let cos: CosStandIn | undefined;
afterEach(async () => {
  await world.close();
  await cos?.[Symbol.asyncDispose]();
  cos = undefined;
});

const seed = 4_300;
const keys = {
  secretId: 'AKIDofTheFlow0000000000000000000000',
  secretKey: 'keyOfTheFlow00000000000000000000',
};

/** The outcome, whether it is a file or a sentence: only an outcome has buttons that are not for cancelling. */
function outcome(invocation: Invocation): Promise<MessageView> {
  return invocation.until(
    ({ content, attachments, components }) =>
      components.length > 0 &&
      (attachments.some(({ filename }) => !/^source\d/.test(filename)) || isRefusal(content)),
  );
}

const refusals = Object.entries(enUS.texts)
  .filter(([key]) => key.startsWith('failure.source.'))
  .map(([, words]) => new RegExp(words.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\{\w+\}\}/g, '[^]+')));

function isRefusal(content: string): boolean {
  return refusals.some((sentence) => sentence.test(content));
}

/** A few of each sort, others for another seed. */
async function sample(count: number): Promise<HostileImage[]> {
  const random = createRandom(seed);
  const images = await smallHostileImages(seed);
  return Array.from({ length: count }, () => images[Math.floor(random() * images.length)]).filter(
    (image) => image !== undefined,
  );
}

it('hostile images end as a result or as a sentence, and no Create is spent on a bad one', async () => {
  // A model that has no smallest size: here it is bytes that are judged.
  const env = { MAX_IMAGE_TASKS: '20', MAX_VIDEO_TASKS: '20', VIDEO_MODEL: 'hailuo-2.3' };
  world = await createWorld({ env });
  const ben = world.discord.actor('ben', 'general');
  const images = await sample(24);
  const messages = await Promise.all(
    images.map(async ({ bytes }, at) => {
      const file = { filename: `fox-${at}.png`, bytes };
      const invocation = await (at % 2 === 0
        ? ben.command('animate', { prompt: `it runs ${at}`, image: file })
        : ben.command('imagine', { prompt: `a fox ${at}`, reference1: file }));
      return outcome(invocation);
    }),
  );

  let results = 0;
  for (const [at, { content, attachments }] of messages.entries()) {
    const { what = '', end } = images[at] ?? {};
    if (attachments.length > 0) results++;
    else expect(content, what).toContain(`fox-${at}.png`);
    if (end !== 'either') expect(attachments.length > 0 ? 'usable' : 'refused', what).toBe(end);
  }
  expect(results).toBeGreaterThan(3);
  expect(results).toBeLessThan(21);
  // One Create for each result: MPS could open every image.
  expect(world.mps.records.filter(({ action }) => action.startsWith('Create'))).toHaveLength(results);
  expect(world.mps.tasks.map(({ status }) => status)).toEqual(Array(results).fill('DONE'));
});

it('small files that decode to a gigabyte are refused by their headers, and the bot survives', async () => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const bombs = await Promise.all([
    // 1 kB, and 979 MB unfolded.
    paint(7_070, 7_070).avif({ effort: 0, quality: 1 }).toBuffer(),
    paint(12_000, 12_000).webp({ lossless: true, effort: 0 }).toBuffer(),
  ]);
  const before = process.memoryUsage.rss();
  const messages = await Promise.all(
    [...bombs, ...bombs].map(async (bytes, at) => {
      const image = { filename: `fox-${at}.avif`, bytes };
      return outcome(await ben.command('animate', { prompt: `it runs ${at}`, image }));
    }),
  );
  for (const { content } of messages) expect(content).toMatch(/far more than needed/);
  expect(process.memoryUsage.rss() - before).toBeLessThan(150e6);
  expect(world.mps.tasks).toEqual([]);
  const image = { filename: 'fox.webp', bytes: await paint(400, 304).webp().toBuffer() };
  const message = await outcome(await ben.command('animate', { prompt: 'it runs', image }));
  expect(message.attachments).toHaveLength(1);
});

it('a picture that is too large for MPS is scaled down rather than refused', async () => {
  world = await createWorld();
  const bytes = await noise(1_650).png({ compressionLevel: 0 }).toBuffer();
  expect(bytes.length).toBeGreaterThan(8_000_000);
  const ben = world.discord.actor('ben', 'general');
  const reference1 = { filename: 'fox.png', bytes };
  const message = await outcome(await ben.command('imagine', { prompt: 'a red fox', reference1 }));
  expect(message.attachments).toHaveLength(1);
  expect(asked()).toContain('source1.jpg');
});

it('a result of a converted picture can be ordered again', async () => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const image = { filename: 'fox.webp', bytes: await paint(400, 304).webp().toBuffer() };
  const first = await outcome(await ben.command('animate', { prompt: 'it runs', image }));
  expect(first.attachments[0]?.filename).toBe('it-runs-1.mp4');
  const second = await outcome(await ben.press(first.id, 'Again'));
  expect(second.attachments[0]?.filename).toBe('it-runs-1.mp4');
  expect(world.discord.requests.filter(({ status }) => status >= 400)).toEqual([]);
});

it('a picture whose link would expire in the queue is passed on under a new one', async () => {
  world = await createWorld({ discord: { linkLifeMs: 5 * 60_000 } });
  const ben = world.discord.actor('ben', 'general');
  const image = { filename: 'fox.png', bytes: await paint(400, 304).png().toBuffer() };
  const message = await outcome(await ben.command('animate', { prompt: 'it runs', image }));
  expect(message.attachments[0]?.filename).toBe('it-runs-1.mp4');
  expect(asked()).toContain('/source1.png?ex=');
});

/** The first request to MPS, as text: it contains the links of the images. */
function asked(): string {
  return JSON.stringify(world.mps.tasks[0]?.params ?? '');
}

async function worldWithBucket(options: WorldOptions = {}): Promise<CosStandIn> {
  const bucket = await startCos(keys);
  cos = bucket;
  world = await createWorld({
    mps: keys,
    env: { SOURCE_HOST: 'cos', COS_BUCKET: 'pictures-1250000000', COS_REGION: 'ap-guangzhou' },
    timing: { retryMs: 10 },
    cosEndpoint: bucket.url,
    ...options,
  });
  return bucket;
}

it('with SOURCE_HOST=cos MPS fetches pictures from the bucket, and nothing stays there', async () => {
  const bucket = await worldWithBucket();
  const ben = world.discord.actor('ben', 'general');
  const picture = (name: string) =>
    paint(400, 304)
      .png()
      .toBuffer()
      .then((bytes) => ({ filename: name, bytes }));
  const message = await delivered(
    await ben.command('animate', {
      prompt: 'it runs',
      image: await picture('a.png'),
      last_image: await picture('b.png'),
    }),
  );
  expect(message.attachments.map(({ filename }) => filename)).toEqual(['it-runs-1.mp4']);
  expect(asked()).toContain(`${bucket.url}/easel-sources/`);
  expect(bucket.seen.filter((line) => line.startsWith('GET') && line.endsWith('200')).length).toBeGreaterThan(
    0,
  );
  await until('the bucket is empty', () => bucket.objects.size === 0);

  const again = await outcome(await ben.press(message.id, 'Again'));
  expect(again.attachments).toHaveLength(1);
  await until('the bucket is empty', () => bucket.objects.size === 0);
});

it('a bucket that refuses writes ends in a sentence, and no Create is spent', async () => {
  const bucket = await worldWithBucket();
  bucket.fail(403);
  const ben = world.discord.actor('ben', 'general');
  const image = { filename: 'fox.png', bytes: await paint(400, 304).png().toBuffer() };
  const message = await outcome(await ben.command('animate', { prompt: 'it runs', image }));
  expect(message.content).toContain(text('en-US', 'failure.source.hosting', { name: 'fox.png' }));
  expect(world.mps.tasks).toEqual([]);
});
