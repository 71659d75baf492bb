import { describe, expect, it } from 'vitest';
import { createRemoteRequests } from '../../../../src/discord/services/remote-requests.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import type { State, TaskId } from '../../../../src/tasks/model/task.js';
import { partId } from '../../../../src/tasks/model/task-set.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { aTask, noon, states } from '../../../support/tasks.js';

/** A task, and a runner that calls it off in time or not. */
async function setUp(state: State, cancel: (id: TaskId) => boolean = () => false) {
  const table = createMemoryTable();
  const ledger = createLedger({ table, log: createCollectingLog(), now: () => noon, retryMs: 20 });
  await ledger.load();
  const { id } = aTask();
  await ledger.add(aTask({ id, state }));
  const gone: string[] = [];
  const work = createRemoteRequests({
    ledger,
    runner: {
      cancel,
      release: async (_, { wish }) => wish === 'drop',
      cancelAll: (lead) => ({ calledOff: cancel(lead.id) ? [lead.id] : [], goOn: [] }),
      releaseAll: async (lead, { wish }) => (wish === 'drop' ? [lead.id] : []),
    },
    take: async (_, { token }) => (token === 'the-press' ? 'busy' : 'late'),
    noteDeleted: async (_, messageId) => void gone.push(messageId),
    forget: async () => ({ emptied: 1, later: 0 }),
  });
  return { id, ledger, table, work, gone };
}

describe('a request from another process', () => {
  it('is handled when a waiting task is cancelled, and persisted by then', async () => {
    const at = await setUp(states.queued, (id) => {
      at.table.failWrites(2);
      void at.ledger.record(id, { type: 'cancelled' });
      return true;
    });
    expect(await at.work.run({ what: 'cancel', id: at.id })).toBe('done');
    expect(at.table.rows.get(at.id)).toMatchObject({ state: { name: 'cancelled' } });
  });

  it.each(['submitting', 'running', 'delivered'] as const)(
    'is too late for a task that is %s',
    async (name) => {
      const at = await setUp(states[name]);
      expect(await at.work.run({ what: 'cancel', id: at.id })).toBe('late');
    },
  );

  it('is handled also if it is repeated', async () => {
    const at = await setUp(states.cancelled);
    expect(await at.work.run({ what: 'cancel', id: at.id })).toBe('done');
  });

  it('is passed to the services that run, deliver and list its tasks', async () => {
    const { id, work, gone } = await setUp(states.running);
    const release = (wish: 'drop' | 'deliver') =>
      work.run({ what: 'release', id, release: { wish, by: 'asker' } });
    expect([await release('drop'), await release('deliver')]).toEqual(['done', 'late']);
    const answer = { applicationId: '1', token: 'the-press', tokenExpiresAt: 1, sizeLimit: 1 };
    expect(await work.run({ what: 'collect', id, answer: { ...answer, locale: 'en-US' } })).toBe('busy');
    expect(await work.run({ what: 'gone', id, messageId: '7' })).toBe('done');
    expect(gone).toEqual(['7']);
    expect(await work.forget('4')).toEqual({ emptied: 1, later: 0 });
  });

  it('for the lead of a set is meant for all of its parts', async () => {
    const { id } = aTask();
    const two = partId(id, 2);
    const set = { part: 1, parts: 2, before: 0, results: 2 };
    const table = createMemoryTable();
    const ledger = createLedger({ table, log: createCollectingLog(), now: () => noon, retryMs: 20 });
    await ledger.load();
    await ledger.add(aTask({ id: id, state: states.running, set }));
    await ledger.add(aTask({ id: two, state: states.queued, set: { ...set, part: 2, before: 1 } }));
    const released: TaskId[] = [];
    const never = () => {
      throw new Error('only the whole set is meant');
    };
    const work = createRemoteRequests({
      ledger,
      runner: {
        cancel: never,
        release: never,
        cancelAll() {
          void ledger.record(two, { type: 'cancelled' });
          return { calledOff: [two], goOn: [id] };
        },
        async releaseAll(lead) {
          released.push(lead.id);
          return [lead.id];
        },
      },
      take: never,
      noteDeleted: never,
      forget: never,
    });
    expect(await work.run({ what: 'cancel', id })).toBe('done');
    expect(table.rows.get(two)).toMatchObject({ state: { name: 'cancelled' } });
    const release = { wish: 'drop', by: 'asker' } as const;
    expect(await work.run({ what: 'release', id, release, whole: true })).toBe('done');
    expect(released).toEqual([id]);
  });
});
