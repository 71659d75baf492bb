import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (name: string) => readFile(join(root, name), 'utf8');

it('the image copies only what is there and not kept away from it', async () => {
  const ignore = (await read('.dockerignore')).split('\n').filter((line) => line && !line.startsWith('#'));
  const letIn = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const copies = [...(await read('Dockerfile')).matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
  const wanted = copies.flatMap(([, names = '']) => names.split(' '));
  expect(ignore[0]).toBe('*');
  expect(wanted.length).toBeGreaterThan(5);
  for (const name of wanted) expect(existsSync(join(root, name)) && letIn.includes(name), name).toBe(true);
});

it('the image runs as a user without rights, says how it is, and takes a word for what it is to do', async () => {
  const last = (await read('Dockerfile')).split(/^FROM /m).at(-1) ?? '';
  expect(last.indexOf('\nUSER node\n')).toBeGreaterThan(0);
  expect(last.indexOf('\nUSER node\n')).toBeLessThan(last.indexOf('\nENTRYPOINT '));
  const [, health = '[]'] = /^HEALTHCHECK [^\\]*\\\n +CMD (\[.*\])$/m.exec(last) ?? [];
  const [program, flag, script] = JSON.parse(health) as string[];
  expect([program, flag]).toEqual(['node', '-e']);
  // It is a program that Node can read.
  expect(() => new Function(script ?? '(')).not.toThrow();
  const [, entry = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(last) ?? [];
  expect(JSON.parse(entry)).toEqual(['node', '--enable-source-maps', 'dist/src/main.js']);
  expect(await read('package.json')).toContain('node --enable-source-maps dist/src/main.js doctor');
});
