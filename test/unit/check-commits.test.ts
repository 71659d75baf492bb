import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultsOf, inspectCommits } from '../../tools/check-commits.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-commits-'));
  git(folder, 'init', '-q', '-b', 'main');
});
afterEach(() => rm(folder, { recursive: true }));

function git(at: string, ...words: string[]): string {
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  const { status, stdout, stderr } = spawnSync('git', [...author, ...words], { cwd: at, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Commits nothing but a subject; the hash. */
function commit(subject: string): string {
  git(folder, 'commit', '-q', '--allow-empty', '-m', subject);
  return git(folder, 'rev-parse', '--short', 'HEAD');
}

describe('a commit subject', () => {
  it.each([
    'feat: add a clip to a picture',
    'fix(tasks): poll a resumed task before giving it up',
    'refactor(mps/api)!: name the client',
    `docs: ${'x'.repeat(66)}`,
    'fix(locales): 把“修改”按钮改名',
  ])('may be %j', (subject) => expect(faultsOf(subject)).toEqual([]));

  it.each([
    'Look only at limits that are set',
    'feature: add it',
    'fix(Tasks): upper case',
    'fix:no space',
    'fix: ends with a full stop.',
    'fix: ',
  ])('may not be %j', (subject) =>
    expect(faultsOf(subject)).toEqual([expect.stringContaining('not a Conventional Commit')]),
  );

  it('is at most 72 characters', () => {
    expect(faultsOf(`docs: ${'x'.repeat(67)}`)).toEqual(['73 characters; 72 are allowed']);
  });
});

describe('the check of a history', () => {
  it('checks commits after the base, and names what breaks the rule', () => {
    commit('An old subject, from before the rule');
    const base = commit('Another old subject');
    commit('feat: obey');
    const bad = commit('Disobey');
    expect(inspectCommits(folder, { base })).toMatchObject({
      checked: 2,
      problems: [expect.stringContaining(`${bad} "Disobey": not a Conventional Commit`)],
      note: undefined,
    });
    expect(inspectCommits(folder, { base, exceptions: { [bad]: 'published' } }).problems).toEqual([]);
  });

  it('skips merges', () => {
    const base = commit('Old');
    git(folder, 'checkout', '-q', '-b', 'side');
    commit('feat: on the side');
    git(folder, 'checkout', '-q', 'main');
    git(folder, 'merge', '-q', '--no-ff', '-m', "Merge branch 'side'", 'side');
    expect(inspectCommits(folder, { base })).toMatchObject({ checked: 1, problems: [] });
  });

  it('checks what a shallow clone has, and says so', () => {
    const base = commit('Old');
    for (const subject of ['feat: one', 'Two', 'fix: three', 'fix: four']) commit(subject);
    const clone = join(folder, 'clone');
    git(folder, 'clone', '-q', '--depth', '4', pathToFileURL(folder).href, clone);
    const { checked, problems, note } = inspectCommits(clone, { base });
    expect(checked).toBe(3);
    expect(problems).toEqual([expect.stringContaining('"Two"')]);
    expect(note).toContain('shallow clone');
  });

  it('refuses a history that does not descend from the base', () => {
    commit('feat: elsewhere');
    expect(() => inspectCommits(folder, { base: 'a4c973d' })).toThrow('does not descend');
  });
});
