import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../support/until.js';

/** The harness runs compiled, as `npm run chaos` does: its bot is a process of its own. */
const entry = 'dist-bench/test/chaos/main.js';

beforeAll(() => {
  spawnSync(process.execPath, ['tools/build.mjs', 'packages', 'bench']);
  expect(existsSync(entry)).toBe(true);
});

function chaos(...flags: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--enable-source-maps', entry, ...flags], {
    encoding: 'utf8',
  });
  return { status, text: stdout + stderr };
}

/** Whether a process runs; one that only waits to be buried does not. */
function isThere(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A number of the table. */
function count(text: string, name: string): number {
  return Number(new RegExp(`^ {2}${name} +(\\d+)`, 'm').exec(text)?.[1]);
}

// That nothing is lost, doubled or forgotten is asked for in many cycles: `npm run chaos`, which .ci/run calls.
describe('a bot that is killed again and again', () => {
  it('dies at the chosen step', () => {
    const { text } = chaos('--cycles', '1', '--seed', '7', '--no-faults', '--step', 'sent Create');
    expect(count(text, 'sent Create')).toBeGreaterThan(0);
    expect(count(text, 'failed: interrupted')).toBeGreaterThan(0);
  });

  it('does not outlive its harness, however that ends', async ({ skip }) => {
    const harness = spawn(process.execPath, [entry, '--cycles', '1', '--no-faults'], { stdio: 'ignore' });
    const children = () =>
      readFileSync(`/proc/${harness.pid}/task/${harness.pid}/children`, 'utf8').split(' ').filter(Boolean);
    onTestFinished(() => void harness.kill('SIGKILL'));
    if (!existsSync(`/proc/${harness.pid}/task`)) skip('this system tells nothing of a process’s children');
    await until('it has started a bot', () => children().length > 0);
    const bots = children();
    harness.kill('SIGKILL');
    await until('the bot has ended', () => !bots.some(isThere));
  });

  it('rejects an unknown step to die at', () => {
    expect(chaos('--step', 'over the rainbow')).toMatchObject({ status: 64 });
  });
});
