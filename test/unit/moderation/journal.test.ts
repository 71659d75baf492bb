import { expect, it } from 'vitest';
import { silentLog } from '../../../src/log.js';
import { createJournal, type JournalEntry } from '../../../src/moderation/journal.js';
import { dueIn, messageKey } from '../../../src/moderation/log-rows.js';
import { createStore } from '../../../src/store/store.js';

async function setUp() {
  const store = await createStore('sqlite::memory:', { log: silentLog });
  const table = store.table<unknown>('moderation');
  const parts = { table, oldMessages: store.table<unknown>('old_log_messages') };
  return { ...parts, journal: createJournal(parts), another: createJournal(parts) };
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

it('of messages in a log it is kept which line is about whom, so that they can be cleaned later', async () => {
  const { journal, table, oldMessages } = await setUp();
  await journal.note(entry({ at: 1, about: 'lin', reason: 'spam of Lin' }));
  await journal.note(entry({ at: 1, act: 'order', by: 'lin', taskId: '7' }));
  await journal.note(entry({ at: 1, act: 'order', by: 'kim', about: 'kim', taskId: '8' }));
  await journal.note(entry({ at: 9 }));
  const message = { v: 1, guildId: '1', channelId: '20', look: '', revision: 0, open: false };
  await table.set(messageKey('1', 0), { ...message, messageId: '30', from: 0, to: 3 });
  await table.set(messageKey('1', 3), { ...message, messageId: '31', from: 3, to: 4 });
  await journal.prune(5);
  const old = await oldMessages.get('30');
  expect(old).toMatchObject({ lines: [{ about: 'lin' }, { author: 'lin', taskId: '7' }, { author: 'kim' }] });
  expect(JSON.stringify(old)).not.toContain('spam');
  expect(await oldMessages.get('31')).toBeUndefined();

  const heard: (readonly string[])[] = [];
  journal.watch((_, __, rows) => heard.push(rows));
  await journal.forget('lin');
  await journal.forgetTask('1', '8');
  const [due] = await dueIn(table);
  expect(heard).toContainEqual(due?.rows);
  expect(await table.get(due?.rows[0] ?? '')).toMatchObject({
    ...{ channelId: '20', messageId: '30', count: 3 },
    lines: [
      { line: 0, author: false },
      { line: 1, author: true },
      { line: 2, author: true },
    ],
  });
  expect(JSON.stringify(await oldMessages.get('30'))).not.toMatch(/lin"|kim"/);
  await journal.remove('1');
  expect(await oldMessages.get('30')).toBeUndefined();
  expect(await dueIn(table)).toEqual([]);
});

it('entries in one message of a log are kept until the newest of them is old', async () => {
  const { journal, table } = await setUp();
  await journal.note(entry({ at: 1 }));
  await journal.note(entry({ at: 9 }));
  const row = { v: 1, guildId: '1', channelId: '20', messageId: '30', look: '', revision: 0, open: false };
  await table.set(messageKey('1', 0), { ...row, from: 0, to: 2 });
  await journal.prune(5);
  expect((await journal.page('1')).entries.map(({ at }) => at)).toEqual([9, 1]);
});
