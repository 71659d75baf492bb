import { readFileSync, readlinkSync } from 'node:fs';
import { z } from 'zod';

/**
 * Identifies a process across machines. A PID alone isn't enough: in every container Easel is 1, PIDs are reused, and
 * machines share host names.
 */
export interface ProcessIdentity {
  /** The scope of the PID: this boot of the kernel and the namespace. Empty if the system doesn't provide it. */
  readonly space: string;
  readonly pid: number;
  /** Its start time in kernel ticks. Empty if the system doesn't provide it. */
  readonly startedAt: string;
}

export const processIdentity = z.object({ space: z.string(), pid: z.int(), startedAt: z.string() });

/** True if a process with this PID runs here. */
export function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user also counts.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** This process, or another one with this PID. */
export function identityOf(pid = process.pid): ProcessIdentity {
  const space = spaceOf();
  return { space, pid, startedAt: space === '' ? '' : startOf(pid) };
}

/**
 * Whether a process is alive. `unknown` unless it is certain: a process in another container or on another machine
 * can't be seen from here.
 */
export function fateOf(other: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (other.space === '' || other.space !== spaceOf()) return 'unknown';
  if (!isProcess(other.pid)) return 'dead';
  const startedAt = startOf(other.pid);
  if (startedAt === '' || other.startedAt === '') return 'unknown';
  return startedAt === other.startedAt ? 'alive' : 'dead';
}

/** The kernel's random boot id, and the PID and time namespaces. */
function spaceOf(): string {
  try {
    // If /proc belongs to another namespace, as after `unshare --pid` alone, its PIDs are someone else's.
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
    // Field 22 of proc(5), counted after the program name, which may contain anything, including `)`.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
