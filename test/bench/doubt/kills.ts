import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { silentLog } from '../../../src/log.js';
import { createStore } from '../../../src/store/store.js';
import type { Task } from '../../../src/tasks/model/task.js';
import { fillLedger } from '../../support/full-ledger.js';
import { startCreator } from '../bot.js';
import type { Report } from '../figures.js';
import type { BenchOptions, Measurement } from '../measurement.js';

/** How often a kill leaves an order of which no one knows whether it was sent, although it was not. */
export const doubt: readonly Measurement[] = [{ name: 'doubt at a kill', run }];

/** Creates that MPS grants in a second: so many are in the step at once. */
const rate = 20;
/** ms that MPS takes to answer, as from another region. */
const rttMs = 100;
/** The create step begins when the limiter hands out its slot, ms before that opens (src/mps/limits/rate-limits.ts). */
const leadMs = 50;
/** ms after which a slot is open again (src/mps/limits/rate-limits.ts). */
const windowMs = 1_000.5;
/** ms in which its end is persisted. */
const endMs = 10;
const atOnce = 2;

interface Outcome {
  /** Tasks that may have been sent, by their record. */
  readonly submitting: number;
  /** Of these, tasks that MPS knows nothing of. */
  readonly unsent: number;
  /** Tasks that MPS knows of although no record says that they may have been sent. */
  readonly unrecorded: number;
}

async function run({ quick, seed }: BenchOptions): Promise<Report> {
  const kills = quick ? 10 : 60;
  const outcomes: Outcome[] = [];
  for (let n = 0; n < kills; n += atOnce) {
    const some = Array.from({ length: atOnce }, (_, at) => kill((n + at + 0.5) / kills, seed));
    outcomes.push(...(await Promise.all(some)));
  }
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((all, one) => all + count(one), 0);
  const row = `${kills} kills in the create step of ${rate} tasks, RTT ${rttMs} ms`;
  const share = (count: number) => (100 * count) / (kills * rate);
  return {
    figures: [
      { row: `${row}: in doubt`, measured: share(sum(({ submitting }) => submitting)), unit: '%' },
      {
        row: `${row}: in doubt, and never sent`,
        measured: share(sum(({ unsent }) => unsent)),
        unit: '%',
        target: { atMost: 2 },
      },
      {
        row: `${row}: sent without a record of it`,
        measured: sum(({ unrecorded }) => unrecorded),
        unit: '',
        target: { atMost: 0 },
      },
    ],
  };
}

/** Kills a process in the step of its second 20 Creates. @param share when: 0 at its beginning, 1 at its end. */
async function kill(share: number, seed: number): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  const storeUrl = `sqlite://${join(folder, 'easel.sqlite')}`;
  const mps = await createMpsStandIn({ seed });
  mps.faults.add({ kind: 'delay', ms: rttMs });
  try {
    await fillLedger(storeUrl, { over: 0, images: 0, videos: 0, queued: 2 * rate }, Date.now());
    const creator = startCreator(
      {
        MPS_ENDPOINT: mps.url,
        TENCENTCLOUD_SECRET_ID: mps.secretId,
        TENCENTCLOUD_SECRET_KEY: mps.secretKey,
      },
      storeUrl,
    );
    // It records a request when it answers.
    while (mps.records.length < rate) await sleep(1);
    const opensAt = performance.now() + windowMs;
    const killAt = opensAt - leadMs + share * (leadMs + rttMs + endMs);
    while (performance.now() < killAt) await sleep(Math.max(1, killAt - performance.now() - 1));
    await creator.kill();
    // What it has sent arrives.
    await sleep(100);
    return await judge(storeUrl, mps);
  } finally {
    await mps.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function judge(storeUrl: string, { tasks: made }: MpsStandIn): Promise<Outcome> {
  const seen = new Set(made.map(({ params }) => params.Prompt));
  const store = await createStore(storeUrl, { log: silentLog });
  const tasks: Task[] = [];
  for await (const [, task] of store.table<Task>('tasks').entries()) tasks.push(task);
  await store.close();
  const submitting = tasks.filter(({ state }) => state.name === 'submitting');
  return {
    submitting: submitting.length,
    unsent: submitting.filter(({ request }) => !seen.has(request.prompt)).length,
    unrecorded: tasks.filter(({ state, request }) => state.name === 'queued' && seen.has(request.prompt))
      .length,
  };
}
