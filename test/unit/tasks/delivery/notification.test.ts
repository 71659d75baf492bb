import { describe, expect, it } from 'vitest';
import { createDeliveryRoutes } from '../../../../src/tasks/delivery/delivery-routes.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import type { Origin, State } from '../../../../src/tasks/model/task.js';
import { createFakeClock } from '../../../support/clock.js';
import { arrived, createFakeDelivery, wholePacking } from '../../../support/delivery.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';

const limit = 90_000;

/** Delivers a task that took so long; returns the pings, and the record. */
async function handOver(tookMs: number, changes: { state?: State; origin?: Partial<Origin> } = {}) {
  const clock = createFakeClock(noon);
  const log = createCollectingLog();
  const ledger = createLedger({ table: createMemoryTable(), log, now: clock.now });
  await ledger.load();
  const task = aTask({ state: changes.state ?? states.delivering, origin: anOrigin(changes.origin) });
  await ledger.add(task);
  const delivery = createFakeDelivery();
  // The store's content by then, as a crash right afterwards would find it.
  let written: unknown;
  const { notify } = delivery;
  delivery.notify = async (told, posted) => {
    written = (await ledger.find(task.id))?.notified;
    await notify(told, posted);
  };
  delivery.onSeek = async () => arrived;
  clock.pass(tookMs);
  const { handOver: hand } = createDeliveryRoutes({
    ledger,
    delivery,
    log,
    now: clock.now,
    notifyAfterMs: limit,
    retryMs: 1,
    signal: new AbortController().signal,
    packing: wholePacking,
    run: (post) => post(),
  });
  await hand(task.id, [], noon + 1e9);
  const told = delivery.seen.filter(({ call }) => call === 'notify').length;
  const reasons = delivery.seen.filter(({ call }) => call === 'explain').length;
  if (task.state.name === 'failed') return { told, written, reasons };
  return { told, written, notified: (await ledger.find(task.id))?.notified };
}

describe('the ping that a task is done', () => {
  it('goes to a user who waited longer than the limit, and is persisted first', async () => {
    expect(await handOver(limit + 1)).toEqual({ told: 1, written: true, notified: true });
    expect(await handOver(limit)).toEqual({ told: 0, written: undefined, notified: undefined });
  });

  it('is sent for failures, and not for what the user cancelled', async () => {
    const mention = { token: '', replyAs: '1100000000000000009' };
    expect((await handOver(limit + 1, { state: states.failed, origin: mention })).told).toBe(1);
    expect((await handOver(limit + 1, { state: states.cancelled })).told).toBe(0);
  });

  it('is left to the private reason of a failure, also of a card from before a restart', async () => {
    const state = { ...states.failed, handover: { route: 'answer', tries: 1 } } as const;
    for (const each of [states.failed, state])
      expect(await handOver(limit + 1, { state: each })).toMatchObject({ told: 0, reasons: 1 });
    expect(await handOver(1, { state, origin: { private: true } })).toMatchObject({ reasons: 0 });
  });

  it('is omitted if the outcome is a separate message, which mentions them already', async () => {
    expect((await handOver(limit + 1, { origin: { token: '' } })).told).toBe(0);
  });

  it('is omitted if an outcome is found that may have been announced before a restart', async () => {
    const handover = { route: 'answer', tries: 1 } as const;
    expect((await handOver(limit + 1, { state: { ...states.delivering, handover } })).told).toBe(0);
  });
});
