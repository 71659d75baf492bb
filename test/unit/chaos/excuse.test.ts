import { describe, expect, it } from 'vitest';
import type { StateName, Task } from '../../../src/tasks/task.js';
import { type Circumstances, isExcused } from '../../chaos/excuse.js';
import { aTask, states } from '../../support/tasks.js';

/** A task that went through these states, the last of which is its end. */
function through(...names: readonly StateName[]): Task {
  const last = names.at(-1) ?? 'failed';
  return { ...aTask({ state: states[last] }), history: names.map((state, at) => ({ state, at })) };
}

function excused(outcome: string, what: Partial<Circumstances>): boolean {
  return isExcused(outcome, { task: undefined, calledOff: false, cutOff: false, creates: [], ...what });
}

const made = [{ status: 'DONE' }] as const;

describe('chaos takes no kill and no trouble for an excuse where a task could have gone on', () => {
  it.each<[string, string, Partial<Circumstances>]>([
    [
      'running at MPS, ended at the start',
      'interrupted',
      { task: through('received', 'queued', 'submitting', 'running', 'failed'), creates: made },
    ],
    ['waiting, ended at the start', 'interrupted', { task: through('received', 'queued', 'failed') }],
    ['waiting, called off by nobody', 'cancelled', { task: through('received', 'queued', 'cancelled') }],
    [
      'called off when it was ordered already',
      'cancelled',
      { task: through('received', 'queued', 'cancelled'), calledOff: true, creates: made },
    ],
    [
      'made at MPS, and said to have failed there',
      'unsuccessful',
      { task: through('received', 'queued', 'submitting', 'running', 'failed'), creates: made },
    ],
    [
      'a link that was late',
      'expired',
      { task: through('received', 'queued', 'submitting', 'running', 'fetching', 'failed'), creates: made },
    ],
    ['an answer that is there', 'unanswered', { task: through('received', 'failed') }],
    ['a defect', 'internal', { task: through('received', 'queued', 'failed') }],
    ['an order without a record', 'interrupted', {}],
    ['a result dropped at nobody’s wish', 'discarded.asker', { task: through('received', 'delivered') }],
  ])('%s', (_name, outcome, what) => {
    expect(excused(outcome, what)).toBe(false);
  });
});

describe('chaos excuses', () => {
  it.each<[string, string, Partial<Circumstances>]>([
    [
      'a create that nobody knows of',
      'interrupted',
      { task: through('received', 'queued', 'submitting', 'failed') },
    ],
    [
      'the same while running',
      'uncertain',
      { task: through('received', 'queued', 'submitting', 'failed'), creates: made },
    ],
    [
      'what its asker called off',
      'cancelled',
      { task: through('received', 'queued', 'cancelled'), calledOff: true },
    ],
    [
      'what failed at MPS',
      'unsuccessful',
      {
        task: through('received', 'queued', 'submitting', 'running', 'failed'),
        creates: [{ status: 'FAIL' }],
      },
    ],
    ['an answer whose token died', 'unanswered', { task: through('received', 'failed'), cutOff: true }],
    ['what was let go', 'discarded.asker', { task: through('received', 'running', 'discarded') }],
  ])('%s', (_name, outcome, what) => {
    expect(excused(outcome, what)).toBe(true);
  });
});
