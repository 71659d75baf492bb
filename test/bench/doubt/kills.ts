import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { silentLog } from '../../../src/log.js';
import { createStore } from '../../../src/store/store.js';
import type { Task } from '../../../src/tasks/model/task.js';
import { fillLedger } from '../../support/full-ledger.js';
import { startCreator } from '../bot.js';
import { type Figure, percentile, type Report } from '../figures.js';
import type { BenchOptions, Measurement } from '../measurement.js';
import type { CreateTimes } from './creator.js';

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

/** When a process is killed, and what its network is like. */
interface Kill {
  /** When, of the create step: 0 at its beginning, 1 at its end. */
  readonly share: number;
  readonly seed: number;
  /** ms that a connection takes to open; undefined: connections are open already, from 20 earlier Creates. */
  readonly handshakeMs?: number;
}

/** As long as TCP and TLS take to another region, ms. */
const handshakeMs = 300;

async function run({ quick, seed }: BenchOptions): Promise<Report> {
  const [kills, coldKills] = quick ? [10, 6] : [60, 30];
  const row = (count: number) => `${count} kills in the create step of ${rate} tasks, RTT ${rttMs} ms`;
  const cold = `${row(coldKills)}, no connection open, handshake ${handshakeMs} ms`;
  const figures = [
    ...figuresOf(row(kills), await killAll(kills, { seed })),
    ...figuresOf(cold, await killAll(coldKills, { seed, handshakeMs })),
    ...(await timeCreates(quick ? 3 : 10, seed)),
  ];
  return { figures };
}

async function killAll(kills: number, options: Omit<Kill, 'share'>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let n = 0; n < kills; n += atOnce) {
    const some = Array.from({ length: atOnce }, (_, at) =>
      kill({ ...options, share: (n + at + 0.5) / kills }),
    );
    outcomes.push(...(await Promise.all(some)));
  }
  return outcomes;
}

function figuresOf(row: string, outcomes: readonly Outcome[]): Figure[] {
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((all, one) => all + count(one), 0);
  const share = (count: number) => (100 * count) / (outcomes.length * rate);
  return [
    { row: `${row}: in doubt`, measured: share(sum(({ submitting }) => submitting)), unit: '%' },
    {
      row: `${row}: in doubt, and never sent`,
      measured: share(sum(({ unsent }) => unsent)),
      unit: '%',
      target: { atMost: 2 },
      bound: 0,
    },
    {
      row: `${row}: sent without a record of it`,
      measured: sum(({ unrecorded }) => unrecorded),
      unit: '',
      target: { atMost: 0 },
      bound: 0,
    },
  ];
}

/** Where a Create is between its record and its request, if nothing kills it. */
async function timeCreates(rounds: number, seed: number): Promise<Figure[]> {
  const count = rounds * rate;
  const { write, gap } = await withCreator({ seed, count, handshakeMs: 0 }, async ({ creator, folder }) => {
    await creator.ended;
    return JSON.parse(await readFile(join(folder, 'times.json'), 'utf8')) as CreateTimes;
  });
  const rows = (name: string, values: readonly number[]): Figure[] => [
    { row: `${name}, p50`, measured: percentile(values, 0.5), unit: 'ms' },
    { row: `${name}, mean`, measured: values.reduce((all, one) => all + one, 0) / values.length, unit: 'ms' },
    { row: `${name}, p99`, measured: percentile(values, 0.99), unit: 'ms' },
  ];
  return [
    ...rows(`${count} creates: the write of the record`, write),
    ...rows(`${count} creates: from the end of that to the request's first byte`, gap),
  ];
}

interface Creating {
  readonly creator: ReturnType<typeof startCreator>;
  readonly mps: MpsStandIn;
  readonly folder: string;
  readonly storeUrl: string;
}

/** A process that creates so many tasks at a stand-in. */
async function withCreator<T>(
  options: { readonly seed: number; readonly count: number; readonly handshakeMs: number },
  work: (creating: Creating) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  const storeUrl = `sqlite://${join(folder, 'easel.sqlite')}`;
  const mps = await createMpsStandIn({ seed: options.seed });
  mps.faults.add({ kind: 'delay', ms: rttMs });
  try {
    await fillLedger(storeUrl, { over: 0, images: 0, videos: 0, queued: options.count }, Date.now());
    const env = {
      MPS_ENDPOINT: mps.url,
      TENCENTCLOUD_SECRET_ID: mps.secretId,
      TENCENTCLOUD_SECRET_KEY: mps.secretKey,
    };
    const creator = startCreator(env, [storeUrl, folder, String(options.handshakeMs)]);
    return await work({ creator, mps, folder, storeUrl });
  } finally {
    await mps.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Kills a process in the step of its second 20 Creates, or of its first ones if no connection is to be open. */
function kill({ share, seed, handshakeMs }: Kill): Promise<Outcome> {
  const isCold = handshakeMs !== undefined;
  const options = { seed, count: isCold ? rate : 2 * rate, handshakeMs: handshakeMs ?? 0 };
  return withCreator(options, async ({ creator, mps, folder, storeUrl }) => {
    const begins = isCold ? await begun(folder) : await nextSlots(mps);
    const lasts = (isCold ? handshakeMs : leadMs) + rttMs + endMs;
    const killAt = begins + share * lasts;
    while (performance.now() < killAt) await sleep(Math.max(1, killAt - performance.now() - 1));
    await creator.kill();
    // What it has sent arrives.
    await sleep(100);
    return judge(storeUrl, mps);
  });
}

/** When the process began its first Creates, by `performance.now()`. */
async function begun(folder: string): Promise<number> {
  while (!existsSync(join(folder, 'begun'))) await sleep(1);
  return performance.now();
}

/** When the slots of the second 20 Creates are handed out, by `performance.now()`. */
async function nextSlots(mps: MpsStandIn): Promise<number> {
  // It records a request when it answers.
  while (mps.records.length < rate) await sleep(1);
  return performance.now() + windowMs - leadMs;
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
