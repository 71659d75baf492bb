import { setMaxListeners } from 'node:events';
import { createMpsStandIn } from '@easel/mps-stand-in';
import { createRandom } from '@easel/stand-in-kit';
import { silentLog } from '../../src/log.js';
import { createMpsClient } from '../../src/mps/api/client.js';
import { createCatalogue } from '../../src/mps/catalogue/catalogue.js';
import { createLimits } from '../../src/mps/limits/rate-limits.js';
import { toParameters } from '../../src/mps/parameters/parameters.js';
import { createDurations } from '../../src/tasks/polling/duration-model.js';
import { createPoller } from '../../src/tasks/polling/poller.js';
import { createMemoryTable } from '../support/table.js';
import { type Figure, percentile, type Report } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';

/** How soon a lone picture is noticed, over sockets and in real time: some accounts side by side, a picture each. */
export const lone: readonly Measurement[] = [{ name: 'a lone picture', run }];

/** So few at a time that they hardly ever wait for one another: each is a client and a server in this one process. */
const atOnce = 10;
const rounds = 4;
const accounts = rounds * atOnce;
/** A picture takes minutes; all but its last seconds are skipped. So many ms of it are left, least and most. */
const left = [12_000, 16_000] as const;
const name = 'a lone picture in real time, over sockets: finished at MPS to the answer';

async function run({ seed }: BenchOptions): Promise<Report> {
  const lateness = watchLateness();
  const random = createRandom(seed);
  const noticed: Noticed[] = [];
  for (let round = 0; round < rounds; round++) {
    const some = Array.from({ length: atOnce }, (_, n) => makeOne(seed + round * atOnce + n, random()));
    noticed.push(...(await Promise.all(some)));
  }
  const late = lateness();
  const mean = noticed.reduce((sum, { delay }) => sum + delay, 0) / accounts;
  const queries = noticed.reduce((sum, one) => sum + one.queries, 0) / accounts;
  const at = (share: number) =>
    percentile(
      noticed.map(({ delay }) => delay),
      share,
    );
  const figures: Figure[] = [
    { row: `${name}, mean`, measured: mean, unit: 'ms', target: { atMost: 250 } },
    { row: `${name}, p95`, measured: at(0.95), unit: 'ms' },
    {
      row: 'a lone picture in real time: timers of the measuring process were late by, mean',
      measured: late,
      unit: 'ms',
    },
    {
      row: 'a lone picture in real time, over sockets: queries in its last 14 s',
      measured: queries,
      unit: '',
    },
  ];
  return { figures };
}

/** How often it is looked whether timers are late, ms. */
const lookMs = 20;

/**
 * How late the event loop is: stand-ins and pollers of all accounts share it, and a delay has the lateness of several
 * turns in it that an account alone on a quiet machine doesn't have.
 *
 * @returns ends that, and says the mean, ms
 */
function watchLateness(): () => number {
  const late: number[] = [];
  let due = performance.now() + lookMs;
  const timer = setInterval(() => {
    const now = performance.now();
    late.push(Math.max(0, now - due));
    due = now + lookMs;
  }, lookMs);
  return () => {
    clearInterval(timer);
    return late.reduce((sum, one) => sum + one, 0) / late.length;
  };
}

interface Noticed {
  /** ms from the end of an account's only picture to the answer that reports it. */
  readonly delay: number;
  readonly queries: number;
}

/** @param part of 1: how much of the time that is left at most. */
async function makeOne(seed: number, part: number): Promise<Noticed> {
  const standIn = await createMpsStandIn({ seed });
  const limits = createLimits();
  const durations = createDurations({ table: createMemoryTable(), log: silentLog });
  const { url: endpoint, secretId, secretKey } = standIn;
  const credentials = { secretId, secretKey };
  let skipped = 0;
  const now = () => Date.now() + skipped;
  const mps = createMpsClient({ endpoint, region: 'ap-guangzhou', credentials, limits, log: silentLog, now });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  try {
    const request = { kind: 'image', model: 'hunyuan-3.0', prompt: 'a red fox', enhance: true } as const;
    const checked = toParameters(request, createCatalogue());
    if (!checked.ok) throw new Error('the picture cannot be ordered');
    const { taskId } = await mps.create(checked.parameters, { signal });
    const createdAt = now();
    const finishesAt = standIn.tasks[0]?.finishesAt ?? 0;
    skipped = Math.max(0, finishesAt - createdAt - (left[0] + part * (left[1] - left[0])));
    standIn.clock.advance(skipped);
    standIn.clock.skew(skipped);
    const poller = createPoller({ mps, durations, log: silentLog, now, intervalMs: 5_000 });
    await poller.wait({ request, mpsTaskId: taskId, createdAt }, { signal });
    const delay = Date.now() - (standIn.tasks[0]?.finishesAt ?? 0);
    const queries = standIn.records.filter(({ action }) => action.startsWith('Describe')).length;
    return { delay, queries };
  } finally {
    await durations.close();
    await mps.close();
    await limits.close();
    await standIn.close();
  }
}
