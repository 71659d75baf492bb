import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { userAgent } from '../../src/util/http.js';
import { createWorld, type World } from './world.js';

/** What arrived at the servers of this process, over their sockets. */
let arrived: { readonly port: number | undefined; readonly line: string; readonly agent: string }[];
let world: World;

const note = (message: unknown) => {
  const { request } = message as { readonly request: IncomingMessage };
  const { method, url, headers, socket } = request;
  arrived.push({ port: socket.localPort, line: `${method} ${url}`, agent: headers['user-agent'] ?? '' });
};

beforeEach(() => {
  arrived = [];
  subscribe('http.server.request.start', note);
});
afterEach(async () => {
  unsubscribe('http.server.request.start', note);
  await world.close();
});

it("names itself to Discord's CDN, to MPS and to the host of results, and to Discord's API as Discord asks", async () => {
  world = await createWorld();
  const create = { width: 400, height: 304, channels: 3, background: '#c4512d' } as const;
  const bytes = await sharp({ create }).webp().toBuffer();
  const ben = world.discord.actor('ben', 'general');
  const asked = await ben.send('@Easel it runs', { files: [{ filename: 'fox.webp', bytes }] });
  await world.discord.until(({ replyTo, attachments }) =>
    Boolean(replyTo === asked.id && attachments[0]?.filename.endsWith('.mp4')),
  );
  const portOf = (url: string) => Number(new URL(url).port);
  const toMps = arrived.filter(({ port }) => port === portOf(world.mps.url));
  // The API and the file.
  expect(toMps.some(({ line }) => line === 'POST /')).toBe(true);
  expect(toMps.some(({ line }) => line.startsWith('GET /'))).toBe(true);
  expect(toMps.filter(({ agent }) => agent !== userAgent)).toEqual([]);
  // MPS fetches from there as well, by a name of its own.
  const uploads = arrived.filter(({ line }) => /^GET \/.*fox\.webp/.test(line));
  expect(uploads.map(({ agent }) => agent)).toContain(userAgent);
  const api = arrived.filter(({ line }) =>
    /\/v10\/(gateway|applications|webhooks|interactions|channels)/.test(line),
  );
  const byBot = api.filter(({ agent }) => agent.startsWith('DiscordBot'));
  expect(byBot.length).toBeGreaterThan(3);
  for (const { agent } of byBot) expect(agent).toContain(userAgent);
});
