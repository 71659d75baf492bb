import sharp from 'sharp';
import { afterEach, expect, it } from 'vitest';
import { aWave } from '../support/sounds.js';
import { createWorld, delivered, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const creates = () => world.mps.records.filter(({ action }) => action.startsWith('Create'));

it('a picture speaks with a sound that MPS takes; any other is refused before it is ordered', async () => {
  world = await createWorld({ env: { EXPERIMENTAL_SCENES: 'avatar_i2v' } });
  const ben = world.discord.actor('ben', 'general');
  const plain = sharp({ create: { width: 400, height: 400, channels: 3, background: '#c4512d' } });
  const face = await plain.png().toBuffer();
  const image = { filename: 'face.png', bytes: face };
  const order = (filename: string, bytes: Buffer) =>
    ben.command('clip avatar', { image, sound_file: { filename, bytes } });
  // By what Discord says of it, then by its bytes.
  for (const [name, bytes] of [
    ['song.ogg', aWave(3)],
    ['song.mp3', Buffer.alloc(5_000_001, 1)],
    ['song.mp3', Buffer.alloc(1_000, 1)],
    ['song.m4a', face],
    ['song.wav', aWave(1)],
    ['song.wav', aWave(301)],
    ['song.wav', aWave(3).subarray(0, 40)],
  ] as const) {
    const refused = await order(name, bytes);
    const said = `${name} isn't a sound I can use.`;
    const { content } = await refused.until((answer) => answer.content.includes(said));
    expect(content).toContain('MP3, WAV, M4A');
    expect(content).toContain('5 MB');
  }
  expect(creates()).toEqual([]);
  await delivered(await order('song.WAV', aWave(3)));
  expect(JSON.stringify(world.mps.tasks.at(-1)?.params)).toContain('sound_file');
});
