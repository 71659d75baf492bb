import { setMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MpsClient, TaskReport } from '../../../../src/mps/api/client.js';
import { createDurations } from '../../../../src/tasks/polling/duration-model.js';
import { createPoller, type Watch } from '../../../../src/tasks/polling/poller.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { anImageRequest, aVideoRequest } from '../../../support/tasks.js';

type Describe = MpsClient['describe'];
type Kind = Parameters<Describe>[0];

const never = new AbortController().signal;
setMaxListeners(0, never);
const interval = 1_000;
const image = (mpsTaskId: string): Watch => ({ request: anImageRequest(), mpsTaskId, createdAt: Date.now() });
const video = (mpsTaskId: string): Watch => ({ request: aVideoRequest(), mpsTaskId, createdAt: Date.now() });

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

/** One blank ticket in the limiter. */
interface Ticket {
  readonly kind: Kind;
  /** A slot is free: the choice is made now. */
  run(): string | undefined;
  answer(status: TaskReport['status']): Promise<void>;
  refuse(error: Error): Promise<void>;
}

/** A limiter and an MPS that do nothing by themselves. */
function createMps() {
  const tickets: Ticket[] = [];
  const describe: Describe = (kind, choose) =>
    new Promise((resolve, reject) => {
      let chosen: string | undefined;
      const settle = async (act: () => void) => {
        tickets.splice(tickets.indexOf(ticket), 1);
        act();
        await vi.advanceTimersByTimeAsync(0);
      };
      const ticket: Ticket = {
        kind,
        run() {
          chosen = choose();
          if (chosen === undefined) void settle(() => resolve(undefined));
          return chosen;
        },
        answer: (status) => settle(() => resolve(report(chosen ?? '', status))),
        refuse: (error) => settle(() => reject(error)),
      };
      tickets.push(ticket);
    });
  return { tickets, describe };
}

function report(taskId: string, status: TaskReport['status']): TaskReport {
  return { taskId, status, urls: [], askedAt: Date.now(), requestId: 'request-1' };
}

function setUp(tickets = { image: 20, video: 50 }) {
  const mps = createMps();
  const log = createCollectingLog();
  const durations = createDurations({ table: createMemoryTable(), log });
  const poller = createPoller({
    mps,
    durations,
    log,
    now: Date.now,
    intervalMs: interval,
    tickets,
    random: () => 0,
  });
  return { mps, log, poller, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

/** Runs the oldest ticket that was not run yet and answers it. */
async function ask(mps: ReturnType<typeof createMps>, status: TaskReport['status']) {
  const ticket = mps.tickets[0];
  const chosen = ticket?.run();
  if (chosen !== undefined) await ticket?.answer(status);
  return chosen;
}

describe('the poller', () => {
  it('polls after each interval until MPS says how the task ended', async () => {
    const { mps, poller, pass } = setUp();
    const waiting = poller.wait(image('a'), { signal: never });
    expect(mps.tickets).toHaveLength(0);
    for (const status of ['WAIT', 'RUN', 'RUN'] as const) {
      await pass(interval - 1);
      expect(mps.tickets).toHaveLength(0);
      await pass(1);
      expect(await ask(mps, status)).toBe('a');
    }
    await pass(interval);
    await ask(mps, 'DONE');
    expect(await waiting).toMatchObject({ taskId: 'a', status: 'DONE' });
    await pass(10 * interval);
    expect(mps.tickets).toHaveLength(0);
  });

  it('polls at once if requested, and then at its pace', async () => {
    const { mps, poller, pass } = setUp();
    void poller.wait(image('a'), { signal: never, soon: true });
    await pass(0);
    expect(await ask(mps, 'RUN')).toBe('a');
    await pass(interval - 1);
    expect(mps.tickets).toHaveLength(0);
    await pass(1);
    expect(mps.tickets).toHaveLength(1);
  });

  it('ends with a failure as with a result', async () => {
    const { mps, poller, pass } = setUp();
    const waiting = poller.wait(video('a'), { signal: never });
    await pass(interval);
    expect(mps.tickets[0]?.kind).toBe('video');
    await ask(mps, 'FAIL');
    expect((await waiting).status).toBe('FAIL');
  });

  it('reports the time of each answer that was not the last', async () => {
    const { mps, poller, pass } = setUp();
    const times: number[] = [];
    const watch = {
      ...image('a'),
      onUnfinished: (at: number) => void times.push(at),
    } as const;
    const waiting = poller.wait(watch, { signal: never });
    for (const status of ['WAIT', 'RUN', 'DONE'] as const) {
      await pass(interval);
      await ask(mps, status);
    }
    await waiting;
    expect(times).toEqual([interval, 2 * interval]);
  });

  it('chooses the next task only when a slot is free: the one that is longest overdue', async () => {
    const { mps, poller, pass } = setUp({ image: 1, video: 1 });
    void poller.wait(image('late'), { signal: never, pace: () => 500 });
    void poller.wait(image('early'), { signal: never, pace: () => 300 });
    await pass(300);
    // The ticket is out for "early" alone, but is still blank.
    expect(mps.tickets).toHaveLength(1);
    void poller.wait(image('earlier'), { signal: never, pace: () => -100 });
    await pass(300);
    expect(mps.tickets[0]?.run()).toBe('earlier');
  });

  it('hands a slot back when no task is due any more', async () => {
    const { mps, poller, pass } = setUp();
    const giveUp = new AbortController();
    const waiting = poller.wait(image('a'), { signal: giveUp.signal });
    await pass(interval);
    giveUp.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(mps.tickets[0]?.run()).toBeUndefined();
  });

  it('queries once for each due task, and never more than allowed', async () => {
    const { mps, poller, pass } = setUp({ image: 3, video: 50 });
    const wait = (mpsTaskId: string) => poller.wait(image(mpsTaskId), { signal: never });
    for (const id of ['a', 'b', 'c', 'd', 'e']) void wait(id);
    await pass(interval);
    expect(mps.tickets).toHaveLength(3);
    await pass(20 * interval);
    expect(mps.tickets).toHaveLength(3);
    const asked: (string | undefined)[] = [];
    while (asked.length < 5) asked.push(await ask(mps, 'RUN'));
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(mps.tickets).toHaveLength(0);
  });

  it('polls a task while the answer about another is pending', async () => {
    const { mps, poller, pass } = setUp();
    const wait = (mpsTaskId: string, ms: number) =>
      poller.wait(image(mpsTaskId), { signal: never, pace: () => ms });
    void wait('slow', 100);
    void wait('next', 200);
    void wait('last', 300);
    await pass(100);
    expect(mps.tickets[0]?.run()).toBe('slow');
    await pass(100);
    expect(mps.tickets[1]?.run()).toBe('next');
    await pass(100);
    expect(mps.tickets[2]?.run()).toBe('last');
  });

  it('wakes up for a task that becomes due while queries for others wait', async () => {
    const { mps, poller, pass } = setUp();
    void poller.wait(image('a'), { signal: never, pace: () => 100 });
    void poller.wait(image('b'), { signal: never, pace: () => 200 });
    await pass(100);
    expect(mps.tickets).toHaveLength(1);
    await pass(100);
    expect(mps.tickets).toHaveLength(2);
  });

  it('never polls one task twice at once', async () => {
    const { mps, poller, pass } = setUp();
    void poller.wait(image('a'), { signal: never });
    await pass(interval);
    mps.tickets[0]?.run();
    await pass(50 * interval);
    expect(mps.tickets).toHaveLength(1);
  });

  it('keeps pictures and clips apart', async () => {
    const { mps, poller, pass } = setUp({ image: 1, video: 1 });
    void poller.wait(image('picture'), { signal: never });
    void poller.wait(video('clip'), { signal: never });
    await pass(interval);
    expect(mps.tickets.map(({ kind }) => kind)).toEqual(['image', 'video']);
    expect(mps.tickets.find(({ kind }) => kind === 'video')?.run()).toBe('clip');
  });
});

describe('a query that fails', () => {
  it('delays this task alone, longer each time, and a minute at the most', async () => {
    const { mps, log, poller, pass } = setUp();
    const waiting = poller.wait(image('a'), { signal: never });
    await pass(interval);
    for (const delay of [1, 2, 4, 8, 16, 32, 60, 60]) {
      mps.tickets[0]?.run();
      await mps.tickets[0]?.refuse(new Error('down'));
      await pass(delay * interval - 1);
      expect(mps.tickets).toHaveLength(0);
      await pass(1);
      expect(mps.tickets).toHaveLength(1);
    }
    await ask(mps, 'RUN');
    await pass(interval);
    await ask(mps, 'DONE');
    expect((await waiting).status).toBe('DONE');
    expect(log.lines.at(-1)).toMatchObject({ level: 'warn', details: { mpsTaskId: 'a', failures: 8 } });
  });

  it('leaves the others at their pace', async () => {
    const { mps, poller, pass } = setUp();
    void poller.wait(image('broken'), { signal: never });
    void poller.wait(image('sound'), { signal: never });
    await pass(interval);
    for (const failures of [1, 2, 3]) {
      const asked = mps.tickets.map((ticket) => ticket.run());
      expect(asked).toContain('sound');
      for (const [index, ticket] of [...mps.tickets].entries()) {
        if (asked[index] === 'broken') await ticket.refuse(new Error(`down ${failures}`));
        else await ticket.answer('RUN');
      }
      await pass(interval);
    }
  });

  it('before it began is not retried immediately', async () => {
    const { mps, poller, pass } = setUp();
    void poller.wait(image('a'), { signal: never });
    await pass(interval);
    let refusals = 0;
    for (; refusals < 10 && mps.tickets.length > 0; refusals++)
      await mps.tickets[0]?.refuse(new Error('closed'));
    expect(refusals).toBe(1);
    await pass(interval);
    expect(mps.tickets).toHaveLength(1);
  });
});

describe('a wait that is given up', () => {
  it('rejects at once, with the reason', async () => {
    const { mps, poller } = setUp();
    const giveUp = new AbortController();
    const waiting = poller.wait(image('a'), { signal: giveUp.signal });
    giveUp.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    await expect(poller.wait(image('b'), { signal: giveUp.signal })).rejects.toThrow('too late');
    expect(mps.tickets).toHaveLength(0);
  });

  it('is never polled again, and ignores an answer in flight', async () => {
    const { mps, poller, pass } = setUp();
    const giveUp = new AbortController();
    const times: number[] = [];
    const watch = {
      ...image('a'),
      onUnfinished: (at: number) => void times.push(at),
    } as const;
    const waiting = poller.wait(watch, { signal: giveUp.signal });
    await pass(interval);
    mps.tickets[0]?.run();
    giveUp.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    await mps.tickets[0]?.answer('RUN');
    await pass(100 * interval);
    expect(mps.tickets).toHaveLength(0);
    expect(times).toEqual([]);
  });

  it('leaves a new wait for the same task alone, even if an old answer comes late', async () => {
    const { mps, poller, pass } = setUp();
    const giveUp = new AbortController();
    const first = poller.wait(image('a'), { signal: giveUp.signal });
    await pass(interval);
    const old = mps.tickets[0];
    old?.run();
    giveUp.abort(new Error('let go'));
    await expect(first).rejects.toThrow('let go');
    const second = poller.wait(image('a'), { signal: never });
    await old?.answer('DONE');
    await pass(interval);
    expect(await ask(mps, 'DONE')).toBe('a');
    expect((await second).status).toBe('DONE');
  });
});
