import type { MessageView } from '@easel/discord-stand-in';
import { channelTypes } from '@easel/discord-stand-in';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { giveChance, until } from '../support/until.js';
import { answered, createWorld, isResult, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const unhurried = { durations: { image: [0.4, 0.5], video: [0.4, 0.5] } } as const;
const bad = 'zorblax';
const fox = { prompt: `a red ${bad} fox` };
const says = (words: string) => (message: MessageView) => message.content.includes(words);
const started = () => until('MPS has the order', () => world.mps.tasks.length > 0);
const wordless = text('en-US', 'card.wordless');
const withheld = text('en-US', 'fit.withheld', { original: '' }).slice(0, 40);
const everyText = () =>
  world.discord.world.channels().flatMap(({ id }) => world.discord.messages(id).map((one) => one.content));

describe('AutoMod', () => {
  it.each([200_000, 200_001] as const)('refuses the first card (%i): nothing is ordered', async (code) => {
    world = await createWorld();
    world.discord.world.filters.setAutoMod([{ words: [bad], code, ephemeral: true }]);
    const invocation = await world.discord.actor('ben').command('imagine', fox);
    const message = await invocation.until(says(text('en-US', 'failure.words')));
    expect(message.content).not.toContain(bad);
    expect(world.mps.tasks).toHaveLength(0);
  });

  it('leaves the first answer alone and refuses what follows: the result comes without the words, and says why', async () => {
    world = await createWorld();
    world.discord.world.filters.setAutoMod([{ words: [bad], ephemeral: true, sparesAnswers: true }]);
    const invocation = await world.discord.actor('ben').command('imagine', fox);
    const message = await invocation.until(isResult);
    expect(message.content).toContain(wordless);
    expect(message.content).not.toContain(bad);
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('refuses it in a server that only the user brought Easel to, in Chinese', async () => {
    world = await createWorld();
    world.discord.world.filters.setAutoMod([{ words: [bad] }]);
    const options = { integration: 'user', locale: 'zh-CN' } as const;
    const invocation = await world.discord.actor('ben').command('imagine', fox, options);
    await invocation.until(says(text('zh-CN', 'failure.words')));
    expect(world.mps.tasks).toHaveLength(0);
  });

  it('refuses the reply to a mention: nothing is ordered, and the reason comes without the quote', async () => {
    world = await createWorld();
    world.discord.world.filters.setAutoMod([{ words: [bad] }]);
    await world.discord.actor('ben', 'general').send(`@Easel a red ${bad} fox`);
    const message = await world.discord.until(says(text('en-US', 'failure.words')));
    expect(message.content).not.toContain(bad);
    expect(world.mps.tasks).toHaveLength(0);
  });

  it.each([
    ['AutoMod', () => world.discord.world.filters.setAutoMod([{ words: [bad] }])],
    ['the filter of harmful links', () => world.discord.world.filters.setHarmful([bad])],
  ])('or %s refuses the result: it comes without the words, and says why', async (_, forbid) => {
    world = await createWorld({ mps: unhurried });
    const invocation = await world.discord.actor('ben').command('imagine', fox);
    await started();
    forbid();
    const message = await invocation.until(isResult);
    expect(message.content).toContain(wordless);
    expect(message.content).not.toContain(bad);
    expect(message.attachments[0]?.filename).toBe('easel-1.png');
    expect(JSON.stringify(message.attachments)).not.toContain(bad);
  });

  it.each([
    ['the clip', 'a red fox', `it eats a ${bad}`, '> a red fox'],
    ['the picture', `a red ${bad} fox`, 'it runs', '> it runs'],
  ])(
    'refuses the words of %s of an order of two: those of the other part stay',
    async (_, prompt, then, kept) => {
      world = await createWorld({ mps: unhurried });
      const invocation = await world.discord.actor('ben').command('imagine', { prompt, then_animate: then });
      await started();
      world.discord.world.filters.setAutoMod([{ words: [bad] }]);
      const message = await invocation.until(
        ({ attachments, components }) =>
          attachments.length === 2 && JSON.stringify(components).includes('v1:again:'),
      );
      expect(message.content).toContain(kept);
      expect(message.content.split(wordless)).toHaveLength(2);
      expect(message.content).not.toContain(bad);
    },
  );

  it('refuses it in the channel, once the token has expired', async () => {
    world = await createWorld({ mps: unhurried });
    const invocation = await world.discord.actor('ben').command('imagine', fox);
    await started();
    world.discord.world.filters.setAutoMod([{ words: [bad] }]);
    invocation.expireToken();
    const message = await world.discord.until(isResult, { channel: 'general' });
    expect(message.content).toContain(wordless);
  });

  it('refuses an answer with a quote: there is a reason, and no incident number', async () => {
    world = await createWorld();
    const ben = world.discord.actor('ben', 'general');
    await (await ben.command('imagine', fox)).until(isResult);
    world.discord.world.filters.setAutoMod([{ words: [bad], ephemeral: true }]);
    const list = await answered(await ben.command('tasks'));
    expect(list.content).toBe(text('en-US', 'error.refused.words'));
  });
});

describe('the media filter', () => {
  it('refuses the only file: the outcome says so, and Original links to it', async () => {
    world = await createWorld();
    world.discord.world.filters.setMedia(() => true);
    const invocation = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
    const message = await invocation.until(says(withheld));
    expect(message.attachments).toHaveLength(0);
    expect(JSON.stringify(message.components)).toContain('v1:original:');
    expect(everyText().filter((content) => content.includes(withheld))).toHaveLength(1);
  });

  it('refuses a picture hosted for MPS: the reason is given, and nothing is ordered', async () => {
    world = await createWorld();
    world.discord.world.filters.setMedia(({ filename }) => filename.startsWith('source'));
    const create = { width: 400, height: 320, channels: 3, background: '#c4512d' } as const;
    const image = { filename: 'start.webp', bytes: await sharp({ create }).webp().toBuffer() };
    const order = { prompt: 'it runs', image };
    const invocation = await world.discord.actor('ben').command('animate', order);
    await invocation.until(says(text('en-US', 'failure.source.refused', { name: 'start.webp' })));
    expect(world.mps.tasks).toHaveLength(0);
  });

  it('refuses it in a channel as well', async () => {
    world = await createWorld({ mps: unhurried });
    const invocation = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
    await started();
    world.discord.world.filters.setMedia(() => true);
    invocation.expireToken();
    await world.discord.until(says(withheld), { channel: 'general' });
  });
});

describe('a 200 without the files', () => {
  it.each([1, 2])('%i times in the answer: they are sent again, into the same message', async (times) => {
    world = await createWorld({ mps: unhurried });
    const invocation = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
    await started();
    world.discord.faults.add({ kind: 'noFiles', method: 'PATCH', route: '@original$', times });
    const message = await invocation.until(isResult);
    expect(message.attachments).toHaveLength(1);
    expect(world.discord.messages('general')).toHaveLength(1);
  });

  it('in the answer always: the channel is next, and the answer links there', async () => {
    world = await createWorld({ mps: unhurried });
    const invocation = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
    await started();
    const times = Number.POSITIVE_INFINITY;
    world.discord.faults.add({ kind: 'noFiles', method: 'PATCH', route: '@original$', times });
    const message = await world.discord.until(isResult, { channel: 'general' });
    await until('the answer leads there', () => invocation.message()?.content.includes(message.id) === true);
    expect(world.discord.messages('general').filter(isResult)).toHaveLength(1);
  });

  it('in the channel: they are put into the existing message, since its nonce would return it again', async () => {
    world = await createWorld({ mps: unhurried });
    const invocation = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
    await started();
    invocation.expireToken();
    world.discord.faults.add({ kind: 'noFiles', method: 'POST', route: '^/channels' });
    await world.discord.until(isResult, { channel: 'general' });
    expect(world.discord.messages('general')).toHaveLength(2);
  });
});

it('a message that came without its file, which is refused then, says so in the end', async () => {
  world = await createWorld({ mps: unhurried });
  const invocation = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
  await started();
  // Taken without its file at first; put into it, the filter refuses the file; posted again, the nonce gives the same message.
  world.discord.faults.add({ kind: 'noFiles', method: 'POST', route: '^/channels', times: 1 });
  world.discord.world.filters.setMedia(() => true);
  invocation.expireToken();
  const message = await world.discord.until(says(withheld), { channel: 'general' });
  expect(message.attachments).toEqual([]);
  expect(world.discord.messages('general').filter(says('a red fox'))).toHaveLength(2);
  expect(world.mps.tasks).toHaveLength(1);
});

describe('a card whose outcome was posted elsewhere', () => {
  it('links there once the token has expired', async () => {
    world = await createWorld({ mps: unhurried });
    const invocation = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
    await started();
    invocation.expireToken();
    const message = await world.discord.until(isResult, { channel: 'general' });
    await until('the card leads there', () => invocation.message()?.content.includes(message.id) === true);
    expect(invocation.message()?.components).toEqual([]);
  });

  it('is left as it is if it holds a picture, and only the clip of that picture is elsewhere', async () => {
    world = await createWorld({ mps: { durations: { image: [0.1, 0.2], video: [1.5, 1.6] } } });
    const order = { prompt: 'a red fox', then_animate: 'it runs' };
    const invocation = await world.discord.actor('ben').command('imagine', order);
    const hasClip = ({ attachments }: MessageView) =>
      attachments.some(({ filename }) => filename.endsWith('.mp4'));
    const picture = await invocation.until(isResult);
    await until('the clip is ordered', () => world.mps.tasks.length === 2);
    invocation.expireToken();
    await world.discord.until(hasClip, { channel: 'general' });
    // Whatever comes after the post would have come by now.
    await giveChance(500);
    expect(world.discord.message(picture.id)?.attachments).toHaveLength(1);
    await world.discord.fetchAttachment(picture.id);
  });

  it('says that it came in a direct message if the channel is closed', async () => {
    world = await createWorld({ mps: unhurried });
    const invocation = await world.discord.actor('ben').command('imagine', { prompt: 'a red fox' });
    await started();
    invocation.expireToken();
    world.discord.world.denyBot('general', ['SendMessages']);
    await world.discord.until(isResult, { channel: 'dm:ben' });
    const moved = text('en-US', 'card.moved.result.direct');
    await until('the card says so', () => invocation.message()?.content === moved);
  });
});

describe('a thread that is locked', () => {
  async function inThread(): Promise<string> {
    world = await createWorld({ mps: unhurried });
    const { world: places } = world.discord;
    const [guild] = places.guilds();
    const parentId = places.channel('general').id;
    return places.addChannel(guild?.id ?? '', { name: 'tales', type: channelTypes.publicThread, parentId })
      .id;
  }

  it('accepts no reply: the reason comes in a direct message, and nothing is ordered or refused', async () => {
    const thread = await inThread();
    world.discord.world.setThread(thread, { locked: true });
    await world.discord.actor('ben', thread).send('@Easel a red fox');
    await world.discord.until(says(text('en-US', 'error.thread.locked')), { channel: 'dm:ben' });
    expect(world.mps.tasks).toHaveLength(0);
    expect(world.discord.requests.filter(({ status }) => status >= 400)).toEqual([]);
  });

  it.each([
    ['locked', 'imagine', { prompt: 'a red fox' }],
    ['archived', 'imagine', { prompt: 'a red fox' }],
    ['locked', 'quota show', {}],
  ] as const)(
    '(%s) takes no answer to /%s: the reason comes in a direct message, nothing is ordered',
    async (how, command, options) => {
      const thread = await inThread();
      world.discord.world.setThread(thread, { [how]: true });
      await world.discord.actor('ben', thread).command(command, options);
      await world.discord.until(says(text('en-US', 'error.thread.locked')), { channel: 'dm:ben' });
      expect(world.mps.tasks).toHaveLength(0);
    },
  );

  it('accepts both from a bot that can manage threads', async () => {
    const thread = await inThread();
    world.discord.world.setThread(thread, { locked: true });
    world.discord.world.allowBot('general', ['ManageThreads']);
    await world.discord.actor('ben', thread).send('@Easel a red fox');
    await world.discord.until(isResult, { channel: thread });
  });

  it('or archived without an event: the right reason comes, and nothing is ordered', async () => {
    const thread = await inThread();
    const closed = world.discord.world.channel(thread);
    closed.archived = true;
    await world.discord.actor('ben', thread).send('@Easel a red fox');
    await world.discord.until(says(text('en-US', 'failure.unpostable')), { channel: 'dm:ben' });
    expect(world.mps.tasks).toHaveLength(0);
  });

  it('while the clip is made: the user gets the result in a direct message', async () => {
    const thread = await inThread();
    await world.discord.actor('ben', thread).send('@Easel a red fox');
    await started();
    world.discord.world.setThread(thread, { locked: true });
    await world.discord.until(isResult, { channel: 'dm:ben' });
  });
});
