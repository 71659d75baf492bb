import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { ffmpeg, lacksFfmpeg, makeClip } from '../support/clips.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, isResult, saidIn, type World } from './world.js';

let folder: string;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-clip-rules-'));
});
afterEach(() => world.close());
afterAll(() => rm(folder, { recursive: true }));

const env = { FFMPEG_PATH: ffmpeg, VIDEO_AUDIO: 'false' };
const mps = { settings: { clips: 'made' } } as const;
const by = (user: string) => world.discord.actor(user, 'general');

type Way = 'button.extend' | 'button.changeclip';

/** Presses the button under a clip, and sends the form. */
async function orderBy(key: Way, clip: MessageView, prompt: string, measure = ''): Promise<Invocation> {
  const form = await by('ben').press(clip.id, text('en-US', key));
  await form.acknowledged;
  return by('ben').submitModal(form, { prompt, ...(measure && { measure }) });
}

async function bytesOf({ attachments }: MessageView): Promise<Buffer> {
  return Buffer.from(await (await fetch(attachments[0]?.url ?? '')).arrayBuffer());
}

const creates = () => world.mps.records.filter(({ action }) => action === 'CreateAigcVideoTask').length;

describe.skipIf(lacksFfmpeg)('a clip of a clip is treated as any result', () => {
  it('in chains, quota, the gallery, provenance, a server’s rules, and when all is deleted', async () => {
    const limits = { QUOTA_MEMBER_SECONDS_DAY: '10', PROVENANCE: 'full' };
    world = await createWorld({ mps, env: { ...env, ...limits } });
    const options = { then_animate: 'it runs --duration 3' };
    await by('ben').command('imagine', { prompt: 'a red fox', ...options });
    const clip = await world.discord.until(
      (one) => isResult(one) && one.attachments.some(({ filename }) => filename.endsWith('.mp4')),
    );
    const changed = await delivered(await orderBy('button.changeclip', clip, 'make it snow'));
    // 3 s each: 5 are more than what is left of 10.
    const dear = await answered(await orderBy('button.extend', changed, 'it sits down', '5'));
    expect(dear.content).toContain('a clip of up to 4 s');
    const whole = await delivered(await orderBy('button.extend', changed, 'it sits down', '4'));
    expect(creates()).toBe(3);
    expect(saidIn(await answered(await by('ben').command('quota show')))).toContain('10 of 10');
    const gallery = async () => saidIn(await answered(await by('mia').command('gallery', { kind: 'video' })));
    // It lists what is on record, a moment after it was posted.
    await expect.poll(gallery).toContain('it sits down');
    for (const prompt of ['it runs', 'make it snow']) expect(await gallery()).toContain(prompt);
    expect((await bytesOf(changed)).includes('make it snow')).toBe(true);
    expect((await bytesOf(whole)).includes('it sits down')).toBe(true);
    await answered(await by('ada').command('settings content', { kind: 'video', place: 'age-restricted' }));
    for (const key of ['button.changeclip', 'button.extend'] as const) {
      const refused = await answered(await orderBy(key, whole, 'it sleeps', '3'));
      expect(refused.content).toContain(text('en-US', 'error.policy.content.video'));
    }
    const question = await answered(await by('ben').command('privacy delete'));
    await by('ben').press(question.id, 'Yes, delete it');
    const isGone = ({ content }: MessageView) => content.includes('Done. ');
    await world.discord.until((one) => one.id === question.id && isGone(one));
    const after = await gallery();
    for (const prompt of ['make it snow', 'it sits down']) expect(after).not.toContain(prompt);
    expect(creates()).toBe(3);
  });

  it('and counts as long as it turns out to be once it was looked at', async () => {
    const path = join(folder, 'long.mp4');
    await makeClip(path, { seconds: 8, size: '320x288', rate: 300_000 });
    const video = { filename: 'long.mp4', bytes: await readFile(path) };
    world = await createWorld({ mps, env: { ...env, QUOTA_MEMBER_SECONDS_DAY: '7' } });
    const order = { prompt: 'make it snow', video, model: 'kling-3.0-omni' };
    const refused = await by('ben').command('clip edit', order);
    const { content } = await refused.until((answer) => answer.content.includes('⚠️'));
    expect(content).toContain('This needs 8, but your limit on seconds of clips per day is 7');
    expect(creates()).toBe(0);
    expect(saidIn(await answered(await by('ben').command('quota show')))).toContain('0 of 7');
    await world.stop();
    await world.start({ QUOTA_MEMBER_SECONDS_DAY: '9' });
    await delivered(await by('ben').command('clip edit', order));
    expect(saidIn(await answered(await by('ben').command('quota show')))).toContain('8 of 9');
  });

  it('and is ordered once if another model is agreed to twice', async () => {
    world = await createWorld({ env, mps });
    await delivered(await by('ben').command('animate', { prompt: 'it runs', model: 'vidu-q2', duration: 3 }));
    let question: MessageView | undefined;
    await until('the clip can be gone on from', async () => {
      question = await answered(await by('ben').command('clip extend', { prompt: 'it sits', duration: 3 }));
      return question.content.includes("Vidu q2 can't start from a picture");
    });
    const [id = '', label = ''] = [
      question?.id,
      /"label":"(Continue with [^"]+)"/.exec(JSON.stringify(question?.components))?.[1],
    ];
    const presses = await Promise.all([by('ben').press(id, label), by('ben').press(id, label)]);
    const answers = await Promise.all(presses.map((press) => press.until(({ content }) => content !== '')));
    expect(answers.filter(({ content }) => content.includes('Already ordered'))).toHaveLength(1);
    await until('the longer clip is there', () => by('ben').messages().filter(isResult).length === 2);
    expect(creates()).toBe(2);
  });
});
