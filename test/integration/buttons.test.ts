import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { REST, Routes } from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { customId, panelIds, parseCustomId, verbs } from '../../src/discord/views/custom-ids.js';
import { text } from '../../src/locales/index.js';
import { paint } from '../support/images.js';
import { createCollectingLog } from '../support/log.js';
import { answered, createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const hasClip = ({ attachments }: MessageView) => attachments[0]?.filename.endsWith('.mp4') === true;
const hasPicture = ({ attachments, components }: MessageView) =>
  attachments[0]?.filename.endsWith('.png') === true && components.length > 0;
const actor = (name: string) => world.discord.actor(name, 'general');
const labels = ({ components }: MessageView) =>
  components.flatMap((row) => row.components ?? []).map(({ label }) => label);

/** Ben's picture. */
async function aPicture(options: Record<string, string | boolean> = {}): Promise<MessageView> {
  const invocation = await actor('ben').command('imagine', { prompt: 'a red fox', ...options });
  return invocation.until(hasPicture);
}

async function opened(name: string, message: MessageView, label: string): Promise<Invocation> {
  const invocation = await actor(name).press(message.id, label);
  await invocation.acknowledged;
  return invocation;
}

/** A button must work as long as the ledger has its task. */
const lives = [
  ['in the same life', async () => {}],
  [
    'after a restart',
    async () => {
      await world.stop();
      await world.start();
    },
  ],
] as const;

describe.each(lives)('%s', (_, pass) => {
  it('Again repeats the order for anyone who presses it', async () => {
    world = await createWorld();
    const message = await aPicture();
    await pass();
    const again = await (await actor('mia').press(message.id, 'Again')).until(hasPicture);
    expect(again.id).not.toBe(message.id);
    expect(again.content).toContain('a red fox');
  });

  it('Edit opens the form with the old values, and orders the changed ones', async () => {
    world = await createWorld();
    const message = await aPicture({ model: 'kling-3.0', aspect_ratio: '16:9', negative: 'rain' });
    await pass();
    const form = await opened('mia', message, 'Edit');
    const values = form.modal()?.components.map(({ component }) => component?.value);
    expect(values).toEqual(['a red fox', undefined, '16:9', '--negative rain', undefined]);
    const sent = await actor('mia').submitModal(form, { prompt: 'a blue fox', measure: '1:1' });
    const picture = await sent.until(hasPicture);
    expect(picture.content).toContain('a blue fox');
    expect(picture.content).toContain('1:1');
    expect(picture.content).toContain('Kling 3.0');
  });

  it('Animate and Remix take the picture above the button', async () => {
    world = await createWorld();
    const message = await aPicture();
    await pass();
    const moving = await opened('mia', message, 'Animate');
    await (await actor('mia').submitModal(moving, { prompt: 'it runs' })).until(hasClip);
    const mixing = await opened('mia', message, 'Remix');
    await (await actor('mia').submitModal(mixing, { prompt: 'in winter' })).until(hasPicture);
  });

  it('Details show everything to the user who asked, and to no one else', async () => {
    world = await createWorld();
    const message = await aPicture({ negative: '@everyone' });
    await pass();
    const { content, ephemeral, notified } = await answered(await actor('mia').press(message.id, 'Details'));
    expect(ephemeral).toBe(true);
    expect(notified).toEqual([]);
    expect(content).not.toContain('--enhance');
    expect(content).toMatch(/File: \d+ × \d+ pixels, [\d.]+ MB, PNG/);
    expect(content).toMatch(/Took: \d+ s/);
    for (const part of [
      'Hunyuan 3.0',
      'a red fox',
      '--negative',
      'Counts as 1 picture',
      `<@${actor('ben').userId}>`,
    ])
      expect(content.replaceAll('\\', '')).toContain(part);
  });

  it('Delete removes the message for the user who asked and for moderators, and for no one else', async () => {
    world = await createWorld();
    const [first, second] = [await aPicture(), await aPicture()];
    await pass();
    const refused = await answered(await actor('mia').press(first.id, 'Delete'));
    expect(refused.content).toBe(text('en-US', 'error.delete.notYours'));
    await opened('ben', first, 'Delete');
    await opened('ada', second, 'Delete');
    await expect
      .poll(() => [first, second].map(({ id }) => world.discord.message(id)))
      .toEqual([undefined, undefined]);
  });

  it('Delete pressed twice deletes once, without an error', async () => {
    const log = createCollectingLog();
    world = await createWorld({ log });
    const message = await aPicture();
    await pass();
    const presses = [
      await actor('ben').press(message.id, 'Delete'),
      await actor('ben').press(message.id, 'Delete'),
    ];
    await Promise.all(presses.map((press) => press.acknowledged));
    await expect.poll(() => world.discord.message(message.id)).toBeUndefined();
    await world.stop();
    expect(log.lines.filter(({ message: said }) => said === 'an interaction failed unexpectedly')).toEqual(
      [],
    );
    await world.start();
  });

  it('Upscale makes a picture again from itself, at the next resolution', async () => {
    world = await createWorld();
    const message = await aPicture({ model: 'kling-3.0', negative: 'rain' });
    await pass();
    const upscaled = await (await actor('mia').press(message.id, 'Redraw in 2K')).until(hasPicture);
    expect(upscaled.id).not.toBe(message.id);
    expect(upscaled.content).toContain('2K');
    expect(labels(upscaled)).toContain('Redraw in 4K');
    const { params } = world.mps.tasks.at(-1) ?? {};
    expect(params).toMatchObject({
      Prompt: 'a red fox',
      NegativePrompt: 'rain',
      EnhancePrompt: false,
      ExtraParameters: { Resolution: '2K' },
    });
    expect(params?.ImageInfos).toHaveLength(1);
  });

  it('a clip can be ordered again at the next resolution', async () => {
    world = await createWorld();
    const clip = await (await actor('ben').command('animate', { prompt: 'it runs' })).until(hasClip);
    await pass();
    const again = await (await actor('mia').press(clip.id, 'Again in 1080P')).until(hasClip);
    expect(labels(again)).toContain('Again in 4K');
    expect(world.mps.tasks.at(-1)?.params).toMatchObject({ ExtraParameters: { Resolution: '1080P' } });
  });
});

it('an upscale counts like any order', async () => {
  world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '1' } });
  const message = await aPicture({ model: 'kling-3.0' });
  const refused = await answered(await actor('ben').press(message.id, 'Redraw in 2K'));
  expect(refused.ephemeral).toBe(true);
  expect(refused.content).toContain('daily picture limit (1)');
  expect(
    labels(await (await actor('mia').command('imagine', { prompt: 'a fox' })).until(hasPicture)),
  ).not.toContain('Redraw in 2K');
});

it('the form lists the models in use here first, and "from Options" last', async () => {
  world = await createWorld();
  const message = await aPicture({ model: 'kling-o1', aspect_ratio: '16:9' });
  await aPicture({ model: 'kling-o1' });
  await aPicture({ model: 'qwen-0925' });
  await world.stop();
  await world.start();
  const form = await opened('mia', message, 'Remix');
  const select = form.modal()?.components[1]?.component;
  const values = select?.options?.map(({ value }) => value);
  expect(values?.slice(0, 3)).toEqual(['kling-o1', 'qwen-0925', 'hunyuan-3.0']);
  expect(values?.at(-1)).toBe('as-written');
  expect(select?.options?.filter((option) => option.default).map(({ value }) => value)).toEqual(['kling-o1']);
});

describe('any button', () => {
  /** A message of the bot with any button, as an older or newer bot may have left it. */
  async function left(customId: string): Promise<string> {
    const { apiUrl, token } = world.discord;
    const button = { type: 2, style: 2, label: 'Press', custom_id: customId };
    const rest = new REST({ api: apiUrl }).setToken(token);
    const message = await rest.post(Routes.channelMessages(actor('ben').channelId), {
      body: { content: 'x', components: [{ type: 1, components: [button] }] },
    });
    return z.object({ id: z.string() }).parse(message).id;
  }
  const press = async (name: string, customId: string) =>
    answered(await actor(name).press(await left(customId), 'Press'));

  it('of an unknown kind or a removed task gets a friendly, ephemeral answer', async () => {
    world = await createWorld({ discord: { rateWindow: 0.01 } });
    // The two choices for a running task are below an ephemeral question, which they redraw.
    const lone = verbs.filter((verb) => verb !== 'quiet' && verb !== 'discard');
    const gone = lone.map((verb) => customId(verb, '1146000000000000023:1'));
    const odd = [
      ...['v0:again:1146000000000000023:1', 'v2:again:1146000000000000023:1', 'again', 'v1:again:x', 'v1::'],
      ...panelIds.flatMap((panel) => [`v1:${panel}:nonsense`, `v1:${panel}:page`, `v1:${panel}:1:2:3:4`]),
      `v1:tasks:cancel:page:0:1146000000000000023:1`,
    ];
    for (const id of [...gone, ...odd]) {
      // Ada has all permissions here, and so would delete a message whose task is gone.
      const { content, ephemeral } = await press(gone.includes(id) ? 'ben' : 'ada', id);
      expect(ephemeral, id).toBe(true);
      expect(content, id).toMatch(/[.]$/);
      expect(content, id).not.toContain('Something went wrong');
    }
  });

  it("on someone else's ephemeral result reveals nothing of it", async () => {
    world = await createWorld({ discord: { rateWindow: 0.01 } });
    const secret = await aPicture({ private: true, model: 'kling-3.0' });
    const [again] = secret.components.flatMap((row) => row.components ?? []);
    const id = parseCustomId(again?.custom_id ?? '')?.id;
    for (const verb of ['again', 'edit', 'animate', 'remix', 'upscale', 'details', 'original'] as const) {
      const { content, ephemeral } = await press('mia', customId(verb, id ?? '1:1'));
      expect({ verb, content, ephemeral }).toEqual({
        verb,
        ephemeral: true,
        content: text('en-US', 'error.details.private'),
      });
    }
  });
});

it('the last frame of a clip is kept if the form has no files, and replaced if it has', async () => {
  world = await createWorld();
  const picture = async (filename: string) => ({ filename, bytes: await paint(400, 304).png().toBuffer() });
  const options = {
    prompt: 'it runs',
    image: await picture('one.png'),
    last_image: await picture('two.png'),
  };
  const message = await (await actor('ben').command('animate', options)).until(hasClip);
  expect(labels(message)).toEqual([
    'Again',
    'Edit',
    'Change the clip',
    'Again in 1080P',
    'Details',
    '⭐',
    'Delete',
  ]);
  const kept = await actor('ben').submitModal(await opened('ben', message, 'Edit'), { prompt: 'it walks' });
  const clip = await kept.until(hasClip);
  const details = await answered(await actor('ben').press(clip.id, 'Details'));
  expect(details.content).toContain('Your pictures: 2');
  expect(details.content).toMatch(/File: \d+ × \d+ pixels, [\d.]+ MB, MP4/);
  const broken = { filename: 'three.png', bytes: Buffer.from('no picture') };
  const form = await opened('ben', message, 'Edit');
  const changed = await actor('ben').submitModal(form, { files: [broken] });
  expect((await changed.until(({ content }) => content.includes('⚠️'))).content).toContain('three.png');
});

it('buttons on an ephemeral answer make ephemeral answers', async () => {
  world = await createWorld();
  const message = await aPicture({ private: true });
  expect((await (await actor('ben').press(message.id, 'Again')).until(hasPicture)).ephemeral).toBe(true);
  const form = await opened('ben', message, 'Animate');
  const sent = await actor('ben').submitModal(form, { prompt: 'it runs' });
  expect((await sent.until(hasClip)).ephemeral).toBe(true);
  await opened('ben', message, 'Delete');
  await expect.poll(() => world.discord.message(message.id)).toBeUndefined();
});

it("a reply's result has the same buttons, and they work", async () => {
  world = await createWorld();
  await actor('ben').send('@Easel a red fox');
  const message = await world.discord.until(hasPicture);
  expect(labels(message)).toEqual(['Again', 'Edit', 'Animate', 'Remix', 'Details', '⭐', 'Delete']);
  await (await actor('mia').press(message.id, 'Again')).until(hasPicture);
  await opened('ben', message, 'Delete');
  await expect.poll(() => world.discord.message(message.id)).toBeUndefined();
});

it('a disabled kind has no button, and old ones say so', async () => {
  world = await createWorld();
  const message = await aPicture();
  await world.stop();
  await world.start({ VIDEO_ENABLED: 'false' });
  const refused = await answered(await actor('ben').press(message.id, 'Animate'));
  expect(refused.content).toBe(text('en-US', 'error.disabled.video'));
  expect(labels(await aPicture())).not.toContain('Animate');
});

it('if only moderators can delete, the user who asked is told so', async () => {
  world = await createWorld();
  await answered(await actor('ada').command('settings delete', { on: false }));
  const result = await aPicture();
  const refusal = await (await actor('ben').press(result.id, 'Delete')).until(({ ephemeral }) => ephemeral);
  expect(refusal.content).toContain('only members with the Manage Messages permission can delete results');
  expect(world.discord.message(result.id)?.deleted).toBe(false);
});

it('only the user who opened a form can send it', async () => {
  world = await createWorld();
  const message = await aPicture();
  const form = await opened('ben', message, 'Animate');
  const creates = world.mps.tasks.length;
  const refused = await answered(
    await actor('mia').submitModal(form, { prompt: 'it runs' }, { forged: true }),
  );
  expect(refused).toMatchObject({ ephemeral: true, content: text('en-US', 'error.form.notYours') });
  expect(world.mps.tasks).toHaveLength(creates);
  await (await actor('ben').submitModal(form, { prompt: 'it runs' })).until(hasClip);
});

it('only the user who asked can cancel a waiting task and dismiss a running one', async () => {
  world = await createWorld({ env: { MAX_IMAGE_TASKS: '1' } });
  const finish = world.mps.faults.add({ kind: 'status', word: 'RUN' });
  const running = await actor('ben').command('imagine', { prompt: 'one fox' });
  const card = await running.until((one) => labels(one).includes('Stop waiting'));
  const waits = await actor('ben').command('imagine', { prompt: 'two foxes' });
  const waiting = await waits.until((one) => labels(one).includes('Cancel'));
  for (const [on, label] of [
    [card, 'Stop waiting'],
    [waiting, 'Cancel'],
  ] as const) {
    const { ephemeral, content } = await answered(await actor('mia').press(on.id, label));
    expect({ label, ephemeral }).toEqual({ label, ephemeral: true });
    expect(content).not.toContain('painting');
  }
  finish();
  await running.until(hasPicture);
  await waits.until(hasPicture);
});
