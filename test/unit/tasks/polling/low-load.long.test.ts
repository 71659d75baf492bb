import { setMaxListeners } from 'node:events';
import { createRandom } from '@easel/stand-in-kit';
import { expect, it } from 'vitest';
import { silentLog } from '../../../../src/log.js';
import { createDurations } from '../../../../src/tasks/polling/duration-model.js';
import { createPoller } from '../../../../src/tasks/polling/poller.js';
import { createSimulatedMps } from '../../../bench/simulated/mps.js';
import { createSimulatedTime } from '../../../bench/simulated/time.js';
import { createMemoryTable } from '../../../support/table.js';
import { anImageRequest } from '../../../support/tasks.js';

const never = new AbortController().signal;
setMaxListeners(0, never);

/** MPS in simulated time, and processes that share its limits, as on one Redis: all wait in one line. */
function setUp(processes: number) {
  const time = createSimulatedTime();
  const mps = createSimulatedMps({ time, seed: 1, durations: { image: [60, 180], video: [180, 300] } });
  const { now, after } = time;

  function startProcess() {
    const durations = createDurations({ table: createMemoryTable(), log: silentLog, saveMs: 2 ** 30 });
    let queries = 0;
    const poller = createPoller({
      durations,
      now,
      after,
      intervalMs: 5_000,
      log: silentLog,
      share: 1 / processes,
      mps: {
        describe: (kind, choose, options) =>
          mps.client.describe(
            kind,
            () => {
              const chosen = choose();
              if (chosen !== undefined) queries += 1;
              return chosen;
            },
            options,
          ),
      },
    });
    const delays: number[] = [];
    async function make(): Promise<void> {
      const mpsTaskId = await mps.limits.CreateAigcImageTask.run(() => mps.create('image'));
      if (mpsTaskId === undefined) throw new Error('a create was rejected');
      await poller.wait({ request: anImageRequest(), mpsTaskId, createdAt: now() }, { signal: never });
      delays.push(now() - (mps.task(mpsTaskId).finishesAt ?? 0));
    }
    return {
      delays,
      make,
      /** One image after the other. */
      async makeOneByOne() {
        for (;;) await make();
      },
      /** Images at random times, so many a second. */
      makeAt(rate: number, random = createRandom(7)) {
        const next = () => {
          void make();
          time.after((-Math.log(1 - random()) / rate) * 1_000, next);
        };
        next();
      },
      get queries() {
        return queries;
      },
    };
  }

  return { time, mps, all: Array.from({ length: processes }, startProcess) };
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

it('a lone image is noticed a quarter of a second after its end, from the first one on', async () => {
  const { time, mps, all } = setUp(1);
  for (const each of all) void each.makeOneByOne();
  await time.run(() => all[0]?.delays.length === 120);
  expect(mean(all[0]?.delays ?? [])).toBeLessThan(250);
  expect(mps.queries / 120).toBeLessThan(200);
});

it('processes that share the limit notice their lone images equally soon', async () => {
  const { time, mps, all } = setUp(3);
  for (const each of all) void each.makeOneByOne();
  await time.run(() => all.every(({ delays }) => delays.length >= 40));
  for (const { delays } of all) expect(mean(delays)).toBeLessThan(450);
  expect(mps.rejected).toBe(0);
});

it('a process with a lone image spends nothing on it while another one needs all queries', async () => {
  const queries = async (rate: number) => {
    const { time, mps, all } = setUp(2);
    const [lone, busy] = all;
    void lone?.makeOneByOne();
    if (rate > 0) busy?.makeAt(rate);
    await time.run(() => lone?.delays.length === 5);
    expect(mps.rejected).toBe(0);
    return lone?.queries ?? 0;
  };
  expect(await queries(3)).toBeLessThan((await queries(0)) / 2);
});
