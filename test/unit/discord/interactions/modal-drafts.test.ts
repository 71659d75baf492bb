import { expect, it } from 'vitest';
import { createDrafts } from '../../../../src/discord/interactions/modal-drafts.js';
import { createFakeClock } from '../../../support/clock.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';

const draft = {
  kind: 'video',
  pictures: [{ url: 'https://cdn.discordapp.com/fox.png', name: 'fox.png' }],
} as const;
const event = { id: '1146000000000000023', user: { id: '4' } };
const another = { id: '1146000000000000024', user: { id: '5' } };
const hour = 60 * 60_000;

it('an open form is known by the event that opened it, for as long as its links are valid', async () => {
  const clock = createFakeClock();
  const drafts = createDrafts({ table: createMemoryTable(), log: createCollectingLog(), now: clock.now });
  const id = drafts.keep(event, draft);
  expect(id).toBe(`${event.id}:1`);
  clock.pass(23 * hour);
  expect(await drafts.find(id, event.user)).toEqual(draft);
  clock.pass(2 * hour);
  expect(await drafts.find(id, event.user)).toBeUndefined();
  expect(await drafts.find(`${another.id}:1`, another.user)).toBeUndefined();
});

it('the input of a refused order is kept for an hour', async () => {
  const clock = createFakeClock();
  const table = createMemoryTable();
  const drafts = createDrafts({ table, log: createCollectingLog(), now: clock.now });
  const id = drafts.keep(event, { ...draft, asked: another.id });
  clock.pass(hour - 1);
  await drafts.prune();
  expect(await drafts.find(id, event.user)).toBeDefined();
  clock.pass(1);
  expect(await drafts.find(id, event.user)).toBeUndefined();
  await drafts.prune();
  expect(table.rows.size).toBe(0);
});

it('forms that were never submitted are removed', async () => {
  const clock = createFakeClock();
  const table = createMemoryTable();
  const drafts = createDrafts({ table, log: createCollectingLog(), now: clock.now });
  drafts.keep(event, draft);
  clock.pass(20 * hour);
  drafts.keep(another, draft);
  clock.pass(5 * hour);
  await drafts.prune();
  const left: string[] = [];
  for await (const [key] of table.entries()) left.push(key);
  expect(left).toEqual([another.id]);
});

it('a user’s forms are removed at their request, and no one else’s', async () => {
  const clock = createFakeClock();
  const drafts = createDrafts({ table: createMemoryTable(), log: createCollectingLog(), now: clock.now });
  const [mine, theirs] = [drafts.keep(event, draft), drafts.keep(another, draft)];
  await drafts.forget(event.user.id);
  expect(await drafts.find(mine, event.user)).toBeUndefined();
  expect(await drafts.find(theirs, another.user)).toEqual(draft);
});

it('a form belongs to the user who opened it', async () => {
  const drafts = createDrafts({
    table: createMemoryTable(),
    log: createCollectingLog(),
    now: createFakeClock().now,
  });
  const id = drafts.keep(event, draft);
  await expect(drafts.find(id, another.user)).rejects.toMatchObject({
    sentences: [{ key: 'error.form.notYours' }],
  });
  expect(await drafts.find(id, event.user)).toEqual(draft);
});
