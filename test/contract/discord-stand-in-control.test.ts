import { once } from 'node:events';
import { GatewayIntentBits } from 'discord.js';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createStage, echo, type Stage } from './discord-stand-in-client.js';

let stage: Stage;

beforeEach(async () => {
  stage = await createStage();
});

afterEach(async () => {
  await stage.close();
});

async function control(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${stage.discord.origin}/_control${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

test('a user types, clicks and sends over /_control, and events report what came of it', async () => {
  const { discord } = stage;
  await stage.connect({
    intents: [GatewayIntentBits.Guilds],
    commands: [echo],
    async onInteraction(interaction) {
      if (interaction.isChatInputCommand())
        await interaction.reply({
          content: interaction.options.getAttachment('image')?.name ?? 'no image',
          components: [{ type: 1, components: [{ type: 2, style: 1, label: 'Again', customId: 'again' }] }],
        });
      if (interaction.isButton()) await interaction.update({ content: 'pressed' });
    },
  });
  const socket = new WebSocket(`${discord.origin.replace('http', 'ws')}/_control/events`);
  await once(socket, 'open');
  const names: string[] = [];
  socket.on('message', (data) => names.push(JSON.parse(data.toString()).event));
  const image = { filename: 'fox.png', base64: Buffer.from('x').toString('base64') };
  const called = await control('POST', '/command', {
    user: 'ben',
    name: 'echo',
    options: { text: 'x', image },
  });
  expect(called).toMatchObject({ status: 200, body: { interaction: { name: 'echo', failed: false } } });
  const made = await discord.until(({ content }) => content === 'fox.png');
  await control('POST', '/press', { user: 'ben', messageId: made.id, button: 'Again' });
  await discord.until(({ content }) => content === 'pressed');
  const typed = await control('POST', '/type', { user: 'mia', line: 'hello' });
  expect(typed.body).toMatchObject({ message: { content: 'hello', author: { username: 'mia' } } });
  const { body: listed } = await control('GET', '/channels/general/messages');
  expect(listed).toMatchObject([{ content: 'pressed' }, { content: 'hello' }]);
  expect(names).toEqual(
    expect.arrayContaining(['messageCreated', 'messageUpdated', 'interactionAcknowledged', 'request']),
  );
  socket.terminate();
});

test("a client's refusal, a missing thing and a malformed request have their own statuses", async () => {
  expect(await control('POST', '/type', { user: 'ben', line: '/nothing' })).toMatchObject({ status: 422 });
  expect(await control('POST', '/type', { user: 'nobody', line: 'hi' })).toMatchObject({ status: 404 });
  expect(await control('POST', '/type', { user: 'ben' })).toMatchObject({ status: 400 });
  expect(await control('GET', '/messages/1')).toMatchObject({ status: 404 });
});

test('the world, the clock and the faults are set over /_control', async () => {
  const { discord } = stage;
  await control('POST', '/users', { username: 'zoe', locale: 'de' });
  await control('POST', '/guilds', { name: 'Third' });
  await control('POST', '/members', { guild: 'Third', user: 'zoe' });
  await control('POST', '/channels', { guild: 'Third', name: 'den', denyBot: ['AttachFiles'] });
  await control('PATCH', '/guilds/Third', { premiumTier: 3 });
  expect(discord.world.guild('Third').premiumTier).toBe(3);
  expect((await discord.actor('zoe', 'den').send('hi')).content).toBe('hi');
  const before = discord.clock.now();
  await control('POST', '/clock', { advanceMs: 60_000 });
  expect(discord.clock.now()).toBeGreaterThanOrEqual(before + 60_000);
  await control('POST', '/faults', { kind: 'status', status: 500, times: 2 });
  expect(discord.faults.list()).toMatchObject([{ kind: 'status', status: 500 }]);
  await control('POST', '/faults', { kind: 'delay', ms: 1 });
  const { body: listed } = await control('GET', '/faults');
  expect(listed).toMatchObject([
    { id: 1, kind: 'status', left: 2 },
    { id: 2, kind: 'delay', left: 1 },
  ]);
  await control('DELETE', '/faults/1');
  expect(discord.faults.list()).toMatchObject([{ id: 2, kind: 'delay' }]);
  expect(await control('DELETE', '/faults/1')).toMatchObject({ status: 404 });
  expect(await control('GET', '/state')).toMatchObject({
    body: { applicationId: discord.applicationId, ready: false },
  });
});

test('CDN links are signed, expire, and serve ranges', async () => {
  const { discord } = stage;
  const bytes = Buffer.from('0123456789');
  const { id, attachments } = await discord
    .actor('ben')
    .send('', { files: [{ filename: 'ten.txt', bytes }] });
  const url = attachments[0]?.url ?? '';
  const link = new URL(url);
  expect(Number.parseInt(link.searchParams.get('ex') ?? '', 16) * 1000).toBeGreaterThan(discord.clock.now());
  const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 2-4/10',
    '234',
  ]);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.headers.get('content-length'), head.headers.get('content-type')]).toEqual([
    '10',
    'text/plain; charset=utf-8',
  ]);
  link.searchParams.set('ex', 'ffffffff');
  expect((await fetch(link)).status).toBe(404);
  discord.clock.advance(25 * 3_600_000);
  expect((await fetch(url)).status).toBe(404);
  expect((await discord.fetchAttachment(id)).equals(bytes)).toBe(true);
});

test.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
  'a picture of type %s is measured',
  async (type) => {
    const blank = { create: { width: 30, height: 20, channels: 3, background: 'red' } } as const;
    const bytes = await sharp(blank).toFormat(type).toBuffer();
    const files = [
      { filename: `red.${type}`, bytes },
      { filename: 'not.png', bytes: Buffer.from('no picture') },
    ];
    const { attachments } = await stage.discord.actor('ben').send('', { files });
    expect(attachments).toMatchObject([
      { width: 30, height: 20, contentType: `image/${type}` },
      { width: undefined },
    ]);
  },
);

test('the Message Content Intent is switched over /_control: flags, identify and REST follow at once', async () => {
  const { discord } = stage;
  const bits = 32_768 | 1;
  const identify = async () => {
    const socket = new WebSocket(`${discord.origin.replace('http', 'ws')}/gateway/?v=10&encoding=json`);
    await once(socket, 'message');
    const d = { token: discord.token, intents: bits, properties: { os: 'linux' } };
    const ended = Promise.race([
      once(socket, 'close').then(([code]) => code),
      once(socket, 'message').then(() => 'let in'),
    ]);
    socket.send(JSON.stringify({ op: 2, d }));
    const outcome: unknown = await ended;
    socket.terminate();
    return outcome;
  };
  const ask = async (path: string) => {
    const headers = {
      authorization: `Bot ${discord.token}`,
      'user-agent': 'DiscordBot (https://example.org, 1)',
    };
    return (await fetch(`${discord.apiUrl}/v10${path}`, { headers })).json();
  };
  const { id, channelId } = await discord.actor('ben').send('a secret');
  const seen = async () => ({
    // Discord docs: Application Flags, 1 << 19.
    flag: ((await ask('/applications/@me')) as { flags: number }).flags & (1 << 19),
    content: ((await ask(`/channels/${channelId}/messages/${id}`)) as { content: string }).content,
    identify: await identify(),
  });
  expect(await seen()).toEqual({ flag: 0, content: '', identify: 4014 });
  expect((await control('PUT', '/portal', { messageContent: true })).status).toBe(200);
  expect(await seen()).toEqual({ flag: 1 << 19, content: 'a secret', identify: 'let in' });
  expect(await control('GET', '/portal')).toMatchObject({ status: 200, body: { messageContent: true } });
  await control('PUT', '/portal', { messageContent: false });
  expect(await seen()).toEqual({ flag: 0, content: '', identify: 4014 });
  expect((await control('PUT', '/portal', { messageContent: 'yes' })).status).toBe(400);
});
