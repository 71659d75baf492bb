import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { confined, type ProgramLimits } from '../decoding/memory-limit.js';

/** ffmpeg failed. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
  /** What it said before that. */
  readonly said: Said;
  /** It ran into a limit: of time, processor time, memory or file size. */
  readonly isLimited: boolean;
  constructor(
    message: string,
    { said, isLimited = false, ...options }: ErrorOptions & { said?: Said; isLimited?: boolean } = {},
  ) {
    super(message, options);
    this.said = said ?? { start: '', end: '' };
    this.isLimited = isLimited;
  }
}

export interface FfmpegOptions extends ProgramLimits {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
  /**
   * `info`: it also says what it found in its inputs, and how far it came.
   * @default 'error'
   */
  readonly says?: 'error' | 'info';
}

/** What ffmpeg said: the beginning, which describes its inputs, and the end. */
export interface Said {
  readonly start: string;
  readonly end: string;
}

/** An ffmpeg on this machine. */
export interface Ffmpeg {
  /**
   * Runs it once, at low priority, knowing nothing of Easel's environment, and with a bound on its memory (bytes; the
   * kernel's, so only on Linux), and if given on its processor time and on what it writes.
   * @throws FfmpegError if it fails, takes longer than `timeoutMs` or more than that memory; the signal's reason.
   */
  run(args: readonly string[], options: FfmpegOptions): Promise<Said>;
}

/** Characters of its output kept: the end says what went wrong, the beginning what it read. */
const saidLength = 2_000;
const startLength = 16_000;

/** What it says at a limit that does not end it at once: it takes SIGXCPU (24) for a request to stop. */
const limited = /Cannot allocate memory|received signal|File too large/;

/** @param path of the program. */
export function createFfmpeg(path: string): Ffmpeg {
  return {
    run(args, { timeoutMs, memoryBytes, signal, says = 'error', ...limits }) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const stdio = ['ignore', 'ignore', 'pipe'] as const;
        const quiet = ['-nostdin', '-hide_banner', '-loglevel', says, '-y', ...args];
        const command = confined(path, quiet, memoryBytes, limits);
        const child = spawn(command.file, command.args, {
          env: {},
          signal,
          killSignal: 'SIGKILL',
          timeout: timeoutMs,
          stdio: [...stdio],
        });
        let [start, said] = ['', ''];
        child.stderr.setEncoding('utf8').on('data', (words: string) => {
          if (start.length < startLength) start = (start + words).slice(0, startLength);
          said = (said + words).slice(-saidLength);
        });
        // After an abort it is still there for a moment, and may still create a file: `close` says when it is gone.
        child.on('error', (error) => {
          if (child.pid === undefined) reject(new FfmpegError('ffmpeg did not run.', { cause: error }));
        });
        child.on('close', (code, killedBy) => {
          const words = { start, end: said };
          if (code === 0) return resolve(words);
          const end = killedBy ? `was ended by ${killedBy}` : `ended with ${code}`;
          const facts = { said: words, isLimited: killedBy !== null || limited.test(said) };
          reject(signal.aborted ? signal.reason : new FfmpegError(`ffmpeg ${end}: ${said.trim()}`, facts));
        });
        if (child.pid !== undefined) lowerPriority(child.pid);
      });
    },
  };
}

/** Users' commands have priority. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has already ended, or the system doesn't allow it.
  }
}
