import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { longFunctions, mostLong } from '../../tools/check-functions.mjs';

/** A function with so many lines in its body, and a blank one. */
const functionOf = (lines: number) =>
  ['export function f(n: number) {', '', ...Array(lines).fill('  n += 1;'), '}', ''].join('\n');

it('finds functions over 40 lines, outside tests', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'easel-functions-'));
  try {
    const planted = {
      'src/tasks/short.ts': functionOf(40),
      'src/tasks/long.ts': functionOf(41),
      'packages/kit/src/longer.ts': functionOf(55),
      'packages/kit/test/long.test.ts': functionOf(90),
      'packages/kit/dist/long.js': functionOf(90).replace(': number', ''),
    };
    for (const [name, text] of Object.entries(planted)) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), text);
    }
    expect(longFunctions(directory)).toEqual([
      { place: 'packages/kit/src/longer.ts:1', lines: 55 },
      { place: 'src/tasks/long.ts:1', lines: 41 },
    ]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

it('counts no more long functions than are allowed', () => {
  const long = longFunctions(fileURLToPath(new URL('../../', import.meta.url)));
  expect(
    long.map(({ place, lines }) => `${place}: ${lines}`).length,
    JSON.stringify(long),
  ).toBeLessThanOrEqual(mostLong);
});
