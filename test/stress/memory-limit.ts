import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A Linux control group with a memory limit: its processes are killed above it. */
export interface MemoryLimit {
  /** The shell's words that move a process into it: put before `exec`. */
  readonly enter: string;
  /** Anonymous memory of all processes in it now, bytes: without the page cache, which the kernel reclaims. */
  used(): Promise<number>;
  /** How often the kernel killed a process of it for memory. */
  kills(): Promise<number>;
  close(): Promise<void>;
}

interface Version {
  readonly parent: string;
  readonly limit: string;
  /** The line of memory.stat that counts anonymous memory. */
  readonly anonymous: string;
  /** Where kills are counted. */
  readonly events: string;
}

/** Of cgroup version 1 and 2 (kernel docs: "Memory Resource Controller"). */
const versions: readonly Version[] = [
  {
    parent: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    anonymous: 'total_rss',
    events: 'memory.oom_control',
  },
  { parent: '/sys/fs/cgroup', limit: 'memory.max', anonymous: 'anon', events: 'memory.events' },
];

/** @returns undefined if this machine or user can't create one. */
export async function createMemoryLimit(bytes: number): Promise<MemoryLimit | undefined> {
  for (const version of versions) {
    const folder = join(version.parent, `easel-stress-${process.pid}`);
    try {
      await mkdir(folder);
      await writeFile(join(folder, version.limit), String(bytes));
      return limitAt(folder, version);
    } catch {
      await rmdir(folder).catch(() => {});
    }
  }
  return undefined;
}

function limitAt(folder: string, { anonymous, events }: Version): MemoryLimit {
  const count = async (file: string, name: string) => {
    const line = (await readFile(join(folder, file), 'utf8'))
      .split('\n')
      .find((one) => one.startsWith(`${name} `));
    return Number(line?.split(' ')[1] ?? 0);
  };
  return {
    enter: `echo $$ > ${join(folder, 'cgroup.procs')}`,
    used: () => count('memory.stat', anonymous),
    kills: () => count(events, 'oom_kill'),
    close: () => rmdir(folder).catch(() => {}),
  };
}
