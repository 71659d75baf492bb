import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceError, type Sources, type TakenSource } from '../../../../src/media/sources/source-intake.js';
import type { TaskId } from '../../../../src/tasks/model/task.js';
import { type Hosting, hostOnAnswer } from '../../../../src/tasks/sources/source-hosting.js';
import { createPreparation } from '../../../../src/tasks/sources/source-preparation.js';
import { createSourceStorage, type ShelfLimits } from '../../../../src/tasks/sources/source-storage.js';
import { anOrigin, aTask, aTaskId, aVideoRequest, noon } from '../../../support/tasks.js';

const day = 24 * 3_600_000;
const limits: ShelfLimits = {
  user: { bytes: 100, files: 5 },
  guild: { bytes: 200, files: 9 },
  all: { bytes: 300, files: 12 },
};

describe('the store of source images', () => {
  it('never exceeds its limits, except for one order that is alone', () => {
    const step = fc.record({
      what: fc.constantFrom('begin', 'hold', 'hold', 'settle', 'forget'),
      task: fc.nat({ max: 9 }),
      bytes: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tasks = Array.from({ length: 10 }, (_, n) => ({
          id: `${n}:1` as TaskId,
          origin: anOrigin({ userId: `user ${n % 4}`, guildId: `guild ${n % 2}` }),
        }));
        const held = new Map<string, number[]>();
        const begun = new Set<string>();
        const shelf = createSourceStorage({
          limits,
          drop: (id) => {
            // Images being prepared are needed.
            expect(begun.has(id)).toBe(false);
            held.delete(id);
          },
        });
        for (const { what, task, bytes } of steps) {
          const one = tasks[task];
          if (!one) continue;
          if (what === 'begin') {
            begun.add(one.id);
            shelf.begin(one);
          } else if (what === 'settle' && begun.delete(one.id)) shelf.settle(one.id);
          else if (what === 'hold' && begun.has(one.id)) {
            held.set(one.id, [...(held.get(one.id) ?? []), bytes]);
            if (!shelf.hold(one.id, bytes)) {
              // Its order fails.
              begun.delete(one.id);
              held.delete(one.id);
              shelf.forget(one.id);
            }
          } else if (what === 'forget') {
            begun.delete(one.id);
            held.delete(one.id);
            shelf.forget(one.id);
          }
          const sumOf = (those: typeof tasks) => {
            const there = those.filter(({ id }) => held.has(id));
            const files = there.flatMap(({ id }) => held.get(id) ?? []);
            return {
              alone: there.length <= 1,
              bytes: files.reduce((sum, each) => sum + each, 0),
              files: files.length,
            };
          };
          const scopes = [
            ...[0, 1, 2, 3].map((n) => [limits.user, tasks.filter((_, at) => at % 4 === n)] as const),
            ...[0, 1].map((n) => [limits.guild, tasks.filter((_, at) => at % 2 === n)] as const),
            [limits.all, tasks] as const,
          ];
          for (const [limit, those] of scopes) {
            const sum = sumOf(those);
            if (sum.alone) continue;
            expect(sum.bytes).toBeLessThanOrEqual(limit.bytes);
            expect(sum.files).toBeLessThanOrEqual(limit.files);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('source images of waiting orders', () => {
  function bench(life = 30 * day) {
    const onDisk = new Map<string, number>();
    const taken: string[] = [];
    let hold: Promise<void> = Promise.resolve();
    const sources: Sources = {
      async take({ url }): Promise<TakenSource> {
        await hold;
        taken.push(url);
        const path = `/spool/${taken.length}`;
        onDisk.set(path, 40);
        return { path, type: 'image/png', bytes: 40, converted: false };
      },
      async release(those) {
        for (const { path } of those) onDisk.delete(path);
      },
    };
    const hosting: Hosting = hostOnAnswer({ host: async () => [] });
    const stop = new AbortController();
    let time = noon;
    const preparation = createPreparation({
      sources,
      hosting,
      recall: async () => undefined,
      signal: stop.signal,
      now: () => time,
      shelfLimits: limits,
    });
    const ex = Math.floor((noon + life) / 1000).toString(16);
    const order = (name: string, images = 1, userId = 'ben') => {
      const links = Array.from({ length: images }, (_, n) => ({
        url: `https://cdn.discordapp.com/attachments/1/2/${name}-${n}.png?ex=${ex}`,
        name: `${name}-${n}.png`,
      }));
      const [image, lastImage] = links;
      if (!image) throw new Error('an image');
      const request = aVideoRequest({ image, ...(lastImage && { lastImage }) });
      return aTask({ id: aTaskId(), origin: anOrigin({ userId }), request });
    };
    return {
      preparation,
      order,
      taken,
      bytes: () => [...onDisk.values()].reduce((sum, each) => sum + each, 0),
      wait(until: Promise<void>) {
        hold = until;
      },
      advance(ms: number) {
        time += ms;
      },
    };
  }

  it('stay within the limit, however many wait, and no order fails for it', async () => {
    const { preparation, order, bytes } = bench();
    for (let n = 0; n < 12; n++) {
      const task = order(`fox-${n}`);
      expect((await preparation.prepare(task)).kind).toBe('video');
      expect(bytes()).toBeLessThanOrEqual(limits.user.bytes);
    }
    expect(bytes()).toBe(80);
  });

  it('are fetched again once their link expires, if they were dropped', async () => {
    const { preparation, order, taken, advance } = bench(day);
    const tasks = Array.from({ length: 5 }, (_, n) => order(`fox-${n}`));
    const prepared = [];
    for (const task of tasks) prepared.push({ ...task, request: await preparation.prepare(task) });
    expect(taken).toHaveLength(5);
    advance(day);
    const [first, , , , last] = prepared;
    for (const task of [first, last]) if (task) await preparation.renew(task).catch(() => {});
    expect(taken).toHaveLength(6);
    expect(taken.at(-1)).toContain('fox-0-0');
  });

  it('are refused with a sentence while others that are needed leave no room', async () => {
    const { preparation, order, bytes, wait } = bench();
    let go = () => {};
    wait(
      new Promise((resolve) => {
        go = resolve;
      }),
    );
    const orders = [order('fox', 2), order('owl', 2)].map((task) =>
      preparation.prepare(task).then(
        () => 'prepared',
        async (error: unknown) => {
          await preparation.release(task.id);
          return error instanceof SourceError ? error.reason : error;
        },
      ),
    );
    go();
    const ends = await Promise.all(orders);
    expect(ends.filter((end) => end !== 'prepared' && end !== 'crowded')).toEqual([]);
    expect(ends).toContain('prepared');
    expect(bytes()).toBeLessThanOrEqual(limits.user.bytes);
  });
});
