// Checks that commit subjects are Conventional Commits of at most 72 characters, from the commit after `since` on:
// `node tools/check-commits.mjs` prints a line for each violation, and exits with 1. In a shallow clone it says how far it saw.
import { spawnSync } from 'node:child_process';
import { argv, cwd, exit } from 'node:process';
import { pathToFileURL } from 'node:url';

/** The last commit from before the rule. */
const since = 'a4c973d';
const longest = 72;
const types = 'feat|fix|docs|style|refactor|perf|test|build|ci|chore|revert';
const form = new RegExp(`^(${types})(\\([a-z0-9][a-z0-9.,/_-]*\\))?!?: [^\\s].*[^\\s.]$`, 'u');

/**
 * Commits that broke the rule and are published, by abbreviated hash, each with the reason.
 * @type {Readonly<Record<string, string>>}
 */
const allowed = {};

/**
 * The problem of a subject; empty if there is none.
 * @param {string} subject
 */
export function faultsOf(subject) {
  const faults = [];
  if (!form.test(subject))
    faults.push('not a Conventional Commit ("fix(tasks): describe the change", no full stop)');
  const length = [...subject].length;
  if (length > longest) faults.push(`${length} characters; ${longest} are allowed`);
  return faults;
}

/**
 * @param {string} directory
 * @param {readonly string[]} words
 */
function git(directory, ...words) {
  const { status, stdout, stderr, error } = spawnSync('git', words, { cwd: directory, encoding: 'utf8' });
  if (error) throw error;
  return { ok: status === 0, stdout: stdout.trim(), stderr: stderr.trim() };
}

/**
 * Checks the history of the clone in `directory` after `base`, merges left out. A shallow clone without `base` is
 * checked as far back as it reaches, and `note` says so.
 * @throws Error if `directory` is not a clone, or its HEAD does not descend from `base`
 * @param {string} directory
 * @param {{ base?: string, exceptions?: Readonly<Record<string, string>> }} [options]
 * @returns {{ checked: number, problems: readonly string[], note: string | undefined }}
 */
export function inspectCommits(directory, { base = since, exceptions = allowed } = {}) {
  const shallow = git(directory, 'rev-parse', '--is-shallow-repository');
  if (!shallow.ok) throw new Error(`${directory} is no git clone: ${shallow.stderr}`);
  const whole = git(directory, 'merge-base', '--is-ancestor', base, 'HEAD').ok;
  if (!whole && shallow.stdout !== 'true') throw new Error(`HEAD does not descend from ${base}`);
  // The oldest commit of a shallow clone may be the base itself or older, so only later ones must comply.
  const range = whole ? [`${base}..HEAD`] : ['HEAD', '--not', ...boundary(directory)];
  const log = git(directory, 'log', '--no-merges', '--format=%H %s', ...range);
  if (!log.ok) throw new Error(log.stderr);
  const commits = log.stdout.split('\n').filter((line) => line !== '');
  const problems = commits.flatMap((line) => {
    const [hash = '', subject = ''] = [line.slice(0, 40), line.slice(41)];
    if (Object.keys(exceptions).some((short) => hash.startsWith(short))) return [];
    return faultsOf(subject).map((fault) => `${hash.slice(0, 7)} ${JSON.stringify(subject)}: ${fault}`);
  });
  const note = whole
    ? undefined
    : `shallow clone without ${base}: only the newest ${commits.length} are checked`;
  return { checked: commits.length, problems, note };
}

/**
 * The commits that a shallow clone ends at.
 * @param {string} directory
 */
function boundary(directory) {
  const roots = git(directory, 'rev-list', '--max-parents=0', 'HEAD').stdout;
  return roots.split('\n').filter((hash) => hash !== '');
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const { checked, problems, note } = inspectCommits(cwd());
  if (note !== undefined) console.log(note);
  for (const problem of problems) console.log(problem);
  console.log(`${checked} commit subjects checked, ${problems.length} problems`);
  exit(problems.length === 0 ? 0 : 1);
}
