import type { MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { linkTo } from '../../src/discord/views/message-link.js';
import { text } from '../../src/locales/index.js';
import { asked, createReviewedWorld, member, moderator, paint } from './review-world.js';
import { createWorld, failed, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const late = { timing: { notifyAfterMs: 1 } };
const hasFile = ({ attachments }: MessageView) => attachments.length > 0;
const rings = ({ author, notified }: MessageView) => author.bot && notified.length > 0;
const actor = () => world.discord.actor('ben', 'general');
/** Every message that pinged someone. */
const rung = () => world.discord.messages('general').filter(rings);

describe('a user who waited long', () => {
  it('is pinged after the result, once, and no one else is', async () => {
    world = await createWorld(late);
    const message = await (await actor().command('imagine', { prompt: 'a fox for @everyone' })).until(
      hasFile,
    );
    const ping = await world.discord.until(rings);
    const place = { channelId: message.channelId, messageId: message.id };
    const said = `${text('en-US', 'notify.done.image', { count: 1 })} ${linkTo(place, message.guildId)}`;
    expect(ping.content).toBe(`<@${actor().userId}> ${said}`);
    expect(ping.notified).toEqual([actor().userId]);
    expect(BigInt(ping.id) > BigInt(message.id)).toBe(true);
    await world.stop();
    await world.start();
    expect(rung()).toHaveLength(1);
  });

  it('is pinged in a reply if a message asked', async () => {
    world = await createWorld(late);
    await actor().send('@Easel a red fox');
    const ping = await world.discord.until(rings);
    const picture = world.discord.messages('general').find(hasFile);
    expect(ping.replyTo).toBe(picture?.id);
    expect(ping.notified).toEqual([actor().userId]);
  });

  it('is pinged for a failure, too: with its reason, or below it if a message asked', async () => {
    world = await createWorld(late);
    world.mps.faults.add({ kind: 'fail', message: 'no' });
    await failed(await actor().command('imagine', { prompt: 'a fox' }));
    const ping = await world.discord.until(rings);
    expect(ping).toMatchObject({ ephemeral: true, notified: [actor().userId] });
    expect(ping.content).toContain('⚠️');
    expect(rung()).toHaveLength(1);
    await actor().send('@Easel a red fox');
    const other = await world.discord.until((message) => rings(message) && !message.ephemeral);
    expect(other.content).toContain(text('en-US', 'notify.failed'));
  });

  it('is not told that a result is ready that a moderator rejected', async () => {
    world = await createReviewedWorld({ all: true }, late);
    await paint(member(world));
    await moderator(world).press((await asked(world)).id, 'Reject');
    const ping = await world.discord.until(rings);
    expect(ping.notified).toEqual([actor().userId]);
    expect(ping.content).not.toContain(text('en-US', 'notify.done.image', { count: 1 }));
  });

  it('is pinged privately about private results', async () => {
    world = await createWorld(late);
    const asked = await actor().command('imagine', { prompt: 'a secret fox', private: true });
    await asked.until(hasFile);
    const ping = await asked.until(rings);
    expect(ping.ephemeral).toBe(true);
    expect(world.discord.actor('mia', 'general').messages()).toEqual([]);
  });
});

it('is not pinged after a short wait', async () => {
  world = await createWorld();
  await (await actor().command('imagine', { prompt: 'a red fox' })).until(hasFile);
  await world.stop();
  expect(rung()).toEqual([]);
});
