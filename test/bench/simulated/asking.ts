import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import PQueue from 'p-queue';
import type { Report } from '../figures.js';
import type { BenchOptions, Measurement } from '../measurement.js';
import type { CellOptions, Load } from './cell.js';
import type { Row } from './compare.js';
import { roundTripMs } from './mps.js';

const pictures = [0.5, 1, 3, 6, 10, 15].map((rate) => loadOf('image', rate));
const clips = [1, 4, 8].map((rate) => loadOf('video', rate));
/** Durations unlike the guide's, which Easel has to learn. */
const strange: readonly Load[] = [
  { ...loadOf('image', 6), name: '6 pictures/s of 15–45 s', durations: [15, 45] },
  { ...loadOf('image', 3), name: '3 pictures/s of 4–10 min', durations: [240, 600] },
];

/** How long results are ready until they are polled, in simulated time. */
export const asking: readonly Measurement[] = [{ name: 'asking', quick: true, besideNext: true, run }];

function loadOf(kind: Load['kind'], rate: number): Load {
  return { name: `${rate} ${kind === 'image' ? 'picture' : 'clip'}${rate === 1 ? '' : 's'}/s`, kind, rate };
}

async function run({ seed, quick }: BenchOptions): Promise<Report> {
  const loads = quick ? [loadOf('image', 3), loadOf('image', 6)] : [...pictures, ...clips, ...strange];
  const options: CellOptions = quick
    ? { tasks: 1_500, seeds: [seed] }
    : { tasks: 2_400, seeds: [seed, seed + 1, seed + 2] };
  const cores = new PQueue({ concurrency: availableParallelism() });
  const rows = cores.addAll(loads.map((load) => () => onItsOwn(load, options, false)));
  const steady = quick ? { tasks: 1_000, seeds: [seed] } : { tasks: 1_200, seeds: [seed, seed + 1] };
  const low = quick ? [] : [loadOf('image', 0.1), loadOf('video', 0.1)];
  const rowsWithBound = cores.addAll([...low, ...loads].map((load) => () => onItsOwn(load, steady, true)));
  return {
    tables: [
      {
        title: 'From finished at MPS to asked',
        note:
          `Easel next to the guide's sample (create, then query every 5 s) behind a limiter, and as it is. ` +
          `Simulated time, ${options.tasks.toLocaleString('en-US')} tasks a run and ${options.seeds.length} runs, from an empty start to the last result, ` +
          `round trip ${roundTripMs} ms; seconds. The floor, a query in the moment each finishes, is 0 s and 1 query a task at every load here.`,
        columns: [
          ...['mean ×', 'p50 ×', 'p95 ×', 'p99 ×', 'load'],
          ...['Easel p50', 'p95', 'sample p50', 'p95'],
          ...['queries a task', 'of the sample', 'rejected', 'of the bare sample', 'lost by it'],
        ],
        rows: await rows,
      },
      {
        title: 'The same beside the bound',
        note:
          `The mean while a load lasts, in simulated time: warm-up and tail left out, ${steady.tasks.toLocaleString('en-US')} tasks a run or more, ${steady.seeds.length} runs; seconds. ` +
          `The bound holds for any poller that knows the distribution of durations: independent tasks, Lagrangian relaxation over query times.`,
        columns: [
          'of the bound ×',
          'load',
          'Easel, mean',
          'bound',
          'queries a second',
          'limit',
          'bound with those',
        ],
        rows: await rowsWithBound,
      },
    ],
  };
}

/** Compares in a thread of its own: simulated time is the same however many cores it passes on. */
async function onItsOwn(load: Load, options: CellOptions, isSteady: boolean): Promise<Row> {
  const workerData = { load, options, isSteady };
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
  const [row] = (await once(worker, 'message')) as [Row];
  return row;
}
