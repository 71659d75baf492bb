import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectSound } from '../../../../src/media/clips/sound-inspection.js';
import { ffmpeg, lacksFfmpeg } from '../../../support/clips.js';
import { aWave } from '../../../support/sounds.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-sounds-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function look(path: string) {
  return inspectSound({ path, bytes: (await stat(path)).size });
}

async function written(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** 3 s by ffmpeg. */
async function made(name: string, ...options: readonly string[]): Promise<string> {
  const path = join(folder, name);
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440', '-t', '3'];
  await promisify(execFile)(ffmpeg ?? '', ['-v', 'error', '-y', ...tone, ...options, path]);
  return path;
}

describe.skipIf(lacksFfmpeg)('a sound', () => {
  it.each([
    ['a.mp3', 'audio/mpeg', ['-metadata', 'title=song']],
    ['low.mp3', 'audio/mpeg', ['-ar', '22050', '-b:a', '40k', '-id3v2_version', '0']],
    ['vbr.mp3', 'audio/mpeg', ['-q:a', '5']],
    ['a.wav', 'audio/wav', ['-metadata', 'title=song']],
    ['a.m4a', 'audio/mp4', []],
    ['a.aac', 'audio/aac', []],
  ] as const)('is known by its bytes, with its length: %s', async (name, type, options) => {
    const found = await look(await made(name, ...options));
    expect(found?.type).toBe(type);
    expect(found?.seconds).toBeCloseTo(3, 0);
  });

  it('that was cut off is as long as what is left, and an MP4 without its samples is none', async () => {
    const [mp3, m4a] = [await made('cut.mp3'), await made('cut.m4a', '-movflags', '+faststart')];
    for (const path of [mp3, m4a]) await truncate(path, Math.floor((await stat(path)).size / 2));
    expect((await look(mp3))?.seconds).toBeCloseTo(1.5, 0);
    expect(await look(m4a)).toBeUndefined();
  });

  it('with a picture is none, whatever it is called', async () => {
    const path = join(folder, 'film.m4a');
    await writeFile(path, await readFile('packages/mps-stand-in/assets/wide.mp4'));
    expect(await look(path)).toBeUndefined();
  });
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(5_000)],
  ['ones', Buffer.alloc(5_000, 0xff)],
  ['text', Buffer.from('#EXTM3U\nhttp://example.com/a.mp3\n')],
  ['a tag alone', Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), Buffer.alloc(4, 0x7f)])],
  ['a WAV of no length', aWave(3).subarray(0, 36)],
  ['chunks that go nowhere', Buffer.concat([aWave(1).subarray(0, 12), Buffer.alloc(4_000)])],
])('what is no sound is none: %s', async (_, bytes) => {
  expect(await look(await written('none', bytes))).toBeUndefined();
});
