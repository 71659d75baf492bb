import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** The bot's process. */
export interface Bot {
  /** Resolves with how the process ended, "with code 78", unless it was stopped on purpose. */
  readonly died: Promise<string>;
  hasDied(): boolean;
  /** Its last log lines, readable, oldest first. */
  lastLines(): readonly string[];
  /** Ends it, gently first; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it as a crash would; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface BotOptions {
  /** The compiled file to run. */
  readonly entry: string;
  readonly env: Record<string, string>;
  /** Receives all output of the process. */
  readonly logFile: string;
  /** Whether the file's content is kept, as at a restart. */
  readonly append?: boolean;
}

/** ms for a graceful stop; its work is lost with the playground anyway. */
const patienceMs = 3_000;
const linesKept = 12;

/** Starts the bot as `npm start` does. It never outlives this process. */
export function startBot({ entry, env, logFile, append = false }: BotOptions): Bot {
  const child = spawn(process.execPath, ['--enable-source-maps', entry], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const last: string[] = [];
  keepLog(child, createWriteStream(logFile, { flags: append ? 'a' : 'w' }), (line) => {
    last.push(line);
    if (last.length > linesKept) last.shift();
  });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = untilEnd(child).finally(() => process.off('exit', kill));
  const state = { isStopped: false, hasDied: false };
  const died = new Promise<string>((resolve) => {
    void ended.then((how) => {
      if (state.isStopped) return;
      state.hasDied = true;
      resolve(how);
    });
  });
  return {
    died,
    hasDied: () => state.hasDied,
    lastLines: () => last.map(readable),
    async stop() {
      state.isStopped = true;
      child.kill('SIGTERM');
      const deadline = new AbortController();
      const patience = sleep(patienceMs, undefined, { signal: deadline.signal }).catch(() => {});
      await Promise.race([ended, patience]);
      deadline.abort();
      kill();
      await ended;
    },
    async kill() {
      state.isStopped = true;
      kill();
      await ended;
    },
  };
}

async function untilEnd(child: ChildProcess): Promise<string> {
  try {
    // 'close' comes after the last line of output.
    const [code, signal]: unknown[] = await once(child, 'close');
    return typeof signal === 'string' ? `by ${signal}` : `with code ${String(code)}`;
  } catch (error) {
    return `before it began: ${String(error)}`;
  }
}

function keepLog({ stdout, stderr }: ChildProcess, file: WriteStream, keep: (line: string) => void): void {
  // A full disk must not end the session.
  file.on('error', () => {});
  for (const stream of [stdout, stderr]) {
    if (!stream) continue;
    stream.pipe(file, { end: false });
    createInterface({ input: stream }).on('line', keep);
  }
}

/** A JSON line of a log as a user reads it; any other line as it is. */
export function readable(line: string): string {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('msg' in entry)) return line;
    const cause = 'err' in entry ? messageOf(entry.err) : undefined;
    return cause ? `${String(entry.msg)}: ${cause}` : String(entry.msg);
  } catch {
    return line;
  }
}

function messageOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : undefined;
}
