import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { enUS } from '../support/languages.js';
import { answered, createWorld, failed, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const kinds = ({ attachments }: MessageView) => attachments.map(({ filename }) => filename.slice(-3)).join();
/** Both have arrived, with their buttons. */
const hasBoth = (message: MessageView) => kinds(message) === 'png,mp4' && labels(message).includes('Delete');
const labels = ({ components }: MessageView) =>
  components.flatMap((row) => row.components ?? []).map(({ label }) => label);
const actor = (name: string) => world.discord.actor(name, 'general');
const order = (words: string, more: Record<string, string | boolean> = {}, name = 'ben') =>
  actor(name).command('imagine', { prompt: words, then_animate: `${words} runs`, ...more });
const creates = (words: string) =>
  world.mps.tasks.filter(({ params }) => params.Prompt?.startsWith(words)).map(({ action }) => action);

async function opened(name: string, message: MessageView, label: string): Promise<Invocation> {
  const invocation = await actor(name).press(message.id, label);
  await invocation.acknowledged;
  return invocation;
}

describe('a picture with a follow-up clip', () => {
  it('comes first, and then the clip joins it in the same answer', async () => {
    const invocation = await order('a red fox');
    const picture = await invocation.until((message) => kinds(message) === 'png');
    expect(picture.content).toContain('a red fox runs');
    expect(labels(picture)).not.toContain('Delete');
    const both = await invocation.until(hasBoth);
    expect(both.id).toBe(picture.id);
    expect(labels(both)).toEqual([
      ...['Again', 'Edit', 'Animate', 'Remix', 'Details'],
      ...['⭐', 'Clip again', 'Edit clip', 'Delete'],
      'Change the clip',
    ]);
    const made = world.mps.tasks.filter(({ params }) => params.Prompt?.startsWith('a red fox'));
    expect(made.map(({ action }) => action)).toEqual(['CreateAigcImageTask', 'CreateAigcVideoTask']);
    expect(made[1]?.params).toMatchObject({ ImageUrl: expect.stringContaining(String(made[0]?.id)) });
  });

  it('is repeated with its clip by Again, and Details show both', async () => {
    const both = await (await order('a grey fox')).until(hasBoth);
    const again = await (await actor('mia').press(both.id, 'Again')).until(hasBoth);
    expect(again.id).not.toBe(both.id);
    const { content } = await answered(await actor('ben').press(both.id, 'Details'));
    for (const part of [
      'Hunyuan 3.0',
      'Counts as 1 picture',
      enUS.texts['details.then'],
      'Kling 3.0',
      '5 s of clips',
    ])
      expect(content).toContain(part);
  });

  it('can have its clip made once more, from the same picture', async () => {
    const both = await (await order('a white fox')).until(hasBoth);
    const clip = await (await actor('mia').press(both.id, 'Clip again')).until((one) => kinds(one) === 'mp4');
    expect(clip.content).toContain('a white fox runs');
    const form = await opened('mia', both, 'Edit clip');
    const edited = await actor('mia').submitModal(form, { prompt: 'a white fox jumps' });
    await edited.until((one) => kinds(one) === 'mp4');
    expect(creates('a white fox')).toHaveLength(4);
    const sources = world.mps.tasks.flatMap(({ params }) =>
      params.Prompt?.startsWith('a white fox') && 'ImageUrl' in params ? [params.ImageUrl] : [],
    );
    expect(new Set(sources).size).toBe(1);
  });

  it('can be ordered in the options of a form, and of a mention', async () => {
    const both = await (await order('a blue fox')).until(hasBoth);
    const form = await opened('mia', both, 'Edit');
    const options = form.modal()?.components[3]?.component?.value;
    expect(options).toBe('--then "a blue fox runs --model kling-3.0 --duration 5 --audio"');
    const changed = { prompt: 'a tame fox', options: '--then "a tame fox sleeps" --duration 6' };
    const edited = await (await actor('mia').submitModal(form, changed)).until(hasBoth);
    expect(edited.content).toContain('6 s');
    await actor('ben').send('@Easel a shy fox --then a shy fox hides --no-audio');
    // It can be edited forever: no token opens it.
    const reply = await world.discord.until((one) => hasBoth(one) && one.content.includes('a shy fox'));
    expect(reply.content).toContain('a shy fox hides');
    expect(reply.content).not.toContain('sound');
  });

  it('is delivered to the user alone if that was requested', async () => {
    const both = await (await order('a secret fox', { private: true })).until(hasBoth);
    expect(both.ephemeral).toBe(true);
  });
});

describe('when one of the two fails', () => {
  it('a refused picture cancels the clip, and one outcome says so', async () => {
    world.mps.faults.add({ kind: 'fail', action: 'CreateAigcImageTask', count: 1 });
    const invocation = await order('a lame fox', {}, 'mia');
    const { components } = await failed(invocation);
    expect(labels({ components } as MessageView)).toEqual(['Try again', 'Edit']);
    const card = await invocation.until(({ content }) => content.includes('order failed'));
    expect(card.content).toContain(enUS.texts['card.clip.spared']);
    expect(JSON.stringify(card.components)).not.toContain(':101"');
    expect(labels(card)).toEqual(['Why?', 'Delete']);
    expect(creates('a lame fox')).toEqual(['CreateAigcImageTask']);
  });

  it('a failed clip leaves the picture, and can be tried again by itself', async () => {
    world.mps.faults.add({ kind: 'fail', action: 'CreateAigcVideoTask', count: 1 });
    const invocation = await order('a mute fox');
    const reason = await failed(invocation);
    expect(labels(reason)).toEqual(['Try again', 'Edit']);
    const message = await invocation.until(
      (one) => kinds(one) === 'png' && labels(one).includes('Retry clip'),
    );
    expect(message.content).toContain(enUS.texts['card.failed.clip']);
    const why = await actor('ben').press(message.id, 'Why no clip?');
    expect((await why.until(({ ephemeral }) => ephemeral)).content).toBe(reason.content);
    const again = await actor('ben').press(message.id, 'Retry clip');
    await again.until((one) => kinds(one) === 'mp4');
    expect(creates('a mute fox')).toEqual([
      ...['CreateAigcImageTask', 'CreateAigcVideoTask', 'CreateAigcVideoTask'],
    ]);
  });
});

describe('cancelling', () => {
  const press = async (message: MessageView, label: string) => {
    const pressed = await actor('ben').press(message.id, label);
    await pressed.acknowledged;
  };

  it('before the picture is there drops only the clip: nothing more comes', async () => {
    world.mps.faults.add({ kind: 'delay', ms: 400, action: 'DescribeAigcImageTask', count: 2 });
    const invocation = await order('a lone fox');
    const waiting = await invocation.until((one) => labels(one).includes('Skip the clip'));
    await press(waiting, 'Skip the clip');
    const message = await invocation.until((one) => kinds(one) === 'png' && labels(one).includes('Delete'));
    expect(message.content).toContain(enUS.texts['card.clip.cancelled']);
    expect(labels(message)).not.toContain('Clip again');
    expect(creates('a lone fox')).toEqual(['CreateAigcImageTask']);
  });

  it('while the clip waits in line keeps the picture, and the clip can be tried again', async () => {
    // Someone else's clip holds the only slot.
    world.mps.faults.add({ kind: 'delay', ms: 1_500, action: 'DescribeAigcVideoTask', count: 1 });
    const other = await actor('mia').command('animate', { prompt: 'the other one' });
    const invocation = await order('a calm fox');
    const waiting = await invocation.until((one) => kinds(one) === 'png' && labels(one).includes('Cancel'));
    await press(waiting, 'Cancel');
    const message = await invocation.until((one) => labels(one).includes('Retry clip'));
    expect(kinds(message)).toBe('png');
    expect(message.content).toContain(enUS.texts['card.cancelled']);
    expect(creates('a calm fox')).toEqual(['CreateAigcImageTask']);
    await other.until((one) => kinds(one) === 'mp4');
  });
});

describe("what can't be had is said before anything is ordered", () => {
  it.each([
    [{ then_animate: 'it runs --duration 2' }, [enUS.texts['problem.thenAnimate'], '3–15']],
    [{ then_animate: 'it runs --ar 16:9' }, [enUS.texts['problem.aspectRatio.withImage']]],
    [{ then_animate: 'it runs --size 1024x1024' }, [enUS.texts['grammar.mixed']]],
    [{ then_animate: 'it runs --pace 3' }, ['--pace']],
  ])('%j', async (more, words) => {
    const { content, ephemeral } = await answered(await order('a wrong fox', more));
    expect(ephemeral).toBe(true);
    for (const part of words) expect(content).toContain(part);
    expect(creates('a wrong fox')).toEqual([]);
  });
});

it('over a limit one refusal says what would fit, and a disabled kind says so', async () => {
  const asked = { prompt: 'a big fox', then_animate: 'it runs --duration 10' };
  const refusal = async () => (await answered(await actor('lin').command('imagine', asked))).content;
  await world.stop();
  await world.start({ QUOTA_MEMBER_SECONDS_DAY: '4', QUOTA_MEMBER_OPEN: '1' });
  expect(await refusal()).toContain(text('zh-CN', 'quota.fits.chain', { fits: 4 }));
  await world.stop();
  await world.start({ QUOTA_MEMBER_SECONDS_DAY: '0' });
  expect(await refusal()).toContain(text('zh-CN', 'quota.fits.alone'));
  await world.stop();
  await world.start({ VIDEO_ENABLED: 'false' });
  await actor('lin').send('@Easel a big fox --then it runs');
  const said = text('zh-CN', 'error.disabled.video');
  const english = text('en-US', 'error.disabled.video');
  await world.discord.until(({ content }) => content.includes(said) || content.includes(english));
  expect(creates('a big fox')).toEqual([]);
});
