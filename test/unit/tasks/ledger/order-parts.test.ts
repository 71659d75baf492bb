import { describe, expect, it, onTestFinished } from 'vitest';
import { findNext, isFollowed, nextId, nextIn } from '../../../../src/tasks/ledger/follow-up.js';
import { openPartsOf, setOf } from '../../../../src/tasks/ledger/order-parts.js';
import type { Task, TaskSet } from '../../../../src/tasks/model/task.js';
import { partId } from '../../../../src/tasks/model/task-set.js';
import { isBefore } from '../../../../src/util/sorted-ids.js';
import { createMemoryTable } from '../../../support/table.js';
import { anImageRequest, aTask, aVideoRequest, states } from '../../../support/tasks.js';
import { settled, until } from '../../../support/until.js';
import { createBench } from '../kit.js';

const nextCost = { unit: 'second', amount: 5 } as const;
const toMove = (state: Task['state'] = states.received) =>
  aTask({ state, nextCost, request: anImageRequest({ thenAnimate: aVideoRequest() }) });
/** The clip of an order from before there were sets. */
const formerClip = ({ id, origin }: Task, state: Task['state'] = states.held) =>
  aTask({ id: partId(id, 2), after: id, request: aVideoRequest(), cost: nextCost, origin, state });
const never = async () => undefined;

describe('the clip that follows a picture', () => {
  it('has a number after those of all parts of a set', () => {
    expect(nextId('1146000000000000023:1')).toBe('1146000000000000023:101');
    expect(nextId('1146000000000000023:9')).toBe('1146000000000000023:109');
  });

  it('is found under the number of earlier orders, and is no other part under that number', async () => {
    const picture = toMove();
    const clip = formerClip(picture);
    const ledger = { get: (id: string) => (id === clip.id ? clip : undefined) };
    expect(nextIn(picture.id, ledger)).toBe(clip);
    expect(isFollowed(picture, ledger)).toBe(true);
    expect(await findNext(picture.id, async (id) => ledger.get(id))).toBe(clip);
    const { after: _after, ...sibling } = clip;
    const others = { get: (id: string) => (id === sibling.id ? sibling : undefined) };
    expect(nextIn(picture.id, others)).toBeUndefined();
    expect(await findNext(picture.id, never)).toBeUndefined();
  });

  it('of an earlier order, found held at the start, is neither written again nor left behind', async () => {
    const table = createMemoryTable();
    const picture = toMove({ name: 'received' });
    const clip = formerClip(picture);
    for (const task of [picture, clip]) table.rows.set(task.id, task);
    const bench = await createBench({ table });
    onTestFinished(() => bench.runner.stop());
    bench.runner.resume();
    await until('the picture is created', () => bench.creating.length === 1);
    expect([...table.rows.keys()]).toEqual([picture.id, clip.id]);
    bench.creating[0]?.answer('mps-1');
    await until('it is asked about', () => bench.waiting.length === 1);
    bench.waiting[0]?.end();
    await bench.over(picture.id);
    await until('the clip is created', () => bench.creating.length === 1);
    bench.creating[0]?.answer('mps-2');
    await until('it is asked about', () => bench.waiting.length === 1);
    bench.waiting[0]?.end();
    expect((await bench.over(clip.id)).request).toMatchObject({ image: { made: { by: picture.id } } });
    await settled();
    expect([...table.rows.keys()]).toEqual([picture.id, clip.id]);
  });

  it('of an earlier order is dropped with its picture', async () => {
    const table = createMemoryTable();
    const picture = toMove({ ...states.failed });
    const clip = formerClip(picture);
    for (const task of [picture, clip]) table.rows.set(task.id, task);
    const bench = await createBench({ table });
    onTestFinished(() => bench.runner.stop());
    bench.runner.resume();
    expect((await bench.over(clip.id)).state.name).toBe('cancelled');
  });
});

describe('the parts of a set', () => {
  const lead = aTask({ set: { part: 1, parts: 3, before: 0, results: 3 } });
  const partOf = (part: number, more: Partial<Task> = {}) => {
    const set: TaskSet = { part, parts: 3, before: part - 1, results: 3 };
    return aTask({ ...more, id: partId(lead.id, part), set });
  };

  it('are listed in the order of their results, as far as they are persisted, whichever part asks', async () => {
    const known = new Map([partOf(3), lead].map((task) => [task.id, task]));
    const ledger = {
      find: async (id: string) => known.get(id as Task['id']),
      get: (id: string) => known.get(id as Task['id']),
    };
    for (const task of [lead, partOf(2), partOf(3)]) {
      expect((await setOf(task, ledger)).map(({ id }) => id)).toEqual([lead.id, partId(lead.id, 3)]);
      expect(openPartsOf(task, ledger)).toEqual(await setOf(task, ledger));
    }
  });

  it('are a task itself that has no set', async () => {
    const alone = aTask();
    expect(await setOf(alone, { find: async () => alone })).toEqual([alone]);
  });
});

it('sorts tasks by event, then by number, however many digits that has', () => {
  const inOrder = ['999:1', '1000:1', '1000:9', '1000:10', '1000:101', '1001:1', '1001:2'];
  const shuffled = [...inOrder].reverse();
  expect(shuffled.sort((one, other) => (isBefore(one, other) ? -1 : 1))).toEqual(inOrder);
});
