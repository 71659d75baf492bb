import { existsSync } from 'node:fs';
import { platform, env as processEnvironment } from 'node:process';

/** A program and its arguments, as `spawn` takes them. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** What a program allocates besides what it is measured by: stacks, tables, its own heap; bytes. */
const besides = 250_000_000;
const shell = '/bin/sh';
/**
 * `ulimit -d` bounds what a process can write to (RLIMIT_DATA; Linux counts private mappings since 4.7,
 * getrlimit(2)). Unlike `-v` it leaves alone what V8 only reserves. No core files: they would hold a user's image. If
 * a container runs out of memory all the same, the kernel ends the program rather than the bot (proc(5),
 * oom_score_adj).
 */
const script = [
  'ulimit -d "$1" 2>/dev/null',
  'ulimit -t "$2" 2>/dev/null',
  'ulimit -f "$3" 2>/dev/null',
  'ulimit -c 0 2>/dev/null',
  '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null',
  'shift 3',
  'exec "$@"',
].join('; ');

/** What a program may use besides memory; unlimited unless given. */
export interface ProgramLimits {
  /** Processor time, seconds (RLIMIT_CPU). */
  readonly cpuSeconds?: number;
  /** Bytes of each file that it writes (RLIMIT_FSIZE). */
  readonly fileBytes?: number;
}

/**
 * The command that runs a native program with a hard bound on its memory, set by the kernel. Only Linux enforces one; on
 * other systems, or without a shell, the program runs as it is, and its parent has to watch it.
 * @param memoryBytes it may take for its work.
 */
export function confined(
  file: string,
  args: readonly string[],
  memoryBytes: number,
  { cpuSeconds, fileBytes }: ProgramLimits = {},
): Command {
  if (platform !== 'linux' || !existsSync(shell)) return { file, args };
  const kilobytes = String(Math.ceil((memoryBytes + besides) / 1024));
  const seconds = cpuSeconds === undefined ? 'unlimited' : String(Math.ceil(cpuSeconds));
  // In blocks of 512 bytes (POSIX, ulimit).
  const blocks = fileBytes === undefined ? 'unlimited' : String(Math.ceil(fileBytes / 512));
  return { file: shell, args: ['-c', script, 'sh', kilobytes, seconds, blocks, file, ...args] };
}

/** The few variables a native program needs to be found and to find its libraries. None of them is a secret of Easel's. */
const needed = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP'];

/** The environment of a child process: it knows none of Easel's keys. */
export function bareEnvironment(env: NodeJS.ProcessEnv = processEnvironment): NodeJS.ProcessEnv {
  const kept = needed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return Object.fromEntries(kept);
}
