import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { until } from '../../../../test/support/until.js';
import { createPage } from '../../src/page/index.js';
import { type SmallBot, startSmallBot } from '../support/small-bot.js';

const state = { up: true, ended: undefined, since: 0, starts: 1 };

let discord: DiscordStandIn;
let bot: SmallBot;
let folder: string;
let kills: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-page-'));
  discord = await createDiscordStandIn();
  bot = await startSmallBot(discord);
  kills = 0;
  const process = { state: () => state, kill: async () => void kills++, start: () => {}, onChange: () => {} };
  const nowhere = 'http://127.0.0.1:1';
  discord.host(createPage({ discord, folder, bot: process, mps: nowhere, health: nowhere }));
});
afterEach(async () => {
  await bot.client.destroy();
  await discord.close();
  await rm(folder, { recursive: true });
});

async function read(path: string): Promise<unknown> {
  return (await fetch(discord.origin + path)).json();
}

describe("the page's server", () => {
  it('shows a channel for moderators to those alone who see it', async () => {
    const channel = discord.world.addChannel('Foxglove', { name: 'staff', denyEveryone: ['ViewChannel'] });
    const shown = async (user: string) => JSON.stringify(await read(`/_page/surroundings?user=${user}`));
    expect(await shown('ada')).toContain(`"${channel.id}"`);
    expect(await shown('ben')).not.toContain(`"${channel.id}"`);
    discord.world.removeChannel(channel.id);
  });

  it('shows the world as one user sees it', async () => {
    expect(await read('/_page/surroundings?user=ben')).toMatchObject({
      me: { username: 'ben', name: 'Ben', locale: 'en-US' },
      servers: [
        {
          name: 'Foxglove',
          isAdmin: false,
          places: [
            { name: 'general', botMayAttach: true, nsfw: false, mayWrite: true },
            { name: 'studio' },
            { name: 'no-files', botMayAttach: false },
            { name: 'after-dark', nsfw: true },
          ],
        },
        { name: 'Night Workshop' },
      ],
    });
    expect(await read('/_page/surroundings?user=ada')).toMatchObject({ servers: [{ isAdmin: true }, {}] });
    expect((await fetch(`${discord.origin}/_page/surroundings?user=eve`)).status).toBe(404);
  });

  it('notifies a user of what they can see, as it happens, and not of what only others can', async () => {
    const heard: Record<string, string[]> = { ada: [], ben: [] };
    const sockets = Object.entries(heard).map(([name, lines]) => {
      const { id } = discord.world.user(name);
      const socket = new WebSocket(`${discord.origin.replace('http', 'ws')}/_page/live?user=${id}`);
      socket.on('message', (text) => lines.push(String(text)));
      return new Promise<WebSocket>((resolve) => socket.on('open', () => resolve(socket)));
    });
    const open = await Promise.all(sockets);
    await discord.actor('ada').send('for everybody');
    await discord.actor('ada', 'dm').send('between us');
    await until('she has heard both', () => heard.ada?.some((line) => line.includes('between us')) ?? false);
    expect(heard.ben?.join()).toContain('for everybody');
    expect(heard.ben?.join()).not.toContain('between us');
    for (const socket of open) socket.close();
  });

  it('says that a channel was added or removed, a post in a forum for one, so that no one has to reload', async () => {
    const heard: string[] = [];
    const socket = new WebSocket(
      `${discord.origin.replace('http', 'ws')}/_page/live?user=${discord.world.user('ada').id}`,
    );
    socket.on('message', (text) => heard.push(String(text)));
    await new Promise((resolve) => socket.on('open', resolve));
    const count = () => heard.filter((line) => line.includes('"places"')).length;
    const { id } = discord.world.addChannel('Foxglove', { name: 'new' });
    await until('it is notified of the new one', () => count() === 1);
    discord.world.removeChannel(id);
    await until('it is told that it is gone', () => count() === 2);
    socket.close();
  });

  it('serves its files under a strict policy, and no others', async () => {
    expect((await fetch(discord.origin)).status).toBe(503);
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    const page = await fetch(discord.origin);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await page.text()).toBe('<!doctype html>');
    for (const path of ['/assets/../index.html', '/assets/%2e%2e/secret.js', '/assets/.env'])
      expect((await fetch(discord.origin + path)).status).toBe(404);
  });

  it('does not let another site kill the bot', async () => {
    const url = `${discord.origin}/_page/bot/kill`;
    const foreign = await fetch(url, { method: 'POST', headers: { origin: 'https://example.org' } });
    expect([foreign.status, kills]).toEqual([403, 0]);
    expect([(await fetch(url, { method: 'POST' })).status, kills]).toEqual([204, 1]);
  });

  it('answers empty while the bot is unavailable, and 502 while MPS is', async () => {
    expect((await fetch(`${discord.origin}/_page/bot/state`)).status).toBe(204);
    expect((await fetch(`${discord.origin}/_page/mps/records`)).status).toBe(502);
    expect(await read('/_page/bot')).toEqual({ up: true, since: 0, starts: 1 });
  });
});
