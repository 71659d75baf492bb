import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { ffmpeg, lacksFfmpeg, makeClip, play, playsWhileLoading } from '../support/clips.js';
import { createCollectingLog } from '../support/log.js';
import { createWorld, delivered, type World } from './world.js';

let folder: string;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-clips-'));
});
afterEach(() => world.close());
afterAll(() => rm(folder, { recursive: true }));

/** Orders a clip for which MPS serves the file at `path`. */
async function order(path: string): Promise<MessageView> {
  world.mps.faults.add({ kind: 'file', path });
  const order = await world.discord.actor('ben', 'general').command('animate', { prompt: 'it runs' });
  return delivered(order);
}

/** The posted file, saved. */
async function posted({ attachments }: MessageView): Promise<string> {
  const answer = await fetch(attachments[0]?.url ?? '');
  const path = join(folder, 'posted.mp4');
  await writeFile(path, Buffer.from(await answer.arrayBuffer()));
  return path;
}

/** The stand-in's clip of 5 s, with another length in its header: in the short form, or entirely in the long one. */
async function withLength(units: bigint, long: boolean): Promise<string> {
  const bytes = await readFile('packages/mps-stand-in/assets/wide.mp4');
  const at = bytes.indexOf('mvhd') + 4;
  if (long) {
    // The times become longer by 12 bytes, which the rest of the header gives up: a reader of lengths sees no further.
    const timescale = bytes.readUInt32BE(at + 12);
    bytes[at] = 1;
    bytes.writeUInt32BE(timescale, at + 20);
    bytes.writeBigUInt64BE(BigInt.asUintN(64, units), at + 24);
  } else bytes.writeUInt32BE(Number(BigInt.asUintN(32, units)), at + 16);
  const path = join(folder, `length-${units}-${long}.mp4`);
  await writeFile(path, bytes);
  return path;
}

describe('a clip with an impossible header', () => {
  it.each([
    ['unknown, in 32 bits', 0xffffffffn, false],
    ['unknown, in 64 bits', 0xffffffffffffffffn, true],
    ['negative', -1_000n, true],
    ['nothing', 0n, false],
  ])('is delivered, billed as ordered, and read after a restart: %s', async (_, units, long) => {
    const log = createCollectingLog();
    world = await createWorld({ log, env: { HEALTH_PORT: '0' } });
    const message = await order(await withLength(units, long));
    expect(message.attachments).toHaveLength(1);
    const url = `${world.app().healthUrl()}/metrics`;
    const metrics = await (await fetch(url)).text();
    expect(metrics).toMatch(/^easel_billed_total\{unit="second",model="kling-3\.0".*\} 5$/m);
    const said = log.lines.find((line) => line.message.includes('no plausible length'));
    expect(said?.details).toMatchObject({ billedSeconds: 5 });
    await world.stop();
    await world.start();
    expect(log.lines.filter((line) => line.message.includes('cannot be read'))).toEqual([]);
  });
});

const runs = (...args: readonly string[]) =>
  promisify(execFile)(ffmpeg ?? '', ['-v', 'error', '-y', ...args]);

describe.skipIf(lacksFfmpeg)('a clip in an unusual format', () => {
  let source: string;
  beforeAll(async () => {
    source = join(folder, 'source.mp4');
    await makeClip(source, { seconds: 5, size: '160x90', rate: 200_000 });
  });

  it('in fragments gets its notes, and every frame stays', async () => {
    world = await createWorld({ env: { PROVENANCE: 'full' } });
    const path = join(folder, 'fragmented.mp4');
    await runs('-i', source, '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', path);
    const made = await posted(await order(path));
    await play(made);
    const frames = async (of: string) => (await runs('-i', of, '-f', 'streamhash', '-')).stdout;
    expect(await frames(made)).toBe(await frames(path));
    expect((await readFile(made)).includes('it runs')).toBe(true);
  });

  it('in 4:4:4 with its header at the end is made playable everywhere, says so, and links to the original', async () => {
    world = await createWorld({ env: { FFMPEG_PATH: ffmpeg ?? '' } });
    const path = join(folder, 'late.mp4');
    await runs('-i', source, '-c:v', 'libx264', '-pix_fmt', 'yuv444p', '-c:a', 'aac', path);
    const message = await order(path);
    const made = await posted(message);
    await play(made);
    expect(playsWhileLoading(await readFile(made))).toBe(true);
    const entries = ['-show_entries', 'stream=pix_fmt,profile', '-of', 'csv=p=0'];
    const { stdout } = await promisify(execFile)('ffprobe', ['-v', 'error', ...entries, made]);
    expect(stdout).toContain('High,yuv420p');
    expect(message.content).toContain(text('en-US', 'fit.playable').split(';')[0]);
    expect(JSON.stringify(message.components)).toContain('v1:original:');
  });

  it('without ffmpeg is posted as it is, with a note', async () => {
    world = await createWorld({ env: { FFMPEG_PATH: '', PATH: '' } });
    const path = join(folder, 'plain.mp4');
    await runs('-i', source, '-c:v', 'libx264', '-pix_fmt', 'yuv444p', '-c:a', 'aac', path);
    const message = await order(path);
    expect((await readFile(await posted(message))).equals(await readFile(path))).toBe(true);
    expect(message.content).toContain(text('en-US', 'fit.raw'));
  });
});
