import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counts, failedFiles, failures, merge } from '../../tools/test-report.mjs';

type Report = Parameters<typeof counts>[0];

/** A report as vitest writes it: by file, each test with its status. */
function aReport(files: Readonly<Record<string, Readonly<Record<string, string>>>>): Report {
  const testResults = Object.entries(files).map(([name, tests]) => ({
    name: join(process.cwd(), name),
    status: Object.values(tests).includes('failed') ? 'failed' : 'passed',
    message: '',
    assertionResults: Object.entries(tests).map(([fullName, status]) => ({
      fullName,
      status,
      failureMessages: ['Error: no\n  at x'],
    })),
  }));
  const all = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const number = (status: string) => all.filter((one) => one === status).length;
  return {
    success: number('failed') === 0,
    numTotalTests: all.length,
    numPassedTests: number('passed'),
    numPendingTests: number('pending'),
    numTodoTests: 0,
    testResults,
  };
}

const first = aReport({
  'test/a.test.ts': { 'adds up': 'passed', subtracts: 'failed' },
  'test/b.test.ts': { divides: 'failed' },
  'test/c.test.ts': { rounds: 'passed' },
});

describe('a report of tests', () => {
  it('names the files and tests that failed, and why', () => {
    expect(failedFiles(first)).toEqual(['test/a.test.ts', 'test/b.test.ts']);
    expect(failures(first)).toEqual([
      'test/a.test.ts: subtracts: Error: no at x',
      'test/b.test.ts: divides: Error: no at x',
    ]);
    expect(counts(first)).toEqual({ good: 2, bad: 2, skipped: 0 });
  });

  it('counts a skipped test as failed, and a file that could not be loaded', () => {
    expect(counts(aReport({ 'test/a.test.ts': { one: 'passed', two: 'pending' } }))).toEqual({
      good: 1,
      bad: 1,
      skipped: 1,
    });
    const broken = {
      ...aReport({}),
      success: false,
      testResults: [
        {
          name: join(process.cwd(), 'test/x.test.ts'),
          status: 'failed',
          message: 'no\nmodule',
          assertionResults: [],
        },
      ],
    };
    expect(counts(broken).bad).toBe(1);
    expect(failures(broken)).toEqual(['test/x.test.ts: no module']);
  });

  it('takes what failed as it ended when it ran again, and nothing else', () => {
    const again = aReport({
      'test/a.test.ts': { 'adds up': 'passed', subtracts: 'passed' },
      'test/c.test.ts': { rounds: 'failed' },
    });
    const merged = merge(first, again);
    expect(failures(merged)).toEqual(['test/b.test.ts: divides: Error: no at x']);
    expect(counts(merged)).toEqual({ good: 3, bad: 1, skipped: 0 });
    expect(merged.success).toBe(false);
  });

  it('lets no test disappear that failed and did not run again', () => {
    expect(failures(merge(first, aReport({})))).toEqual(failures(first));
  });
});
