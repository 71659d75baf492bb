import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { confined } from '../decoding/memory-limit.js';

/** ffmpeg failed. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
}

export interface FfmpegOptions {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
}

/** An ffmpeg on this machine. */
export interface Ffmpeg {
  /**
   * Runs it once, at low priority, knowing nothing of Easel's environment, and with a bound on its memory (bytes; the
   * kernel's, so only on Linux).
   * @throws FfmpegError if it fails, takes longer than `timeoutMs` or more than that memory; the signal's reason.
   */
  run(args: readonly string[], options: FfmpegOptions): Promise<void>;
}

/** Characters of its output kept for the log: the end says what went wrong. */
const saidLength = 2_000;

/** @param path of the program. */
export function createFfmpeg(path: string): Ffmpeg {
  return {
    run(args, { timeoutMs, memoryBytes, signal }) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const stdio = ['ignore', 'ignore', 'pipe'] as const;
        const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', ...args];
        const command = confined(path, quiet, memoryBytes);
        const child = spawn(command.file, command.args, {
          env: {},
          signal,
          killSignal: 'SIGKILL',
          timeout: timeoutMs,
          stdio: [...stdio],
        });
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (words: string) => {
          said = (said + words).slice(-saidLength);
        });
        // After an abort it is still there for a moment, and may still create a file: `close` says when it is gone.
        child.on('error', (error) => {
          if (child.pid === undefined) reject(new FfmpegError('ffmpeg did not run.', { cause: error }));
        });
        child.on('close', (code, killedBy) => {
          if (code === 0) return resolve();
          const end = killedBy ? `was ended by ${killedBy}` : `ended with ${code}`;
          reject(signal.aborted ? signal.reason : new FfmpegError(`ffmpeg ${end}: ${said.trim()}`));
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
