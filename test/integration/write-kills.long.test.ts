import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { type Compiled, compile } from '../support/compiled.js';
import { standInEnvironment } from '../support/stand-in-environment.js';
import { until } from '../support/until.js';
import { createWorld, type World } from './world.js';

/**
 * A process that is killed right before or right after any write of an order's record. Several changes may share a write,
 * so what is in memory may be ahead of the store by some steps.
 */
let easel: Compiled;
let world: World;
let bot: ChildProcess | undefined;

beforeAll(async () => {
  easel = await compile();
});
afterAll(() => easel[Symbol.asyncDispose]());
beforeEach(async () => {
  world = await createWorld({ idle: true });
});
afterEach(async () => {
  bot?.kill('SIGKILL');
  if (bot) await ended(bot);
  await world.close();
});

const isGone = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

async function ended(child: ChildProcess): Promise<void> {
  if (!isGone(child)) await once(child, 'exit');
}

interface Death {
  readonly at: number;
  readonly when: 'before' | 'after';
}

const writes = () => join(easel.folder, 'writes');
const store = () => join(easel.folder, 'kills.sqlite');

async function start(death?: Death): Promise<ChildProcess> {
  const { discord, mps } = world;
  const hook = new URL('../support/dies-at-write.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', hook, easel.entry('main.js')], {
    cwd: easel.folder,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      ...standInEnvironment({ discord, mps }),
      POLL_INTERVAL_MS: '50',
      LOG_LEVEL: 'error',
      SHARDS: '',
      SHARD_COUNT: '',
      STORE_URL: `sqlite://${store()}`,
      WRITES: writes(),
      ...(death && { DIES_AT: String(death.at), DIES: death.when }),
    },
  });
  bot = child;
  await discord.ready();
  return child;
}

const isDelivered = ({ attachments, components }: MessageView) =>
  attachments[0]?.filename.endsWith('.png') === true && components.length > 0;
const isInterrupted = ({ content }: MessageView) => content.includes(text('en-US', 'failure.interrupted'));

/** Every message with a result, wherever it is. */
const results = () =>
  world.discord.world
    .channels()
    .flatMap(({ id }) => world.discord.messages(id).filter(({ attachments }) => attachments.length > 0));

async function outcomeOf(order: Invocation): Promise<'delivered' | 'interrupted' | 'unanswered'> {
  const seen = () => [order.message(), ...order.followUps()].filter((message) => message !== undefined);
  await until(
    'the order has ended',
    () => order.failed || seen().some((one) => isDelivered(one) || isInterrupted(one)),
  );
  if (seen().some(isDelivered)) return 'delivered';
  return seen().some(isInterrupted) ? 'interrupted' : 'unanswered';
}

/** How an order ends whose process dies so, and is started again; undefined if it never came to that write. */
async function lifeWith(death: Death) {
  await Promise.all(
    [writes(), store(), `${store()}-wal`, `${store()}-shm`].map((path) => rm(path, { force: true })),
  );
  const first = await start(death);
  const order = await world.discord.actor('ben', 'general').command('imagine', { prompt: 'a red fox' });
  order.acknowledged.catch(() => {});
  await until('it is dead or done', () => isGone(first) || results().length > 0);
  // Its last write comes after its result.
  const written = async () => (await readFile(writes(), 'utf8').catch(() => '')).split('\n').length - 1;
  if (!isGone(first)) {
    await until('all is written', async () => isGone(first) || (await written()) >= death.at - 1);
    first.kill('SIGTERM');
    await ended(first);
    if (first.signalCode !== 'SIGKILL') return undefined;
  }
  await start();
  const outcome = await outcomeOf(order);
  bot?.kill('SIGTERM');
  if (bot) await ended(bot);
  return { outcome, created: world.mps.tasks.length, posted: results().length };
}

describe.each(['before', 'after'] as const)('killed right %s a write of its record', (when) => {
  it('an order is made once and posted once, wherever it was', async () => {
    const ends: string[] = [];
    for (let at = 1; ; at++) {
      if (at > 1) {
        await world.close();
        world = await createWorld({ idle: true });
      }
      const end = await lifeWith({ at, when });
      if (!end) break;
      ends.push(`${at}: ${end.outcome}`);
      const { outcome, created, posted } = end;
      // Only the answer to a Create that may have been sent is not waited for again.
      const isSent = when === 'before' ? at === 3 : at === 2;
      expect([at, outcome]).toEqual([at, isSent ? 'interrupted' : at === 1 ? 'unanswered' : 'delivered']);
      expect([at, created]).toEqual([at, outcome === 'delivered' ? 1 : when === 'before' && isSent ? 1 : 0]);
      expect([at, posted]).toEqual([at, outcome === 'delivered' ? 1 : 0]);
    }
    // Received; submitting, with all before it; running; fetching; delivering, with the beginning of its post; delivered.
    expect(ends).toHaveLength(6);
  });
});
