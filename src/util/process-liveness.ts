import { readFileSync, readlinkSync } from 'node:fs';
import { z } from 'zod';

/**
 * Which process of all machines somebody is. A number alone says nothing: in every container Easel is 1, numbers are given
 * again, and machines share host names.
 */
export interface ProcessIdentity {
  /** Where its number means something: this boot of the kernel, and the namespace. Empty if the system doesn't tell. */
  readonly space: string;
  readonly pid: number;
  /** When it was begun, as the kernel counts it. Empty if the system doesn't tell. */
  readonly startedAt: string;
}

export const processIdentity = z.object({ space: z.string(), pid: z.int(), startedAt: z.string() });

/** Whether a process of this number runs here. */
export function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process is one, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** This process, or one of that number beside it. */
export function identityOf(pid = process.pid): ProcessIdentity {
  const space = spaceOf();
  return { space, pid, startedAt: space === '' ? '' : startOf(pid) };
}

/**
 * What became of a process. `unknown` unless it is certain: one in another container or on another machine cannot be seen
 * from here, alive as it may be.
 */
export function fateOf(other: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (other.space === '' || other.space !== spaceOf()) return 'unknown';
  if (!isProcess(other.pid)) return 'dead';
  const startedAt = startOf(other.pid);
  if (startedAt === '' || other.startedAt === '') return 'unknown';
  return startedAt === other.startedAt ? 'alive' : 'dead';
}

/** The boot is a random number of the kernel's own; the namespaces are those in which processes and ticks are counted. */
function spaceOf(): string {
  try {
    // With another namespace's /proc, as `unshare --pid` alone leaves it, numbers in it are those of others.
    if (readlinkSync('/proc/self') !== String(process.pid)) return '';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return boot && [boot, readlinkSync('/proc/self/ns/pid'), timeNamespace()].join(' ');
  } catch {
    return '';
  }
}

function timeNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    return ''; // Linux before 5.6 has none.
  }
}

function startOf(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the program's name, which may hold anything, `)` included: field 22 of all (proc(5)).
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
