import type { MessageView } from '@easel/discord-stand-in';
import sharp from 'sharp';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isIntentRefused } from '../../src/discord/rest/errors.js';
import { text } from '../../src/locales/index.js';
import { createWorld, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

let fox: Uint8Array;
beforeAll(async () => {
  const create = { width: 400, height: 304, channels: 3, background: '#c4512d' } as const;
  fox = await sharp({ create }).png().toBuffer();
});

const png = (filename: string) => ({ filename, bytes: fox });

/** The requests to MPS, in order. */
const asked = () => world.mps.tasks;

/** Easel's reply to a message, once it is so. */
function replyTo(message: MessageView, isSo: (reply: MessageView) => boolean): Promise<MessageView> {
  return world.discord.until((one) => one.replyTo === message.id && one.author.bot && isSo(one));
}

const hasFile = ({ attachments }: MessageView) => attachments.length > 0;
const hasClip = ({ attachments }: MessageView) => attachments[0]?.filename.endsWith('.mp4') === true;
const says = (words: string) => (message: MessageView) => message.content.includes(words);

/** Discord's own windows would hold up a test that writes ten messages. */
const quick = { rateWindow: 0.1 };
/** Both sorts of bot: one that sees other users' messages, and one that does not. */
const intent: WorldOptions = {
  discord: { messageContent: true, ...quick },
  env: { MESSAGE_CONTENT_INTENT: 'true' },
};
const kinds = [
  ['without the message-content intent', { discord: quick }],
  ['with the message-content intent', intent],
] as const satisfies readonly (readonly [string, WorldOptions])[];

describe.each(kinds)('%s', (_, options) => {
  it('a mention with words makes a picture from them, in a reply to the user', async () => {
    world = await createWorld(options);
    const ben = world.discord.actor('ben', 'general');
    const message = await ben.send('@Easel a red fox --ar 16:9 --model kling-3.0');
    const picture = await replyTo(message, hasFile);
    expect(picture.content).toContain('a red fox');
    expect(picture.attachments[0]?.filename).toBe('a-red-fox-1.png');
    expect(picture.notified).toEqual([]);
    expect(world.discord.messages('general')).toHaveLength(2);
  });

  it("a reply to Easel's own picture animates it", async () => {
    world = await createWorld(options);
    const ben = world.discord.actor('ben', 'general');
    const picture = await replyTo(await ben.send('@Easel a red fox'), hasFile);
    const mia = world.discord.actor('mia', 'general');
    const message = await mia.send('@Easel it turns --duration 10', { replyTo: picture.id });
    const clip = await replyTo(message, hasClip);
    expect(clip.content).toContain('it turns');
    expect(clip.content).toContain('10 s');
  });

  it("a reply to a command's picture animates it, too", async () => {
    world = await createWorld(options);
    const ben = world.discord.actor('ben', 'general');
    const made = await (await ben.command('imagine', { prompt: 'a red fox' })).until(hasFile);
    const message = await ben.send('@Easel it runs', { replyTo: made.id });
    expect(await replyTo(message, hasClip)).toBeDefined();
  });

  it('a picture in the message itself is animated', async () => {
    world = await createWorld(options);
    const ben = world.discord.actor('ben', 'dm');
    const message = await ben.send('@Easel she smiles', { files: [png('her.png')] });
    expect(await replyTo(message, hasClip)).toBeDefined();
  });

  it('with several pictures the first is animated, or the one whose number comes first', async () => {
    world = await createWorld(options);
    const ben = world.discord.actor('ben', 'general');
    const files = [png('one.png'), { filename: 'two.png', bytes: Buffer.from('no picture') }];
    await replyTo(await ben.send('@Easel it runs', { files }), hasClip);
    const second = await ben.send('@Easel 2: it runs', { files });
    expect((await replyTo(second, says('⚠️'))).content).toContain('two.png');
    const wrong = await ben.send('@Easel 3: it runs', { files });
    const sentence = text('en-US', 'reply.noSuchPicture', { count: 2, asked: 3 });
    expect((await replyTo(wrong, () => true)).content).toBe(sentence);
  });

  it('a wrong option is answered with the right ones, and nothing is ordered', async () => {
    world = await createWorld(options);
    const ben = world.discord.actor('ben', 'general');
    const answer = await replyTo(await ben.send('@Easel a fox --sparkle high'), () => true);
    expect(answer.content).toContain('--sparkle');
    expect(answer.content).toContain('--ar');
    expect(asked()).toEqual([]);
  });

  it('a mention of nothing but Easel is answered with what is possible', async () => {
    world = await createWorld(options);
    const ben = world.discord.actor('ben', 'general');
    expect((await replyTo(await ben.send('@Easel'), () => true)).content).toContain(
      'Mention me with a description',
    );
    const lin = world.discord.actor('lin', 'general');
    const chinese = await lin.send('@Easel 狐狸 --sparkle high');
    expect((await replyTo(chinese, () => true)).content).toContain('没有');
  });

  it('a reply that only pings, other bots, and talk without a mention order nothing', async () => {
    world = await createWorld(options);
    const ben = world.discord.actor('ben', 'general');
    const picture = await replyTo(await ben.send('@Easel a red fox'), hasFile);
    await ben.send('nice!', { replyTo: picture.id });
    await ben.send('Easel is fun');
    await replyTo(await ben.send('@Easel an owl'), hasFile);
    expect(asked()).toHaveLength(2);
  });

  it("if Easel can't attach files, it says so before anything is ordered", async () => {
    world = await createWorld(options);
    const message = await world.discord.actor('ben', 'no-files').send('@Easel a red fox');
    expect((await replyTo(message, () => true)).content).toContain("can't post files");
    expect(asked()).toEqual([]);
  });

  it('prompts ping no one, and names replace mentions', async () => {
    world = await createWorld(options);
    const ben = world.discord.actor('ben', 'general');
    const picture = await replyTo(await ben.send('@Easel a fox for @mia and @everyone **now**'), hasFile);
    expect(picture.notified).toEqual([]);
    expect(picture.content.replaceAll('\\', '')).toContain('a fox for Mia and @everyone **now**');
  });
});

it("without the intent, a reply to someone else's picture is pointed to Apps › Animate", async () => {
  world = await createWorld();
  const theirs = await world.discord.actor('mia', 'general').send('look', { files: [png('fox.png')] });
  const message = await world.discord.actor('ben', 'general').send('@Easel it runs', { replyTo: theirs.id });
  const answer = await replyTo(message, () => true);
  expect(answer.content).toContain('Apps › Animate');
  expect(asked()).toEqual([]);
});

describe('with the intent', () => {
  it.each<[string, (mia: ReturnType<World['discord']['actor']>) => Promise<MessageView>]>([
    ['picture', (mia) => mia.send('look', { files: [png('fox.png')] })],
    ['sticker', (mia) => mia.send('', { stickers: [{ name: 'fox', format: 'png', bytes: fox }] })],
    [
      'forwarded picture',
      async (mia) => mia.forward((await mia.send('look', { files: [png('fox.png')] })).id),
    ],
    [
      'link that was unfurled',
      async (mia) => {
        const url = (await mia.send('look', { files: [png('fox.png')] })).attachments[0]?.url ?? '';
        const thumbnail = { url: 'https://elsewhere.example/fox.png', proxy_url: url };
        return mia.send('https://elsewhere.example/fox.png', { embeds: [{ type: 'image', thumbnail }] });
      },
    ],
  ])("someone else's %s is animated", async (_, show) => {
    world = await createWorld(intent);
    const theirs = await show(world.discord.actor('mia', 'general'));
    const ben = world.discord.actor('ben', 'general');
    const message = await ben.send('@Easel it runs', { replyTo: theirs.id });
    expect(await replyTo(message, hasClip)).toBeDefined();
  });

  it('a sticker that Discord draws itself is explained', async () => {
    world = await createWorld(intent);
    const bytes = Buffer.from('{}');
    const theirs = await world.discord
      .actor('mia', 'general')
      .send('', { stickers: [{ name: 'wave', format: 'lottie', bytes }] });
    const ben = world.discord.actor('ben', 'general');
    const message = await ben.send('@Easel it waves', { replyTo: theirs.id });
    expect((await replyTo(message, () => true)).content).toContain('animated sticker');
  });
});

describe('a bot that stops midway', () => {
  it('resumes after a restart and puts the picture into the same reply', async () => {
    world = await createWorld({ mps: { durations: { image: [1, 1.5], video: [1, 1.5] } } });
    const ben = world.discord.actor('ben', 'general');
    const message = await ben.send('@Easel a red fox');
    const card = await replyTo(message, says('painting'));
    await world.stop();
    await world.start();
    const picture = await replyTo(message, hasFile);
    expect(picture.id).toBe(card.id);
    expect(world.discord.messages('general')).toHaveLength(2);
    expect(asked()).toHaveLength(1);
  });

  it('animates its own picture after a restart', async () => {
    world = await createWorld();
    const ben = world.discord.actor('ben', 'general');
    const picture = await replyTo(await ben.send('@Easel a red fox'), hasFile);
    await world.stop();
    await world.start();
    const message = await ben.send('@Easel it runs', { replyTo: picture.id });
    expect(await replyTo(message, hasClip)).toBeDefined();
  });

  it('reports in a new message the outcome of an order whose reply was deleted', async () => {
    world = await createWorld({ mps: { durations: { image: [1, 1.5], video: [1, 1.5] } } });
    const ben = world.discord.actor('ben', 'general');
    const message = await ben.send('@Easel a red fox');
    const card = await replyTo(message, says('painting'));
    await world.discord.actor('ada', 'general').remove(card.id);
    const picture = await world.discord.until((one) => one.id !== card.id && hasFile(one));
    expect(picture.notified).toEqual([ben.userId]);
  });
});

it('the intent is requested even if the application lacks it, and the operator is alerted', async () => {
  world = await createWorld({ idle: true });
  const refusal = await world.start({ MESSAGE_CONTENT_INTENT: 'true' }).catch((error: unknown) => error);
  expect(isIntentRefused(refusal)).toBe(true);
});

it('where answers are private, a mention is answered with what works instead, and nothing is ordered', async () => {
  world = await createWorld({ discord: quick });
  const [ada, ben] = ['ada', 'ben'].map((name) => world.discord.actor(name, 'general'));
  const set = async (on: boolean) => {
    const answer = await ada?.command('settings private', { on });
    await answer?.until(({ content }) => content !== '');
  };
  await set(true);
  for (const words of ['@Easel a red fox', '@Easel']) {
    const message = await ben?.send(words);
    if (!message) throw new Error('nothing was said');
    const reply = await replyTo(message, says(text('en-US', 'reply.private')));
    expect(reply.content).toContain('/imagine');
    expect(reply.content).toContain('Apps › Animate');
  }
  expect(asked()).toEqual([]);
  await world.stop();
  await world.start({ VIDEO_ENABLED: 'false' });
  const still = await ben?.send('@Easel an owl');
  if (!still) throw new Error('nothing was said');
  expect((await replyTo(still, says('/imagine'))).content).not.toContain('/animate');
  const direct = await ben?.dm.send('@Easel a hare');
  await world.discord.until(
    ({ channelId, attachments }) => channelId === direct?.channelId && attachments.length > 0,
  );
  await set(false);
  const open = await ben?.send('@Easel a badger');
  if (open) await replyTo(open, hasFile);
});
