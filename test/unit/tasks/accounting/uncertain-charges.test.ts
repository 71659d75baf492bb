import { expect, it } from 'vitest';
import { createUncertainCharges } from '../../../../src/tasks/accounting/uncertain-charges.js';
import type { FailureReason, Task } from '../../../../src/tasks/model/task.js';
import { emptied } from '../../../../src/tasks/model/task-record.js';
import { aTask, noon, states } from '../../../support/tasks.js';

const hour = 3_600_000;
const none = { count: 0, images: 0, seconds: 0, micros: 0 };

/** A task that was ordered at `at` and ended so. */
function ended(reason: FailureReason, at = noon, more: Partial<Task> = {}): Task {
  const history = [
    { state: 'queued', at },
    { state: 'submitting', at: at + 1 },
    { state: 'failed', at: at + 2 },
  ] as const;
  return aTask({ state: { ...states.failed, failure: { reason }, told: true }, history, ...more });
}

it('uncertain charges are all orders whose end is unknown, by guild and month', () => {
  const doubts = createUncertainCharges();
  const seconds = { cost: { unit: 'second', amount: 8, micros: 400_000 } } as const;
  doubts.note(ended('interrupted'));
  doubts.note(ended('uncertain', noon, seconds));
  doubts.note(ended('empty', noon + hour));
  doubts.note(ended('overdue', noon, { ...seconds, account: { person: 'alone' } }));
  for (const reason of ['moderation', 'unsuccessful', 'expired'] as const) doubts.note(ended(reason));
  expect(doubts.sum(noon)).toEqual({ count: 4, images: 2, seconds: 16, micros: 800_000 });
  expect(doubts.sum(noon, '1100000000000000002')).toEqual({
    count: 3,
    images: 2,
    seconds: 8,
    micros: 400_000,
  });
  expect(doubts.sum(noon + 1)).toEqual({ ...none, count: 1, images: 1 });
  expect(doubts.sum(noon, '1100000000000000009')).toEqual(none);
});

it('a redacted or re-read record is counted once', () => {
  const doubts = createUncertainCharges();
  const task = ended('interrupted');
  doubts.note(task);
  doubts.note(emptied(task));
  expect(doubts.sum(0)).toEqual({ ...none, count: 1, images: 1 });
});
