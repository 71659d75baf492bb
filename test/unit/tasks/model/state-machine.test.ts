import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUsage } from '../../../../src/tasks/accounting/billing.js';
import { isAlive, isOver, TransitionError, transition } from '../../../../src/tasks/model/state-machine.js';
import {
  failureReasons,
  routes,
  type State,
  type StateName,
  type Task,
  type TaskEvent,
} from '../../../../src/tasks/model/task.js';
import { advance, isKept, receive } from '../../../../src/tasks/model/task-record.js';
import { anImageRequest, anOrigin, noon, states } from '../../../support/tasks.js';

const posted = { channelId: '1100000000000000003', messageId: '1146000000000000099' };
const plain = [
  ...(['held', 'queued', 'submitting', 'refused', 'letGo', 'dropped', 'cancelled'] as const),
  ...(['approvalNeeded', 'unasked'] as const),
] as const;

/** What moderators do, about either thing. */
const decisions = (['order', 'result'] as const).flatMap((what): TaskEvent[] => [
  { type: 'approved', what, by: '7' },
  { type: 'rejected', what, by: '7', why: 'moderator' },
  { type: 'rejected', what, why: 'overdue' },
  { type: 'rejected', what, why: 'withdrawn' },
]);

const releases = [
  { wish: 'deliver', by: 'asker' },
  { wish: 'drop', by: 'asker' },
  { wish: 'drop', by: 'moderator' },
] as const;

const lost = {
  type: 'lost',
  folder: { bucket: 'pictures-1250000000', path: '/aigc-output/1/2-1/' },
  since: noon,
  reason: 'uncertain',
} as const;

/** Ends are rare, so that lives are long enough to see all states. */
const anyEvent: fc.Arbitrary<TaskEvent> = fc.oneof(
  ...plain.map((type) => ({
    weight: type === 'cancelled' ? 1 : 10,
    arbitrary: fc.constant<TaskEvent>({ type }),
  })),
  ...[
    fc.constant<TaskEvent>({ type: 'created', mpsTaskId: 'mps-1', createdAt: noon }),
    fc.constant<TaskEvent>({ type: 'finished', urls: ['https://r.example.com/1'], linksExpireAt: noon }),
    fc.constant<TaskEvent>({ type: 'finished', urls: ['https://r.example.com/1'] }),
    fc.constantFrom('interrupted', 'uncertain').map<TaskEvent>((reason) => ({ ...lost, reason })),
    fc.constant<TaskEvent>({ type: 'found', urls: ['https://r.example.com/1'] }),
    fc.constant<TaskEvent>({ type: 'fetched', made: { billed: 1 } }),
    fc.constant<TaskEvent>({ type: 'fetched', made: { billed: 1 }, review: true }),
    fc.constant<TaskEvent>({ type: 'asking', channelId: '5' }),
    fc.constant<TaskEvent>({ type: 'asked', posted }),
    fc.constant<TaskEvent>({ type: 'noted' }),
    fc.constantFrom(...decisions),
    fc.constant<TaskEvent>({ type: 'discarded', made: { billed: 1 } }),
    fc.constantFrom(...releases).map<TaskEvent>((release) => ({ type: 'released', release })),
    fc.constantFrom(...routes).map<TaskEvent>((route) => ({ type: 'handing', route })),
    fc.constant<TaskEvent>({ type: 'handed', posted }),
  ].map((arbitrary) => ({ weight: 10, arbitrary })),
  fc.constantFrom(...failureReasons).map<TaskEvent>((reason) => ({ type: 'failed', failure: { reason } })),
);

/** Every kind of event once. */
const eachEvent: readonly TaskEvent[] = [
  ...plain.map((type): TaskEvent => ({ type })),
  { type: 'created', mpsTaskId: 'mps-1', createdAt: noon },
  { type: 'finished', urls: [], linksExpireAt: noon },
  lost,
  { type: 'found', urls: [] },
  { type: 'fetched', made: { billed: 1 } },
  { type: 'fetched', made: { billed: 1 }, review: true },
  { type: 'asking', channelId: '5' },
  { type: 'asked', posted },
  ...decisions,
  { type: 'discarded', made: { billed: 1 } },
  { type: 'released', release: { wish: 'drop', by: 'asker' } },
  { type: 'handing', route: 'channel' },
  { type: 'handed', posted },
  { type: 'failed', failure: { reason: 'moderation' } },
];

/** The way each state may be left, by the design's figure. */
const successors: Readonly<Record<StateName, readonly StateName[]>> = {
  received: ['awaitingApproval', 'held', 'queued', 'failed', 'cancelled'],
  awaitingApproval: ['awaitingApproval', 'received', 'failed', 'cancelled'],
  held: ['queued', 'failed', 'cancelled'],
  queued: ['submitting', 'failed', 'cancelled'],
  submitting: ['queued', 'running', 'searching', 'failed', 'cancelled'],
  searching: ['searching', 'fetching', 'discarded', 'failed', 'cancelled'],
  running: ['running', 'fetching', 'discarded', 'failed', 'cancelled'],
  fetching: ['awaitingReview', 'delivering', 'failed', 'cancelled'],
  awaitingReview: ['awaitingReview', 'delivering', 'discarded', 'failed', 'cancelled'],
  delivering: ['delivering', 'delivered', 'failed', 'cancelled'],
  delivered: [],
  failed: ['failed'],
  cancelled: ['cancelled'],
  discarded: ['discarded'],
};

function received(): Task {
  const parts = {
    request: anImageRequest(),
    origin: anOrigin(),
    account: { person: 'hash' },
    cost: { unit: 'image', amount: 1 } as const,
  };
  return receive('1146000000000000023:1', parts, noon);
}

function attempt(task: Task, event: TaskEvent, at: number): Task {
  try {
    return advance(task, event, at);
  } catch (error) {
    if (error instanceof TransitionError) return task;
    throw error;
  }
}

/** Random lives of tasks, with events in any order; impossible ones are refused and change nothing. */
const anyLife = fc.array(anyEvent, { maxLength: 120, size: 'max' }).map((events) => {
  const life = [received()];
  for (const [index, event] of events.entries()) {
    life.push(attempt(life.at(-1) ?? received(), event, noon + index + 1));
  }
  return life;
});

function next(state: State): State[] {
  return eachEvent.flatMap((event) => {
    try {
      return [transition(state, event)];
    } catch {
      return [];
    }
  });
}

describe('the life of a task', () => {
  it('covers every state in the random lives of this test', () => {
    const seen = new Set(
      fc.sample(anyLife, { numRuns: 200, seed: 1 }).flatMap((life) => life.map(({ state }) => state.name)),
    );
    expect([...seen].sort()).toEqual(Object.keys(states).sort());
  });

  it('goes from state to state only as the design draws it', () => {
    for (const [name, state] of Object.entries(states)) {
      const reached = new Set(next(state).map((after) => after.name));
      expect([...reached].sort(), name).toEqual([...successors[state.name]].sort());
    }
  });

  it('brings a result from the order to the answer', () => {
    const events: TaskEvent[] = [
      { type: 'queued' },
      { type: 'submitting' },
      { type: 'refused' },
      { type: 'submitting' },
      { type: 'created', mpsTaskId: 'mps-1', createdAt: noon + 5 },
      { type: 'letGo' },
      { type: 'finished', urls: ['https://r.example.com/1'], linksExpireAt: noon + 9 },
      { type: 'fetched', made: { billed: 1 } },
      { type: 'handing', route: 'answer' },
      { type: 'handing', route: 'channel' },
      { type: 'handed', posted },
    ];
    const task = events.reduce(
      (before, event, index) => advance(before, event, noon + index + 1),
      received(),
    );
    expect(task.state).toEqual({ name: 'delivered', posted, route: 'channel' });
    expect(task.history.map(({ state, at }) => [state, at - noon])).toEqual([
      ['received', 0],
      ['queued', 1],
      ['submitting', 2],
      ['queued', 3],
      ['submitting', 4],
      ['running', 5],
      ['fetching', 7],
      ['delivering', 8],
      ['delivered', 11],
    ]);
  });

  it('can reach an end from every reachable state', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        let state = life.at(-1)?.state ?? states.received;
        if (isAlive(state)) state = transition(state, { type: 'failed', failure: { reason: 'internal' } });
        if (!isOver(state)) state = transition(state, { type: 'handed', posted });
        expect(isOver(state)).toBe(true);
      }),
    );
  });

  it('fetches nothing that was dismissed for discarding, and counts it as made', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const [index, { state, release, made }] of life.entries()) {
          const before = life[index - 1];
          if (before?.state.name !== 'running' && before?.state.name !== 'searching') continue;
          if (state.name === 'fetching') expect(release?.wish).not.toBe('drop');
          if (state.name === 'discarded') expect(made?.billed).toBe(1);
          if (state.name === 'discarded')
            expect(toUsage({ ...received(), ...life[index] })?.state).toBe('spent');
        }
      }),
    );
  });

  it('never creates again what may have been created, and ends such a search in a result or in its reason', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const at = life.findIndex(({ state }) => state.name === 'searching');
        fc.pre(at >= 0);
        const after = life.slice(at).map(({ state }) => state.name);
        expect(after).not.toContain('queued');
        expect(after).not.toContain('submitting');
        expect(after).not.toContain('running');
        // Reserved all the while, and settled or refunded exactly once.
        for (const task of life.slice(at)) {
          const isOpen = task.state.name === 'searching';
          const reserved = { ...task, history: [{ state: 'queued', at: noon } as const, ...task.history] };
          if (isOpen) expect(toUsage(reserved)).toMatchObject({ state: 'reserved', open: true });
        }
      }),
    );
  });

  it('has no state that is neither alive, nor pending delivery, nor over', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const { state } of life) {
          const waiting = 'told' in state && !state.told;
          expect([isAlive(state), waiting, isOver(state)].filter(Boolean)).toHaveLength(1);
        }
      }),
    );
  });

  it('stays as it is once it is over', () => {
    fc.assert(
      fc.property(anyLife, anyEvent, (life, event) => {
        const task = life.find(({ state }) => isOver(state));
        fc.pre(task !== undefined);
        expect(() => advance(task, event, noon)).toThrow(TransitionError);
        expect(life.at(-1)).toEqual(task);
      }),
    );
  });

  it('never runs again once it has failed or was cancelled', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const end = life.findIndex(({ state }) => state.name === 'failed' || state.name === 'cancelled');
        fc.pre(end >= 0);
        const names = new Set(life.slice(end).map(({ state }) => state.name));
        expect([...names]).toEqual([life[end]?.state.name]);
      }),
    );
  });

  it('writes each state and its time into the history, once', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const { history, state } = life.at(-1) ?? received();
        expect(history[0]).toEqual({ state: 'received', at: noon });
        expect(history.at(-1)?.state).toBe(state.name);
        for (const [index, { state: name, at }] of history.entries()) {
          const before = history[index - 1];
          if (!before) continue;
          expect(name).not.toBe(before.state);
          expect(successors[before.state]).toContain(name);
          expect(at).toBeGreaterThan(before.at);
        }
      }),
    );
  });

  it('holds the token exactly until it is over', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const { origin, state } of life) {
          expect('token' in origin).toBe(!isOver(state));
          expect('tokenExpiresAt' in origin).toBe(!isOver(state));
        }
      }),
    );
  });

  it('keeps the MPS task and its links from one state to the next', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const { state } of life) {
          if ('mpsTaskId' in state) expect(state.mpsTaskId).toBe('mps-1');
          if ('urls' in state) expect(state.urls).toHaveLength(1);
        }
      }),
    );
  });

  it('is plain JSON at every moment', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const task of life) expect(JSON.parse(JSON.stringify(task))).toEqual(task);
      }),
    );
  });
});

describe('an outcome being delivered', () => {
  it('counts the posts begun on one route, and again on the next', () => {
    const tries = (...taken: readonly (typeof routes)[number][]) => {
      const state = taken.reduce<State>(
        (s, route) => transition(s, { type: 'handing', route }),
        states.failed,
      );
      return 'handover' in state ? state.handover : undefined;
    };
    expect(tries()).toEqual({ route: 'answer', tries: 0 });
    expect(tries('answer')).toEqual({ route: 'answer', tries: 1 });
    expect(tries('answer', 'answer', 'answer')).toEqual({ route: 'answer', tries: 3 });
    expect(tries('answer', 'answer', 'channel')).toEqual({ route: 'channel', tries: 1 });
  });

  it('is kept while no route accepts it, and in delivery again when one is tried', () => {
    const kept = transition(states.delivering, { type: 'handing', route: 'kept' });
    expect(isKept({ state: kept })).toBe(true);
    expect(isOver(kept)).toBe(false);
    expect(isKept({ state: transition(kept, { type: 'handing', route: 'answer' }) })).toBe(false);
  });

  it('rejects impossible events', () => {
    expect(() => transition(states.queued, { type: 'fetched', made: { billed: 1 } })).toThrow(
      'A task that is queued cannot be fetched.',
    );
  });
});
