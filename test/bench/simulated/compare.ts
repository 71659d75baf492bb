import { percentile, shown } from '../figures.js';
import { type CellOptions, type Load, type Outcome, runCell } from './cell.js';
import { easel, limitedSample, sample } from './contenders.js';

/** A line of the table, in the order of its columns. */
export type Row = readonly (string | number)[];

/** One load by all three: Easel, the guide's sample behind a limiter, and the sample as it is. */
export async function compare(load: Load, options: CellOptions): Promise<Row> {
  const own = await runCell(load, easel, options);
  const limited = await runCell(load, limitedSample, options);
  const bare = await runCell(load, sample, options);
  const ratio = (of: (outcome: Outcome) => number) => (of(own) / of(limited)).toFixed(2);
  const at = (share: number) => (outcome: Outcome) => percentile(outcome.delays, share) ?? 0;
  const seconds = (ms: number) => shown(ms / 1_000);
  const all = options.tasks * options.seeds.length;
  return [
    ...[ratio(mean), ratio(at(0.5)), ratio(at(0.95)), ratio(at(0.99)), load.name],
    ...[seconds(at(0.5)(own)), seconds(at(0.95)(own)), seconds(at(0.5)(limited)), seconds(at(0.95)(limited))],
    ...[shown(own.queries / all), shown(limited.queries / all)],
    ...[own.rejected + limited.rejected, bare.rejected, `${((bare.lost / all) * 100).toFixed(0)} %`],
  ];
}

function mean({ delays }: Outcome): number {
  return delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
}
