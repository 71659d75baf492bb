import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { REST } from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { keepToken } from '../../../../src/discord/rest/clients.js';
import { codeOf } from '../../../../src/discord/rest/errors.js';
import {
  createRestGuard,
  RequestHeldError,
  type RestGuard,
} from '../../../../src/discord/rest/request-guard.js';
import { giveChance, until } from '../../../support/until.js';

type Answer = readonly [status: number, body?: object, headers?: Record<string, string>];

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A Discord that answers each request by its turn and path, and discord.js in front of it. */
async function setUp(answer: (path: string, turn: number) => Answer, options: { limit?: number } = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const path = `${request.method} ${(request.url ?? '').replace('/api/v10', '')}`;
    asked.push(path);
    const [status, body = {}, headers = {}] = answer(path, asked.length);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  let time = 1_000_000;
  const guard: RestGuard = createRestGuard({ now: () => time, random: () => 0, ...options });
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const rest = keepToken(
    new REST({ api, makeRequest: guard.makeRequest, offset: 0, globalRequestsPerSecond: 1_000 }),
    'the-token',
  );
  const code = (work: Promise<unknown>) => work.then(() => 'ok', codeOf);
  return { asked, guard, rest, code, pass: (ms: number) => (time += ms) };
}

const forbidden = (code: number): Answer => [403, { code, message: 'no' }];
const minute = 60_000;

describe('a 429', () => {
  it('without Retry-After is retried a few times over seconds, not hundreds of times', async () => {
    const { asked, rest } = await setUp(() => [429, { message: 'slow down' }]);
    void rest.get('/channels/1/messages', { signal: AbortSignal.timeout(60_000) }).catch(() => {});
    await until('the first request has come', () => asked.length > 0);
    await giveChance(1_700);
    // At 0, 0.5 and 1.5 s; a busy machine may be late, never early.
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  it.each(['0', '-1', 'soon', 'Infinity'])('with Retry-After: %s waits the minimum too', async (said) => {
    const { guard } = await setUp(() => [429]);
    const send = createRestGuard({
      random: () => 0,
      send: async () => new Response('{}', { status: 429, headers: { 'retry-after': said } }) as never,
    });
    const floors: string[] = [];
    for (let turn = 0; turn < 9; turn++) {
      const answer = await send.makeRequest('http://discord/api/v10/channels/1/messages', { method: 'GET' });
      floors.push(answer.headers.get('retry-after') ?? '');
    }
    expect(floors.map(Number)).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60, 60]);
    expect(guard.spent()).toBe(0);
  });
});

describe('a known refusal', () => {
  it.each([50_001, 50_013, 50_007])('is not tried again: %i in a channel', async (refusal) => {
    const { asked, rest, code } = await setUp(() => forbidden(refusal));
    const post = () => code(rest.post('/channels/7/messages', { body: { content: 'a' } }));
    expect([await post(), await post(), await post()]).toEqual([refusal, refusal, refusal]);
    expect(asked).toHaveLength(1);
  });

  it('is tried again once permissions have changed, or after ten minutes', async () => {
    const { asked, rest, code, guard, pass } = await setUp(() => forbidden(50_013));
    const post = (channel: number) => code(rest.post(`/channels/${channel}/messages`, { body: {} }));
    await post(7);
    guard.forget(['8']);
    await post(7);
    expect(asked).toHaveLength(1);
    guard.forget(['7']);
    await post(7);
    expect(asked).toHaveLength(2);
    pass(10 * minute);
    await post(7);
    expect(asked).toHaveLength(3);
  });

  it('depends on the action: text can be allowed where files are not', async () => {
    const { asked, rest, code } = await setUp((_, turn) => (turn === 1 ? forbidden(50_013) : [200, {}]));
    const files = [{ name: 'a.png', data: Buffer.from('a') }];
    expect(await code(rest.post('/channels/7/messages', { body: {}, files }))).toBe(50_013);
    expect(await code(rest.post('/channels/7/messages', { body: {} }))).toBe('ok');
    expect(await code(rest.post('/channels/7/messages', { body: {}, files }))).toBe(50_013);
    expect(asked).toHaveLength(2);
  });

  it('covers a token that has expired, and no other one', async () => {
    const { asked, rest, code } = await setUp((path) =>
      path.includes('dead') ? [401, { code: 50_027, message: 'Invalid Webhook Token' }] : [200, {}],
    );
    const edit = (token: string) =>
      code(rest.patch(`/webhooks/1/${token}/messages/@original`, { body: {}, auth: false }));
    expect([await edit('dead'), await edit('dead'), await edit('alive')]).toEqual([50_027, 50_027, 'ok']);
    expect(asked).toHaveLength(2);
  });

  it('covers a refused bot token, for a doubling period; one 401 alone ends nothing', async () => {
    let works = false;
    const { asked, rest, code, pass } = await setUp(() => (works ? [200, {}] : [401, { message: 'no' }]));
    const ask = () => code(rest.get('/users/@me'));
    for (const wait of [5_000, 10_000, 20_000]) {
      const before = asked.length;
      expect(await ask()).toBe(401);
      pass(wait - 1);
      expect(await ask()).toBe(401);
      expect(asked).toHaveLength(before + 1);
      pass(1);
    }
    works = true;
    expect(await ask()).toBe('ok');
  });
});

describe('the budget of invalid requests', () => {
  const many = async (limit: number) => {
    const bench = await setUp((path) => [path.includes('/known') ? 200 : 404, {}], { limit });
    const ask = (path: `/${string}`) =>
      bench.rest.get(path).then(
        () => 'ok',
        (error: Error) => error.name,
      );
    return { ...bench, ask };
  };

  it('skips cosmetic requests when half of it is spent, and reports it once', async () => {
    const { guard, ask, pass } = await many(60);
    const told: number[] = [];
    const counted: number[] = [];
    guard.watch({ invalid: (status) => counted.push(status), near: (spent) => told.push(spent) });
    for (let n = 0; n < 29; n++) await ask(`/users/${n}`);
    expect([guard.hasRoom(), guard.spent(), told]).toEqual([true, 29, []]);
    await ask('/users/99');
    expect([guard.hasRoom(), guard.spent(), told]).toEqual([false, 30, [30]]);
    expect(await ask('/channels/7/messages/known')).toBe(RequestHeldError.name);
    expect(counted).toHaveLength(30);
    pass(10 * minute);
    expect([guard.hasRoom(), guard.spent()]).toEqual([true, 0]);
    expect(await ask('/channels/7/messages/known')).toBe('ok');
  });

  it('is never exceeded, however many are tried, except by first answers to users', async () => {
    const { guard, ask, asked, rest } = await many(60);
    // Time stands still: only the budget ends this. Requests in flight at one instant can come on top of it.
    for (let batch = 0; batch < 20; batch++)
      await Promise.all(Array.from({ length: 20 }, (_, n) => ask(`/users/${batch}${n}`)));
    expect(guard.spent()).toBe(asked.length);
    expect(asked.length).toBeLessThan(60 + 20);
    const answer = rest.post('/interactions/1/known/callback', { body: {}, auth: false });
    await expect(answer).resolves.toBeDefined();
  });
});
