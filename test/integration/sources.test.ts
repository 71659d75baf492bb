import { afterEach, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { type CosStandIn, startCos } from '../support/cos.js';
import { noise, paint } from '../support/images.js';
import { until } from '../support/until.js';
import { outcome } from './source-outcome.js';
import { createWorld, delivered, type World, type WorldOptions } from './world.js';

let world: World;
let cos: CosStandIn | undefined;
afterEach(async () => {
  await world.close();
  await cos?.[Symbol.asyncDispose]();
  cos = undefined;
});

const keys = {
  secretId: 'AKIDofTheFlow0000000000000000000000',
  secretKey: 'keyOfTheFlow00000000000000000000',
};

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
