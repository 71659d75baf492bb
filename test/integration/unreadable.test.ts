import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyvSqlite } from '@keyv/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCollectingLog } from '../support/log.js';
import { quickFolder } from '../support/quick-folder.js';
import { createWorld, delivered, type World } from './world.js';

let folder: string;
let world: World;
beforeEach(async () => {
  folder = await quickFolder('easel-unreadable-');
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

it("unreadable rows of any table don't prevent a start: readable ones are delivered, and new orders accepted", async () => {
  const file = join(folder, 'easel.sqlite');
  const log = createCollectingLog();
  const env = { STORE_URL: `sqlite://${file}`, HEALTH_PORT: '0' };
  world = await createWorld({ log, env, mps: { durations: { image: [1, 1] } } });
  const ben = world.discord.actor('ben', 'general');
  const first = await ben.command('imagine', { prompt: 'a fox from before' });
  await delivered(first);
  await world.stop();
  const database = new KeyvSqlite({ uri: `sqlite://${file}`, table: 'tasks' });
  const guildId = world.discord.world.guilds()[0]?.id ?? '';
  await database.query(
    'UPDATE tasks SET value = replace(value, \'"amount":1\', \'"amount":1e400\') WHERE key LIKE ?',
    `${first.id}%`,
  );
  await database.query('INSERT INTO tasks VALUES (\'1146000000000000777:1\', \'{"value":{"v":\')');
  for (const table of ['settings', 'durations', 'upload_limits', 'drafts', 'proposals', 'notices']) {
    await database.query(`CREATE TABLE IF NOT EXISTS ${table} (key VARCHAR(255) PRIMARY KEY, value TEXT)`);
    await database.query(`INSERT OR REPLACE INTO ${table} VALUES (?, 'no JSON at all')`, guildId);
  }
  await database.close();
  await world.start();
  const second = await ben.command('imagine', { prompt: 'a fox from after' });
  await delivered(second);
  expect(world.mps.tasks).toHaveLength(2);
  const metrics = await (await fetch(`${world.app().healthUrl()}/metrics`)).text();
  expect(metrics).toMatch(/^easel_unreadable_records 2$/m);
  const named = log.lines.map(({ details }) => ('record' in details ? details.record : undefined));
  expect(named).toEqual(expect.arrayContaining([`${first.id}:1`, '1146000000000000777:1']));
});
