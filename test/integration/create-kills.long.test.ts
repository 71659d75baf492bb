import { spawnSync } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';

/** The measurement runs compiled, as `npm run bench` does: what it kills are processes of their own. */
const entry = 'dist-bench/test/bench/main.js';

interface Told {
  readonly figures: readonly { readonly row: string; readonly measured: number }[];
}

beforeAll(() => {
  spawnSync(process.execPath, ['tools/build.mjs', 'packages', 'bench']);
});

it('a process that is killed anywhere in its create step has sent nothing that it has no record of', () => {
  const args = ['--enable-source-maps', entry, '--only', 'doubt at a kill', '--quick', '--json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const { figures }: Told = JSON.parse(stdout || JSON.stringify({ figures: [] }));
  const measured = (what: string) => figures.find(({ row }) => row.endsWith(what))?.measured;
  expect(measured(': sent without a record of it'), stderr).toBe(0);
  // The kills hit the step: there were orders that may have been sent.
  expect(measured(': in doubt')).toBeGreaterThan(0);
});
