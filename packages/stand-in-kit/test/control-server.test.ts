import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { type Control, ControlError, createControl, isLoopback } from '../src/control-server.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(): Promise<{ port: number; url: string; control: Control }> {
  const control = createControl({
    'GET /things': () => ['a'],
    'POST /things/:id/name': ({ params, body }) => ({
      ...params,
      ...z.object({ name: z.string() }).parse(body),
    }),
    'DELETE /things': () => undefined,
    'GET /teapot': () => {
      throw new ControlError(418, 'short and stout');
    },
  });
  const server = createServer((req, res) => control.request(req, res) || res.writeHead(299).end('not mine'));
  server.on('upgrade', (req, socket, head) => control.upgrade(req, socket, head) || socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  closers.push(() => {
    control.close();
    server.closeAllConnections();
    server.close();
  });
  return { port, url: `http://127.0.0.1:${port}/_control`, control };
}

/** fetch() can't set Host; node:http can. */
async function statusWith(port: number, headers: Record<string, string>): Promise<number | undefined> {
  const req = request({ host: '127.0.0.1', port, path: '/_control/things', headers }).end();
  const [response] = await once(req, 'response');
  response.resume();
  return response.statusCode;
}

describe('the control routes of a stand-in', () => {
  it('routes by method and path, with parameters and a JSON body', async () => {
    const { url } = await serve();
    expect(await (await fetch(`${url}/things`)).json()).toEqual(['a']);
    const named = await fetch(`${url}/things/a%20b/name`, { method: 'POST', body: '{"name":"x"}' });
    expect(await named.json()).toEqual({ id: 'a b', name: 'x' });
    expect((await fetch(`${url}/things`, { method: 'DELETE' })).status).toBe(204);
  });

  it('leaves every other path to its host', async () => {
    const { url } = await serve();
    expect((await fetch(`${url}ler`)).status).toBe(299);
  });

  it('explains what is wrong with a request', async () => {
    const { url } = await serve();
    const post = (body: string) => fetch(`${url}/things/1/name`, { method: 'POST', body });
    expect((await post('{"name":1}')).status).toBe(400);
    expect((await post('{')).status).toBe(400);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    const teapot = await fetch(`${url}/teapot`);
    expect(teapot.status).toBe(418);
    expect(await teapot.json()).toEqual({ error: 'short and stout' });
  });

  it('refuses a page from elsewhere and a host name that only resolves to this machine', async () => {
    const { port } = await serve();
    expect(await statusWith(port, { host: `127.0.0.1:${port}` })).toBe(200);
    expect(await statusWith(port, { host: `localhost:${port}`, origin: 'http://localhost:5173' })).toBe(200);
    expect(await statusWith(port, { host: `127.0.0.1:${port}`, origin: 'https://example.com' })).toBe(403);
    expect(await statusWith(port, { host: 'rebound.example.com' })).toBe(403);
  });

  it('sends events to listeners', async () => {
    const { url, control } = await serve();
    const socket = new WebSocket(`${url.replace('http', 'ws')}/events`);
    await once(socket, 'open');
    control.emit('task', { id: 1 });
    const [message] = await once(socket, 'message');
    expect(JSON.parse(String(message))).toMatchObject({ event: 'task', data: { id: 1 } });
  });

  it('knows a loopback address in every spelling', () => {
    for (const own of ['127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1', 'localhost'])
      expect(isLoopback(own)).toBe(true);
    for (const other of [undefined, '', '10.0.0.1', '127.0.0.1.example.com', '::2', 'localhost.evil'])
      expect(isLoopback(other)).toBe(false);
  });
});
