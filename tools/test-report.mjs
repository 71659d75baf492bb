// Reads vitest's JSON reports for .ci/run: `node tools/test-report.mjs files|unsteady|merge|counts|failures REPORT [AGAIN]`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { argv, cwd, exit, stderr, stdout } from 'node:process';

/** @typedef {{ fullName: string, status: string, failureMessages?: string[] }} Test */
/** @typedef {{ name: string, status: string, message: string, assertionResults: Test[] }} File */
/**
 * @typedef {object} Report
 * @property {boolean} success
 * @property {number} numTotalTests
 * @property {number} numPassedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {File[]} testResults
 */

/** @param {File} file */
const place = (file) => relative(cwd(), file.name);

/** @param {File} file */
const hasFailed = (file) =>
  file.status === 'failed' || file.assertionResults.some((test) => test.status === 'failed');

/** @param {Report} report @returns {string[]} */
export function failedFiles(report) {
  return report.testResults.filter(hasFailed).map(place);
}

/** @param {Report} report @returns {string[]} what did not pass, and why */
export function failures(report) {
  return report.testResults.flatMap((file) => {
    if (file.status === 'failed' && file.assertionResults.length === 0)
      return [`${place(file)}: ${file.message}`.replaceAll(/\s+/g, ' ')];
    return file.assertionResults
      .filter((test) => test.status !== 'passed')
      .map((test) => {
        const why = (test.failureMessages?.[0] ?? test.status).replaceAll(/\s+/g, ' ').slice(0, 300);
        return `${place(file)}: ${test.fullName}: ${why}`;
      });
  });
}

/** @param {Report} report @returns {{ good: number, bad: number, skipped: number }} */
export function counts(report) {
  const bad = report.numTotalTests - report.numPassedTests;
  return {
    good: report.numPassedTests,
    // A file that can't be loaded has no tests that fail.
    bad: bad === 0 && !report.success ? 1 : bad,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * The first report, with the files that ran again as they ended then. A file that is missing from the second report
 * stays as it was.
 * @param {Report} first
 * @param {Report} again
 * @returns {Report}
 */
export function merge(first, again) {
  const testResults = first.testResults.map(
    (file) => (hasFailed(file) && again.testResults.find(({ name }) => name === file.name)) || file,
  );
  const tests = testResults.flatMap((file) => file.assertionResults);
  /** @param {string[]} status */
  const number = (...status) => tests.filter((test) => status.includes(test.status)).length;
  return {
    ...first,
    success: !testResults.some(hasFailed),
    numTotalTests: tests.length,
    numPassedTests: number('passed'),
    numPendingTests: number('pending', 'skipped'),
    numTodoTests: number('todo'),
    testResults,
  };
}

/** @param {string | undefined} path @returns {Report} */
const read = (path) => JSON.parse(readFileSync(path ?? '', 'utf8'));

/** @type {Record<string, (report: string, again: string | undefined) => string[]>} */
const modes = {
  files: (report) => failedFiles(read(report)),
  failures: (report) => failures(read(report)),
  unsteady(report, again) {
    if (!again || !existsSync(again)) return [];
    const left = failedFiles(read(again));
    const first = read(report);
    return failures({
      ...first,
      testResults: first.testResults.filter((file) => hasFailed(file) && !left.includes(place(file))),
    });
  },
  merge(report, again) {
    if (again && existsSync(again)) writeFileSync(report, JSON.stringify(merge(read(report), read(again))));
    return [];
  },
  counts(report) {
    const { good, bad, skipped } = counts(read(report));
    if (skipped > 0) stderr.write(`${skipped} skipped: counted as failed\n`);
    return [`${good} ${bad}`];
  },
};

if (import.meta.url.endsWith('/test-report.mjs') && argv[1]?.endsWith('test-report.mjs')) {
  const [mode = '', report = '', again] = argv.slice(2);
  const run = modes[mode];
  if (!run) {
    stderr.write(`test-report: ${mode} is none of ${Object.keys(modes).join(', ')}\n`);
    exit(64);
  }
  for (const line of run(report, again)) stdout.write(`${line}\n`);
}
