import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { linkTo } from '../../src/discord/views/message-link.js';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, failed, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const hasClip = ({ attachments }: MessageView) => attachments[0]?.filename.endsWith('.mp4') === true;
const hasPicture = ({ attachments, components }: MessageView) =>
  attachments[0]?.filename.endsWith('.png') === true && components.length > 0;
const actor = (name: string) => world.discord.actor(name, 'general');

async function aPicture(options: Record<string, string | boolean> = {}): Promise<MessageView> {
  return (await actor('ben').command('imagine', { prompt: 'a red fox', ...options })).until(hasPicture);
}

async function sentForm(name: string, message: MessageView, label: string): Promise<Invocation> {
  const form = await actor(name).press(message.id, label);
  await form.acknowledged;
  return actor(name).submitModal(form, { prompt: 'it runs' });
}

describe('an order from a button or its form', () => {
  const linkOf = ({ id, channelId, guildId }: MessageView) => linkTo({ channelId, messageId: id }, guildId);

  it.each([
    ['Again', hasPicture, (name: string, on: MessageView) => actor(name).press(on.id, 'Again')],
    ['Edit', hasPicture, (name: string, on: MessageView) => sentForm(name, on, 'Edit')],
    ['Remix', hasPicture, (name: string, on: MessageView) => sentForm(name, on, 'Remix')],
    ['Animate', hasClip, (name: string, on: MessageView) => sentForm(name, on, 'Animate')],
  ] as const)('says for whom and from which message: %s', async (_, isResult, order) => {
    world = await createWorld();
    const source = await aPicture();
    const result = await (await order('mia', source)).until(isResult);
    expect(result.content).toContain(
      `for <@${actor('mia').userId}> · from [this message](<${linkOf(source)}>)`,
    );
    expect(result.notified).toEqual([]);
  });

  it('mentions no one if only the user who asked sees it, as Discord itself names who used a command', async () => {
    world = await createWorld();
    const secret = await aPicture({ private: true });
    for (const { content } of [
      secret,
      await (await actor('ben').press(secret.id, 'Again')).until(hasPicture),
    ])
      expect(content).not.toMatch(/<@|this message/);
    expect((await aPicture()).content).not.toMatch(/<@|this message/);
  });

  it('links to the picture that a reply was about', async () => {
    world = await createWorld();
    const source = await aPicture();
    await actor('mia').send('@Easel it runs', { replyTo: source.id });
    const clip = await world.discord.until(hasClip);
    expect(clip.content).toContain(`from [this message](<${linkOf(source)}>)`);
  });
});

it('an order is answered with its card at once, and costs no request before the next news', async () => {
  world = await createWorld({ mps: { durations: { image: [0.5, 0.6] } }, timing: { cardsApartMs: 60_000 } });
  const order = await actor('ben').command('imagine', { prompt: 'a red fox' });
  // Discord docs: "Interaction Callback Type", CHANNEL_MESSAGE_WITH_SOURCE.
  expect((await order.acknowledged).type).toBe(4);
  expect(order.message()).toMatchObject({ loading: false, ephemeral: false });
  expect(order.message()?.content).toContain('a red fox');
  await order.until(hasPicture);
  const methods = () =>
    world.discord.requests
      .filter(({ interactionId }) => interactionId === order.id)
      .map(({ method }) => method);
  await expect.poll(methods).toEqual(['POST', 'PATCH']);
});

describe('an order that fails', () => {
  const labels = ({ components }: MessageView) =>
    components.flatMap((row) => row.components ?? []).map(({ label }) => label);
  const secret = 'a fox nobody should read of';
  const saysSo = ({ content }: MessageView) => content.endsWith("'s order failed.");

  async function failing(): Promise<{ card: MessageView; reason: MessageView }> {
    world.mps.faults.add({ kind: 'fail', count: 1 });
    const invocation = await actor('ben').command('imagine', { prompt: secret });
    const reason = await failed(invocation);
    return { reason, card: await invocation.until(saysSo) };
  }

  it('is one line to others, and its reason is shown once, to the user who asked', async () => {
    world = await createWorld();
    const { card, reason } = await failing();
    expect(card).toMatchObject({ content: `<@${actor('ben').userId}>'s order failed.`, notified: [] });
    expect(labels(card)).toEqual(['Why?', 'Delete']);
    expect(reason).toMatchObject({ ephemeral: true, notified: [] });
    expect(reason.content).toBe(`⚠️ ${text('en-US', 'failure.unsuccessful')}`);
    expect(labels(reason)).toEqual(['Try again', 'Edit']);
    await world.stop();
    await world.start();
    const all = world.discord.messages('general');
    expect(all.filter(({ content }) => content.includes('⚠️'))).toHaveLength(1);
    expect(JSON.stringify(all)).not.toContain(secret);
  });

  it('shows why to the user who asked and to moderators, and to no one else', async () => {
    world = await createWorld();
    const { card, reason } = await failing();
    for (const name of ['ben', 'ada'])
      expect((await answered(await actor(name).press(card.id, 'Why?'))).content).toBe(reason.content);
    const other = await answered(await actor('mia').press(card.id, 'Why?'));
    expect(other).toMatchObject({ ephemeral: true, content: text('en-US', 'error.release.notYours') });
  });

  it('can be deleted by the user who asked, even if only moderators delete results', async () => {
    world = await createWorld();
    await answered(await actor('ada').command('settings delete', { on: false }));
    const { card } = await failing();
    await (await actor('ben').press(card.id, 'Delete')).acknowledged;
    await expect.poll(() => world.discord.message(card.id)).toBeUndefined();
  });

  it('of a mention says why in its reply, without the prompt', async () => {
    world = await createWorld();
    world.mps.faults.add({ kind: 'fail', count: 1 });
    await actor('ben').send(`@Easel ${secret}`);
    const reply = await world.discord.until(({ content }) => content.includes('⚠️'));
    expect(reply.content).not.toContain(secret);
    expect(labels(reply)).toEqual(['Try again', 'Edit', 'Delete']);
  });

  it('offers only buttons that can help', async () => {
    world = await createWorld();
    const image = { filename: 'fox.png', bytes: Buffer.from('no picture') };
    const broken = await failed(await actor('ben').command('animate', { prompt: 'it runs', image }));
    expect(labels(broken)).toEqual(['Edit']);
  });
});

it('Details show the remaining quota to the user who asked, and to no one else', async () => {
  world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '4' } });
  const result = await aPicture();
  const details = async (name: string) =>
    (await answered(await actor(name).press(result.id, 'Details'))).content;
  expect(await details('ben')).toContain('You · Pictures today: 1 of 4 used, 3 left');
  expect(await details('mia')).not.toContain('left');
});
