import { connect } from 'node:net';
import { type CosStandIn, createCosStandIn } from '@easel/cos-stand-in';
import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { createPage } from '@easel/playground/page';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.js';
import { type Health, startHealth } from '../../src/ops/health/health-server.js';

let health: Health;
let open: Health;
let discord: DiscordStandIn;
let mps: MpsStandIn;
let cos: CosStandIn;
/** Unhandled errors: each would have ended the process. */
const escaped: unknown[] = [];
const note = (error: unknown): void => void escaped.push(error);

beforeAll(async () => {
  process.on('uncaughtExceptionMonitor', note).on('unhandledRejection', note);
  const parts = {
    readiness: async () => ({ ready: true, checks: {} }),
    metrics: async () => ({ type: 'text/plain', text: 'easel_up 1\n' }),
    log: silentLog,
  };
  health = await startHealth({ port: 0, host: '127.0.0.1', ...parts, state: async () => ({}) });
  open = await startHealth({ port: 0, host: '0.0.0.0', ...parts });
  [discord, mps, cos] = await Promise.all([createDiscordStandIn(), createMpsStandIn(), createCosStandIn()]);
  const bot = { state: () => 'running' as never, kill: async () => {}, start() {}, onChange() {} };
  discord.host(createPage({ discord, folder: '/nowhere', bot, mps: mps.url, health: health.url }));
});
afterAll(async () => {
  process.off('uncaughtExceptionMonitor', note).off('unhandledRejection', note);
  await Promise.all([health.close(), open.close(), discord.close(), mps.close(), cos.close()]);
});

const servers = ['health', 'health on all addresses', 'Discord and the page', 'MPS', 'COS'] as const;
type Name = (typeof servers)[number];
function portOf(name: Name): number {
  if (name === 'health') return Number(new URL(health.url).port);
  if (name === 'health on all addresses') return Number(new URL(open.url).port);
  return { 'Discord and the page': discord, MPS: mps, COS: cos }[name].port;
}
/** A valid target of each of them, so that requests get past the first check. */
const known: Readonly<Record<Name, readonly string[]>> = {
  health: ['/livez', '/readyz', '/metrics', '/state'],
  'health on all addresses': ['/livez', '/metrics'],
  'Discord and the page': [
    ...[
      '/',
      '/gateway',
      '/gateway/?v=10&encoding=json',
      '/_control/events',
      '/_control/type',
      '/_control/state',
    ],
    ...[
      '/_page/live?user=ada',
      '/_page/surroundings',
      '/_page/bot/x',
      '/assets/index.js',
      '/api/v10/users/@me',
    ],
    ...[
      '/api/v10/gateway/bot',
      '/api/v10/channels/1/messages',
      '/attachments/1/2/a.png',
      '/api/v10/webhooks/1/x',
    ],
  ],
  MPS: ['/', '/results/1_0.png', '/_control/tasks/1', '/_control/faults', '/_control/events'],
  COS: ['/', '/?prefix=a', '/aigc/1.png', '/_control/objects', '/_control/events'],
};

/**
 * Sends bytes and returns the answer; '' if there is none.
 * @param cut ends the connection midway, as a vanished peer does.
 */
function exchange(port: number, bytes: string, cut = false): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.from(bytes, 'latin1'));
      if (cut) setImmediate(() => socket.resetAndDestroy());
    });
    socket.setTimeout(400, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
const get = (name: Name, target: string, headers = '') =>
  exchange(portOf(name), `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}connection: close\r\n\r\n`);

/** Targets that each of them answers with 200. */
const sound: Readonly<Record<Name, string>> = {
  health: '/livez',
  'health on all addresses': '/livez',
  'Discord and the page': '/_control/state',
  MPS: '/_control/clock',
  COS: '/_control/settings',
};

/** Whether a server is there and answers as it should. */
async function expectLife(name: Name): Promise<void> {
  expect(statusOf(await get(name, sound[name])), `${name} is there`).toBe(200);
  expect(escaped).toEqual([]);
}

const hostile = [
  ...[
    '//',
    '///',
    '//x',
    '//[',
    '/%',
    '/%zz',
    '/%ff%fe',
    '*',
    '?',
    '#',
    '/\\..\\',
    '/..//..',
    'http://',
    'http://[',
    'x:y',
  ],
  ...[
    'http://[::1',
    'http://127.0.0.1/%',
    'http://a:99999/',
    '/_control/%',
    '/_control//',
    '/_page/%',
    '/results/%',
  ],
  ...[
    '/_control/interactions/%zz/expire',
    '/_control/tasks/%',
    '/attachments/%/%/%',
    '/__proto__',
    '/constructor',
  ],
  ...[
    '/api/v10/%',
    '/api/v10/channels/%zz/messages',
    '/gateway?%',
    '/%2e%2e/%2e%2e',
    `/${'a'.repeat(9_000)}`,
  ],
];

describe.each(servers)('%s', (name) => {
  it('survives every malformed target, requested and upgraded', async () => {
    const upgrade = 'upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n';
    for (const target of hostile) {
      await get(name, target);
      await exchange(portOf(name), `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${upgrade}\r\n`);
    }
    await expectLife(name);
  });

  it('survives any bytes on a socket, and answers valid requests afterwards', async () => {
    const target = fc.oneof(
      fc.constantFrom(...hostile, ...known[name]),
      fc
        .tuple(fc.constantFrom(...known[name]), fc.string({ maxLength: 20, unit: 'binary-ascii' }))
        .map(([path, more]) => path + more.replace(/[\r\n ]/g, '%')),
    );
    const header = fc.oneof(
      fc.constantFrom(
        ...['upgrade: websocket\r\nconnection: upgrade', 'sec-websocket-version: 13', 'sec-websocket-key: x'],
        ...[
          'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
          'content-length: 5',
          'content-length: x',
          'host: [',
        ],
        ...[
          'transfer-encoding: chunked',
          'expect: 100-continue',
          'origin: null',
          'origin: http://[',
          'cookie: %',
        ],
        ...[
          'content-type: application/json',
          'content-type: multipart/form-data; boundary=x',
          'range: bytes=9-1',
        ],
        ...[
          'x-tc-action: CreateAigcImageTask',
          'authorization: Bot x',
          'authorization: TC3-HMAC-SHA256 x',
          'x-y: ',
        ],
        `x-long: ${'a'.repeat(20_000)}`,
      ),
      fc.string({ maxLength: 30, unit: 'binary-ascii' }).map((text) => `x: ${text}`),
    );
    const message = fc.record({
      method: fc.constantFrom(
        'GET',
        'POST',
        'PUT',
        'PATCH',
        'DELETE',
        'HEAD',
        'OPTIONS',
        'CONNECT',
        'TRACE',
        'x y',
      ),
      target,
      headers: fc.array(header, { maxLength: 5 }),
      body: fc.oneof(
        fc.constantFrom('', '{', '{}', '[]', 'null', '{"line":1}', '\xff\xfe'),
        fc.string({ maxLength: 40 }),
      ),
      cut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), async (messages) => {
        await Promise.all(
          messages.map(({ method, target: at, headers, body, cut }) => {
            const head = [`${method} ${at} HTTP/1.1`, 'Host: 127.0.0.1', ...headers].join('\r\n');
            return exchange(portOf(name), `${head}\r\n\r\n${body}`, cut);
          }),
        );
        expect(escaped).toEqual([]);
      }),
      { numRuns: 100 },
    );
    await expectLife(name);
  });

  it('refuses pages of other sites', async () => {
    const path = sound[name];
    for (const headers of [
      'origin: https://evil.example\r\n',
      'origin: null\r\n',
      'sec-fetch-site: cross-site\r\n',
    ])
      expect(statusOf(await get(name, path, headers)), headers).toBe(403);
    const upgrade = 'upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n';
    const asked = `GET /gateway HTTP/1.1\r\nHost: 127.0.0.1\r\n${upgrade}sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n`;
    expect(statusOf(await exchange(portOf(name), `${asked}origin: https://evil.example\r\n\r\n`))).not.toBe(
      101,
    );
  });

  it('answers only to names of this machine if it listens only there', async () => {
    const path = sound[name];
    const askFor = async (host: string) =>
      statusOf(
        await exchange(portOf(name), `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nconnection: close\r\n\r\n`),
      );
    const isOpen = name === 'health on all addresses';
    for (const host of ['rebound.example', 'easel.monitoring.svc:9464', '10.0.0.7'])
      expect((await askFor(host)) === 403, host).toBe(!isOpen);
    for (const host of ['127.0.0.1', 'localhost:80', '[::1]:1'])
      expect(await askFor(host), host).not.toBe(403);
  });
});

it('a target with every character that a URL can hold is still a path', async () => {
  expect(statusOf(await get('health', '/livez?a=%zz#x'))).toBe(200);
  expect(statusOf(await get('health', 'http://127.0.0.1/livez'))).toBe(200);
  expect(statusOf(await get('health', '//'))).toBe(404);
  expect(statusOf(await get('health', '*'))).toBe(400);
});
