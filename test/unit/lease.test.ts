import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLease } from '../../src/lease.js';
import { silentLog } from '../../src/log.js';
import { createStore, type Store } from '../../src/store.js';

let store: Store | undefined;
// A lease is renewed when a test says so: else it could be between two of its lines.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(async () => {
  vi.useRealTimers();
  await store?.close();
});

/** Processes on one store, each with a number of its own. */
async function processes(alive: ReadonlySet<number>) {
  const opened = await createStore('sqlite::memory:', { log: silentLog });
  store = opened;
  let time = 1_000_000;
  const lost: number[] = [];
  return {
    lost,
    wait: (ms: number) => {
      time += ms;
    },
    start: (pid: number, host = 'desk') =>
      createLease({
        ...{ table: opened.table('lease'), log: silentLog, now: () => time, pid, host },
        isAlive: (other) => alive.has(other),
        onLost: () => lost.push(pid),
        lifeMs: 200,
      }),
  };
}

it('is held by one process at a time', async () => {
  const { start } = await processes(new Set([1, 2]));
  const first = start(1);
  expect(await first.take()).toBe(true);
  expect(await start(2).take()).toBe(false);
  await first.release();
  expect(await start(2).take()).toBe(true);
});

it('passes at once from a process that was killed on this machine', async () => {
  const { start } = await processes(new Set([2]));
  expect(await start(1).take()).toBe(true);
  expect(await start(2).take()).toBe(true);
});

it('passes to a container that was restarted, which has the number of the one before', async () => {
  const { start } = await processes(new Set([1]));
  expect(await start(1).take()).toBe(true);
  expect(await start(1).take()).toBe(true);
});

it('passes from a machine that has not been heard of for its life', async () => {
  const { start, wait } = await processes(new Set([1]));
  expect(await start(1, 'elsewhere').take()).toBe(true);
  wait(201);
  expect(await start(2).take()).toBe(true);
});

it('tells a process that slept while another took over', async () => {
  const { start, wait, lost } = await processes(new Set([1, 2]));
  await start(1, 'elsewhere').take();
  wait(201);
  await start(2).take();
  vi.advanceTimersByTime(50);
  await vi.waitFor(() => expect(lost).toEqual([1]));
});
