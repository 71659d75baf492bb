import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ffmpeg, lacksFfmpeg, makeClip } from '../support/clips.js';
import { enUS } from '../support/languages.js';
import { handmadeClips, type OddClip } from '../support/odd-clips.js';
import { createWorld, type World } from './world.js';

let folder: string;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-odd-orders-'));
});
afterEach(() => world.close());
afterAll(() => rm(folder, { recursive: true }));

const refusals = Object.entries(enUS.texts)
  .filter(([key]) => key.startsWith('failure.source.'))
  .map(([, words]) => new RegExp(words.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\{\w+\}\}/g, '[^]+')));

/** The outcome, whether it is a clip or a sentence. */
function outcome(invocation: Invocation): Promise<MessageView> {
  return invocation.until(
    ({ content, attachments, components }) =>
      components.length > 0 &&
      (attachments.some(({ filename }) => !/^source\d/.test(filename)) ||
        refusals.some((sentence) => sentence.test(content))),
  );
}

/** Two clips that end as a result: one stays where it is, one is converted. */
async function goodClips(): Promise<OddClip[]> {
  const [plain, last] = [join(folder, 'plain.mp4'), join(folder, 'last.mp4')];
  const clip = { seconds: 4, size: '320x256', rate: 300_000 };
  await makeClip(plain, clip);
  await makeClip(last, { ...clip, headerFirst: false });
  return [
    { what: 'plain', name: 'plain.mp4', bytes: await readFile(plain), end: 'as it is' },
    { what: 'moov last', name: 'last.mp4', bytes: await readFile(last), end: 'converted' },
  ];
}

it.skipIf(lacksFfmpeg)(
  'odd clips that users hand in end as a result or as a sentence, and no Create is spent on a bad one',
  async () => {
    world = await createWorld({ env: { FFMPEG_PATH: ffmpeg, MAX_VIDEO_TASKS: '20' } });
    const clips = [...(await goodClips()), ...handmadeClips(world.discord.apiUrl)];
    const ben = world.discord.actor('ben', 'general');
    const order = async ({ bytes }: OddClip, at: number) => {
      const video = { filename: `dog-${at}.mp4`, bytes };
      return outcome(await ben.command('clip edit', { prompt: `make it snow ${at}`, video }));
    };
    const messages = await Promise.all(clips.map(order));

    for (const [at, { content, attachments }] of messages.entries()) {
      const { what = '', end = '' } = clips[at] ?? {};
      const isGood = end === 'as it is' || end === 'converted';
      expect(attachments.length > 0, what).toBe(isGood);
      if (!isGood) expect(content, what).toContain(`dog-${at}.mp4`);
    }
    expect(world.mps.records.filter(({ action }) => action.startsWith('Create'))).toHaveLength(2);
    expect(world.mps.tasks.map(({ status, bill }) => [status, bill])).toEqual(
      Array(2).fill(['DONE', { seconds: 4, rate: 'clip' }]),
    );
  },
);
