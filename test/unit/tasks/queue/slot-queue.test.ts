import { setMaxListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { TaskId } from '../../../../src/tasks/model/task.js';
import { createQueue } from '../../../../src/tasks/queue/slot-queue.js';
import { createFakeClock } from '../../../support/clock.js';
import { anOrigin, aTask } from '../../../support/tasks.js';
import { settled } from '../../../support/until.js';

const { signal } = new AbortController();
// Every task listens to it.
setMaxListeners(0, signal);
const minute = 60_000;

/** A queue whose jobs end when the test says so, and when each began by the test's clock. */
function createScene(slots: number) {
  const queue = createQueue({ image: slots, video: 1 });
  const clock = createFakeClock(0);
  const began = new Map<TaskId, number>();
  const ends: (() => void)[] = [];
  return {
    queue,
    began,
    /** Someone orders a picture. */
    order(guildId: string, userId: string): TaskId {
      const task = aTask({ origin: anOrigin({ guildId, userId }) });
      const job = () => {
        began.set(task.id, clock.now());
        return new Promise<void>((resolve) => ends.push(resolve));
      };
      void queue.run(task, job, { signal });
      return task.id;
    },
    /** A minute passes, in which as many tasks end as are at MPS. */
    async passMinute(): Promise<void> {
      await settled();
      clock.pass(minute);
      for (const end of ends.splice(0)) end();
      await settled();
    },
  };
}

describe('the queue', () => {
  it.each([1, 2, 5])(
    'lets a guild with 1,000 tasks delay another one’s single task by the %d in flight and no more',
    async (slots) => {
      const { queue, began, order, passMinute } = createScene(slots);
      for (let count = 0; count < 1000; count++) order('busy', `member ${count % 7}`);
      await settled();
      expect(began.size).toBe(slots);
      const single = order('quiet', 'somebody');
      expect(queue.ahead('image', single)).toBe(0);
      await passMinute();
      // The first slot that is free is its own: no one else began in between.
      expect(began.get(single)).toBe(minute);
      expect([...began.keys()].indexOf(single)).toBe(slots);
      expect(queue.waiting('image')).toBe(1000 - slots - (slots - 1));
    },
  );

  it('lets no job that returns at once go before those that waited since', async () => {
    const { began, order, passMinute } = createScene(1);
    const served = [order('a', 'somebody')];
    for (let count = 0; count < 3; count++) served.push(order('b', 'x'), order('c', 'y'));
    for (let minutes = 0; minutes < 3; minutes++) {
      await passMinute();
      if (minutes === 0) served.push(order('a', 'somebody'));
    }
    const [first, b1, c1] = served;
    expect([...began.keys()].slice(0, 3)).toEqual([first, b1, c1]);
    expect([...began.keys()][3]).toBe(served.at(-1));
  });

  it('gives as many slots as there are, and takes each back when its task ends', async () => {
    const { queue, began, order, passMinute } = createScene(3);
    for (let count = 0; count < 10; count++) order('busy', 'somebody');
    await settled();
    expect([began.size, queue.waiting('image')]).toEqual([3, 7]);
    await passMinute();
    expect([began.size, queue.waiting('image')]).toEqual([6, 4]);
  });
});

it('releases a shared slot that arrives after its task has left', async () => {
  let grant = (_granted: boolean) => {};
  const released: string[] = [];
  const queue = createQueue(
    { image: 1, video: 1 },
    {
      take: () =>
        new Promise((resolve) => {
          grant = resolve;
        }),
      giveBack: (kind) => void released.push(kind),
      close: () => {},
    },
  );
  const leaving = new AbortController();
  const job = vi.fn(async () => {});
  const left = queue.run(aTask(), job, { signal: leaving.signal });
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  await settled();
  expect(released).toEqual([]);
  grant(true);
  await settled();
  expect(released).toEqual(['image']);
  expect(job).not.toHaveBeenCalled();
});
