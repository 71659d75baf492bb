import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import type { State, Task } from '../../src/tasks/model/task.js';
import { quickFolder } from '../support/quick-folder.js';
import { aTask, aTaskId, states } from '../support/tasks.js';
import { until } from '../support/until.js';
import { createWorld } from './world.js';

const day = 24 * 3_600_000;
const old = 41 * day;
const young = 39 * day;

it('tasks that ended before RETENTION_DAYS are removed a while after the start; younger or unfinished ones stay', async () => {
  const folder = await quickFolder('easel-retention-');
  const storeUrl = `sqlite://${join(folder, 'easel.sqlite')}`;
  const store = await createStore(storeUrl, { log: silentLog });
  const table = store.table<Task>('tasks');
  const aged = (state: State, ageMs: number): Task => ({
    ...aTask({ state }),
    id: aTaskId(),
    history: [{ state: state.name, at: Date.now() - ageMs }],
  });
  const [ended, recent] = [aged(states.delivered, old), aged(states.delivered, young)];
  const waiting = aged({ ...states.running, createdAt: Date.now() - old }, old);
  for (const task of [ended, recent, waiting]) await table.set(task.id, task);
  await store.close();
  const world = await createWorld({
    env: { STORE_URL: storeUrl, RETENTION_DAYS: '40' },
    timing: { firstPruneMs: 50 },
  });
  const reader = await createStore(storeUrl, { log: silentLog });
  try {
    await until('the old one is gone', async () => !(await reader.table('tasks').get(ended.id)));
    expect(await reader.table('tasks').get(recent.id)).toBeDefined();
    expect(await reader.table('tasks').get(waiting.id)).toBeDefined();
  } finally {
    await reader.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
});
