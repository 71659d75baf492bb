import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Ways in which a test depends on the machine's load, and what to use instead (docs/development.md#tests). */
const impatient: readonly (readonly [RegExp, string])[] = [
  [/\bvi\.wait(For|Until)\(/, 'gives up after a second: use expect.poll or until'],
  [/\bpoll\([^;]*\btimeout:/, 'has a limit of its own: leave it to vitest.config.ts'],
  [/^ {0,2}\}, [\d_]{4,}\);/m, 'has a limit of its own: leave it to vitest.config.ts'],
  [/\.until\([^;]*\{ timeoutMs: [\d_]+ \}/, 'has a limit of its own: leave it to the stand-in'],
  [
    /new Promise(<\w+>)?\(\(resolve\) => setTimeout\(resolve, [\d_]+\)\)/,
    'waits for a time: use until or giveChance',
  ],
  [
    /\btimeout: [\d_]{3,}/,
    'has a limit of its own: leave it to vitest.config.ts, or give a program patienceMs',
  ],
  [/\buntilVerdict\([^;]*, [\d_]{4,}\)/, 'has a limit of its own: give it patienceMs'],
  [/\bgetTimerCount\(\)/, 'counts the timers of other tests too: use watchTimers'],
  [/\bDate\.now\(\) - (start|began|before|asked)\w*\)\.toBeLessThan/, 'measures the machine: inject a clock'],
  [/\bhrtime\b/, 'measures the machine: inject a clock'],
];

/** They measure, or end hanging work. */
const programs = /^test\/(bench|chaos|stress|browser|support)\//;

it('no test depends on how busy the machine is', async () => {
  const found: string[] = [];
  for (const folder of ['test', 'packages']) {
    for (const path of await readdir(`${root}/${folder}`, { recursive: true })) {
      const name = `${folder}/${path}`;
      const isTest = /\.ts$/.test(name) && /^(packages\/[^/]+\/)?test\//.test(name);
      if (!isTest || programs.test(name) || name === 'test/unit/no-impatience.test.ts') continue;
      const text = await readFile(`${root}/${name}`, 'utf8');
      for (const [pattern, why] of impatient) if (pattern.test(text)) found.push(`${name} ${why}`);
    }
  }
  expect(found).toEqual([]);
});
