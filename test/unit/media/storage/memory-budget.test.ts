import { expect, it } from 'vitest';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { giveChance } from '../../../support/until.js';

/** A budget of 120 bytes, and jobs in it that run until they are ended; `begun` names them in their order. */
function budget() {
  const memory = createMemory(120);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    ask(name: string, bytes: number) {
      void memory.use(bytes, () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      });
    },
    async end(name: string) {
      ends.get(name)?.();
      await giveChance(2);
    },
  };
}

it('lets large jobs wait for room, in order', async () => {
  const { ask, end, begun } = budget();
  ask('whole', 500);
  ask('half', 60);
  ask('most', 100);
  ask('other half', 60);
  await giveChance(2);
  expect(begun).toEqual(['whole']);
  await end('whole');
  expect(begun).toEqual(['whole', 'half']);
  await end('half');
  expect(begun).toEqual(['whole', 'half', 'most']);
  await end('most');
  expect(begun).toEqual(['whole', 'half', 'most', 'other half']);
});

it('lets no small job wait for a large one, and many small ones for each other', async () => {
  const { ask, end, begun } = budget();
  ask('whole', 120);
  ask('large', 60);
  for (const name of ['first', 'second', 'third']) ask(name, 6);
  ask('nothing', 0);
  await giveChance(2);
  expect(new Set(begun)).toEqual(new Set(['whole', 'nothing', 'first', 'second']));
  await end('first');
  expect(begun.at(-1)).toBe('third');
  await end('whole');
  expect(begun.at(-1)).toBe('large');
});

it('lets a small job have any room that no large one waits for', async () => {
  const { ask, end, begun } = budget();
  ask('whole', 120);
  for (const name of ['first', 'second']) ask(name, 12);
  await giveChance(2);
  expect(begun).toEqual(['whole', 'first']);
  await end('whole');
  expect(begun.at(-1)).toBe('second');
});

it('takes room of a job that failed back', async () => {
  const memory = createMemory(120);
  for (const bytes of [6, 120])
    await expect(memory.use(bytes, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await memory.use(120, async () => 'done')).toBe('done');
});
