import { beforeEach, describe, expect, it } from 'vitest';
import type { Unit } from '../../../../src/quota/measures.js';
import { periodOf } from '../../../../src/quota/period.js';
import {
  createUserUsage,
  type Look,
  lookInto,
  type UserUsage,
  uselessIn,
} from '../../../../src/tasks/accounting/user-usage.js';
import type { State, Task } from '../../../../src/tasks/model/task.js';
import { advance } from '../../../../src/tasks/model/task-record.js';
import { createMemoryPeople, type MemoryPeople } from '../../../support/people.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, noon, states } from '../../../support/tasks.js';

const day = 24 * 3_600_000;
const account = { person: 'ben' };
const origin = anOrigin({ guildInstalled: false, viaGuild: true });
const told = { ...states.failed, told: true };

/** A task of a user on their own. */
const theirs = (state: State = states.received, changes: Partial<Omit<Task, 'state'>> = {}) =>
  aTask({ account, origin, ...changes, state });
/** The same, reserved at an instant and in its state ever since. */
const since = (at: number, state: State) =>
  theirs(state, {
    history: [
      { state: 'received', at },
      { state: 'queued', at },
      { state: state.name, at },
    ],
    ...(state.name === 'delivered' && { made: { billed: 1 } }),
  });
const toMove = () =>
  theirs(states.received, {
    request: anImageRequest({ thenAnimate: aVideoRequest() }),
    nextCost: { unit: 'second', amount: 5 },
  });
const clipOf = ({ id }: Task, state: State = states.held) =>
  theirs(state, {
    id: `${id.split(':')[0]}:101`,
    request: aVideoRequest(),
    cost: { unit: 'second', amount: 5 },
    after: id,
  });

const rowsOf = (...tasks: readonly Task[]) => new Map<string, unknown>(tasks.map((task) => [task.id, task]));
const today = periodOf('day', noon, 'UTC');
const used = ({ usage }: Look, unit: Unit = 'image') => usage.tally('person:ben', unit, today);

describe("a user's usage", () => {
  it('is what the records say: reserved, spent, refunded', () => {
    const look = lookInto(
      rowsOf(since(noon, states.running), since(noon, states.delivered), since(noon, told)),
      noon,
    );
    expect(used(look)).toEqual({ reserved: 1, spent: 1 });
    expect(look.usage.open('person:ben')).toBe(1);
  });

  it('includes pending reservations, as if they were queued now', () => {
    const rows = rowsOf(theirs());
    expect(used(lookInto(rows, noon))).toEqual({ reserved: 1, spent: 0 });
    expect(lookInto(rows, noon).usage.open('person:ben')).toBe(1);
    const tomorrow = noon + day;
    const then = lookInto(rows, tomorrow).usage.tally(
      'person:ben',
      'image',
      periodOf('day', tomorrow, 'UTC'),
    );
    expect(then.reserved).toBe(1);
  });

  it('includes the follow-up clip, once, whether that is persisted already or not', () => {
    const picture = toMove();
    const clip = clipOf(picture);
    for (const row of [undefined, clip]) {
      const look = lookInto(rowsOf(picture).set(clip.id, row), noon);
      expect(used(look)).toEqual({ reserved: 1, spent: 0 });
      expect(used(look, 'second')).toEqual({ reserved: 5, spent: 0 });
      expect(look.usage.open('person:ben')).toBe(1);
    }
  });

  it('excludes the task that asks, with its follow-up clip', () => {
    const picture = toMove();
    const look = lookInto(rowsOf(picture, since(noon, states.running)), noon, picture.id);
    expect([used(look).reserved, used(look, 'second').reserved]).toEqual([1, 0]);
  });

  it('does not count tasks without a record, or with an unreadable one', () => {
    const rows = new Map<string, unknown>([
      ['1146000000000000001:1', undefined],
      ['1146000000000000002:1', { v: 9 }],
      ['1146000000000000003:1', theirs(states.running)],
    ]);
    expect(used(lookInto(rows, noon))).toEqual({ reserved: 0, spent: 0 });
  });
});

describe('obsolete claims', () => {
  it('are refunded ones, those too old for any month, and those without a record', () => {
    const young = since(noon - 31 * day, states.delivered);
    const old = since(noon - 34 * day, states.delivered);
    const longAtWork = since(noon - 34 * day, states.running);
    const refused = theirs(told);
    const rows = rowsOf(young, old, longAtWork, refused, theirs());
    rows.set('1146000000000000001:1', undefined);
    expect(uselessIn(rows, noon).sort()).toEqual([old.id, refused.id, '1146000000000000001:1'].sort());
  });

  it('are not those that another process is about to persist, nor unreadable ones here', () => {
    const picture = toMove();
    const rows = rowsOf(picture);
    rows.set(clipOf(picture).id, undefined);
    rows.set('1146000000000000002:1', { v: 9 });
    rows.set('1146000000000000002:2', undefined);
    expect(uselessIn(rows, noon)).toEqual([]);
    rows.set(picture.id, { ...picture, state: told });
    expect(uselessIn(rows, noon)).toEqual([picture.id, clipOf(picture).id]);
  });
});

describe("the user's shared usage", () => {
  let rows: Map<string, unknown>;
  let people: MemoryPeople;
  let purse: UserUsage;
  beforeEach(() => {
    rows = new Map();
    people = createMemoryPeople(rows);
    purse = createUserUsage({ people, now: () => noon });
  });
  const write = (...tasks: readonly Task[]) => {
    for (const task of tasks) rows.set(task.id, task);
  };
  /** Lets pass as long as less than so many pictures are used. */
  const upTo = (most: number) => async (look: Look) => {
    const { reserved, spent } = used(look);
    if (reserved + spent >= most) throw new Error('no');
  };

  it('counts a task with its clip from the claim on', async () => {
    const picture = toMove();
    write(picture);
    await purse.index.ready();
    await purse.claim(picture, upTo(1));
    expect(people.ids.get('ben')).toEqual(new Set([picture.id, clipOf(picture).id]));
    expect(used(await purse.look('ben'), 'second').reserved).toBe(5);
  });

  it('claims the same again after a crash, and counts it once', async () => {
    const task = theirs();
    write(task);
    await purse.index.ready();
    await purse.claim(task, upTo(1));
    await purse.claim(task, upTo(1));
    expect(used(await purse.look('ben')).reserved).toBe(1);
    write(advance(task, { type: 'queued' }, noon));
    expect(used(await purse.look('ben')).reserved).toBe(1);
  });

  it('counts nothing for a refused task', async () => {
    const task = theirs();
    write(task);
    await purse.index.ready();
    await expect(purse.claim(task, upTo(0))).rejects.toThrow('no');
    expect(people.ids.get('ben')).toEqual(new Set());
  });

  it('checks again if another was granted meanwhile', async () => {
    const [mine, other] = [theirs(), theirs()];
    write(mine, other);
    await purse.index.ready();
    people.meanwhile(() => people.ids.get('ben')?.add(other.id));
    await expect(purse.claim(mine, upTo(1))).rejects.toThrow('no');
    people.meanwhile(() => people.ids.get('ben')?.add('1146000000000000001:1'));
    await purse.claim(mine, upTo(2));
    expect(people.ids.get('ben')?.has(mine.id)).toBe(true);
  });

  it('gives up if others are always faster', async () => {
    const task = theirs();
    write(task);
    await purse.index.ready();
    let serial = 0;
    const crowd = { ...people, claim: async () => ++serial === 0 };
    const crowded = createUserUsage({ people: crowd, now: () => noon });
    await crowded.index.ready();
    await expect(crowded.claim(task, upTo(1))).rejects.toMatchObject({
      name: 'StoreError',
      reason: 'locked',
    });
    expect(serial).toBe(100);
  });

  it('drops obsolete claims with the next claim', async () => {
    const [refused, task] = [theirs(told), theirs()];
    write(refused, task);
    await people.add([['ben', refused.id]]);
    await purse.index.ready();
    await purse.claim(task, upTo(1));
    expect(people.ids.get('ben')).toEqual(new Set([task.id]));
  });

  it('reports nothing until all was read, and then knows earlier usage', async () => {
    const [running, old, refused] = [
      since(noon, states.running),
      since(noon - 34 * day, states.delivered),
      theirs(told),
    ];
    const guilds = aTask({ state: states.running });
    const asking = theirs();
    write(running, old, refused, guilds, asking);
    await expect(purse.look('ben')).rejects.toMatchObject({ name: 'StoreError', reason: 'unopenable' });
    await expect(purse.claim(asking, upTo(9))).rejects.toMatchObject({ reason: 'unopenable' });
    for (const task of [running, old, refused, guilds, asking]) purse.index.see(task);
    await purse.index.ready();
    expect(used(await purse.look('ben'))).toEqual({ reserved: 1, spent: 0 });
    // One that was only received claims for itself, and is an open order until then.
    expect([...people.ids]).toEqual([['ben', new Set([running.id, `~${asking.id}`])]]);
    expect((await purse.look('ben')).usage.open('person:ben')).toBe(2);
  });

  it('forgets removed tasks', async () => {
    const [old, guilds] = [since(noon, states.delivered), aTask({ state: states.delivered })];
    write(old, guilds);
    purse.index.see(old);
    await purse.index.ready();
    await purse.index.drop([old, guilds]);
    expect([...people.ids]).toEqual([['ben', new Set()]]);
  });
});
