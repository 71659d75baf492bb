import { setTimeout as sleep } from 'node:timers/promises';
import { fillLedger } from '../support/full-ledger.js';
import { startPatientMps } from '../support/patient-mps.js';
import type { Figure } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';
import { withRig } from './rig.js';

const megabyte = 1024 * 1024;
const unfinished = { images: 100, videos: 300, queued: 600 };

export const scales: readonly Measurement[] = [
  {
    name: 'start with 10000',
    quick: true,
    run: async (options) => ({ figures: await scale(10_000, options) }),
  },
];

/** A start with so many tasks in the ledger, 1,000 of them unfinished: time until ready, and memory. */
export async function scale(total: number, options: BenchOptions): Promise<Figure[]> {
  const patient = await startPatientMps();
  const prepare = async (storeUrl: string) =>
    void (await fillLedger(storeUrl, { over: total - 1000, ...unfinished }, Date.now()));
  try {
    return await withRig(
      { ...options, prepare, again: true, env: { MPS_ENDPOINT: patient.url } },
      async ({ bot, readyMs }) => {
        // Every running task is polled within this time.
        await sleep(8_000);
        const memory = await bot.memory();
        const name = `start with ${total} tasks, 1000 unfinished`;
        return [
          { row: `${name}: start to ready`, measured: readyMs, unit: 'ms', target: { atMost: 2000 } },
          {
            row: `${name}: memory (RSS), peak`,
            measured: memory && memory.peak / megabyte,
            unit: 'MB',
            target: { atMost: 250 },
          },
          {
            row: `${name}: tasks asked about`,
            measured: patient.asked.size,
            unit: '',
            target: { atLeast: 400 },
          },
          { row: `${name}: creates`, measured: patient.others.length, unit: '', target: { atMost: 0 } },
        ];
      },
    );
  } finally {
    await patient.close();
  }
}
