import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

/** The harness runs compiled, as `npm run chaos` does: its bot is a process of its own. */
const entry = 'dist-bench/test/chaos/main.js';

beforeAll(() => {
  spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.bench.json']);
  expect(existsSync(entry)).toBe(true);
}, 60_000);

function chaos(...flags: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--enable-source-maps', entry, ...flags], {
    encoding: 'utf8',
  });
  return { status, text: stdout + stderr };
}

/** A number of the table. */
function count(text: string, name: string): number {
  return Number(new RegExp(`^ {2}${name} +(\\d+)`, 'm').exec(text)?.[1]);
}

// That nothing is lost, doubled or forgotten is asked for in many cycles: `npm run chaos`, which .ci/run calls.
describe('a bot that is killed again and again', () => {
  it('dies where it is told to', { timeout: 60_000 }, () => {
    const { text } = chaos('--cycles', '1', '--seed', '7', '--no-faults', '--step', 'sent Create');
    expect(count(text, 'sent Create')).toBeGreaterThan(0);
    expect(count(text, 'failed: interrupted')).toBeGreaterThan(0);
  });

  it('cannot be told to die at a step that there is not', () => {
    expect(chaos('--step', 'over the rainbow')).toMatchObject({ status: 64 });
  });
});
