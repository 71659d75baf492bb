import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { noise } from '../support/images.js';
import { until } from '../support/until.js';
import { createWorld, isResult, type World } from './world.js';

let world: World;
let folder = '';
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** Files of source images that one user may have on the disk, while orders wait. */
const most = 30;
const orders = most + 6;

it('the images of a user’s waiting orders stay within bounds on the disk, and every order is delivered', async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-cap-'));
  world = await createWorld({
    env: { SPOOL_DIR: folder, MAX_VIDEO_TASKS: '1' },
  });
  world.mps.faults.add({ kind: 'status', word: 'PAUSED', count: 100_000 });
  const ben = world.discord.actor('ben', 'general');
  const image = { filename: 'fox.webp', bytes: await noise(320).webp().toBuffer() };
  const placed = [];
  let largest = 0;
  const look = async () => {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    largest = Math.max(largest, names.filter((entry) => entry.isFile()).length);
  };
  for (let n = 0; n < orders; n += 1) {
    placed.push(await ben.command('animate', { prompt: `it runs ${n}`, image }));
    await look();
  }
  const waiting = () => ben.messages().filter(({ content }) => /in line|up next|next in line/.test(content));
  await until('all but one wait in line', () => waiting().length >= orders - 1);
  await look();
  expect(largest).toBeGreaterThan(most / 2);
  // The one being processed, and its conversion, are in addition to the waiting ones.
  expect(largest).toBeLessThanOrEqual(most + 4);
  world.mps.faults.clear();
  await Promise.all(placed.map((one) => one.until(isResult)));
  expect(world.mps.tasks).toHaveLength(orders);
});
