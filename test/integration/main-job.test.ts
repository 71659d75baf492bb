import sharp from 'sharp';
import { afterEach, expect, it } from 'vitest';
import { createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

it('a typed /imagine becomes a picture in the channel, byte for byte as MPS served it', async () => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const invocation = await ben.command('imagine', { prompt: 'a red fox in the snow' });
  const message = await invocation.until(({ attachments }) => attachments.length === 1);
  expect(message.attachments[0]).toMatchObject({
    filename: 'a-red-fox-in-the-snow-1.png',
    description: 'a red fox in the snow',
  });
  expect(message.content).toContain('a red fox in the snow');
  expect(message.content).not.toMatch(/https?:/);
  const [task] = world.mps.tasks;
  expect(await world.discord.fetchAttachment(message.id)).toEqual(
    await world.mps.resultBytes(task?.id ?? ''),
  );
});

it('a picture given to /animate becomes a clip', async () => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const image = { filename: 'fox.png', bytes: await picture() };
  const invocation = await ben.command('animate', { prompt: 'it runs', image });
  const message = await invocation.until(({ attachments }) => attachments.length === 1);
  expect(message.attachments[0]?.filename).toBe('it-runs-1.mp4');
});

it('the users who ordered together are all acknowledged before anything is created for them', async () => {
  world = await createWorld();
  world.discord.faults.add({ kind: 'delay', ms: 250, route: /callback$/ });
  const orders = await Promise.all(
    ['ben', 'ada'].map((name) => world.discord.actor(name, 'general').command('imagine', { prompt: name })),
  );
  await Promise.all(orders.map(({ acknowledged }) => acknowledged));
  expect(world.mps.tasks).toEqual([]);
  await Promise.all(orders.map((order) => order.until(({ attachments }) => attachments.length === 1)));
});

function picture(): Promise<Buffer> {
  return sharp({ create: { width: 640, height: 480, channels: 3, background: '#c4512d' } })
    .png()
    .toBuffer();
}
