import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { paint } from '../support/images.js';
import { until } from '../support/until.js';
import { startedProcesses } from './start-bot.js';
import { isResult } from './world.js';

const { start, world, folder, compiled } = startedProcesses();

/** Runs a program with a file size limit of so many kB; its children inherit that. */
const within = (kilobytes: number) => ['sh', '-c', `ulimit -d ${kilobytes}; exec "$@"`, 'sh'];
const hasLimits =
  process.platform === 'linux' && spawnSync('sh', ['-c', 'ulimit -d 100000 && ulimit -d']).status === 0;

const ben = () => world().discord.actor('ben', 'general');
const animate = (filename: string, bytes: Buffer) =>
  ben().command('animate', { prompt: `it runs: ${filename}`, image: { filename, bytes } });

it.skipIf(!hasLimits)(
  'two files of a kilobyte that decode to a gigabyte each get a sentence from a bot with 600 MB, which survives',
  async () => {
    const bot = start({}, within(600_000));
    await world().discord.ready();
    const bomb = await paint(7_070, 7_070).avif({ effort: 0, quality: 1 }).toBuffer();
    expect(bomb.length).toBeLessThan(100_000);
    const orders = await Promise.all(['a.avif', 'b.avif'].map((name) => animate(name, bomb)));
    const params = { width: 7_070, height: 7_070 };
    for (const [at, order] of orders.entries()) {
      const sentence = text('en-US', 'failure.source.pixels', { name: `${'ab'[at]}.avif`, ...params });
      await order.until(({ content }) => content.includes(sentence));
    }
    expect(world().mps.tasks).toEqual([]);
    const reference1 = { filename: 'fox.webp', bytes: await paint(64, 48).webp().toBuffer() };
    const fox = await ben().command('imagine', { prompt: 'a red fox', reference1 });
    await fox.until(isResult);
    expect(bot.child.exitCode).toBeNull();
  },
);

/** Whether something was downloaded into the spool of a living process. */
async function isLookingAtFile(): Promise<boolean> {
  const spool = join(folder(), 'spool');
  const names = await readdir(spool, { recursive: true }).catch(() => []);
  return names.some((name) => /files\/\d+$/.test(name));
}

it('a picture that was being decoded when the process died twice fails its order at the third start, with a sentence', async () => {
  // It takes its time: 12 million pixels of AVIF.
  const large = await paint(4_000, 3_000).avif({ effort: 0 }).toBuffer();
  let order: Awaited<ReturnType<typeof animate>> | undefined;
  for (let life = 1; life <= 2; life++) {
    const bot = start();
    await world().discord.ready();
    order ??= await animate('fox.avif', large);
    await until('the picture is looked at', isLookingAtFile);
    bot.child.kill('SIGKILL');
    await bot.ended;
    // Its leftovers would look like the next one's.
    await rm(join(folder(), 'spool'), { recursive: true });
  }
  const bot = start();
  const sentence = text('en-US', 'failure.source.heavy', { name: 'fox.avif' });
  await order?.until(({ content }) => content.includes(sentence));
  expect(world().mps.tasks).toEqual([]);
  expect(bot.child.exitCode).toBeNull();
});

/** Easel on a machine for which sharp has no library: all packages but that one. */
async function withoutSharp(): Promise<string> {
  const [from, to] = [compiled().folder, join(folder(), 'lame')];
  await mkdir(join(to, 'node_modules'), { recursive: true });
  for (const name of await readdir(join(from, 'node_modules')))
    if (name !== 'sharp')
      await symlink(join(from, 'node_modules', name), join(to, 'node_modules', name), 'dir');
  await cp(join(from, 'dist'), join(to, 'dist'), { recursive: true });
  await cp(join(from, 'package.json'), join(to, 'package.json'));
  return join(to, 'dist/src/main.js');
}

it('without the image library it makes what needs no source image, says so for the rest, and logs its name', async () => {
  const bot = start({}, [], await withoutSharp());
  await world().discord.ready();
  const fox = await ben().command('imagine', { prompt: 'a red fox' });
  await fox.until(isResult);
  const order = await animate('fox.png', await paint().png().toBuffer());
  const sentence = text('en-US', 'failure.source.unavailable', { name: 'fox.png' });
  await order.until(({ content }) => content.includes(sentence));
  expect(world().mps.tasks).toHaveLength(1);
  expect(bot.child.exitCode).toBeNull();
  expect(bot.said()).toContain('the image library sharp does not work on this machine');
});
