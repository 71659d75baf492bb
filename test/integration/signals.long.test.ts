import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Invocation } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Compiled, compile } from '../support/compiled.js';
import { standInEnvironment } from '../support/stand-in-environment.js';
import { until } from '../support/until.js';
import { createWorld, delivered, type World } from './world.js';

/** How `npm start`'s process ends on a signal: it is compiled, and runs by itself. */
let easel: Compiled;
let world: World;
let child: ChildProcess | undefined;
let lives = 0;

beforeAll(async () => {
  easel = await compile();
});
afterAll(() => easel[Symbol.asyncDispose]());
beforeEach(async () => {
  world = await createWorld({ idle: true });
  lives += 1;
});
afterEach(async () => {
  await kill();
  await world.close();
});

/** Starts the bot on this test's store, and waits until it is connected. */
async function start(settings: Readonly<Record<string, string>> = {}): Promise<ChildProcess> {
  const { discord, mps } = world;
  const begun = spawn(process.execPath, [easel.entry('main.js')], {
    cwd: easel.folder,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      ...standInEnvironment({ discord, mps }),
      POLL_INTERVAL_MS: '50',
      LOG_LEVEL: 'error',
      ...settings,
      // Empty means unset, also to discord.js, which reads variables of these names by itself.
      SHARDS: '',
      SHARD_COUNT: '',
      STORE_URL: `sqlite://${join(easel.folder, `signals-${lives}.sqlite`)}`,
    },
  });
  child = begun;
  await discord.ready();
  return begun;
}

async function kill(): Promise<void> {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  child = undefined;
}

/** A picture whose post is in flight, and takes so long (ms). */
async function posting(ms: number): Promise<Invocation> {
  const { discord } = world;
  discord.faults.add({
    kind: 'delay',
    ms,
    method: 'PATCH',
    route: /@original$/,
    times: Number.POSITIVE_INFINITY,
  });
  const order = await discord.actor('ben', 'general').command('imagine', { prompt: 'a red fox' });
  await until('MPS has served the picture', () => world.mps.tasks.some(({ downloads }) => downloads > 0));
  await sleep(200);
  return order;
}

async function codeOf(process: ChildProcess): Promise<number | null> {
  if (process.exitCode !== null) return process.exitCode;
  await once(process, 'exit');
  return process.exitCode;
}

it("signalled twice at once, as npm passes a terminal's Ctrl-C on, it finishes the post and exits with 0", async () => {
  const bot = await start();
  const order = await posting(1_000);
  bot.kill('SIGINT');
  await sleep(20);
  bot.kill('SIGINT');
  expect(await codeOf(bot)).toBe(0);
  await delivered(order);
  expect(world.mps.tasks).toHaveLength(1);
});

it('signalled again later it exits at once, and delivers after the restart, ordered once', async () => {
  const bot = await start();
  const order = await posting(4_000);
  bot.kill('SIGTERM');
  await sleep(700);
  bot.kill('SIGTERM');
  expect(await codeOf(bot)).toBe(1);
  expect(order.message()?.attachments).toEqual([]);
  world.discord.faults.clear();
  await start();
  await delivered(order);
  expect(world.mps.tasks).toHaveLength(1);
});

it('waits for a post no longer than SHUTDOWN_SECONDS, and delivers after the restart, ordered once', async () => {
  const bot = await start({ SHUTDOWN_SECONDS: '1' });
  const order = await posting(8_000);
  bot.kill('SIGTERM');
  expect(await codeOf(bot)).toBe(0);
  expect(order.message()?.attachments).toEqual([]);
  world.discord.faults.clear();
  await start();
  await delivered(order);
  expect(world.mps.tasks).toHaveLength(1);
});
