import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../../src/tasks/model/task.js';
import { FairQueue } from '../../../../src/tasks/queue/fair-queue.js';
import { createQueue } from '../../../../src/tasks/queue/slot-queue.js';
import { createWaitingList } from '../../../../src/tasks/queue/waiting-list.js';
import { anOrigin, aTask } from '../../../support/tasks.js';

const parts = 9;
const nothing = async () => {};

/** A waiting list over so many slots, in which a job runs until its test ends it. */
function bench(slots: number) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const shown = new Map<string, number>();
  const queue = createQueue({ image: slots, video: 1 });
  const { signal } = new AbortController();
  const list = createWaitingList({
    queue,
    turns: { of: ({ id }) => ({ ahead: queue.ahead('image', id) ?? 0, starts: {} }) },
    delivery: { show: async ({ id }, progress) => void shown.set(id, progress?.ahead ?? 0) },
    signal,
    now: () => 0,
  });
  return {
    started,
    shown,
    order(id: Task['id'], guildId: string): void {
      const task = aTask({ id, origin: anOrigin({ guildId, userId: guildId }) });
      const job = () => {
        started.push(id);
        return new Promise<void>((resolve) => ends.set(id, resolve));
      };
      void list.wait(task, job, { resumed: false });
    },
    async end(id = started.find((one) => ends.has(one)) ?? ''): Promise<void> {
      ends.get(id)?.();
      ends.delete(id);
      for (let n = 0; n < 20; n++) await turn();
    },
  };
}

describe('a set of nine', () => {
  it.each([1, 3])(
    'delays a single picture of another server by one slot at most (%i slots)',
    async (slots) => {
      const { order, end, started, shown } = bench(slots);
      order('1:1', 'earlier');
      for (let part = 1; part <= parts; part++) order(`2:${part}`, 'many');
      for (let n = 0; n < slots; n++) await end();
      const before = started.length;
      order('3:1', 'one');
      expect(shown.get('3:1')).toBeLessThanOrEqual(1);
      while (!started.includes('3:1') && started.length < parts + 2) await end();
      expect(started.indexOf('3:1') - before).toBeLessThanOrEqual(1);
      // A second order right after it has its turn among the rest, too.
      order('4:1', 'one');
      const next = started.length;
      while (!started.includes('4:1') && started.length < parts + 3) await end();
      expect(started.indexOf('4:1') - next).toBeLessThanOrEqual(1);
    },
  );

  it('does so whatever both servers had before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 30 }), fc.nat(parts), async (earlier, served) => {
        const line = new FairQueue();
        const join = (id: string, guild: string) => line.enqueue(nothing, { id, guild, member: guild });
        for (const [at, isMany] of earlier.entries()) join(`earlier ${at}`, isMany ? 'many' : 'one');
        while (line.dequeue()) {
          // All of it has had its turn.
        }
        for (let part = 1; part <= parts; part++) join(`part ${part}`, 'many');
        for (let n = 0; n < served; n++) line.dequeue();
        join('single', 'one');
        expect(line.ahead('single')).toBeLessThanOrEqual(1);
      }),
    );
  });
});
