import type { Invocation } from '@easel/discord-stand-in';
import {
  type ChatInputCommandInteraction,
  type Client,
  MessageFlags,
  Routes,
  type SendableChannels,
} from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStage, echo, type Stage } from './discord-stand-in-client.js';

let stage: Stage;

beforeEach(async () => {
  // Routes' windows of 5 s would only make the tests slow.
  stage = await createStage({ rateWindow: 0.05 });
});

afterEach(async () => {
  await stage.close();
});

/** Connects a bot, has a user call /echo, and returns the interaction unanswered. */
async function called(person = 'ben', channel = 'general', integration: 'guild' | 'user' = 'guild') {
  let arrived: (interaction: ChatInputCommandInteraction) => void = () => undefined;
  const coming = new Promise<ChatInputCommandInteraction>((resolve) => {
    arrived = resolve;
  });
  const client = await stage.connect({
    commands: [{ ...echo, integration_types: [0, 1], contexts: [0, 1, 2] }],
    onInteraction: (interaction) => interaction.isChatInputCommand() && arrived(interaction),
  });
  const actor = stage.discord.actor(person, channel);
  const invocation: Invocation = await actor.command('echo', { text: 'x' }, { integration });
  return { client, actor, invocation, interaction: await coming };
}

async function channelOf(client: Client, name: string): Promise<SendableChannels> {
  const channel = await client.channels.fetch(stage.discord.world.channel(name).id);
  if (!channel?.isSendable()) throw new Error(`${name} takes no messages`);
  return channel;
}

test('an answer after 3 s gets "unknown interaction"', async () => {
  const { interaction } = await called();
  stage.discord.clock.advance(3000);
  await expect(interaction.deferReply()).rejects.toMatchObject({ code: 10062, status: 404 });
});

test('a second first answer is refused', async () => {
  const { interaction, client } = await called();
  await interaction.deferReply();
  const again = client.rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
    body: { type: 5 },
  });
  await expect(again).rejects.toMatchObject({ code: 40060, status: 400 });
});

test('there is no webhook before the first answer, and its token expires after 15 minutes', async () => {
  const { interaction, client } = await called();
  const original = Routes.webhookMessage(interaction.applicationId, interaction.token);
  await expect(client.rest.patch(original, { body: { content: 'x' }, auth: false })).rejects.toMatchObject({
    code: 10015,
  });
  await interaction.deferReply();
  stage.discord.clock.advance(15 * 60_000 - 1000);
  await interaction.editReply('just in time');
  stage.discord.clock.advance(1000);
  await expect(interaction.editReply('too late')).rejects.toMatchObject({ code: 50027, status: 401 });
  await expect(interaction.followUp('too late')).rejects.toMatchObject({ code: 50027 });
});

test.each([50027, 10015, 10062, 10008] as const)('a token can expire early with %i', async (code) => {
  const { interaction, invocation } = await called();
  await interaction.deferReply();
  invocation.expireToken(code);
  await expect(interaction.editReply('x')).rejects.toMatchObject({ code });
});

test('a fault expires the token of the request that hits it', async () => {
  const { interaction } = await called();
  await interaction.deferReply();
  stage.discord.faults.add({ kind: 'expireToken', method: 'PATCH', route: '@original$' });
  await expect(interaction.editReply('x')).rejects.toMatchObject({ code: 50027 });
});

test('the first follow-up after a defer becomes the answer; later ones are separate messages', async () => {
  const { interaction, invocation } = await called();
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const first = await interaction.followUp('one');
  expect(invocation.message()).toMatchObject({ id: first.id, content: 'one', ephemeral: true });
  const second = await interaction.followUp('two');
  expect(invocation.followUps()).toMatchObject([
    { id: second.id, content: 'two', ephemeral: false, replyTo: first.id },
  ]);
  await interaction.webhook.editMessage(second.id, 'three');
  await interaction.deleteReply(second.id);
  await expect(interaction.webhook.editMessage(second.id, 'four')).rejects.toMatchObject({ code: 10008 });
});

test('if only the user has the app, there are at most five follow-ups', async () => {
  const { interaction, actor } = await called('ben', 'general', 'user');
  expect(interaction.authorizingIntegrationOwners).toMatchObject({
    guildId: null,
    userId: interaction.user.id,
  });
  await interaction.reply('answer');
  for (let count = 0; count < 5; count += 1) await interaction.followUp(`${count}`);
  await expect(interaction.followUp('too much')).rejects.toMatchObject({ code: 40094 });
  await interaction.editReply('an edit is not counted');
  expect(actor.messages()).toHaveLength(6);
});

test('an edit drops attachments that it does not list, and their links die', async () => {
  const { interaction, invocation } = await called();
  await interaction.reply({
    files: ['a', 'b'].map((name) => ({ attachment: Buffer.from(name), name: `${name}.txt` })),
  });
  const [a, b] = invocation.message()?.attachments ?? [];
  if (!a || !b) throw new Error('two files were sent');
  await interaction.editReply({ content: 'kept as they are' });
  expect(invocation.message()?.attachments).toHaveLength(2);
  await interaction.editReply({
    attachments: [{ id: b.id }],
    files: [{ attachment: Buffer.from('c'), name: 'c.txt' }],
  });
  expect(invocation.message()?.attachments.map(({ filename }) => filename)).toEqual(['b.txt', 'c.txt']);
  expect((await fetch(a.url)).status).toBe(404);
  expect(await (await fetch(b.url)).text()).toBe('b');
  await expect(interaction.editReply({ attachments: [{ id: a.id }] })).rejects.toMatchObject({ code: 50035 });
});

test('a nonce creates a message once, for a few minutes', async () => {
  const client = await stage.connect();
  const channel = await channelOf(client, 'general');
  const send = (content: string) => channel.send({ content, nonce: 'task-1', enforceNonce: true });
  const first = await send('one');
  expect(first.nonce).toBe('task-1');
  expect((await send('two')).id).toBe(first.id);
  stage.discord.clock.advance(10 * 60_000);
  expect((await send('three')).id).not.toBe(first.id);
  expect(stage.discord.messages('general').map(({ content }) => content)).toEqual(['one', 'three']);
  await expect(
    channel.send({ content: 'x', nonce: 'n'.repeat(26), enforceNonce: true }),
  ).rejects.toMatchObject({ code: 50035 });
});

test('each missing permission has its own error', async () => {
  const { discord } = stage;
  const client = await stage.connect();
  const file = { attachment: Buffer.from('x'), name: 'x.txt' };
  await expect((await channelOf(client, 'no-files')).send({ files: [file] })).rejects.toMatchObject({
    code: 50013,
  });
  const channel = await channelOf(client, 'general');
  const message = await discord.actor('ben').send('hello');
  const reply = { content: 'hi', reply: { messageReference: message.id } };
  discord.world.denyBot('general', ['ReadMessageHistory']);
  await expect(channel.send(reply)).rejects.toMatchObject({ code: 160002 });
  discord.world.denyBot('general', ['EmbedLinks']);
  await expect(channel.send({ embeds: [{ title: 'x' }] })).rejects.toMatchObject({ code: 50013 });
  discord.world.denyBot('general', ['SendMessages']);
  await expect(channel.send('x')).rejects.toMatchObject({ code: 50013, status: 403 });
  discord.world.denyBot('general', ['ViewChannel']);
  await expect(channel.send('x')).rejects.toMatchObject({ code: 50001 });
  discord.world.denyBot('general', []);
  await expect(channel.send(reply)).resolves.toMatchObject({ content: 'hi' });
});

test('a DM can be opened and written to, unless the user closed theirs', async () => {
  const { discord } = stage;
  const client = await stage.connect();
  const user = await client.users.fetch(discord.world.user('mia').id);
  const sent = await user.send('hello');
  expect(discord.actor('mia').dm.messages()).toMatchObject([{ id: sent.id, content: 'hello' }]);
  discord.world.setDms('mia', false);
  await expect(user.send('again')).rejects.toMatchObject({ code: 50007 });
});

test('messages can be listed by before, after and around', async () => {
  const { discord } = stage;
  const client = await stage.connect();
  const channel = await channelOf(client, 'general');
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1)
    ids.push((await discord.actor('ben').send(`@Easel ${count}`)).id);
  const read = async (options: object) => [...(await channel.messages.fetch(options)).keys()];
  const [a = '', b = '', c = '', d = '', e = ''] = ids;
  expect(await read({ limit: 2 })).toEqual([e, d]);
  expect(await read({ after: b, limit: 2 })).toEqual([d, c]);
  expect(await read({ before: c })).toEqual([b, a]);
  expect(await read({ around: c, limit: 3 })).toEqual([d, c, b]);
  await expect(
    client.rest.get(Routes.channelMessages(channel.id), { query: new URLSearchParams('limit=101') }),
  ).rejects.toMatchObject({ code: 50035 });
});

test('only users who can be pinged are pinged, and never by an edit', async () => {
  const { discord } = stage;
  const client = await stage.connect();
  const channel = await channelOf(client, 'general');
  const [ben, mia] = [discord.world.user('ben').id, discord.world.user('mia').id];
  const content = `<@${ben}> <@${mia}> @everyone \`<@${mia}>\``;
  const notified = async (options: object) =>
    discord.message((await channel.send({ content, ...options })).id)?.notified;
  expect(await notified({})).toEqual([ben, mia].sort());
  expect(await notified({ allowedMentions: { parse: [] } })).toEqual([]);
  expect(await notified({ allowedMentions: { users: [mia] } })).toEqual([mia]);
  const asked = await discord.actor('ben').send('hello');
  const reply = { content: 'hi', reply: { messageReference: asked.id } };
  expect(await notified({ ...reply, allowedMentions: { repliedUser: false } })).toEqual([]);
  expect(await notified({ ...reply, allowedMentions: { repliedUser: true } })).toEqual([ben]);
  const quiet = await channel.send('quiet');
  await quiet.edit(`<@${ben}>`);
  expect(discord.message(quiet.id)?.notified).toEqual([]);
});

const aPicture = { media: { url: 'https://example.org/x.png' } };
const galleryOf = (items: readonly object[]) => ({ flags: 1 << 15, components: [{ type: 12, items }] });

test.each([
  ['a long content', { content: 'x'.repeat(2001) }, ['content']],
  ['a long embed', { embeds: [{ title: 'x'.repeat(257) }] }, ['embeds', '0', 'title']],
  [
    'embeds too long together',
    { embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(4000) }] },
    ['embeds'],
  ],
  [
    'a long custom id',
    row({ type: 2, style: 1, label: 'x', custom_id: 'x'.repeat(101) }),
    ['components', '0', 'components', '0', 'custom_id'],
  ],
  [
    'a button without a custom id',
    row({ type: 2, style: 1, label: 'x' }),
    ['components', '0', 'components', '0', 'custom_id'],
  ],
  [
    'text beside Components V2',
    { content: 'x', flags: 1 << 15, components: [{ type: 10, content: 'y' }] },
    ['content'],
  ],
  [
    'Components V2 without their flag',
    { components: [{ type: 10, content: 'y' }] },
    ['components', '0', 'type'],
  ],
  [
    '41 components',
    {
      flags: 1 << 15,
      components: [{ type: 17, components: Array.from({ length: 40 }, () => ({ type: 10, content: 'y' })) }],
    },
    ['components'],
  ],
  [
    'a file that was not sent',
    { content: 'x', attachments: [{ id: '0', filename: 'x.png' }] },
    ['attachments', '0', 'id'],
  ],
  [
    'a file that is not there to show',
    galleryOf([{ media: { url: 'attachment://x.png' } }]),
    ['components', '0'],
  ],
  ['a picture at no address', galleryOf([{ media: { url: 'data:image/png,x' } }]), ['components', '0']],
  [
    'a file component of elsewhere',
    { flags: 1 << 15, components: [{ type: 13, file: { url: 'https://example.org/x.txt' } }] },
    ['components', '0'],
  ],
  ['a gallery without pictures', galleryOf([]), ['components', '0', 'items']],
  ['a gallery of eleven', galleryOf(Array(11).fill(aPicture)), ['components', '0', 'items']],
  [
    'a long description of a picture',
    galleryOf([{ ...aPicture, description: 'x'.repeat(1025) }]),
    ['components', '0', 'items', '0', 'description'],
  ],
])('%s is bad form, and remembered', async (_, body, path) => {
  const { discord } = stage;
  const client = await stage.connect();
  const refused = client.rest.post(Routes.channelMessages(discord.world.channel('general').id), { body });
  await expect(refused).rejects.toMatchObject({ status: 400, code: 50035 });
  expect(discord.problems).toMatchObject([{ method: 'POST', code: 50035, body }]);
  let errors: unknown = discord.problems[0]?.errors;
  for (const step of path)
    errors = typeof errors === 'object' && errors !== null ? Reflect.get(errors, step) : undefined;
  expect(errors).toHaveProperty('_errors.0.code');
});

test('a message can become one of Components V2, and never goes back to text', async () => {
  const { discord } = stage;
  const client = await stage.connect();
  const channel = await channelOf(client, 'general');
  const { id } = await channel.send('plain');
  const edit = (body: object) => client.rest.patch(Routes.channelMessage(channel.id, id), { body });
  const v2 = { flags: 1 << 15, components: [{ type: 10, content: 'new' }] };
  await expect(edit(v2)).rejects.toMatchObject({ code: 50035 });
  await edit({ ...v2, content: null });
  expect(discord.message(id)).toMatchObject({ content: '', flags: 1 << 15 });
  // Leaving the flag out takes nothing away.
  await edit({ flags: 0, components: [{ type: 10, content: 'newer' }] });
  expect(discord.message(id)).toMatchObject({ flags: 1 << 15, components: [{ content: 'newer' }] });
  await expect(edit({ content: 'plain again' })).rejects.toMatchObject({ code: 50035 });
  expect(discord.problems).toHaveLength(2);
});

test('a gallery describes files of the CDN, and marks a dead link as not found', async () => {
  const client = await stage.connect();
  const channel = await channelOf(client, 'general');
  const picture = { attachment: Buffer.from('x'), name: 'x.png' };
  const url = (await channel.send({ files: [picture] })).attachments.first()?.url ?? '';
  const urls = [url, url.replace(/hm=\w+/, 'hm=0'), 'https://example.org/x.png'];
  const body = galleryOf(urls.map((each) => ({ media: { url: each } })));
  const posted = await client.rest.post(Routes.channelMessages(channel.id), { body });
  expect(posted).toMatchObject({
    attachments: [],
    components: [
      {
        items: [
          { media: { url, content_type: 'image/png', loading_state: 2 } },
          { media: { url: urls[1], loading_state: 3 } },
          { media: { url: urls[2], loading_state: 3 } },
        ],
      },
    ],
  });
});

function row(component: object): object {
  return { content: 'x', components: [{ type: 1, components: [component] }] };
}

test('an empty message is refused', async () => {
  const client = await stage.connect();
  const refused = client.rest.post(Routes.channelMessages(stage.discord.world.channel('general').id), {
    body: {},
  });
  await expect(refused).rejects.toMatchObject({ code: 50006 });
  expect(stage.discord.problems).toHaveLength(1);
});

test.each([
  [
    'a choice more than 25',
    { type: 8, data: { choices: Array.from({ length: 26 }, (_, i) => ({ name: `${i}`, value: `${i}` })) } },
  ],
  ['choices for a command', { type: 8, data: { choices: [] } }],
  ['an update of no message', { type: 7, data: { content: 'x' } }],
  ['a defer with more than EPHEMERAL', { type: 5, data: { flags: 1 << 15 } }],
  ['a modal without fields', { type: 9, data: { custom_id: 'x', title: 'x', components: [] } }],
  [
    'a modal of six',
    {
      type: 9,
      data: {
        custom_id: 'x',
        title: 'x',
        components: Array.from({ length: 6 }, (_, i) => ({
          type: 18,
          label: 'x',
          component: { type: 4, custom_id: `${i}`, style: 1 },
        })),
      },
    },
  ],
])('%s is no first answer', async (_, body) => {
  const { interaction, client } = await called();
  const callback = Routes.interactionCallback(interaction.id, interaction.token);
  await expect(client.rest.post(callback, { body, auth: false })).rejects.toMatchObject({ code: 50035 });
  await expect(interaction.reply('it can still be answered')).resolves.toBeDefined();
});

test('files can be as large as the limit of the answer, and no larger', async () => {
  const small = await createStage({ uploadLimit: 1000 });
  const client = await small.connect();
  const channel = await client.channels.fetch(small.discord.world.channel('general').id);
  if (!channel?.isSendable()) throw new Error('no channel');
  const file = (size: number) => ({ files: [{ attachment: Buffer.alloc(size, 1), name: 'x.bin' }] });
  await expect(channel.send(file(1000))).resolves.toBeDefined();
  await expect(channel.send(file(1001))).rejects.toMatchObject({ status: 413, code: 40005 });
  small.discord.world.setBoostTier('Foxglove', 2);
  await expect(channel.send(file(1001))).resolves.toBeDefined();
  await small.close();
});

test('discord.js waits as the headers say, and is never refused', async () => {
  const client = await stage.connect({ rest: { api: stage.discord.apiUrl, globalRequestsPerSecond: 50 } });
  const channel = await channelOf(client, 'general');
  await Promise.all(Array.from({ length: 7 }, (_, index) => channel.send(`${index}`)));
  expect(stage.discord.messages('general')).toHaveLength(7);
  expect(stage.discord.requests.filter(({ status }) => status === 429)).toEqual([]);
});

test('a client that does not wait is refused with the time to wait', async () => {
  await stage.close();
  // A window that ends before all requests have arrived would let them pass.
  stage = await createStage({ rateWindow: 3_600 });
  const { discord } = stage;
  const headers = {
    authorization: `Bot ${discord.token}`,
    'user-agent': 'DiscordBot (https://example.org, 1)',
    'content-type': 'application/json',
  };
  const url = `${discord.apiUrl}/v10${Routes.channelMessages(discord.world.channel('general').id)}`;
  const post = () => fetch(url, { method: 'POST', headers, body: '{"content":"x"}' });
  const answers = await Promise.all(Array.from({ length: 6 }, post));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429]);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(await refused?.json()).toMatchObject({ global: false, retry_after: expect.any(Number) });
  expect(discord.invalidRequests()).toBe(1);
});

test('a request without a valid token or user agent is rejected', async () => {
  const { discord } = stage;
  const get = async (headers: Record<string, string>) =>
    (await fetch(`${discord.apiUrl}/v10/users/@me`, { headers })).status;
  const agent = { 'user-agent': 'DiscordBot (https://example.org, 1)' };
  expect(await get({ authorization: `Bot ${discord.token}` })).toBe(403);
  expect(await get(agent)).toBe(401);
  expect(await get({ ...agent, authorization: 'Bot wrong' })).toBe(401);
  expect(await get({ ...agent, authorization: `Bot ${discord.token}` })).toBe(200);
  expect(discord.invalidRequests()).toBe(3);
});

test('faults: a status, a reset before the work and one after it', async () => {
  const { discord } = stage;
  const client = await stage.connect({ rest: { api: discord.apiUrl, retries: 0 } });
  const channel = await channelOf(client, 'general');
  const route = '/messages$';
  discord.faults.add({ kind: 'status', status: 503, method: 'POST', route });
  await expect(channel.send('one')).rejects.toMatchObject({ status: 503 });
  discord.faults.add({ kind: 'reset', method: 'POST', route });
  await expect(channel.send('two')).rejects.toThrow();
  discord.faults.add({ kind: 'resetAfter', method: 'POST', route });
  await expect(channel.send('three')).rejects.toThrow();
  await channel.send('four');
  expect(discord.messages('general').map(({ content }) => content)).toEqual(['three', 'four']);
  expect(discord.faults.list()).toEqual([]);
});

test('commands are overwritten as a whole, keep their ids, and are validated', async () => {
  const { discord } = stage;
  const client = await stage.connect();
  const { commands } = client.application;
  const [first] = (await commands.set([{ name: 'one', description: 'One' }])).values();
  const after = await commands.set([
    { name: 'one', description: 'Changed', descriptionLocalizations: { 'zh-CN': '一' } },
    { name: 'Animate it', type: 3 },
  ]);
  expect(after.map(({ id, name }) => [id === first?.id, name])).toEqual([
    [true, 'one'],
    [false, 'Animate it'],
  ]);
  const fetched = await commands.fetch({ withLocalizations: true });
  expect(fetched.find(({ name }) => name === 'one')?.descriptionLocalizations).toEqual({ 'zh-CN': '一' });
  expect(discord.commands()).toMatchObject([
    { name: 'one', type: 1 },
    { name: 'Animate it', type: 3 },
  ]);
  const guild = discord.world.guild('Foxglove').id;
  await commands.set([{ name: 'here', description: 'Only here' }], guild);
  expect(discord.commands(guild)).toMatchObject([{ name: 'here', guild_id: guild }]);
  for (const bad of [
    { name: 'Big', description: 'Capitals' },
    { name: 'two words', description: 'x' },
    { name: 'none', description: '' },
    {
      name: 'order',
      description: 'x',
      options: [
        { type: 3, name: 'a', description: 'a' },
        { type: 3, name: 'b', description: 'b', required: true },
      ],
    },
    { name: 'locale', description: 'x', name_localizations: { xx: 'y' } },
    {
      name: 'big',
      description: 'x',
      options: [
        {
          type: 3,
          name: 'a',
          description: 'a',
          choices: Array.from({ length: 26 }, (_, i) => ({ name: `${i}`, value: `${i}` })),
        },
      ],
    },
  ]) {
    const set = client.rest.put(Routes.applicationCommands(discord.applicationId), { body: [bad] });
    await expect(set, bad.name).rejects.toMatchObject({ code: 50035 });
  }
  expect(discord.commands()).toHaveLength(2);
});
