import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasRedis } from '../support/redis.js';

/** The measurement runs compiled, as `npm run bench` does: its bots are processes of their own. */
const entry = 'dist-bench/test/bench/main.js';

interface Told {
  readonly figures: readonly { readonly row: string; readonly measured: number }[];
}

describe.skipIf(!hasRedis)('four processes on sixteen shards', () => {
  beforeAll(() => {
    spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.bench.json']);
  });

  it('post every picture, never have more open than there are slots in total, and never exceed the rate', () => {
    const args = ['--enable-source-maps', entry, '--only', 'fleet slots', '--json'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const { figures }: Told = JSON.parse(stdout || JSON.stringify({ figures: [], stderr }));
    const measured = (what: string) => figures.find(({ row }) => row.endsWith(what))?.measured;
    expect(measured(': arrived'), stderr).toBe(80);
    expect(measured(': rejected by MPS')).toBe(0);
    expect(measured(': open at MPS, at most')).toBeLessThanOrEqual(16);
    // All of them were wanted at once: it is the slots that held them back.
    expect(measured(': open at MPS, at most')).toBeGreaterThan(8);
  });
});
