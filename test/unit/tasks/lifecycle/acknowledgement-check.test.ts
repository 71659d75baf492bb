import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAcknowledgementCheck } from '../../../../src/tasks/lifecycle/acknowledgement-check.js';
import { anOrigin, aTask, states } from '../../../support/tasks.js';

const [minute, hour] = [60_000, 3_600_000];

beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

/** Discord is out of order for good: when it was asked, and when and why that ended. */
async function askInVain({ byReply, age = 0 }: { readonly byReply: boolean; readonly age?: number }) {
  const received = Date.now() - age;
  const { token: _, tokenExpiresAt: __, ...rest } = anOrigin({ acknowledged: false });
  const origin = byReply
    ? { ...rest, replyAs: '1100000000000000001' }
    : anOrigin({ acknowledged: false, tokenExpiresAt: received + 15 * minute });
  const task = aTask({ origin, state: states.received, history: [{ state: 'received', at: received }] });
  const asked: number[] = [];
  const fail = vi.fn(async () => {});
  const confirm = createAcknowledgementCheck({
    ledger: { amend: async () => task, record: async () => task },
    delivery: {
      answered: async () => {
        asked.push(Date.now());
        return undefined;
      },
    },
    endings: { fail },
    signal: new AbortController().signal,
    now: Date.now,
    retryMs: 1_000,
  });
  const began = Date.now();
  let endedAfter = Number.POSITIVE_INFINITY;
  const checked = confirm(task).then((isAwaited) => {
    endedAfter = Date.now() - began;
    return isAwaited;
  });
  await vi.advanceTimersByTimeAsync(48 * hour);
  expect(await checked).toBe(false);
  expect(fail).toHaveBeenCalledExactlyOnceWith(task.id, { reason: 'unanswered' });
  const waits = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  return { asked, waits, endedAfter };
}

it('a reply to a mention is looked for during hours, ever more rarely, and then the order ends', async () => {
  const { asked, waits, endedAfter } = await askInVain({ byReply: true });
  expect(endedAfter).toBeGreaterThanOrEqual(6 * hour);
  expect(endedAfter).toBeLessThan(6.2 * hour);
  expect(asked.length).toBeLessThan(90);
  expect(Math.max(...waits)).toBeLessThanOrEqual(6.25 * minute);
  // At random, so that two may be alike; without jitter nearly all would be.
  expect(new Set(waits).size).toBeGreaterThan(waits.length * 0.8);
});

it('a reply to a mention of yesterday is looked for once', async () => {
  expect((await askInVain({ byReply: true, age: 24 * hour })).asked).toHaveLength(1);
});

it('the answer to a command is looked for as long as its token lives', async () => {
  const { waits, endedAfter } = await askInVain({ byReply: false });
  expect(endedAfter).toBeGreaterThanOrEqual(15 * minute);
  expect(endedAfter).toBeLessThan(17 * minute);
  expect(Math.max(...waits)).toBeLessThanOrEqual(1.25 * minute);
});
