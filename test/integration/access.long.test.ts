import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor, Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { type TextKey, text } from '../../src/locales/index.js';
import { paint } from '../support/images.js';
import { answered, createWorld, delivered, isResult, saidIn, type World } from './world.js';

let world: World;
afterEach(() => world.close());

/** The results made before the switch is turned, and the bot after it. */
async function turned(env: Record<string, string>) {
  world = await createWorld({ discord: { rateWindow: 0.1 } });
  world.discord.world.addGuild({ name: 'Elsewhere', installed: false });
  world.discord.world.addChannel('Elsewhere', { name: 'attic' });
  world.discord.world.addMember('Elsewhere', 'ben');
  const seats = {
    guild: world.discord.actor('ben', 'general'),
    direct: world.discord.actor('ben', 'dm'),
    brought: world.discord.actor('ben', 'attic'),
  };
  const pictures: Record<string, MessageView> = {};
  const forms: Record<string, Invocation> = {};
  for (const [name, ben] of Object.entries(seats)) {
    const how = name === 'brought' ? { integration: 'user' as const } : {};
    const picture = await delivered(await ben.command('imagine', { prompt: 'a fox' }, how));
    pictures[name] = picture;
    const form = await ben.press(picture.id, 'Animate');
    await form.acknowledged;
    forms[name] = form;
  }
  const creates = world.mps.tasks.length;
  await world.stop();
  await world.start(env);
  return { seats, pictures, forms, creates };
}
type Seat = 'guild' | 'direct' | 'brought';

/** Every entry point, in one guild; returns each one's answer. */
async function tryAll(seat: Seat, { seats, pictures, forms }: Awaited<ReturnType<typeof turned>>) {
  const ben: Actor = seats[seat];
  const picture = pictures[seat]?.id ?? '';
  const form = forms[seat];
  const how = seat === 'brought' ? { integration: 'user' as const } : {};
  const said = async (work: Promise<Invocation>) => saidIn(await answered(await work));
  const typed = (name: string, options: Parameters<Actor['command']>[1] = {}) =>
    // If the command is no longer registered, the client itself does not offer it.
    said(ben.command(name, options, how)).catch((error: unknown) => `not offered: ${String(error)}`);
  const ways: Record<string, string> = {
    '/imagine': await typed('imagine', { prompt: 'a fox' }),
    '/animate': await typed('animate', { prompt: 'it runs' }),
    '/models': await typed('models'),
    '/gallery': await typed('gallery'),
    Again: await said(ben.press(picture, 'Again')),
    Edit: await said(ben.press(picture, 'Edit')),
    Animate: await said(ben.press(picture, 'Animate')),
    Remix: await said(ben.press(picture, 'Remix')),
    form: form ? await said(ben.submitModal(form, { prompt: 'it runs' })) : '',
  };
  if (seat !== 'brought') {
    const { id } = await ben.send('@Easel a fox');
    const reply = await world.discord.until((one) => one.replyTo === id && one.author.bot);
    ways['a mention'] = reply.content;
  }
  return ways;
}

const closed: readonly (readonly [string, Seat, TextKey, Record<string, string>])[] = [
  [
    'a server that is not on the list',
    'guild',
    'error.access.guild',
    { ALLOWED_GUILD_IDS: '1146000000000000023' },
  ],
  ['a direct message', 'direct', 'error.access.direct', { DMS_ENABLED: 'false' }],
  [
    'a server to which only a user brought it',
    'brought',
    'error.access.userInstall',
    { USER_INSTALLS_ENABLED: 'false' },
  ],
];

describe.each(closed)('where Easel is not allowed, in %s', (_, seat, key, env) => {
  it('every entry point is answered with a sentence, and nothing is ordered', async () => {
    const scene = await turned(env);
    for (const [way, content] of Object.entries(await tryAll(seat, scene)))
      if (!content.startsWith('not offered')) expect(content, way).toBe(text('en-US', key));
    expect(world.mps.tasks).toHaveLength(scene.creates);
  });

  it('details, deletion and privacy still work, and so do other guilds', async () => {
    const { seats, pictures } = await turned(env);
    const ben = seats[seat];
    const { content } = await answered(await ben.press(pictures[seat]?.id ?? '', 'Details'));
    expect(content).toContain('a fox');
    const gone = await ben.press(pictures[seat]?.id ?? '', 'Delete');
    await gone.acknowledged;
    await expect.poll(() => world.discord.message(pictures[seat]?.id ?? '')).toBeUndefined();
    const others = (['guild', 'direct', 'brought'] as const).filter(
      (one) => one !== seat && !(seat === 'guild' && one === 'brought'),
    );
    for (const other of others) {
      const how = other === 'brought' ? { integration: 'user' as const } : {};
      await delivered(await seats[other].command('imagine', { prompt: 'an owl' }, how));
    }
  });
});

it('an allowed server is served, and one to which only a user brought Easel is not', async () => {
  world = await createWorld({ idle: true });
  const { id } = world.discord.world.guild('Foxglove');
  await world.start({ ALLOWED_GUILD_IDS: `${id}, 1146000000000000023` });
  await delivered(await world.discord.actor('ben', 'general').command('imagine', { prompt: 'a fox' }));
});

it('running tasks on a server that leaves the list are delivered, and Easel does not leave', async () => {
  world = await createWorld({ mps: { durations: { image: [1, 1.5], video: [1, 1.5] } } });
  const ben = world.discord.actor('ben', 'general');
  const order = await ben.command('imagine', { prompt: 'a fox' });
  await order.until(({ content }) => content.includes('painting'));
  await world.stop();
  await world.start({ ALLOWED_GUILD_IDS: '1146000000000000023' });
  await order.until(isResult);
  expect(world.discord.world.guild('Foxglove').installed).toBe(true);
});

it('registration follows: commands are not offered where Easel is not allowed', async () => {
  const contexts = () =>
    world.discord.commands().map(({ name, contexts: places, integration_types: types }) => ({
      name,
      places,
      types,
    }));
  world = await createWorld({ env: { DMS_ENABLED: 'false', USER_INSTALLS_ENABLED: 'false' } });
  for (const { name, places, types } of contexts())
    expect({ name, places, types }).toEqual({ name, places: [0], types: [0] });
  await world.stop();
  await world.start({ DMS_ENABLED: 'true' });
  expect(contexts().find(({ name }) => name === 'imagine')).toMatchObject({ places: [0, 1], types: [0] });
  await world.stop();
  await world.start({ DMS_ENABLED: 'true', USER_INSTALLS_ENABLED: 'true' });
  expect(contexts().find(({ name }) => name === 'Animate')).toMatchObject({
    places: [0, 1, 2],
    types: [0, 1],
  });
});

describe('with ADDITIONAL_PARAMETERS switched off', () => {
  it("buttons of old records don't use them; Edit orders without them", async () => {
    world = await createWorld({ env: { ADDITIONAL_PARAMETERS: 'true' } });
    const ben = world.discord.actor('ben', 'general');
    const additional = '{"seed":7}';
    const picture = await delivered(
      await ben.command('imagine', { prompt: 'a fox', model: 'kling-3.0', additional }),
    );
    const image = { filename: 'fox.png', bytes: await paint(400, 304).png().toBuffer() };
    const clip = await delivered(await ben.command('animate', { prompt: 'it runs', image, additional }));
    const form = await ben.press(picture.id, 'Edit');
    await form.acknowledged;
    const creates = world.mps.tasks.length;
    await world.stop();
    await world.start({ ADDITIONAL_PARAMETERS: 'false' });
    const off = text('en-US', 'error.disabled.additional');
    for (const [message, label] of [
      [picture, 'Again'],
      [picture, 'Redraw in 2K'],
      [clip, 'Again'],
      [clip, 'Again in 1080P'],
    ] as const)
      expect((await answered(await ben.press(message.id, label))).content, label).toBe(off);
    expect(world.mps.tasks).toHaveLength(creates);
    await delivered(await ben.submitModal(form, { prompt: 'an owl' }));
    expect(JSON.stringify(world.mps.tasks.at(-1)?.params)).not.toContain('seed');
  });
});

describe('with clips switched off', () => {
  it('no entry point leads to one', async () => {
    world = await createWorld({ discord: { rateWindow: 0.1 } });
    const ben = world.discord.actor('ben', 'general');
    const painted = await delivered(await ben.command('imagine', { prompt: 'a fox' }));
    const clip = await delivered(await ben.command('animate', { prompt: 'it runs' }));
    const both = await (await ben.command('imagine', { prompt: 'a hare', then_animate: 'it runs' })).until(
      ({ attachments, components }) => attachments.length === 2 && components.length > 0,
    );
    const form = await ben.press(painted.id, 'Animate');
    await form.acknowledged;
    const creates = world.mps.tasks.length;
    await world.stop();
    await world.start({ VIDEO_ENABLED: 'false' });
    const off = text('en-US', 'error.disabled.video');
    const said = async (work: Promise<Invocation>) => saidIn(await answered(await work));
    expect(await said(ben.press(painted.id, 'Animate'))).toBe(off);
    expect(await said(ben.press(clip.id, 'Again'))).toBe(off);
    expect(await said(ben.press(both.id, 'Clip again'))).toBe(off);
    expect(await said(ben.press(both.id, 'Again'))).toContain(off);
    expect(await said(ben.submitModal(form, { prompt: 'it runs' }))).toBe(off);
    for (const words of ['@Easel it runs --duration 5', '@Easel a fox --then "it runs"']) {
      const { id } = await ben.send(words);
      const reply = await world.discord.until((one) => one.replyTo === id && one.author.bot);
      expect(reply.content).toContain(off);
    }
    expect(world.mps.tasks).toHaveLength(creates);
  });
});

describe('a model that is no longer offered', () => {
  it('is used by no entry point: neither by the operator’s setting nor by the server’s', async () => {
    world = await createWorld({ discord: { rateWindow: 0.1 } });
    const [ada, ben] = [world.discord.actor('ada', 'general'), world.discord.actor('ben', 'general')];
    const painted = await delivered(await ben.command('imagine', { prompt: 'a fox', model: 'qwen-0925' }));
    const form = await ben.press(painted.id, 'Edit');
    await form.acknowledged;
    const creates = world.mps.tasks.length;
    const ways = async () => {
      const { id } = await ben.send('@Easel a fox --model qwen-0925');
      const reply = await world.discord.until((one) => one.replyTo === id && one.author.bot);
      return [
        (await answered(await ben.press(painted.id, 'Again'))).content,
        (await answered(await ben.submitModal(form, { prompt: 'an owl' }))).content,
        (await answered(await ben.command('imagine', { prompt: 'a fox', model: 'qwen-0925' }))).content,
        reply.content,
      ];
    };
    await answered(
      await ada.command('settings models_off', { action: 'off', kind: 'image', model: 'qwen-0925' }),
    );
    for (const content of await ways()) expect(content).toMatch(/Qwen|qwen-0925/);
    await answered(
      await ada.command('settings models_off', { action: 'on', kind: 'image', model: 'qwen-0925' }),
    );
    const folder = await mkdtemp(join(tmpdir(), 'easel-models-'));
    const file = join(folder, 'models.json');
    await writeFile(file, JSON.stringify({ image: { 'qwen-0925': { hidden: true } } }));
    await world.stop();
    await world.start({ MODELS_FILE: file });
    for (const content of await ways()) expect(content).toMatch(/qwen-0925/);
    await rm(folder, { recursive: true });
    expect(world.mps.tasks).toHaveLength(creates);
  });
});

describe('a prompt of invisible characters alone', () => {
  it.each([
    ['zero-width spaces', '\u200b\u200b'],
    ['fillers', '\u3164\u115f'],
    ['a blank of Braille', '\u2800'],
    ['directions', '\u202e\u2066'],
    ['tags', '\u{e0041}\u{e0042}'],
  ])('is refused with a sentence before money: %s', async (_, prompt) => {
    world = await createWorld();
    const ben = world.discord.actor('ben', 'general');
    const refused = await answered(await ben.command('imagine', { prompt }));
    expect(refused.content).toBe(text('en-US', 'problem.prompt.missing'));
    const { id } = await ben.send(`@Easel ${prompt}`);
    const reply = await world.discord.until((one) => one.replyTo === id && one.author.bot);
    expect(reply.attachments).toEqual([]);
    expect(world.mps.tasks).toEqual([]);
  });
});

it('no bidirectional controls of a prompt are left in cards, lists, details and file names', async () => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const bidi = /\p{Bidi_Control}/u;
  const picture = await delivered(
    await ben.command('imagine', { prompt: 'a \u202egnp.xof\u2066 fox \u200f!' }),
  );
  const views = [
    picture,
    await answered(await ben.command('tasks')),
    await answered(await ben.press(picture.id, 'Details')),
    await answered(await ben.command('gallery')),
  ];
  const form = await ben.press(picture.id, 'Edit');
  await form.acknowledged;
  for (const view of [...views, form.modal()]) expect(JSON.stringify(view)).not.toMatch(bidi);
  expect(picture.content).toContain('gnp.xof');
});
