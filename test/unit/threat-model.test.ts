import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/threat-model.md', root), 'utf8');

it('the threat model names tests and commands that exist', () => {
  const files = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((path) => !existsSync(fileURLToPath(new URL(path, root))))).toEqual([]);
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const commands = [...page.matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(commands));
});

it('each row of its tables of threats says where it is tested', () => {
  const tables = page.split('\n\n').filter((part) => /^\|.*\| Tested in \|$/m.test(part));
  const rows = tables.flatMap((table) =>
    table.split('\n').filter((line) => /^\| (?!.*Tested in)/.test(line)),
  );
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) expect(row.split('|').at(-2)).toMatch(/`(test\/|npm run )/);
});
