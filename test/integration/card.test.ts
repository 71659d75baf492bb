import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { linkTo } from '../../src/discord/views/message-link.js';
import { createWorld, type World } from './world.js';

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

describe('what a button or its form ordered', () => {
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

  it('names nobody where only the asker sees it, and Discord names who used a command', async () => {
    world = await createWorld();
    const secret = await aPicture({ private: true });
    for (const { content } of [
      secret,
      await (await actor('ben').press(secret.id, 'Again')).until(hasPicture),
    ])
      expect(content).not.toMatch(/<@|this message/);
    expect((await aPicture()).content).not.toMatch(/<@|this message/);
  });

  it('a reply to a picture links to it', async () => {
    world = await createWorld();
    const source = await aPicture();
    await actor('mia').send('@Easel it runs', { replyTo: source.id });
    const clip = await world.discord.until(hasClip);
    expect(clip.content).toContain(`from [this message](<${linkOf(source)}>)`);
  });
});
