import { defineConfig } from 'vitest/config';

/** As in test/support/until.ts. */
const patienceMs = 60_000;
/** Where the numbers go as JSON too, for .ci/run. */
const outputFile = process.env.TEST_REPORT;

/** What goes wide or far, and so takes long: `npm run test:long`, which .ci/run calls too. */
const long = '{test,packages/*/test}/**/*.long.test.ts';

export default defineConfig(({ mode }) => ({
  // Packages of this repository are read from their sources, as in tsconfig.json: nothing needs to be built. The other
  // conditions are Vite's own.
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
  test: {
    include: mode === 'long' ? [long] : ['{test/{unit,integration,contract},packages/*/test}/**/*.test.ts'],
    exclude: mode === 'long' ? [] : [long],
    // Files share a worker, so that discord.js is read twice and not ninety times: no test replaces a module or leaves
    // anything global behind.
    isolate: false,
    // Two more than a small machine has cores, for tests that wait. Each further worker would read and compile the whole
    // house anew, at the others' expense. What takes long has less time to spare.
    maxWorkers: mode === 'long' ? 2 : 4,
    // Tests of one file that run side by side start programs: more at once than this only wait for each other.
    maxConcurrency: 3,
    // A test is to fail over what Easel does, never over how busy the machine is (docs/development.md#tests).
    testTimeout: 5 * patienceMs,
    hookTimeout: 5 * patienceMs,
    expect: { poll: { timeout: patienceMs, interval: 5 } },
    reporters: outputFile ? ['default', ['json', { outputFile }]] : ['default'],
  },
}));
