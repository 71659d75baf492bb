import { createRandom } from '@easel/stand-in-kit';
import { shown } from '../figures.js';
import { lowestMeanDelay } from './bound.js';
import { durationsOf, type Load, requestOf } from './cell.js';
import type { Row } from './compare.js';
import { easel } from './contenders.js';
import { createSimulatedMps } from './mps.js';
import { createSimulatedTime } from './time.js';

export interface SteadyOptions {
  /** Tasks measured, at least. */
  readonly tasks: number;
  readonly seeds: readonly number[];
}

/** Ends that the poller remembers: after so many, no other ones count. */
const learned = 400;
/** Queries a second that MPS grants (Tencent Cloud docs, "AIGC"). */
const granted = { image: 20, video: 50 } as const;

/**
 * Easel's mean delay while a load lasts, beside the lower bound. Tasks ordered before enough others have ended, or so
 * late that the load ends during them, are left out.
 */
export async function compareWithBound(load: Load, { tasks, seeds }: SteadyOptions): Promise<Row> {
  const runs = [];
  for (const seed of seeds) runs.push(await runSteadily(load, tasks, seed));
  const mean =
    sum(runs.flatMap(({ delays }) => delays)) / sum(runs.map(({ delays }) => delays.length)) / 1_000;
  const boundAt = (perSecond: number) => lowestMeanDelay(durationsOf(load), perSecond / load.rate);
  const bound = boundAt(granted[load.kind]);
  const perSecond = sum(runs.map((run) => run.perSecond)) / runs.length;
  return [
    (mean / bound).toFixed(2),
    load.name,
    shown(mean),
    shown(bound),
    shown(perSecond),
    granted[load.kind],
    shown(boundAt(perSecond)),
  ];
}

async function runSteadily(load: Load, tasks: number, seed: number) {
  const { kind, rate } = load;
  const [least, most] = durationsOf(load);
  const time = createSimulatedTime();
  const range = { image: [least, most], video: [least, most] } as const;
  const mps = createSimulatedMps({ time, seed, durations: range });
  const random = createRandom(seed + 1_000);
  const contender = easel(mps, time);
  const from = (learned / rate + 3 * most) * 1_000;
  const until = from + Math.max(tasks / rate, 2 * most) * 1_000;
  const delays: number[] = [];
  let [queriesBefore, pending] = [0, 0];

  async function order(): Promise<void> {
    const isMeasured = time.now() >= from && time.now() < until;
    if (isMeasured) pending += 1;
    const { finishesAt = 0, reportedAt = 0 } = mps.task((await contender.make(requestOf(kind))) ?? '');
    if (!isMeasured) return;
    pending -= 1;
    delays.push(reportedAt - finishesAt);
  }
  function orderOn(): void {
    void order();
    time.after((-Math.log(1 - random()) / rate) * 1_000, orderOn);
  }
  time.after(from, () => {
    queriesBefore = mps.queries;
  });
  orderOn();
  let perSecond = 0;
  time.after(until, () => {
    perSecond = ((mps.queries - queriesBefore) / (until - from)) * 1_000;
  });
  await time.run(() => time.now() >= until && pending === 0);
  return { delays, perSecond };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
