import { setMaxListeners } from 'node:events';
import { createRandom } from '@easel/stand-in-kit';
import { silentLog } from '../../src/log.js';
import type { TaskReport } from '../../src/mps/api/client.js';
import { createDurations } from '../../src/tasks/polling/duration-model.js';
import { createPoller } from '../../src/tasks/polling/poller.js';
import { createMemoryTable } from '../support/table.js';
import type { Report } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';

/** The cost of choosing the next task, handling the answer and rescheduling the task. */
export const deciding: readonly Measurement[] = [{ name: 'deciding', quick: true, run }];

const inFlight = 10_000;

async function run({ seed }: BenchOptions): Promise<Report> {
  const random = createRandom(seed);
  const start = Date.now();
  let time = start;
  const now = () => time;
  const choices: (() => void)[] = [];
  const durations = createDurations({ table: createMemoryTable(), log: silentLog });
  const poller = createPoller({
    durations,
    log: silentLog,
    now,
    intervalMs: 5_000,
    after: () => () => {},
    mps: {
      describe: (_kind, choose) =>
        new Promise<TaskReport | undefined>((resolve) => {
          choices.push(() => {
            const taskId = choose() ?? '';
            resolve({ taskId, status: 'RUN', urls: [], askedAt: time, requestId: '' });
          });
        }),
    },
  });
  const stopping = new AbortController();
  // Every task listens to it.
  setMaxListeners(0, stopping.signal);
  for (let n = 0; n < inFlight; n++) {
    const request = { kind: 'image', model: 'hunyuan-3.0', prompt: '', enhance: true } as const;
    const createdAt = start - random() * 120_000;
    const watch = { request, mpsTaskId: `task-${n}`, createdAt };
    poller.wait(watch, { signal: stopping.signal, soon: true }).catch(() => {});
  }
  await decide(2_000);
  const decisions = 10_000;
  const began = process.cpuUsage();
  await decide(decisions);
  const { user, system } = process.cpuUsage(began);
  stopping.abort();
  await durations.close();
  const name = `deciding whom to ask, ${inFlight.toLocaleString('en-US')} in flight: CPU a decision`;
  return { figures: [{ row: name, measured: (user + system) / 1_000 / decisions, unit: 'ms' }] };

  async function decide(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      time += 50;
      choices.shift()?.();
      // The answer is taken in, and the next ticket sent.
      await new Promise(setImmediate);
    }
  }
}
