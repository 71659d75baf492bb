import { once } from 'node:events';
import {
  type Channel,
  Client,
  Events,
  GatewayIntentBits,
  type Message,
  MessageType,
  Partials,
} from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createStage, echo, next, type Stage } from './discord-stand-in-client.js';

const { Guilds, GuildMessages, DirectMessages, MessageContent, GuildMembers } = GatewayIntentBits;
let stage: Stage;

beforeEach(async () => {
  stage = await createStage({ heartbeatIntervalMs: 200, identifyConcurrency: 2 });
});

afterEach(async () => {
  await stage.close();
});

test('a bot receives its guilds, channels, roles and itself', async () => {
  const client = await stage.connect();
  expect(client.user.username).toBe('Easel');
  expect(client.application.id).toBe(stage.discord.applicationId);
  expect(client.guilds.cache.map(({ name }) => name)).toEqual(['Foxglove', 'Night Workshop']);
  const guild = client.guilds.cache.first();
  expect(guild?.channels.cache.map(({ name }) => name)).toEqual([
    'general',
    'studio',
    'no-files',
    'after-dark',
  ]);
  expect(guild?.members.me?.permissions.has('SendMessages')).toBe(true);
  const noFiles = guild?.channels.cache.find(({ name }) => name === 'no-files');
  expect(noFiles?.permissionsFor(client.user)?.has('AttachFiles')).toBe(false);
});

test('what happened between two connections is replayed once after the resume', async () => {
  const client = await stage.connect({ intents: [Guilds, GuildMessages] });
  const { discord } = stage;
  const seen: string[] = [];
  client.on(Events.MessageCreate, ({ content, author }) => seen.push(content || author.username));
  const resumed = once(client, Events.ShardResume);
  discord.gateway.faults.drop(4000);
  await discord.actor('ben').send('<@1> not for the bot');
  await discord.actor('mia').send(`<@${discord.applicationId}> while away`);
  await resumed;
  await discord.actor('mia').send(`<@${discord.applicationId}> back`);
  await next(client, Events.MessageCreate, ({ content }: Message) => content.endsWith('back'));
  expect(seen).toEqual(['ben', `<@${discord.applicationId}> while away`, `<@${discord.applicationId}> back`]);
  expect(discord.gateway).toMatchObject({ identifies: 1, resumes: 1 });
});

test('a connection that dies silently, and one asked to reconnect, are resumed', async () => {
  const client = await stage.connect();
  for (const fault of [
    () => stage.discord.gateway.faults.drop(),
    () => stage.discord.gateway.faults.reconnect(),
    () => stage.discord.gateway.faults.invalidSession(true),
  ]) {
    const resumed = once(client, Events.ShardResume);
    fault();
    await resumed;
  }
  expect(stage.discord.gateway).toMatchObject({ identifies: 1, resumes: 3 });
});

test('a connection without heartbeat answers is closed as dead', async () => {
  const client = await stage.connect();
  const resumed = once(client, Events.ShardResume);
  stage.discord.gateway.faults.stopHeartbeatAcks();
  await once(client, Events.ShardReconnecting);
  stage.discord.gateway.faults.stopHeartbeatAcks(false);
  await resumed;
});

test('an invalid session makes the bot identify again', async () => {
  // By itself discord.js would wait five seconds.
  const ws = { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => {} }) };
  const open = await createStage({ identifyWindowMs: 0 });
  const client = await open.connect({ ws });
  const ready = once(client, Events.ShardReady);
  open.discord.gateway.faults.invalidSession(false);
  await ready;
  expect(open.discord.gateway).toMatchObject({ identifies: 2, resumes: 0 });
  await open.close();
});

test('events can come twice: replayed under their old number, or duplicated', async () => {
  const client = await stage.connect({ intents: [Guilds, GuildMessages] });
  const { discord } = stage;
  const seen: unknown[] = [];
  // discord.js drops a message that it knows; the raw events show what arrived.
  client.on('raw', ({ t, s, d }) => t === 'MESSAGE_CREATE' && seen.push([s, d.content]));
  const raw = (count: number): Promise<unknown> => next(client, 'raw', () => seen.length === count);
  const one = raw(1);
  await discord.actor('ben').send('@Easel one');
  await one;
  const again = raw(2);
  discord.gateway.faults.replay(1);
  await again;
  discord.gateway.faults.duplicate('MESSAGE_CREATE');
  const twice = raw(4);
  await discord.actor('ben').send('@Easel two');
  await twice;
  const [first, replayed, second, doubled] = seen;
  expect(replayed).toEqual(first);
  expect(doubled).toEqual([expect.any(Number), `<@${discord.applicationId}> two`]);
  expect(doubled).not.toEqual(second);
});

test('shards get their own guilds', async () => {
  const client = await stage.connect({ shardCount: 2 });
  await stage.discord.ready({ commands: false });
  expect(client.guilds.cache.size).toBe(2);
  for (const guild of client.guilds.cache.values())
    expect(guild.shardId).toBe(Number((BigInt(guild.id) >> 22n) % 2n));
});

test.each([
  ['a wrong token', { token: 'MTIz.a.b' }, 4004],
  ['unknown intents', { intents: 1 << 30 }, 4013],
  ['intents that were not granted', { intents: MessageContent }, 4014],
  ['an impossible shard', { shard: [2, 2] }, 4010],
  ['no properties', { properties: undefined }, 4002],
])('%s ends the connection', async (_, fields, code) => {
  const { discord } = stage;
  const socket = new WebSocket(`${discord.origin.replace('http', 'ws')}/gateway/?v=10&encoding=json`);
  await once(socket, 'message');
  const identify = { token: discord.token, intents: 1, properties: { os: 'linux' }, ...fields };
  socket.send(JSON.stringify({ op: 2, d: identify }));
  await expect(once(socket, 'close')).resolves.toContain(code);
});

test("a bot with a wrong token can't log in", async () => {
  const client = new Client({ intents: [Guilds], rest: { api: stage.discord.apiUrl } });
  await expect(client.login('MTIz.a.b')).rejects.toThrow('invalid token');
  await client.destroy();
});

test('without the intent only DMs, mentions and its own messages show their content', async () => {
  const { discord } = stage;
  const client = await stage.connect({
    intents: [Guilds, GuildMessages, DirectMessages],
    partials: [Partials.Channel],
  });
  const ben = discord.actor('ben');
  const file = { filename: 'fox.png', bytes: Buffer.from('x') };
  const read = async (act: () => Promise<unknown>): Promise<Message> => {
    const arrived = next<Message>(client, Events.MessageCreate);
    await act();
    return arrived;
  };
  const plain = await read(() => ben.send('secret', { files: [file] }));
  expect([plain.content, plain.attachments.size]).toEqual(['', 0]);
  const mention = await read(() => ben.send('@Easel a fox', { files: [file] }));
  expect(mention.content).toBe(`<@${discord.applicationId}> a fox`);
  expect(mention.attachments.first()?.name).toBe('fox.png');
  const own = await read(async () => sendMine(await client.channels.fetch(ben.channelId)));
  expect(own.content).toBe('mine');
  const reply = await read(() => ben.send('she turns', { replyTo: own.id }));
  expect(reply).toMatchObject({ content: 'she turns', type: MessageType.Reply });
  const quiet = await read(() => ben.send('she turns', { replyTo: own.id, mentionReply: false }));
  expect(quiet.content).toBe('');
  const replyToOther = await read(() => ben.send('@Easel it runs', { replyTo: plain.id }));
  expect(replyToOther.content).toBe(`<@${discord.applicationId}> it runs`);
  expect((await replyToOther.fetchReference()).content).toBe('');
  const direct = await read(() => ben.dm.send('just us'));
  expect(direct.content).toBe('just us');
  expect(direct.channel.isDMBased()).toBe(true);
});

async function sendMine(channel: Channel | null): Promise<unknown> {
  if (!channel?.isSendable()) throw new Error('no channel to send to');
  return channel.send('mine');
}

test("a reply to an interaction's answer is not a mention of the bot", async () => {
  const { discord } = stage;
  const client = await stage.connect({
    intents: [Guilds, GuildMessages],
    commands: [echo],
    onInteraction: (interaction) => interaction.isRepliable() && interaction.reply('an answer'),
  });
  const ben = discord.actor('ben');
  const answer = await (await ben.command('echo', { text: 'x' })).until(
    ({ content }) => content === 'an answer',
  );
  const arrived = next<Message>(client, Events.MessageCreate, ({ author }: Message) => !author.bot);
  await ben.send('she turns', { replyTo: answer.id });
  expect((await arrived).content).toBe('');
});

test('with the intent granted and requested, all content shows', async () => {
  const open = await createStage({ messageContent: true });
  const client = await open.connect({ intents: [Guilds, GuildMessages, MessageContent] });
  const arrived = next<Message>(client, Events.MessageCreate);
  await open.discord.actor('ben').send('secret');
  expect((await arrived).content).toBe('secret');
  await open.close();
});

test('a forwarded message carries its content', async () => {
  const { discord } = stage;
  const client = await stage.connect({
    intents: [Guilds, GuildMessages, DirectMessages],
    partials: [Partials.Channel],
  });
  const ben = discord.actor('ben');
  const original = await ben.send('look', { files: [{ filename: 'fox.png', bytes: Buffer.from('x') }] });
  const arrived = next<Message>(client, Events.MessageCreate, ({ guildId }: Message) => guildId === null);
  await ben.dm.forward(original.id);
  const snapshot = (await arrived).messageSnapshots.first();
  expect(snapshot?.content).toBe('look');
  expect(snapshot?.attachments?.first()?.name).toBe('fox.png');
});

test('a sticker comes with its format and a link', async () => {
  const { discord } = stage;
  const client = await stage.connect({ intents: [Guilds, GuildMessages], rest: { cdn: discord.origin } });
  const arrived = next<Message>(client, Events.MessageCreate);
  const sticker = { name: 'fox', format: 'lottie', bytes: Buffer.from('{}') } as const;
  await discord.actor('ben').send('', { stickers: [sticker] });
  const received = (await arrived).stickers.first();
  expect(received).toMatchObject({ name: 'fox', format: 3 });
  expect(await (await fetch(received?.url ?? '')).text()).toBe('{}');
});

test("users can delete their own messages, moderators anyone's", async () => {
  const { discord } = stage;
  const { id } = await discord.actor('ben').send('hello');
  await expect(discord.actor('mia').remove(id)).rejects.toThrow('not a message of mia');
  await discord.actor('ada').remove(id);
  expect(discord.message(id)).toBeUndefined();
});

test('edits, deletions, new guilds and changed permissions are dispatched', async () => {
  const { discord } = stage;
  const client = await stage.connect({ intents: [Guilds, GuildMessages] });
  const ben = discord.actor('ben');
  const { id } = await ben.send('@Easel one');
  const edited = next(client, 'raw', ({ t }: { t: string }) => t === 'MESSAGE_UPDATE');
  await ben.edit(id, '@Easel two');
  expect(await edited).toMatchObject({ d: { id, content: `<@${discord.applicationId}> two` } });
  const gone = next(client, 'raw', ({ t }: { t: string }) => t === 'MESSAGE_DELETE');
  await ben.remove(id);
  expect(await gone).toMatchObject({ d: { id } });
  const joined = once(client, Events.GuildCreate);
  discord.world.addGuild({ name: 'Third' });
  await joined;
  const changed = once(client, Events.ChannelUpdate);
  discord.world.denyBot('general', ['SendMessages']);
  await changed;
  const channel = await client.channels.fetch(ben.channelId);
  expect(
    channel?.isTextBased() &&
      'permissionsFor' in channel &&
      channel.permissionsFor(client.user)?.has('SendMessages'),
  ).toBe(false);
});

test('members need their own intent', async () => {
  const socketClosed = stage.connect({ intents: [GuildMembers] });
  await expect(socketClosed).rejects.toThrow('disallowed intents');
});

test('shards that identify faster than allowed get an invalid session, in any process', async () => {
  const open = await createStage({ identifyConcurrency: 2, identifyWindowMs: 5_000 });
  const identify = async (id: number): Promise<number> => {
    const socket = new WebSocket(`${open.discord.origin.replace('http', 'ws')}/gateway/?v=10&encoding=json`);
    await once(socket, 'message');
    const answer = once(socket, 'message');
    const d = { token: open.discord.token, intents: 1, properties: { os: 'linux' }, shard: [id, 4] };
    socket.send(JSON.stringify({ op: 2, d }));
    const [data] = await answer;
    const { op } = JSON.parse(String(data));
    return op;
  };
  expect([await identify(0), await identify(1), await identify(2), await identify(3)]).toEqual([0, 0, 9, 9]);
  await open.close();
});

test('guilds are distributed over shards by id, direct messages go to the first', async () => {
  const { discord } = stage;
  discord.world.addGuild({ name: 'Odd', id: String((7n << 22n) | (1n << 60n)) });
  discord.world.addChannel('Odd', { name: 'here' });
  discord.world.addMember('Odd', 'ben');
  const connect = (id: number) =>
    stage.connect({ intents: [Guilds, GuildMessages, DirectMessages], shards: [id], shardCount: 2 });
  const clients = await Promise.all([connect(0), connect(1)]);
  const heard: string[][] = [[], []];
  for (const [n, client] of clients.entries())
    client.on('raw', ({ t, d }) => t === 'MESSAGE_CREATE' && heard[n]?.push(d.content));
  expect(clients.map((client) => client.guilds.cache.some(({ name }) => name === 'Odd'))).toEqual([
    false,
    true,
  ]);
  const last = next(clients[0], 'raw', ({ t }: { t: string }) => t === 'MESSAGE_CREATE');
  await discord.actor('ben', 'Odd/here').send('@Easel in a guild');
  await discord.actor('ben').dm.send('directly');
  await last;
  expect(heard.map((all) => all.map((text) => text.replace(/<@\d+> /, '')))).toEqual([
    ['directly'],
    ['in a guild'],
  ]);
});
