import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../../src/store/store.js';
import { createReservation } from '../../../../src/tasks/accounting/order-reservation.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { aTask, noon } from '../../../support/tasks.js';

const away = new StoreError('away', 'people', 'no answer');

async function open(reserve: (write: () => Promise<unknown>) => Promise<unknown>) {
  const log = createCollectingLog();
  const ledger = createLedger({ table: createMemoryTable(), log, now: () => noon });
  await ledger.load();
  const task = aTask();
  await ledger.add(task);
  const stopping = new AbortController();
  const book = createReservation({
    ledger,
    log,
    now: () => noon,
    signal: stopping.signal,
    retryMs: 1,
    budget: {
      async reserve(asking, write) {
        await reserve(write);
        return asking;
      },
    },
  });
  return { ledger, log, task, stopping, book: () => book(task) };
}

describe('a reservation', () => {
  it('waits while the usage is unknown, and is then made', async () => {
    let tries = 0;
    const bench = await open((write) => (++tries < 4 ? Promise.reject(away) : write()));
    await bench.book();
    expect(bench.ledger.get(bench.task.id)?.state.name).toBe('queued');
    expect(bench.log.lines.map(({ message }) => message)).toEqual(
      Array(3).fill('quota could not be reserved'),
    );
  });

  it('is not retried if it was granted, or if waiting does not help', async () => {
    const fenced = new StoreError('fenced', 'people', 'given to another process');
    let tries = 0;
    const [late, lost] = [
      await open(async (write) => {
        tries += 1;
        await write();
        throw away;
      }),
      await open(() => Promise.reject(fenced)),
    ];
    await expect(late.book()).rejects.toBe(away);
    await expect(lost.book()).rejects.toBe(fenced);
    expect(tries).toBe(1);
  });

  it('stops waiting with Easel', async () => {
    const bench = await open(() => Promise.reject(away));
    const booking = bench.book();
    bench.stopping.abort(new Error('Easel is stopping.'));
    await expect(booking).rejects.toThrow();
    expect(bench.ledger.get(bench.task.id)?.state.name).toBe('received');
  });
});
