import { setTimeout as sleep } from 'node:timers/promises';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { arrivalsOf, type Phase } from './arrivals.js';
import { type Bot, startSample } from './bot.js';
import { arrivalOf } from './bursts.js';
import type { Report } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';
import { type RigOptions, withRig } from './rig.js';

/** What a task costs of the machine, beside the guide's sample and the least bot under the same load. */
export const cpuATask: readonly Measurement[] = [{ name: 'CPU a task', run }];

/** Pictures a second that are measured. */
const rate = 3;
/** Pictures a second before: a process that runs for days has compiled what it runs often, and this one must have, too. */
const warmUpRate = 12;
/** How much faster than in reality MPS works: 20 to 60 s a picture. */
const speed = 3;
/** ms between two queries of a task by a sample: 5 s of MPS's time. */
const everyMs = 5_000 / speed;

interface Side {
  /** ms of CPU a picture. */
  readonly cpu: number;
  readonly queries: number;
}

/**
 * While the load lasts: neither the start of a process counts, nor what it runs before it is compiled, nor the time until
 * as many are finished as are begun.
 */
interface Window {
  /** Pictures at the higher rate. */
  readonly warmUp: number;
  /** From their last one on, at the rate that is measured. */
  readonly settleMs: number;
  readonly measuredMs: number;
}

async function run(options: BenchOptions): Promise<Report> {
  const window = options.quick
    ? { warmUp: 240, settleMs: 30_000, measuredMs: 20_000 }
    : { warmUp: 1_800, settleMs: 45_000, measuredMs: 80_000 };
  const measured = Math.ceil((rate * (window.settleMs + window.measuredMs)) / 1_000);
  const phases = [
    { rate: warmUpRate, count: window.warmUp },
    { rate, count: measured },
  ];
  const [own, least, printed, lean] = await Promise.all([
    bot(phases, window, options, {}),
    bot(phases, window, options, { least: true, env: { EVERY_MS: String(everyMs) } }),
    sample('printed-sample', phases, window, options),
    sample('sample', phases, window, options),
  ]);
  const row = `${rate} pictures a second, in the steady state`;
  return {
    figures: [
      {
        row: `${row}: CPU a task, of that of the guide's sample`,
        measured: own.cpu / printed.cpu,
        unit: '',
        target: { atMost: 1.5 },
        // The sample talks to MPS alone.
        bound: least.cpu / printed.cpu,
      },
      {
        row: `${row}: CPU a task, of that of the least bot`,
        measured: own.cpu / least.cpu,
        unit: '',
      },
      {
        row: `${row}: CPU a task, of that of a sample with Easel's own client`,
        measured: own.cpu / lean.cpu,
        unit: '',
      },
      { row: `${row}: CPU a task`, measured: own.cpu, unit: 'ms' },
      { row: `${row}: CPU a task, the least bot`, measured: least.cpu, unit: 'ms' },
      { row: `${row}: CPU a task, the guide's sample`, measured: printed.cpu, unit: 'ms' },
      { row: `${row}: CPU a task, with Easel's own client`, measured: lean.cpu, unit: 'ms' },
      { row: `${row}: queries a task`, measured: own.queries, unit: '' },
      { row: `${row}: queries a task, the least bot`, measured: least.queries, unit: '' },
      { row: `${row}: queries a task, the guide's sample`, measured: printed.queries, unit: '' },
    ],
  };
}

function bot(
  phases: readonly Phase[],
  window: Window,
  options: BenchOptions,
  which: Pick<RigOptions, 'least' | 'env'>,
): Promise<Side> {
  const waits = arrivalsOf(phases, options.seed);
  // No task waits for a slot.
  const env = { MAX_IMAGE_TASKS: '1000', ...which.env };
  return withRig({ ...options, ...which, env, speed }, async (rig) => {
    const measuring = measure(rig, window);
    const arriving: Promise<unknown>[] = [];
    for (const waitMs of waits) {
      await sleep(waitMs);
      void rig.order(1).then(([order]) => order && arriving.push(arrivalOf(rig, order)));
    }
    const side = await measuring;
    while (arriving.length < waits.length) await sleep(100);
    await Promise.all(arriving);
    return side;
  });
}

async function sample(
  which: 'sample' | 'printed-sample',
  phases: readonly Phase[],
  window: Window,
  { seed }: BenchOptions,
): Promise<Side> {
  const mps = await createMpsStandIn({ seed, speed });
  const env = {
    MPS_ENDPOINT: mps.url,
    TENCENTCLOUD_SECRET_ID: mps.secretId,
    TENCENTCLOUD_SECRET_KEY: mps.secretKey,
    EVERY_MS: String(everyMs),
  };
  try {
    const numbers = phases.flatMap(({ rate: perSecond, count }) => [perSecond, count]);
    const program = startSample(env, [seed, ...numbers].map(String), which);
    const side = await measure({ mps, bot: program }, window);
    await program.ended;
    return side;
  } finally {
    await mps.close();
  }
}

interface Measured {
  readonly mps: MpsStandIn;
  readonly bot: Pick<Bot, 'cpuMs'>;
}

async function measure({ mps, bot }: Measured, { warmUp, settleMs, measuredMs }: Window): Promise<Side> {
  const look = async () => ({
    cpu: (await bot.cpuMs()) ?? 0,
    queries: mps.records.filter(({ action }) => action.startsWith('Describe')).length,
    noticed: mps.tasks.filter(({ reportedAt }) => reportedAt !== undefined).length,
  });
  while (mps.tasks.length < warmUp) await sleep(100);
  await sleep(settleMs);
  const before = await look();
  await sleep(measuredMs);
  const after = await look();
  const tasks = after.noticed - before.noticed;
  return { cpu: (after.cpu - before.cpu) / tasks, queries: (after.queries - before.queries) / tasks };
}
