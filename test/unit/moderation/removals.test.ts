import { expect, it } from 'vitest';
import { createRemovals } from '../../../src/discord/moderation/removals.js';
import { silentLog } from '../../../src/log.js';
import { createJournal } from '../../../src/moderation/journal.js';
import { createStore } from '../../../src/store/store.js';
import { aTask } from '../../support/tasks.js';

it('a removal that a crash interrupted takes the result out of the showcase, too', async () => {
  const store = await createStore('sqlite::memory:', { log: silentLog });
  const table = store.table<unknown>('moderation');
  const task = aTask({
    state: { name: 'delivered', posted: { channelId: '8', messageId: '9' }, route: 'answer' },
  });
  await table.set('removal:1:2:5', {
    v: 1,
    guildId: '1',
    userId: '2',
    since: 0,
    by: '3',
    at: Number.MAX_SAFE_INTEGER,
  });
  const done: string[] = [];
  const removals = createRemovals({
    table,
    journal: createJournal({ table, oldMessages: table }),
    ledger: {
      async *since() {
        yield [{ id: task.id, userId: '2', receivedAt: 1 }];
      },
      find: async () => task,
      markRemoved: async () => void done.push('marked'),
    },
    showcase: { gone: async (ids: readonly string[]) => void done.push(...ids) },
    rests: { bot: { delete: async () => undefined }, guard: { hasRoom: () => true } },
    serves: () => true,
    signal: new AbortController().signal,
    log: silentLog,
    now: () => 6,
  } as unknown as Parameters<typeof createRemovals>[0]);
  await removals.resume();
  // What is marked is passed over by the next try.
  expect(done).toEqual(['9', 'marked']);
});
