import { createRandom } from '@easel/stand-in-kit';
import type { GenerationRequest } from '../../../src/mps/generation-request.js';
import type { ContenderOf } from './contenders.js';
import { createSimulatedMps } from './mps.js';
import { createSimulatedTime } from './time.js';

/** The orders, and their rate. */
export interface Load {
  readonly name: string;
  readonly kind: 'image' | 'video';
  /** Orders a second, at random times. */
  readonly rate: number;
  /** Seconds that a task takes, least and most. @default the stand-in's own */
  readonly durations?: readonly [number, number];
}

/** A load's outcome: ms from finished at MPS to polled, for every result that was not lost, sorted. */
export interface Outcome {
  readonly delays: readonly number[];
  readonly lost: number;
  readonly rejected: number;
  readonly queries: number;
}

export interface CellOptions {
  readonly tasks: number;
  readonly seeds: readonly number[];
}

/** One load by one contender, as often as there are seeds. Everything counts, from an empty start to the last result. */
export async function runCell(
  load: Load,
  contender: ContenderOf,
  { tasks, seeds }: CellOptions,
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const seed of seeds) outcomes.push(await runOnce(load, contender, tasks, seed));
  const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + pick(one), 0);
  return {
    delays: outcomes.flatMap(({ delays }) => delays).sort((a, b) => a - b),
    lost: sum(({ lost }) => lost),
    rejected: sum(({ rejected }) => rejected),
    queries: sum(({ queries }) => queries),
  };
}

/** Seconds that a task of this load takes, least and most. */
export function durationsOf({ kind, durations }: Load): readonly [number, number] {
  return durations ?? (kind === 'image' ? [60, 180] : [180, 300]);
}

async function runOnce(load: Load, of: ContenderOf, tasks: number, seed: number): Promise<Outcome> {
  const { kind, rate } = load;
  const [least, most] = durationsOf(load);
  const time = createSimulatedTime();
  const mps = createSimulatedMps({
    time,
    seed,
    durations: { image: [least, most], video: [least, most] },
  });
  const random = createRandom(seed + 1_000);
  const contender = of(mps, time);
  const delays: number[] = [];
  let [ordered, lost] = [0, 0];

  async function order(): Promise<void> {
    const id = await contender.make(requestOf(kind));
    const { finishesAt = 0, reportedAt } = id === undefined ? {} : mps.task(id);
    if (reportedAt === undefined) lost += 1;
    else delays.push(reportedAt - finishesAt);
  }
  function orderOn(): void {
    void order();
    ordered += 1;
    if (ordered < tasks) time.after((-Math.log(1 - random()) / rate) * 1_000, orderOn);
  }
  orderOn();
  await time.run(() => delays.length + lost === tasks);
  const { rejected, queries } = mps;
  return { delays, lost, rejected, queries };
}

export function requestOf(kind: Load['kind']): GenerationRequest {
  const common = { prompt: 'a red fox', enhance: true };
  return kind === 'image'
    ? { kind, model: 'hunyuan-3.0', ...common }
    : { kind, model: 'kling-3.0', duration: 5, ...common };
}
