import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiscordStandIn } from '@easel/discord-stand-in';
import { afterEach, expect, it } from 'vitest';
import { createApp } from '../../src/app/app.js';
import { loadConfig } from '../../src/config/config.js';
import { silentLog } from '../../src/log.js';
import { openCatalogue } from '../../src/mps/catalogue/models-file.js';
import { createWorld, type World } from './world.js';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

it('a Discord that is unavailable at the start is waited for', async () => {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
  const token = 'MTAwMDAwMDAwMDAwMDAwMDAwMA.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB';
  const { catalogue, rules } = openCatalogue();
  const env = {
    DISCORD_TOKEN: token,
    DISCORD_API_URL: `http://127.0.0.1:${port}/api`,
    MPS_ENDPOINT: 'http://127.0.0.1:9',
    TENCENTCLOUD_SECRET_ID: 'id',
    TENCENTCLOUD_SECRET_KEY: 'key',
    STORE_URL: `sqlite://${folder}/easel.sqlite`,
  };
  const app = await createApp({ config: loadConfig(env, rules), catalogue, log: silentLog });
  const started = app.start();
  const discord = await createDiscordStandIn({ port, token });
  await started;
  await discord.ready();
  expect(discord.commands().map(({ name }) => name)).toContain('imagine');
  await app.stop();
  await discord.close();
  await rm(folder, { recursive: true, force: true });
});

it('a fatal close is reported, so that the process can exit with a sentence', async () => {
  const closed: Error[] = [];
  world = await createWorld({ onFatal: (error) => closed.push(error) });
  world.discord.gateway.faults.drop(4004);
  await expect.poll(() => closed).toMatchObject([{ name: 'GatewayClosedError', code: 4004 }]);
});
