import type { Report } from './figures.js';

export interface BenchOptions {
  /** Makes prompts, durations, pictures and arrivals the same each time. */
  readonly seed: number;
  /** Less of everything. */
  readonly quick: boolean;
  /** Requested by name: what takes too long in a run of everything is then measured completely. */
  readonly chosen: boolean;
  /** A folder for CPU profiles of Easel's process, if wanted. */
  readonly profiles?: string | undefined;
}

/** Something that `npm run bench` can measure. */
export interface Measurement {
  /** By which `--only` finds it. */
  readonly name: string;
  /** Part of `--quick`, which is over in a minute. */
  readonly quick?: boolean;
  /** Runs in parallel with the next one: the machine's speed does not affect it. */
  readonly besideNext?: boolean;
  run(options: BenchOptions): Promise<Report>;
}
