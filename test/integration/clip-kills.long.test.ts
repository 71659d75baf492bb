import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { lacksFfmpeg } from '../support/clips.js';
import { standInEnvironment } from '../support/stand-in-environment.js';
import { until } from '../support/until.js';
import { createWorld, isResult, type World } from './world.js';

/** The whole bot as a process that dies at a step: see test/chaos. */
const entry = 'dist-bench/test/chaos/bot.js';

let folder: string;
let world: World;
let clip: MessageView;
/** Of the clip and the new part, joined. */
let framesOfWhole: number;
let bot: Bot | undefined;

interface Bot {
  readonly ended: Promise<unknown>;
  kill(): Promise<void>;
}

/** Starts a bot on the one store, which dies the nth time it reaches the step. */
async function start(step = '', nth = '1'): Promise<Bot> {
  const { discord, mps } = world;
  const child = spawn(process.execPath, ['--enable-source-maps', entry, step, nth], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      ...standInEnvironment({ discord, mps }),
      STORE_URL: `sqlite://${join(folder, 'easel.sqlite')}`,
      SPOOL_DIR: join(folder, 'spool'),
      POLL_INTERVAL_MS: '50',
      LOG_LEVEL: 'info',
    },
  });
  const ended = once(child, 'exit');
  bot = {
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  // The stand-in may still hold the connection of the life before: the bot itself says when it can be asked.
  const connected = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Easel is connected')) resolve();
    });
  });
  await Promise.race([connected, ended]);
  // The first one registers the commands only then.
  await until('there are commands', () => child.exitCode !== null || world.discord.commands().length > 0);
  return bot;
}

const ben = () => world.discord.actor('ben', 'general');
const results = () => world.discord.messages('general').filter(isResult);

async function countFrames({ attachments }: MessageView): Promise<number> {
  const path = join(folder, 'posted.mp4');
  await writeFile(path, Buffer.from(await (await fetch(attachments[0]?.url ?? '')).arrayBuffer()));
  const options = ['-v', 'error', '-count_frames', '-select_streams', 'v:0'];
  const entries = ['-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', path];
  return Number.parseInt((await promisify(execFile)('ffprobe', [...options, ...entries])).stdout, 10);
}

/** Orders by the form that a button under the clip opens. */
async function orderBy(key: 'button.extend' | 'button.changeclip', prompt: string): Promise<Invocation> {
  const form = await ben().press(clip.id, text('en-US', key));
  await form.acknowledged;
  return ben().submitModal(form, { prompt, ...(key === 'button.extend' && { measure: '3' }) });
}

/** Steps at which it dies, and how often it has reached them then. */
const deaths = [
  ['after received', '1'],
  ['before acknowledged', '1'],
  ['after acknowledged', '1'],
  // Queued alone it has no write of its own.
  ['after submitting', '1'],
  ['answered Create', '1'],
  ['after running', '1'],
  ['after fetching', '1'],
  ['read download', '1'],
  // What became of the join is on record.
  ['after fetching', '2'],
  ['after delivering', '1'],
  ['after handing answer', '1'],
  ['after delivered', '1'],
] as const;
/** MPS may or may not have the order then: it is never sent as another one. */
const isLost = (step: string) => /submitting|Create/.test(step);
/** No one was told that it was taken: Discord says that the bot did not answer, and nothing comes of it. */
const isUnheard = (step: string) => step === 'after received';
const edits = deaths.filter(
  ([step, nth]) => nth === '1' && /received|after acknowledged|Create|running|handing/.test(step),
);

/** The answer, once it says how the order ended. */
const endOf = (order: Invocation) =>
  order.until((message) => isResult(message) || message.content.includes('⚠️'));

describe.skipIf(lacksFfmpeg)('a bot that is killed while it makes a clip of a clip', () => {
  beforeAll(async () => {
    spawnSync(process.execPath, ['tools/build.mjs', 'packages', 'bench']);
    folder = await mkdtemp(join(tmpdir(), 'easel-clip-kills-'));
    world = await createWorld({ idle: true });
    const life = await start();
    const order = await ben().command('animate', { prompt: 'it runs', duration: 3, audio: false });
    clip = await order.until(isResult);
    const whole = await orderBy('button.extend', 'undisturbed');
    framesOfWhole = await countFrames(await whole.until(isResult));
    await life.kill();
  });
  afterEach(() => bot?.kill());
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ...deaths.map(([step, nth]) => ['button.extend', step, nth] as const),
    ...edits.map(([step, nth]) => ['button.changeclip', step, nth] as const),
  ])('orders once and delivers once: %s, %s (%s)', async (key, step, nth) => {
    const [orders, shown] = [world.mps.tasks.length, results().length];
    const life = await start(step, nth);
    const order = await orderBy(key, `at ${step} ${nth}`);
    await life.ended;
    const next = await start();
    const end = isUnheard(step) ? undefined : await endOf(order);
    // A third life finds nothing left to do.
    await next.kill();
    await start();
    const later = await ben().command('tasks');
    await later.until(({ content }) => content !== '');
    const [made, posted] = [world.mps.tasks.length - orders, results().length - shown];
    expect(posted).toBe(end && isResult(end) ? 1 : 0);
    if (!end) expect(made).toBe(0);
    else if (isLost(step)) expect(made).toBeLessThanOrEqual(1);
    else expect([made, posted]).toEqual([1, 1]);
    if (end && key === 'button.extend' && posted === 1) expect(await countFrames(end)).toBe(framesOfWhole);
  });
});
