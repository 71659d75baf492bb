import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { fateOf, identityOf } from '../../../src/util/process-liveness.js';

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

async function begin(): Promise<ChildProcess> {
  child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  await once(child, 'spawn');
  return child;
}

/** Only Linux exposes enough of a process. */
describe.skipIf(process.platform !== 'linux')('what became of a process', () => {
  it('beside this one is seen: alive, then dead', async () => {
    const other = await begin();
    const identity = identityOf(other.pid);
    expect(fateOf(identity)).toBe('alive');
    other.kill('SIGKILL');
    await once(other, 'close');
    expect(fateOf(identity)).toBe('dead');
  });

  it('is dead if another process has its pid by now', () => {
    expect(fateOf({ ...identityOf(), startedAt: '1' })).toBe('dead');
    expect(fateOf(identityOf())).toBe('alive');
  });

  it('on another machine or in another container is unknown, whatever its pid and the host name', () => {
    const own = identityOf();
    for (const space of [
      '',
      own.space.replace(/^\S+/, 'another-boot'),
      own.space.replace(/pid:\[\d+\]/, 'pid:[1]'),
    ]) {
      expect(space).not.toBe(own.space);
      expect(fateOf({ ...own, space, pid: 999_999_999 })).toBe('unknown');
    }
  });
});
