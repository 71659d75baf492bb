import { afterEach, expect, it } from 'vitest';
import { createRandom, type HostileImage, smallHostileImages } from '../support/hostile.js';
import { paint } from '../support/images.js';
import { outcome } from './source-outcome.js';
import { createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const seed = 4_300;

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
