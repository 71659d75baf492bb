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

describe('a bot that is killed again and again', () => {
  it('loses nothing, creates nothing twice and answers everyone once', { timeout: 120_000 }, () => {
    const { status, text } = chaos('--cycles', '3', '--seed', '7');
    expect(text).toContain('Nothing was wrong.');
    expect(status).toBe(0);
    expect(count(text, 'cycles')).toBe(3);
    expect(count(text, 'tasks accepted')).toBeGreaterThan(10);
    expect(count(text, 'lost')).toBe(0);
  });

  it('dies where it is told to', { timeout: 60_000 }, () => {
    const { text } = chaos('--cycles', '1', '--seed', '7', '--no-faults', '--step', 'sent Create');
    expect(count(text, 'sent Create')).toBeGreaterThan(0);
    expect(count(text, 'failed: interrupted')).toBeGreaterThan(0);
  });

  it('cannot be told to die at a step that there is not', () => {
    expect(chaos('--step', 'over the rainbow')).toMatchObject({ status: 64 });
  });
});
