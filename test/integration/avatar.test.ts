import sharp from 'sharp';
import { afterEach, expect, it } from 'vitest';
import { answered, createWorld, delivered, type World } from './world.js';

let world: World;
afterEach(() => world.close());

it('a picture speaks with a sound that MPS takes; any other is refused before it is ordered', async () => {
  world = await createWorld({ env: { EXPERIMENTAL_SCENES: 'avatar_i2v' } });
  const ben = world.discord.actor('ben', 'general');
  const plain = sharp({ create: { width: 400, height: 400, channels: 3, background: '#c4512d' } });
  const image = { filename: 'face.png', bytes: await plain.png().toBuffer() };
  const order = (filename: string, bytes: number) =>
    ben.command('clip avatar', { image, sound_file: { filename, bytes: Buffer.alloc(bytes, 1) } });
  for (const refused of [await order('song.ogg', 1_000), await order('song.mp3', 5_000_001)]) {
    const { content } = await answered(refused);
    expect(content).toContain('MP3, WAV, M4A');
    expect(content).toContain('5 MB');
  }
  expect(world.mps.records.filter(({ action }) => action.startsWith('Create'))).toEqual([]);
  await delivered(await order('song.MP3', 1_000));
  expect(JSON.stringify(world.mps.tasks.at(-1)?.params)).toContain('sound_file');
});
