import { channelTypes } from '@easel/discord-stand-in';
import {
  Events,
  type ForumChannel,
  GatewayIntentBits,
  type MessageReaction,
  Partials,
  type TextChannel,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, next, type Stage } from './discord-stand-in-client.js';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

const { Guilds, GuildMessageReactions } = GatewayIntentBits;

describe('reactions', () => {
  it('reach a client that knows nothing of the message, and can be read by page', async () => {
    const client = await stage.connect({
      intents: [Guilds, GuildMessageReactions],
      partials: [Partials.Message, Partials.Reaction, Partials.User],
    });
    const { discord } = stage;
    const [ada, ben] = [discord.actor('ada', 'general'), discord.actor('ben', 'general')];
    const { id } = await ada.send('look');
    const added = next<MessageReaction>(client, Events.MessageReactionAdd);
    await ben.react(id, '⭐');
    expect((await added).message).toMatchObject({ id, partial: true, guildId: expect.any(String) });
    await ada.react(id, '⭐');
    await ada.react(id, '⭐');

    const channel = (await client.channels.fetch(ada.channelId)) as TextChannel;
    const message = await channel.messages.fetch(id);
    const reaction = message.reactions.cache.get('⭐');
    expect(reaction).toMatchObject({ count: 2, me: false });
    const users = await reaction?.users.fetch({ limit: 1 });
    expect(users?.size).toBe(1);
    await message.react('⭐');
    const removed = next<MessageReaction>(client, Events.MessageReactionRemove);
    await ben.unreact(id, '⭐');
    expect((await removed).message.id).toBe(id);
    expect((await message.fetch(true)).reactions.cache.get('⭐')).toMatchObject({ count: 2, me: true });
    expect(discord.problems).toEqual([]);
  });

  it('need the intent', async () => {
    const client = await stage.connect();
    const heard: unknown[] = [];
    client.on(Events.MessageReactionAdd, (reaction) => heard.push(reaction));
    const ada = stage.discord.actor('ada', 'general');
    await ada.react((await ada.send('look')).id, '⭐');
    // An event that came later has arrived.
    const changed = next(client, Events.ChannelUpdate);
    stage.discord.world.denyBot('general', ['AddReactions']);
    await changed;
    expect(heard).toEqual([]);
  });

  it('are refused without the permission, unless someone else has used the emoji', async () => {
    const { discord } = stage;
    discord.world.addChannel('Foxglove', { name: 'quiet', denyEveryone: ['AddReactions'] });
    const [ada, ben] = [discord.actor('ada', 'quiet'), discord.actor('ben', 'quiet')];
    const { id } = await ada.send('look');
    await expect(ben.react(id, '⭐')).rejects.toThrow('may not react');
  });
});

describe('a forum channel', () => {
  it('takes posts, whose first message has the id of its thread, and no messages', async () => {
    const { discord } = stage;
    const client = await stage.connect();
    const made = next<{ name: string }>(client, Events.ChannelCreate, ({ name }) => name === 'showcase');
    discord.world.addChannel('Foxglove', { name: 'showcase', type: channelTypes.forum });
    const forum = (await made) as unknown as ForumChannel;
    const thread = await forum.threads.create({
      name: 'a red fox',
      message: { content: 'by Ada', files: [{ attachment: Buffer.from('x'), name: 'fox.png' }] },
    });
    expect(thread).toMatchObject({ parentId: forum.id, ownerId: client.user.id });
    expect(discord.message(thread.id)).toMatchObject({
      content: 'by Ada',
      attachments: [{ filename: 'fox.png' }],
    });
    await expect(
      client.rest.post(`/channels/${forum.id}/messages`, { body: { content: 'hello' } }),
    ).rejects.toMatchObject({
      code: 50008,
    });
  });

  it("lets a post's owner rename and archive it, and only a moderator delete it", async () => {
    const { discord } = stage;
    const forum = discord.world.addChannel('Foxglove', { name: 'showcase', type: channelTypes.media });
    const client = await stage.connect();
    const body = { name: 'a red fox', message: { content: 'by Ada' } };
    const { id } = (await client.rest.post(`/channels/${forum.id}/threads`, { body })) as { id: string };
    await client.rest.patch(`/channels/${id}`, { body: { name: 'removed', archived: true } });
    expect(discord.world.channel(id)).toMatchObject({ name: 'removed', archived: true });
    await expect(client.rest.delete(`/channels/${id}`)).rejects.toMatchObject({ code: 50013 });
    discord.world.allowBot(forum.id, ['ManageThreads']);
    await client.rest.delete(`/channels/${id}`);
    expect(discord.message(id)).toBeUndefined();
  });
});
