import { defineConfig } from 'vitest/config';

/** As in test/support/until.ts. */
const patienceMs = 60_000;
/** Where the numbers go as JSON too, for .ci/run. */
const outputFile = process.env.TEST_REPORT;

/**
 * Tests of the page in a real browser; `npm run test:browser` builds what they look at first. `npm run screenshots` plays
 * test/browser/screenshots.ts instead, which writes docs/images.
 */
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'screenshots' ? ['test/browser/screenshots.ts'] : ['test/browser/**/*.test.ts'],
    // Each file has a playground of its own, and a browser: more at once would only wait for each other.
    maxWorkers: 1,
    testTimeout: 5 * patienceMs,
    hookTimeout: 5 * patienceMs,
    expect: { poll: { timeout: patienceMs } },
    reporters: outputFile ? ['default', ['json', { outputFile }]] : ['default'],
  },
}));
