import { setTimeout as sleep } from 'node:timers/promises';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { arrivals } from './arrivals.js';
import { type Bot, startSample } from './bot.js';
import { arrivalOf, delays } from './bursts.js';
import { type Figure, percentile, type Report, shown } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';
import { withRig } from './rig.js';

/** One load in real time over sockets, with real durations: Easel and the guide's sample side by side. */
export const inLife: readonly Measurement[] = [{ name: 'in life', run }];

const rate = 3;
const seconds = 240;
const count = rate * seconds;

interface Side {
  readonly mps: MpsStandIn;
  /** ms of CPU a picture. */
  readonly cpu: number;
  readonly figures: readonly Figure[];
}

async function run(options: BenchOptions): Promise<Report> {
  const [own, other] = await Promise.all([easel(options), sample(options)]);
  const [lag, lagOf] = [lags(own.mps), lags(other.mps)];
  const ratio = (share: number) =>
    ((percentile(lag, share) ?? 0) / (percentile(lagOf, share) ?? 1)).toFixed(2);
  const inSeconds = (values: readonly number[], share: number) =>
    shown((percentile(values, share) ?? 0) / 1_000);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const queries = ({ mps }: Side) =>
    mps.records.filter(({ action }) => action.startsWith('Describe')).length / count;
  return {
    figures: own.figures,
    tables: [
      {
        title: 'The same over sockets, in real time',
        note: `${rate} pictures a second for ${seconds / 60} minutes, side by side on one machine; seconds. CPU is that of the whole process: of Easel with Discord, downloads and uploads.`,
        columns: [
          ...['mean ×', 'p50 ×', 'p95 ×', 'Easel p50', 'p95', 'sample p50', 'p95'],
          ...['queries a task', 'of the sample', 'rejected', 'CPU a task, ms', 'of the sample'],
        ],
        rows: [
          [
            ...[(mean(lag) / mean(lagOf)).toFixed(2), ratio(0.5), ratio(0.95)],
            ...[inSeconds(lag, 0.5), inSeconds(lag, 0.95), inSeconds(lagOf, 0.5), inSeconds(lagOf, 0.95)],
            ...[shown(queries(own)), shown(queries(other)), own.mps.rejected + other.mps.rejected],
            ...[shown(own.cpu), shown(other.cpu)],
          ],
        ],
      },
    ],
  };
}

/** ms from finished to asked, of each task. */
function lags({ tasks }: MpsStandIn): number[] {
  return tasks.flatMap(({ finishesAt, reportedAt }) =>
    reportedAt === undefined ? [] : [reportedAt - finishesAt],
  );
}

function easel(options: BenchOptions): Promise<Side> {
  const env = { MAX_IMAGE_TASKS: String(count) };
  return withRig({ ...options, env, speed: 1 }, async (rig) => {
    const before = await cpuOf(rig.bot);
    const arriving: Promise<[string, number][]>[] = [];
    for (const waitMs of arrivals(rate, count, options.seed)) {
      await sleep(waitMs);
      void rig.order(1).then(([order]) => order && arriving.push(arrivalOf(rig, order)));
    }
    while (arriving.length < count) await sleep(100);
    const posted = new Map((await Promise.all(arriving)).flat());
    const figures = delays(`${rate} pictures a second for ${seconds / 60} minutes`, rig, posted);
    return { mps: rig.mps, cpu: ((await cpuOf(rig.bot)) - before) / count, figures };
  });
}

async function sample({ seed }: BenchOptions): Promise<Side> {
  const mps = await createMpsStandIn({ seed });
  const env = {
    MPS_ENDPOINT: mps.url,
    TENCENTCLOUD_SECRET_ID: mps.secretId,
    TENCENTCLOUD_SECRET_KEY: mps.secretKey,
  };
  try {
    const program = startSample(env, [seed, rate, count].map(String));
    let cpu = 0;
    const watching = setInterval(() => void cpuOf(program).then((ms) => (cpu = Math.max(cpu, ms))), 1_000);
    await program.ended.finally(() => clearInterval(watching));
    return { mps, cpu: cpu / count, figures: [] };
  } finally {
    await mps.close();
  }
}

async function cpuOf({ cpuMs }: Pick<Bot, 'cpuMs'>): Promise<number> {
  return (await cpuMs()) ?? 0;
}
