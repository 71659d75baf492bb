import type { MessageView } from '@easel/discord-stand-in';
import sharp from 'sharp';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { GatewayClosedError } from '../../src/app/app.js';
import { text } from '../../src/locales/index.js';
import { type CollectingLog, createCollectingLog } from '../support/log.js';
import { until } from '../support/until.js';
import { createWorld, type World } from './world.js';

let world: World;
let log: CollectingLog;
afterEach(() => world.close());

let fox: Uint8Array;
beforeAll(async () => {
  const create = { width: 400, height: 304, channels: 3, background: '#c4512d' } as const;
  fox = await sharp({ create }).png().toBuffer();
});

async function open(messageContent: boolean, idle = false): Promise<void> {
  log = createCollectingLog();
  world = await createWorld({ discord: { messageContent, rateWindow: 0.1 }, log, idle });
}

/** Ben posts a picture without a word to Easel, and Mia replies to it. Returns Easel's first reply that matches. */
async function animateBens(isSo: (message: MessageView) => boolean): Promise<MessageView> {
  const [ben, mia] = [world.discord.actor('ben', 'general'), world.discord.actor('mia', 'general')];
  const picture = await ben.send('my fox', { files: [{ filename: 'fox.png', bytes: fox }] });
  const message = await mia.send('@Easel it runs', { replyTo: picture.id });
  return world.discord.until((one) => one.replyTo === message.id && one.author.bot && isSo(one));
}

const hasClip = ({ attachments }: MessageView) => attachments[0]?.filename.endsWith('.mp4') === true;
const said = (words: string) => log.lines.some(({ message }) => message.includes(words));
const portal = (messageContent: boolean) =>
  fetch(`${world.discord.origin}/_control/portal`, {
    method: 'PUT',
    body: JSON.stringify({ messageContent }),
  });

it('by default another user’s picture can be animated as soon as the portal has the intent switched on', async () => {
  await open(true);
  expect(await animateBens(hasClip)).toBeDefined();
  expect(said('the Message Content Intent is on')).toBe(true);
});

it('without the intent a member reads one short sentence with the alternative, and the operator the variable', async () => {
  await open(false);
  const { content } = await animateBens(() => true);
  expect(content).toBe(text('en-US', 'reply.withheld'));
  for (const locale of ['en-US', 'zh-CN'] as const) {
    const sentence = text(locale, 'reply.withheld');
    expect(sentence).toContain(locale === 'en-US' ? 'Apps › Animate' : '应用 › 动起来');
    expect(sentence).not.toMatch(/_|intent|operator/i);
    expect(sentence.length).toBeLessThan(120);
  }
  const told = log.lines.filter(({ details }) => JSON.stringify(details).includes('MESSAGE_CONTENT_INTENT'));
  expect(told.map(({ level }) => level)).toEqual(['warn', 'info']);
  expect(JSON.stringify(told[0]?.details)).toContain('Developer Portal');
});

it('a switch in the portal takes effect at once for the message replied to, which is read over REST', async () => {
  await open(false);
  await portal(true);
  expect(await animateBens(hasClip)).toBeDefined();
});

it('if the gateway refuses the intent that the flags granted, Easel reconnects without it', async () => {
  await open(true, true);
  const { discord } = world;
  discord.events.on('request', ({ path }) => {
    if (path.endsWith('/applications/@me')) discord.portal.messageContent = false;
  });
  await world.start();
  expect(said('the gateway refused the Message Content Intent')).toBe(true);
  const { content } = await animateBens(() => true);
  expect(content).toBe(text('en-US', 'reply.withheld'));
});

it('if the intent is withdrawn while Easel is connected, it continues without it', async () => {
  await open(true);
  await portal(false);
  world.discord.gateway.faults.invalidSession(false);
  await until('it has identified again', () => world.discord.gateway.identifies === 2);
  await world.discord.ready();
  const { content } = await animateBens(() => true);
  expect(content).toBe(text('en-US', 'reply.withheld'));
});

it('with MESSAGE_CONTENT_INTENT=true a withdrawal ends Easel, as the operator has chosen', async () => {
  await open(true, true);
  const fatal: Error[] = [];
  const app = await world.create({ MESSAGE_CONTENT_INTENT: 'true' }, (error) => fatal.push(error));
  await app.start();
  world.discord.gateway.faults.drop(4014);
  await until('it ends', () => fatal.length > 0);
  expect(fatal).toEqual([new GatewayClosedError(4014)]);
  await app.stop();
});

it('with MESSAGE_CONTENT_INTENT=false it is never requested', async () => {
  await open(true, true);
  await world.start({ MESSAGE_CONTENT_INTENT: 'false' });
  expect(world.discord.requests.some(({ path }) => path.endsWith('/applications/@me'))).toBe(false);
});
