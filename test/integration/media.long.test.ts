import type { MessageView, SendSettings, Upload } from '@easel/discord-stand-in';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { paint } from '../support/images.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, failed, type World } from './world.js';

let world: World;
afterEach(() => world.close());
let fox: Uint8Array;
let webp: Uint8Array;
beforeAll(async () => {
  fox = await paint(400, 304).png().toBuffer();
  webp = await paint(400, 304).webp().toBuffer();
});

const hasClip = ({ attachments }: MessageView) => attachments[0]?.filename.endsWith('.mp4') === true;
const asked = () => world.mps.tasks;
/** Easel's reply to a message, once it is so. */
const replyTo = (message: MessageView, isSo: (reply: MessageView) => boolean = () => true) =>
  world.discord.until((one) => one.replyTo === message.id && one.author.bot && isSo(one));

/** A bot that sees everyone's messages, and someone else's bot beside it. */
async function open() {
  world = await createWorld({
    discord: { messageContent: true, rateWindow: 0.1 },
    env: { MESSAGE_CONTENT_INTENT: 'true' },
    timing: { retryMs: 10 },
  });
  world.discord.world.addUser({ username: 'painter', bot: true });
  world.discord.world.addMember('Foxglove', 'painter');
  return {
    painter: world.discord.actor('painter', 'general'),
    ben: world.discord.actor('ben', 'general'),
    mia: world.discord.actor('mia', 'general'),
  };
}

const media = { url: 'attachment://fox.png' };
const words = { type: 10, content: 'a fox' };
const gallery = { type: 12, items: [{ media, description: 'a fox' }] };
const withThumbnail = { type: 9, components: [words], accessory: { type: 11, media } };
/** Positions where a Components V2 message can have a picture. */
const places = {
  'a gallery': [gallery],
  'a thumbnail': [withThumbnail],
  'a file': [{ type: 13, file: media }],
  'a container': [{ type: 17, components: [words, gallery] }],
  'a section in a container': [{ type: 17, components: [withThumbnail] }],
  'a file in a container': [{ type: 17, components: [words, { type: 14 }, { type: 13, file: media }] }],
} satisfies Record<string, SendSettings['components']>;

describe.each(Object.entries(places))('a picture in %s', (_, components) => {
  const show = async () => {
    const people = await open();
    const files = [{ filename: 'fox.png', bytes: webp }];
    return { ...people, shown: await people.painter.send('', { components, files }) };
  };

  it('can be animated by a reply, also if it was forwarded', async () => {
    const { ben, mia, shown } = await show();
    await replyTo(await ben.send('@Easel it runs', { replyTo: shown.id }), hasClip);
    const forwarded = await mia.forward(shown.id);
    await replyTo(await ben.send('@Easel it runs', { replyTo: forwarded.id }), hasClip);
    expect(asked().map(({ action }) => action)).toEqual(Array(2).fill('CreateAigcVideoTask'));
  });

  it('can be animated by Apps › Animate, also if it was forwarded', async () => {
    const { ben, mia, shown } = await show();
    for (const { id } of [shown, await mia.forward(shown.id)]) {
      const form = await ben.messageCommand('Animate', id);
      await form.acknowledged;
      await delivered(await ben.submitModal(form, { prompt: 'it runs' }));
    }
    expect(asked().map(({ action }) => action)).toEqual(Array(2).fill('CreateAigcVideoTask'));
  });
});

describe('a file', () => {
  const sorts: readonly (readonly [string, Omit<Upload, 'bytes'>])[] = [
    ['of bytes and a telling name', { filename: 'fox.png', announced: 'application/octet-stream' }],
    ['of no type and a telling name', { filename: 'FOX.JPEG', announced: null }],
    ['that says nothing of itself', { filename: 'fox', announced: 'application/octet-stream' }],
    ['with a name that lies', { filename: 'fox.gif', announced: 'image/gif' }],
  ];
  it.each(sorts)('%s can be animated: its bytes decide in the end', async (_, file) => {
    const { ben, mia } = await open();
    const files = [{ ...file, bytes: fox }];
    const theirs = await mia.send('look', { files });
    await replyTo(await ben.send('@Easel it runs', { replyTo: theirs.id }), hasClip);
    await replyTo(await ben.send('@Easel it runs', { files }), hasClip);
    const form = await ben.messageCommand('Animate', theirs.id);
    await form.acknowledged;
    await delivered(await ben.submitModal(form, { prompt: 'it runs' }));
    expect(asked().every(({ action }) => action === 'CreateAigcVideoTask')).toBe(true);
  });

  const none = Buffer.from('no picture at all');
  const useless: readonly (readonly [string, Upload, string])[] = [
    ['an archive', { filename: 'fox.zip', bytes: none }, text('en-US', 'media.useless', { name: 'fox.zip' })],
  ];
  it.each(useless)('that is %s is reported, and nothing is ordered', async (_, file, sentence) => {
    const { ben, mia } = await open();
    const theirs = await mia.send('look', { files: [file] });
    for (const replied of [theirs, await mia.forward(theirs.id)]) {
      const message = await ben.send('@Easel it runs', { replyTo: replied.id });
      expect((await replyTo(message)).content).toBe(sentence);
    }
    expect((await replyTo(await ben.send('@Easel it runs', { files: [file] }))).content).toBe(sentence);
    const refused = await answered(await ben.messageCommand('Animate', theirs.id));
    expect(refused.content).toBe(sentence);
    expect(asked()).toEqual([]);
  });

  it.each(['fox.mp4', 'fox.mov'])('that is a clip (%s) is changed, and not animated', async (filename) => {
    const { ben, mia } = await open();
    const theirs = await mia.send('look', { files: [{ filename, bytes: none, announced: null }] });
    const card = await replyTo(await ben.send('@Easel it runs', { replyTo: theirs.id }));
    // Its bytes are none of a clip, which is seen once it is looked at.
    await until('it has been looked at', () => {
      const said = world.discord.message(card.id)?.content ?? '';
      return !said.includes(text('en-US', 'card.received'));
    });
    const refused = await answered(await ben.messageCommand('Animate', theirs.id));
    expect(refused.content).toBe(text('en-US', 'media.clip', { name: filename }));
    expect(asked()).toEqual([]);
  });

  it('that is not a picture is refused by its bytes, and nothing is charged', async () => {
    const { ben, mia } = await open();
    const bytes = Buffer.from('%PDF-1.7 no picture');
    const theirs = await mia.send('', {
      files: [{ filename: 'fox', bytes, announced: 'application/octet-stream' }],
    });
    const reply = await replyTo(await ben.send('@Easel it runs', { replyTo: theirs.id }), ({ content }) =>
      content.includes('⚠️'),
    );
    expect(reply.content).toContain('pdf');
    expect(asked()).toEqual([]);
  });

  it('of text beside the prompt changes nothing', async () => {
    const { ben } = await open();
    const files = [{ filename: 'message.txt', bytes: Buffer.from('a long story') }];
    const message = await ben.send('@Easel a red fox', { files });
    await replyTo(message, ({ attachments }) => attachments[0]?.filename === 'a-red-fox-1.png');
  });
});

it('a component whose picture Discord has no copy of is reported, and its address is not opened', async () => {
  const { ben, painter } = await open();
  const items = [{ media: { url: 'http://169.254.169.254/fox.png' } }];
  const theirs = await painter.send('', { components: [{ type: 12, items }] });
  const message = await ben.send('@Easel it runs', { replyTo: theirs.id });
  expect((await replyTo(message)).content).toBe(text('en-US', 'media.useless', { name: 'fox.png' }));
  expect(asked()).toEqual([]);
});

it('a reply to a card whose picture is still to come orders nothing', async () => {
  world = await createWorld({
    discord: { rateWindow: 0.1 },
    mps: { durations: { image: [2, 2.5], video: [2, 2.5] } },
  });
  const ben = world.discord.actor('ben', 'general');
  const order = await ben.command('imagine', { prompt: 'a fox' });
  const card = await order.until(({ content }) => content.includes('painting'));
  const message = await ben.send('@Easel it runs', { replyTo: card.id });
  expect((await replyTo(message)).content).toBe(text('en-US', 'reply.unfinished'));
  await delivered(order);
  await replyTo(await ben.send('@Easel it runs', { replyTo: card.id }), hasClip);
  expect(asked()).toHaveLength(2);
});

describe('if the CDN fails', () => {
  let ben: Awaited<ReturnType<typeof open>>['ben'];
  let mia: Awaited<ReturnType<typeof open>>['mia'];
  beforeEach(async () => {
    ({ ben, mia } = await open());
  });
  const failing = (status: number, times: number) =>
    world.discord.faults.add({ kind: 'status', status, times, at: 'cdn', route: 'fox' });

  it.each([503, 403])('once or twice with %i, a picture is requested again', async (status) => {
    failing(status, 2);
    const image = { filename: 'fox.webp', bytes: webp };
    await delivered(await ben.command('animate', { prompt: 'it runs', image }));
    failing(status, 2);
    await replyTo(await ben.send('@Easel it runs', { files: [image] }), hasClip);
  });

  it('for good, the order fails with a sentence after three tries', async () => {
    failing(503, 100);
    const image = { filename: 'fox.png', bytes: fox };
    const message = await failed(await ben.command('animate', { prompt: 'it runs', image }));
    expect(message.content).toContain(text('en-US', 'failure.source.unreachable', { name: 'fox.png' }));
    expect(asked()).toEqual([]);
    world.discord.faults.clear();
  });

  it("an expired link is replaced by the message's current one", async () => {
    const theirs = await mia.send('look', { files: [{ filename: 'fox.png', bytes: fox }] });
    const form = await ben.messageCommand('Animate', theirs.id);
    await form.acknowledged;
    world.discord.clock.advance(25 * 60 * 60_000);
    await delivered(await ben.submitModal(form, { prompt: 'it runs' }));
  });

  it('a missing message is requested once', async () => {
    const theirs = await mia.send('look', { files: [{ filename: 'fox.png', bytes: fox }] });
    const form = await ben.messageCommand('Animate', theirs.id);
    await form.acknowledged;
    await mia.remove(theirs.id);
    const message = await failed(await ben.submitModal(form, { prompt: 'it runs' }));
    expect(message.content).toContain('fox.png');
    const path = `/channels/${ben.channelId}/messages/${theirs.id}`;
    expect(world.discord.requests.filter((one) => one.path === path)).toHaveLength(1);
  });
});
