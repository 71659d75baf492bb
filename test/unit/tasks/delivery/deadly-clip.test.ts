import { expect, it } from 'vitest';
import { silentLog } from '../../../../src/log.js';
import { packSafely } from '../../../../src/tasks/delivery/safe-packing.js';
import { createAttempts } from '../../../../src/tasks/ledger/attempts.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import type { TaskEvent } from '../../../../src/tasks/model/task.js';
import { wholePacking } from '../../../support/delivery.js';
import { createMemoryTable } from '../../../support/table.js';
import { aTask, states } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';

const clip = { path: '/spool/1', type: 'video/mp4', bytes: 900, sha256: 'ab' } as const;
const options = { signal: new AbortController().signal };

it('a clip that ended the process twice is not packed again, whatever is recorded of its task meanwhile', async () => {
  const table = createMemoryTable();
  const task = aTask({ state: states.fetching });
  table.rows.set(task.id, task);
  let packed = 0;
  // Each life ends in the step, or continues without it through everything that follows.
  const later: readonly TaskEvent[] = [
    { type: 'fetched', made: { billed: 5 } },
    { type: 'handing', route: 'answer' },
    { type: 'handing', route: 'channel' },
  ];
  for (let life = 1; life <= 8; life++) {
    const ledger = createLedger({ table, log: silentLog, now: Date.now, retryMs: 1 });
    await ledger.load();
    const attempts = createAttempts({ ledger, signal: options.signal });
    const deadly = {
      ...wholePacking,
      pack() {
        packed += 1;
        return new Promise<never>(() => {});
      },
    };
    const packing = packSafely(deadly, attempts, silentLog);
    const pack = () => packing.pack(task, [clip], 10_000, options);
    const begun = packed;
    const ended = await Promise.race([pack(), died(() => packed > begun)]);
    if (ended !== 'died') {
      const event = later[life % later.length];
      if (ledger.get(task.id)?.state.name === 'fetching') await ledger.record(task.id, later[0] as TaskEvent);
      else if (event && event.type !== 'fetched') await ledger.record(task.id, event);
      // It is packed once more for the next route, in the same life.
      expect(await pack()).toMatchObject([{ how: 'whole' }]);
    }
    ledger.close();
  }
  expect(packed).toBe(2);
});

async function died(happened: () => boolean): Promise<'died'> {
  await until('it has happened', happened);
  return 'died';
}
