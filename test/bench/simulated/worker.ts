import { parentPort, workerData } from 'node:worker_threads';
import type { CellOptions, Load } from './cell.js';
import { compare } from './compare.js';
import { compareWithBound } from './steady.js';

/** One line of a table, made in a thread of its own; asking.ts starts it. */
const { load, options, isSteady } = workerData as {
  readonly load: Load;
  readonly options: CellOptions;
  readonly isSteady: boolean;
};
parentPort?.postMessage(await (isSteady ? compareWithBound : compare)(load, options));
