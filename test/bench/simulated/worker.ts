import { parentPort, workerData } from 'node:worker_threads';
import type { CellOptions, Load } from './cell.js';
import { compare } from './compare.js';

/** One line of the table, made in a thread of its own; asking.ts starts it. */
const { load, options } = workerData as { readonly load: Load; readonly options: CellOptions };
parentPort?.postMessage(await compare(load, options));
