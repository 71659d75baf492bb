import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../../src/media/sources/source-intake.js';
import { packSafely } from '../../../../src/tasks/delivery/safe-packing.js';
import { createAttempts } from '../../../../src/tasks/ledger/attempts.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import type { Task, TaskId } from '../../../../src/tasks/model/task.js';
import { wholePacking } from '../../../support/delivery.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { anImageRequest, aTask, states } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';
import { createBench } from '../kit.js';

const never = () => new Promise<never>(() => {});
const image = (name: string) => ({ url: `https://cdn.discordapp.com/${name}`, name, bytes: 9 });
const withPictures = (...names: readonly string[]) =>
  aTask({ request: anImageRequest({ references: names.map(image) }) });

/** One life of a process on the same table: it ends wherever it is when it is abandoned. */
async function live(table: MemoryTable) {
  const ledger = createLedger({ table, log: createCollectingLog(), now: Date.now, retryMs: 1 });
  await ledger.load();
  const stop = new AbortController();
  return { ledger, stop, attempts: createAttempts({ ledger, signal: stop.signal }) };
}
const stored = (table: MemoryTable, id: TaskId) => (table.rows.get(id) as Task).attempts;

describe('a step that ends the process', () => {
  it('is persisted before it begins, and not begun a third time', async () => {
    const table = createMemoryTable();
    const task = aTask();
    await (await live(table)).ledger.add(task);
    for (const count of [1, 2]) {
      const { attempts } = await live(table);
      let seen: Task['attempts'];
      void attempts.run(task.id, 'sources', async () => {
        seen = stored(table, task.id);
        return never();
      });
      await until('it has begun', () => seen !== undefined);
      expect(seen).toEqual({ step: 'sources', count });
    }
    const { attempts } = await live(table);
    await expect(attempts.run(task.id, 'sources', never)).rejects.toMatchObject({
      name: 'AttemptsSpentError',
    });
    // Another step is another matter.
    expect(await attempts.run(task.id, 'files', async () => 'done')).toBe('done');
  });

  it('is reset by any other event of the task, and by an orderly stop', async () => {
    const table = createMemoryTable();
    const { ledger, attempts, stop } = await live(table);
    const [one, other] = [aTask(), aTask()];
    for (const task of [one, other]) await ledger.add(task);
    await attempts.run(one.id, 'sources', async () => {});
    expect(stored(table, one.id)?.count).toBe(1);
    await ledger.record(one.id, { type: 'queued' });
    expect(stored(table, one.id)).toBeUndefined();

    const stopped = new Error('stopping');
    const run = attempts.run(other.id, 'sources', async () => {
      stop.abort(stopped);
      throw stopped;
    });
    await expect(run).rejects.toBe(stopped);
    expect(stored(table, other.id)).toBeUndefined();
  });

  it('counts one life of the process once, however many files there are', async () => {
    const table = createMemoryTable();
    const { ledger, attempts } = await live(table);
    const task = aTask();
    await ledger.add(task);
    for (let file = 0; file < 5; file++) await attempts.run(task.id, 'sources', async () => {});
    expect(stored(table, task.id)?.count).toBe(1);
    const next = await live(table);
    for (let file = 0; file < 5; file++) await next.attempts.run(task.id, 'sources', async () => {});
    expect(stored(table, task.id)?.count).toBe(2);
  });
});

describe('a restart after crashes', () => {
  it('fails the order whose picture ended the process twice, with a sentence, and no other', async () => {
    const table = createMemoryTable();
    const [bomb, innocent, later] = [withPictures('bomb.avif'), withPictures('a.png', 'b.png'), aTask()];
    for (let life = 1; life <= 3; life++) {
      const bench = await createBench({ table });
      if (life === 1) for (const task of [bomb, innocent, later]) await bench.add(task);
      // The first death happens while all are at it; from then on only the bomb causes one.
      bench.act.take = () => (life === 1 || bench.calls.at(-1) === 'take bomb.avif' ? never() : fine());
      bench.runner.resume();
      if (life === 1) await until('both are looked at', () => bench.calls.length === 2);
      if (life === 2) await until('the bomb is looked at', () => bench.calls.includes('take bomb.avif'));
      if (life === 3) {
        const { state } = await bench.over(bomb.id);
        expect(state).toMatchObject({
          failure: { reason: 'source.heavy', params: { name: 'bomb.avif' } },
        });
        expect(bench.calls).not.toContain('take bomb.avif');
        await until('the other is past it', () => bench.creating.length > 0);
        expect((table.rows.get(innocent.id) as Task).state.name).not.toBe('failed');
      }
    }
  });

  it('posts a result unchanged if resizing it ended the process twice', async () => {
    const table = createMemoryTable();
    const task = aTask({ state: states.delivering });
    await (await live(table)).ledger.add(task);
    const clip = { path: '/spool/1', type: 'video/mp4', bytes: 900, sha256: 'ab' } as const;
    const signal = new AbortController().signal;
    const deadly = { ...wholePacking, pack: never };
    for (let life = 1; life <= 2; life++) {
      const { attempts } = await live(table);
      void packSafely(deadly, attempts, createCollectingLog()).pack(task, [clip], 500, { signal });
      await until('it has begun', () => stored(table, task.id)?.count === life);
    }
    const { attempts } = await live(table);
    const safe = packSafely(deadly, attempts, createCollectingLog());
    expect(await safe.pack(task, [clip], 500, { signal })).toMatchObject([{ how: 'link' }]);
    expect(await safe.pack(task, [clip], 1_000, { signal })).toMatchObject([{ how: 'whole', file: clip }]);
  });

  it("distinguishes a picture that can't be inspected from one that ends the process", async () => {
    const bench = await createBench();
    const task = await bench.add(withPictures('a.png'));
    bench.act.take = async () => {
      throw new SourceError('broken', { name: 'a.png' });
    };
    bench.runner.start(task.id);
    expect((await bench.over(task.id)).attempts).toBeUndefined();
  });
});

const fine = async () => ({ path: '/spool/2', type: 'image/png', bytes: 9, converted: false }) as const;
