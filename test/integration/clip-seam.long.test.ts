import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { ffmpeg, lacksFfmpeg, play, probe } from '../support/clips.js';
import { frames, loudness, median, seamOf } from '../support/seams.js';
import { createWorld, delivered, type World } from './world.js';

let folder: string;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-seam-'));
});
afterEach(() => world.close());
afterAll(() => rm(folder, { recursive: true }));

async function fileOf({ attachments }: MessageView, name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.from(await (await fetch(attachments[0]?.url ?? '')).arrayBuffer()));
  return path;
}

it.skipIf(lacksFfmpeg)(
  'a clip that goes on is one clip: no frame twice, none black, and its sound has no gap',
  async () => {
    // MPS makes clips that begin with the given frame, move all the time and sound.
    world = await createWorld({ mps: { settings: { clips: 'made' } }, env: { FFMPEG_PATH: ffmpeg } });
    const ben = world.discord.actor('ben', 'general');
    const first = await delivered(
      await ben.command('animate', { prompt: 'it runs', duration: 3, audio: true }),
    );
    const form = await ben.press(first.id, text('en-US', 'button.extend'));
    await form.acknowledged;
    const whole = await delivered(
      await ben.submitModal(form, { prompt: 'she walks on --audio', measure: '3' }),
    );

    const [one, both] = [await fileOf(first, 'first.mp4'), await fileOf(whole, 'whole.mp4')];
    const [before, all] = [await frames(one), await frames(both)];
    expect(all).toHaveLength(2 * before.length - 1);
    const seam = seamOf(all, before.length);
    // Twice the same would be near 0, and a black one many times the usual.
    expect(seam.least).toBeGreaterThan(0.4);
    expect(seam.most).toBeLessThan(4);
    const usual = median(all.map(({ light }) => light));
    expect(Math.min(...all.map(({ light }) => light))).toBeGreaterThan(usual / 2);
    const { seconds, sound } = await probe(one);
    expect(sound).toBe('aac');
    const loud = await loudness(both);
    const at = Math.round(seconds * 100);
    expect(Math.min(...loud.slice(at - 15, at + 15))).toBeGreaterThan(median(loud) - 20);
    await play(both);
  },
);
