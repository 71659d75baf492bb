import { expect, test } from 'vitest';
import { compareIds, createSnowflakes, timeOf } from '../src/snowflakes.js';
import { createClock } from '../src/timer-clock.js';

test('a timer fires once its time has passed, and not if it was cancelled', () => {
  const clock = createClock(() => 1_800_000_000_000);
  const called: string[] = [];
  clock.after(1000, () => called.push('a'));
  clock.after(2000, () => called.push('b'));
  const callOff = clock.after(1000, () => called.push('c'));
  callOff();
  clock.advance(1000);
  expect(called).toEqual(['a']);
  clock.advance(5000);
  expect(called).toEqual(['a', 'b']);
  expect(clock.now()).toBe(1_800_000_006_000);
});

test('ids carry the time, always grow and have 17 to 19 digits', () => {
  let time = 1_800_000_000_000;
  const nextId = createSnowflakes(createClock(() => time));
  const first = nextId();
  expect(timeOf(first)).toBe(time);
  const ids = [first, ...Array.from({ length: 5000 }, nextId)];
  time -= 60_000;
  ids.push(nextId());
  expect(ids.every((id, index) => index === 0 || compareIds(ids[index - 1] ?? '', id) < 0)).toBe(true);
  expect(createSnowflakes(createClock(() => 0))()).toMatch(/^\d{17,19}$/);
});
