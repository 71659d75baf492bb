import { defineConfig } from 'vitest/config';

/** Where the numbers go as JSON too, for .ci/run. */
const outputFile = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/{unit,flow,contract}/**/*.test.ts'],
    // Files share a worker, so that discord.js is read twice and not ninety times: no test replaces a module or leaves
    // anything global behind.
    isolate: false,
    // More than there are cores here: much of a flow test is waiting.
    maxWorkers: 3,
    // Tests of one file that run side by side start programs: more at once than this only wait for each other.
    maxConcurrency: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: outputFile ? ['default', ['json', { outputFile }]] : ['default'],
  },
});
