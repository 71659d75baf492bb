import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LiveState } from '../../src/ops/health/live-state.js';
import { backUp } from '../../src/store/backup.js';
import { until } from '../support/until.js';
import { createWorld, delivered, type World } from './world.js';

let folder: string;
let world: World;
const at = (name: string) => `sqlite://${join(folder, name)}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-backup-test-'));
  world = await createWorld({ idle: true, mps: { durations: { image: [2, 2], video: [2, 2] } } });
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

it('a backup made while Easel runs is restored, and the task that was running is delivered, created once', async () => {
  await world.start({ STORE_URL: at('easel.sqlite'), HEALTH_PORT: '0', PLAYGROUND: '1' });
  const fox = await world.discord.actor('ben', 'general').command('imagine', { prompt: 'a red fox' });
  await until('the ledger says that it runs', async () => {
    const { tasks } = (await (await fetch(`${world.app().healthUrl()}/state`)).json()) as LiveState;
    return tasks[0]?.state === 'running';
  });
  const copy = join(folder, 'backup.sqlite');
  expect(await backUp(at('easel.sqlite'), copy)).toBe((await stat(copy)).size);
  // It holds tokens of answers.
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  await world.stop();

  await copyFile(copy, join(folder, 'restored.sqlite'));
  await world.start({ STORE_URL: at('restored.sqlite') });
  await delivered(fox);
  expect(world.mps.tasks).toHaveLength(1);
});

it('a backup overwrites nothing, and says why there is none', async () => {
  const copy = join(folder, 'backup.sqlite');
  await expect(backUp(at('easel.sqlite'), copy)).rejects.toThrow(/already exists: name a new file/);
  await expect(backUp(at('nothing.sqlite'), join(folder, 'b.sqlite'))).rejects.toThrow(/nothing to back up/);
  await expect(backUp('redis://127.0.0.1', join(folder, 'b.sqlite'))).rejects.toThrow(/redis-cli --rdb/);
  await expect(backUp(at('easel.sqlite'), join(folder, 'no/where.sqlite'))).rejects.toThrow(
    /could not be copied/,
  );
});
