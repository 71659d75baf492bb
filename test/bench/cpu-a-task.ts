import { setTimeout as sleep } from 'node:timers/promises';
import { createMpsStandIn } from '@easel/mps-stand-in';
import { arrivals } from './arrivals.js';
import { type Bot, startSample } from './bot.js';
import { arrivalOf } from './bursts.js';
import type { Report } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';
import { withRig } from './rig.js';

/** What a task costs of the machine, beside the guide's sample under the same load. */
export const cpuATask: readonly Measurement[] = [{ name: 'CPU a task', run }];

/** Pictures a second. */
const rate = 8;
/** How much faster than in reality MPS works: each picture is then queried about as often as at 3/s in real time. */
const speed = 4;

interface Side {
  /** ms of CPU a picture. */
  readonly cpu: number;
  readonly queries: number;
}

async function run(options: BenchOptions): Promise<Report> {
  const count = options.quick ? 120 : 480;
  const [own, other] = await Promise.all([easel(count, options), sample(count, options)]);
  const row = `${rate} pictures a second, ${count} of them`;
  return {
    figures: [
      {
        row: `${row}: CPU a task, of the sample's`,
        measured: own.cpu / other.cpu,
        unit: '',
        target: { atMost: 1.5 },
      },
      { row: `${row}: CPU a task`, measured: own.cpu, unit: 'ms' },
      { row: `${row}: CPU a task, sample`, measured: other.cpu, unit: 'ms' },
      { row: `${row}: queries a task`, measured: own.queries, unit: '' },
      { row: `${row}: queries a task, sample`, measured: other.queries, unit: '' },
    ],
  };
}

function easel(count: number, options: BenchOptions): Promise<Side> {
  const env = { MAX_IMAGE_TASKS: String(count) };
  return withRig({ ...options, env, speed }, async (rig) => {
    const before = await cpuOf(rig.bot);
    const arriving: Promise<[string, number][]>[] = [];
    for (const waitMs of arrivals(rate, count, options.seed)) {
      await sleep(waitMs);
      void rig.order(1).then(([order]) => order && arriving.push(arrivalOf(rig, order)));
    }
    while (arriving.length < count) await sleep(100);
    await Promise.all(arriving);
    return { cpu: ((await cpuOf(rig.bot)) - before) / count, queries: queriesOf(rig.mps.records) / count };
  });
}

async function sample(count: number, { seed }: BenchOptions): Promise<Side> {
  const mps = await createMpsStandIn({ seed, speed });
  const env = {
    MPS_ENDPOINT: mps.url,
    TENCENTCLOUD_SECRET_ID: mps.secretId,
    TENCENTCLOUD_SECRET_KEY: mps.secretKey,
    EVERY_MS: String(5_000 / speed),
  };
  try {
    const program = startSample(env, [rate, count, seed].map(String));
    let cpu = 0;
    const watching = setInterval(() => void cpuOf(program).then((ms) => (cpu = Math.max(cpu, ms))), 500);
    await program.ended.finally(() => clearInterval(watching));
    return { cpu: cpu / count, queries: queriesOf(mps.records) / count };
  } finally {
    await mps.close();
  }
}

function queriesOf(records: readonly { readonly action: string }[]): number {
  return records.filter(({ action }) => action.startsWith('Describe')).length;
}

async function cpuOf({ cpuMs }: Pick<Bot, 'cpuMs'>): Promise<number> {
  return (await cpuMs()) ?? 0;
}
