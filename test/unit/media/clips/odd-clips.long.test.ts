import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { text } from '../../../../src/locales/index.js';
import type { ClipRule } from '../../../../src/media/clips/clip-types.js';
import { createClips, leastForClips } from '../../../../src/media/clips/clips.js';
import { createAddressRule } from '../../../../src/media/http/url-guard.js';
import { createClipSources, type TakenClip } from '../../../../src/media/sources/clip-intake.js';
import { SourceError } from '../../../../src/media/sources/source-intake.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { createSpool } from '../../../../src/media/storage/spool.js';
import { ffmpeg, lacksFfmpeg, play, probe } from '../../../support/clips.js';
import { startFileServer } from '../../../support/files.js';
import { type OddClip, oddClips } from '../../../support/odd-clips.js';

const rule: ClipRule = { maxBytes: 50_000_000, minSide: 256, maxSide: 5_760, minSeconds: 3, maxSeconds: 10 };
const timeout = 600_000;

/** An ffmpeg that first logs which limits the system has given it, and what it is asked. */
async function watchedFfmpeg(folder: string) {
  const [path, log] = [join(folder, 'ffmpeg'), join(folder, 'log')];
  const note = '{ printf "%s %s %s " "$(ulimit -d)" "$(ulimit -t)" "$(ulimit -f)"; echo "$*"; }';
  await writeFile(path, `#!/bin/sh\n${note} >>'${log}'\nexec '${ffmpeg}' "$@"\n`);
  await chmod(path, 0o755);
  await writeFile(log, '');
  const runs = async () => (await readFile(log, 'utf8')).trimEnd().split('\n');
  return { path, runs };
}

it.skipIf(lacksFfmpeg)(
  'odd and hostile clips each end as what MPS takes or as a sentence, within bounds',
  { timeout },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'easel-odd-'));
    const server = await startFileServer();
    const clips = await oddClips(folder, server.url);
    expect(clips.length).toBeGreaterThanOrEqual(60);
    const asked: string[] = [];
    server.serves((path) => {
      asked.push(path);
      return clips[Number(path.slice(1))]?.bytes;
    });
    const addresses = createAddressRule(server.url);
    const spool = await createSpool();
    const watched = await watchedFfmpeg(folder);
    const media = createClips({ spool, memory: createMemory(128e6), ffmpeg: watched.path, concurrency: 2 });
    const sources = createClipSources({ addresses, spool, clips: media });

    const ends: [string, string][] = [];
    async function send(clip: OddClip, at: number): Promise<void> {
      const source = { url: `${server.url}/${at}`, name: clip.name };
      const taken = await sources
        .take(source, rule, { signal: new AbortController().signal })
        .catch((error: unknown) => asRefusal(error, clip));
      const end = typeof taken === 'string' ? taken : taken.converted ? 'converted' : 'as it is';
      ends.push([clip.what, end]);
      if (typeof taken !== 'string') await expectUsable(taken, clip.what);
      if (typeof taken !== 'string') await spool.remove([taken.path]);
    }

    const waiting = clips.map((clip, at) => () => send(clip, at));
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next();
    };
    await Promise.all([worker(), worker()]);

    expect(new Map(ends)).toEqual(new Map(clips.map(({ what, end }) => [what, end])));
    // Nothing but the clips themselves was asked for, whatever was in them.
    expect(new Set(asked)).toEqual(new Set(clips.map((_, at) => `/${at}`)));
    expectBound(await watched.runs());
    expect(await readdir(dirname(spool.newPath()))).toEqual([]);
    await spool.close();
    await addresses.close();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  },
);

/** Only a sentence that names the file will do; anything else is a crash. */
function asRefusal(error: unknown, { what, name }: OddClip): string {
  if (!(error instanceof SourceError)) throw new Error(`${what} was no SourceError`, { cause: error });
  for (const locale of ['en-US', 'zh-CN'] as const) {
    const sentence = text(locale, `failure.source.${error.reason}`, error.params);
    expect(sentence, what).toContain(name);
    expect(sentence, what).not.toMatch(/\{\{|undefined|NaN/);
  }
  return error.reason.replace('clip.', '');
}

async function expectUsable(
  { path, bytes, seconds, width, height, converted }: TakenClip,
  what: string,
): Promise<void> {
  const found = await probe(path);
  expect(found.seconds, what).toBeCloseTo(seconds, 0);
  expect([found.video.width, found.video.height].sort(), what).toEqual([width, height].sort());
  expect(Math.min(width, height), what).toBeGreaterThanOrEqual(rule.minSide);
  expect(bytes, what).toBeLessThanOrEqual(rule.maxBytes);
  if (!converted) return;
  expect([found.video.codec, found.sound ?? 'aac'], what).toEqual(['h264', 'aac']);
  await play(path);
}

/** Every run had limits by the system, a forced kind of file, and no way out. */
function expectBound(runs: readonly string[]): void {
  const most = {
    kilobytes: (leastForClips * 1.5 + 250e6) / 1024,
    seconds: 600,
    blocks: 2 * (rule.maxBytes / 512),
  };
  expect(runs.length).toBeGreaterThan(60);
  for (const line of runs) {
    const [kilobytes, seconds, blocks] = line.split(' ').map(Number);
    expect(kilobytes, line).toBeLessThanOrEqual(Math.ceil(most.kilobytes));
    expect(seconds, line).toBeLessThanOrEqual(most.seconds);
    expect(blocks, line).toBeLessThanOrEqual(Math.ceil(most.blocks));
    expect(line).toMatch(/-protocol_whitelist file -format_whitelist (\w+) .*-f \1 .*-i file:/);
    expect(line).not.toMatch(/-f (hls|concat|dash|sdp|image2pipe|rtsp)|http:/);
  }
}
