import type { MessageView } from '@easel/discord-stand-in';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { type TextKey, text } from '../../src/locales/index.js';
import { createWorld, failed, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

/** Ben's client speaks English, Lin's Chinese. */
const people = [
  ['ben', 'en-US'],
  ['lin', 'zh-CN'],
] as const;

/** The final message for the user. */
async function outcomeOf(
  person: string,
  options: Record<string, string>,
  channel = 'general',
): Promise<MessageView> {
  const invocation = await world.discord.actor(person, channel).command('imagine', options);
  return invocation.until(({ content, ephemeral }) => ephemeral || content.includes('⚠️'));
}

/** Words of a text without its params, as a user would see them. */
function opening(locale: 'en-US' | 'zh-CN', key: TextKey): string {
  return text(locale, key).split(/[{.。:：]/)[0] ?? '';
}

describe.each(people)('%s reads', (person, locale) => {
  const cases: readonly [string, WorldOptions, Record<string, string>, TextKey, string?][] = [
    [
      'that the bot is not set up right',
      { env: { TENCENTCLOUD_SECRET_KEY: 'wrong-key-of-the-right-length-000' } },
      {},
      'failure.credentials',
    ],
    ['that the content check refused', {}, { prompt: 'something forbidden' }, 'failure.moderation'],
    [
      'that a prompt of 1001 characters is too long',
      {},
      { prompt: '字'.repeat(1001) },
      'problem.prompt.tooLong',
    ],
    ['that the model is not known', {}, { model: 'kling-99' }, 'problem.model.unknown'],
    ['that the bot may not attach files here', {}, {}, 'error.permission.attach', 'no-files'],
  ];

  it.each(cases)('%s', async (_name, options, command, key, channel) => {
    world = await createWorld(options);
    const message = await outcomeOf(person, { prompt: 'a red fox', ...command }, channel);
    expect(message.content).toContain(opening(locale, key));
    expect(world.mps.tasks).toHaveLength(0);
  });

  it('that MPS refused for good, and what to do', async () => {
    world = await createWorld();
    world.mps.faults.add({ kind: 'fail', message: 'internal words of a machine' });
    const message = await outcomeOf(person, { prompt: 'a red fox' });
    expect(message.content).toContain(opening(locale, 'failure.unsuccessful'));
    expect(message.content).not.toContain('internal words');
  });
});

it('a machine whose clock is ten minutes off still makes pictures', async () => {
  world = await createWorld();
  world.mps.clock.skew(10 * 60_000);
  const invocation = await world.discord.actor('ben', 'general').command('imagine', { prompt: 'a red fox' });
  await invocation.until(({ attachments }) => attachments.length === 1);
});

it('a Create whose answer was lost is not sent again, but the user can order again', async () => {
  world = await createWorld();
  world.mps.faults.add({ kind: 'reset', when: 'after', action: 'CreateAigcImageTask', count: 1 });
  const ben = world.discord.actor('ben', 'general');
  const invocation = await ben.command('imagine', { prompt: 'a red fox' });
  const message = await invocation.until(({ content }) =>
    content.includes(opening('en-US', 'failure.uncertain')),
  );
  expect(world.mps.tasks).toHaveLength(1);
  const again = await ben.press(message.id, 'Try again');
  await again.until(({ attachments }) => attachments.length === 1);
  expect(world.mps.tasks).toHaveLength(2);
});

it('a webp for a clip is converted for MPS, and hosted on the answer until the clip replaces it', async () => {
  world = await createWorld();
  const bytes = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#c4512d' } })
    .webp()
    .toBuffer();
  const image = { filename: 'fox.webp', bytes };
  const invocation = await world.discord
    .actor('ben', 'general')
    .command('animate', { prompt: 'it runs', image });
  const waiting = await invocation.until(({ attachments }) => attachments[0]?.filename === 'source1.jpg');
  expect(waiting.attachments).toHaveLength(1);
  const message = await invocation.until(({ attachments }) => attachments[0]?.filename === 'it-runs-1.mp4');
  expect(message.attachments).toHaveLength(1);
});

it.each([
  ['a renamed text file', Buffer.from('not a picture at all')],
  ['a broken png', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)])],
])('%s is refused before anything is ordered', async (_name, bytes) => {
  world = await createWorld();
  const image = { filename: 'fox.png', bytes };
  const invocation = await world.discord
    .actor('ben', 'general')
    .command('animate', { prompt: 'it runs', image });
  const message = await failed(invocation);
  expect(message.content).toContain(text('en-US', 'failure.source.broken', { name: 'fox.png' }));
  expect(world.mps.tasks).toHaveLength(0);
});
