import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import { isOver } from '../../src/tasks/model/state-machine.js';
import type { Task } from '../../src/tasks/model/task.js';
import { fillLedger } from '../support/full-ledger.js';
import { type PatientMps, startPatientMps } from '../support/patient-mps.js';
import { until } from '../support/until.js';
import { createWorld, type World } from './world.js';

let folder: string;
let storeUrl: string;
let mps: PatientMps;
let world: World;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-scale-'));
  storeUrl = `sqlite://${join(folder, 'easel.sqlite')}`;
  mps = await startPatientMps();
});
afterEach(async () => {
  await world.close();
  await mps.close();
  await rm(folder, { recursive: true, force: true });
});

/** The idle ledger's memory. */
async function read(): Promise<Task[]> {
  const store = await createStore(storeUrl, { log: silentLog });
  const tasks: Task[] = [];
  for await (const [, task] of store.table<Task>('tasks').entries()) tasks.push(task);
  await store.close();
  return byId(tasks);
}

function byId(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => a.id.localeCompare(b.id));
}

const openAtMps = (tasks: readonly Task[]) =>
  tasks.flatMap(({ state }) => (state.name === 'running' ? [state.mpsTaskId] : []));

it('of 10,000 tasks with 1,000 unfinished every running one is polled, the queued wait, and none is created again', async () => {
  const fill = { over: 9_000, images: 100, videos: 300, queued: 600 };
  const unfinished = byId(await fillLedger(storeUrl, fill, Date.now()));
  expect(unfinished).toHaveLength(1_000);
  world = await createWorld({
    env: { STORE_URL: storeUrl, MPS_ENDPOINT: mps.url, POLL_INTERVAL_MS: '60000' },
  });
  await until('every open task was asked about', () => mps.asked.size >= 400);
  await world.stop();

  expect([...mps.asked.keys()].sort()).toEqual(openAtMps(unfinished).sort());
  // Those in the queue wait: the running ones hold every slot.
  expect(mps.others).toEqual([]);
  const kept = await read();
  expect(kept).toHaveLength(10_000);
  expect(kept.filter(({ state }) => !isOver(state))).toEqual(unfinished);
});
