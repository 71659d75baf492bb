import { expect, it } from 'vitest';
import { silentLog } from '../../../src/log.js';
import { createJournal, type JournalEntry } from '../../../src/moderation/journal.js';
import { createStore } from '../../../src/store/store.js';

async function setUp() {
  const store = await createStore('sqlite::memory:', { log: silentLog });
  const table = store.table<unknown>('moderation');
  return { table, journal: createJournal({ table }), another: createJournal({ table }) };
}

const entry = (changes: Partial<JournalEntry> = {}): JournalEntry => ({
  guildId: '1',
  act: 'block',
  at: 5,
  by: 'mod',
  about: 'lin',
  reason: 'spam of Lin',
  ...changes,
});

it('entries of two processes are numbered without a gap, and listed newest first', async () => {
  const { journal, another } = await setUp();
  const both = Array.from({ length: 30 }, (_, at) => (at % 2 ? journal : another).note(entry({ at })));
  await Promise.all(both);
  const first = await journal.page('1', { count: 20 });
  expect(first.entries.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, at) => 29 - at));
  expect(first.hasMore).toBe(true);
  const last = await another.page('1', { before: 10, count: 20 });
  expect(last.entries).toHaveLength(10);
  expect(last.hasMore).toBe(false);
});

it('an act and its entry are written together, or neither', async () => {
  const { journal, table } = await setUp();
  const change = { key: 'block:1:lin', version: undefined, value: { v: 1 } };
  expect(await journal.noteWith(entry(), [change])).toBe(true);
  expect(await journal.noteWith(entry(), [change])).toBe(false);
  expect(await journal.next('1')).toBe(1);
  expect(await table.get('block:1:lin')).toEqual({ v: 1 });
});

it('deleted data leaves act, time and moderator', async () => {
  const { journal } = await setUp();
  await journal.note(entry());
  await journal.note(entry({ act: 'report', by: 'lin', about: 'kim', taskId: '7:1' }));
  await journal.note(entry({ about: 'kim' }));
  await journal.forget('lin');
  const { entries } = await journal.page('1');
  expect(entries.map(({ act, by, about, reason }) => ({ act, by, about, reason }))).toEqual([
    { act: 'block', by: 'mod', about: 'kim', reason: 'spam of Lin' },
    { act: 'report', by: undefined, about: undefined, reason: undefined },
    { act: 'block', by: 'mod', about: undefined, reason: undefined },
  ]);
});

it('what is old or belongs to a guild that left goes, and numbers go on', async () => {
  const { journal } = await setUp();
  await journal.note(entry({ at: 1 }));
  await journal.note(entry({ at: 9 }));
  await journal.note(entry({ guildId: '2' }));
  await journal.prune(5);
  expect((await journal.page('1')).entries.map(({ at }) => at)).toEqual([9]);
  await journal.remove('2');
  expect((await journal.page('2')).entries).toEqual([]);
  expect(await journal.next('1')).toBe(2);
});
