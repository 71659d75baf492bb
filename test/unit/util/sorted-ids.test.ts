import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSortedIds } from '../../../src/util/sorted-ids.js';

const idOf = (n: number) => `${1_146_000_000_000_000_000n + BigInt(n)}:1`;

it('holds what a plain sorted list holds, after any adding and deleting', () => {
  const number = fc.integer({ min: 0, max: 3_000 });
  const step = fc.record({ isAdded: fc.boolean(), from: number, count: fc.integer({ min: 1, max: 1_200 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), number, number, (steps, some, rank) => {
      const ids = createSortedIds();
      const plain = new Set<number>();
      for (const { isAdded, from, count } of steps)
        for (let n = from; n < from + count; n++) {
          // Not in order, as events come.
          const one = n ^ 1;
          if (isAdded) ids.add(idOf(one));
          else ids.delete(idOf(one));
          if (isAdded) plain.add(one);
          else plain.delete(one);
        }
      const sorted = [...plain].sort((one, other) => other - one).map(idOf);
      expect(ids.size).toBe(sorted.length);
      expect([...ids.from(rank)]).toEqual(sorted.slice(rank));
      const older = sorted.filter((id) => id < idOf(some));
      expect(ids.olderThan(idOf(some), 700)).toEqual(older.slice(0, 700));
      expect(ids.olderThan(undefined, 700)).toEqual(sorted.slice(0, 700));
      expect(ids.newerThan(idOf(some))).toBe(sorted.filter((id) => id > idOf(some)).length);
    }),
    { numRuns: 25 },
  );
});
