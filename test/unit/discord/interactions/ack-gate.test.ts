import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAckGate } from '../../../../src/discord/interactions/ack-gate.js';
import { watchTimers } from '../../../support/timers.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An interaction that is being acknowledged until `done` is called. */
function enter(gate: ReturnType<typeof createAckGate>) {
  let done = () => {};
  let fail = () => {};
  const acknowledged = new Promise<string>((resolve, reject) => {
    done = () => resolve('taken');
    fail = () => reject(new Error('refused'));
  });
  return { during: gate.during(() => acknowledged), done, fail };
}

async function isOver(gate: ReturnType<typeof createAckGate>): Promise<boolean> {
  let over = false;
  void gate.over().then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return over;
}

it('ends at once if no one else waits', async () => {
  const gate = createAckGate();
  const one = enter(gate);
  one.done();
  await expect(one.during).resolves.toBe('taken');
  expect(await isOver(gate)).toBe(true);
});

it('lasts until the last one is acknowledged or refused', async () => {
  using timers = watchTimers(/ack-gate\.ts/);
  const gate = createAckGate();
  const [one, other] = [enter(gate), enter(gate)];
  const over = vi.fn();
  void gate.over().then(over);
  one.done();
  await vi.advanceTimersByTimeAsync(500);
  expect(over).not.toHaveBeenCalled();
  expect(timers.left()).toBe(1);
  other.fail();
  await expect(other.during).rejects.toThrow('refused');
  await vi.advanceTimersByTimeAsync(0);
  expect(over).toHaveBeenCalledOnce();
  expect(timers.left()).toBe(0);
});

it('delays an order by at most a second, even if orders never stop', async () => {
  const gate = createAckGate();
  enter(gate);
  const over = vi.fn();
  void gate.over().then(over);
  await vi.advanceTimersByTimeAsync(999);
  expect(over).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(over).toHaveBeenCalledOnce();
  expect(await isOver(gate)).toBe(false);
});

it('is crowded by more than four at once', async () => {
  const gate = createAckGate();
  const all = Array.from({ length: 5 }, () => enter(gate));
  expect(gate.isCrowded()).toBe(true);
  all[0]?.done();
  await all[0]?.during;
  expect(gate.isCrowded()).toBe(false);
  for (const { done } of all) done();
});
