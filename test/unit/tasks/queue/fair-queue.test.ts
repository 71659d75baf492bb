import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../../../src/tasks/queue/fair-queue.js';

type Guest = readonly [guild: string, member: string, resumed?: boolean];

/** A fair queue of these jobs; running a job returns its name. */
function lineOf(guests: readonly Guest[]) {
  const turns = new FairQueue();
  for (const [at, [guild, member, resumed = false]] of guests.entries()) {
    turns.enqueue(async () => `${at}`, { id: `${at}`, guild, member, resumed });
  }
  return turns;
}

async function drain(turns: FairQueue): Promise<string[]> {
  const order: string[] = [];
  for (let run = turns.dequeue(); run; run = turns.dequeue()) order.push(String(await run()));
  return order;
}

const guests = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y', 'z'), fc.boolean()),
  { maxLength: 40 },
);

describe('the fair queue', () => {
  it('rotates over the guilds, and within a guild over its members', async () => {
    const line = lineOf([
      ['a', 'x'],
      ['a', 'x'],
      ['a', 'y'],
      ['b', 'z'],
      ['b', 'z'],
    ]);
    expect(await drain(line)).toEqual(['0', '3', '2', '4', '1']);
  });

  it('serves resumed jobs first, in the order they came', async () => {
    const line = lineOf([
      ['a', 'x'],
      ['b', 'y', true],
      ['a', 'x', true],
    ]);
    expect(await drain(line)).toEqual(['1', '2', '0']);
  });

  it('lets a single task go before all that another guild has queued once that guild had a turn', async () => {
    const line = lineOf(Array.from({ length: 1000 }, (): Guest => ['busy', 'x']));
    line.dequeue();
    line.enqueue(async () => 'single', { id: 'single', guild: 'quiet', member: 'y' });
    expect(line.ahead('single')).toBe(0);
    expect((await drain(line)).indexOf('single')).toBe(0);
  });

  it('reports for each job exactly how many go before it', async () => {
    await fc.assert(
      fc.asyncProperty(guests, fc.nat(20), async (list, served) => {
        const line = lineOf(list);
        for (let at = 0; at < served; at++) line.dequeue();
        const ids = list.map((_, at) => `${at}`);
        const told = new Map(ids.map((id) => [id, line.ahead(id)]));
        const foreseen = line.order();
        const order = await drain(line);
        expect(order).toEqual(foreseen);
        for (const id of ids) expect(told.get(id)).toBe(order.includes(id) ? order.indexOf(id) : undefined);
      }),
    );
  });

  it('forgets a job that left, and keeps all others in their order', async () => {
    await fc.assert(
      fc.asyncProperty(guests, fc.nat(39), async (list, left) => {
        const all = await drain(lineOf(list));
        const line = lineOf(list);
        line.remove(`${left}`);
        const rest = await drain(line);
        expect([...rest].sort()).toEqual(all.filter((id) => id !== `${left}`).sort());
        expect(line.size).toBe(0);
      }),
    );
  });
});
