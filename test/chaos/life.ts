import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Step } from './steps.js';
import type { Story } from './story.js';

/** The end of a life: at a step, or at an instant (ms after it is ready), there possibly by a request to stop. */
export type Death =
  | { readonly step: Step; readonly nth: number }
  | { readonly afterMs: number; readonly asked?: boolean };

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One process of the bot. */
export interface Life {
  /** Settles when the bot is connected, or has died before. */
  readonly ready: Promise<void>;
  readonly ended: Promise<End>;
  /** Whether it got as far as to connect. */
  hasConnected(): boolean;
  kill(): void;
  /** Suspends it, like a sleeping machine, until `resume`. */
  pause(): void;
  resume(): void;
  /** Asks it to stop; kills it if it does not within 8 s. */
  stop(): Promise<End>;
}

interface LifeOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly death: Death | undefined;
  readonly story: Story;
  /** How the story calls it. */
  readonly name?: string | undefined;
  /** Called for each request it begins; only with `CHAOS_WIRE` in its environment. */
  readonly onRequest?: ((what: string) => void) | undefined;
  /** The program. @default the one beside this file */
  readonly bot?: string | undefined;
}

const ownBot = fileURLToPath(new URL('./bot.js', import.meta.url));
const stopMs = 8_000;
const line = z.object({
  time: z.number(),
  level: z.number(),
  msg: z.string(),
  task: z.string().optional(),
  err: z.unknown().optional(),
});
/** The prefix of a log line about a request. */
export const requestMark = 'request begun: ';
/** pino's number for `info`. */
const info = 30;

/** A line of the log; the last one of a life may be cut off. */
function read(text: string): z.infer<typeof line> {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return { time: Date.now(), level: info, msg: text };
  }
}

export function createLife(options: LifeOptions): Life {
  const { env, death, story, name = 'bot', onRequest, bot = ownBot } = options;
  const step = death && 'step' in death ? [death.step, String(death.nth)] : [];
  const child = spawn(process.execPath, ['--enable-source-maps', bot, ...step], {
    env,
    // Not here, where a developer may have a .env.
    cwd: env.TMPDIR,
    // The first is how the bot learns that its parent process is gone.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let hasConnected = false;
  const connected = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const { time, level, msg, task, err } = read(text);
      if (msg === 'Easel is connected') {
        hasConnected = true;
        resolve();
      }
      if (msg.startsWith(requestMark)) return onRequest?.(msg.slice(requestMark.length));
      const told = err && level > info ? `${msg}: ${JSON.stringify(err).slice(0, 600)}` : msg;
      story.tell(`${name.padEnd(8)} ${told}`, task?.replace(/:\d+$/, ''), time);
    });
  });
  createInterface({ input: child.stderr }).on('line', (text) => story.tell(`stderr   ${text}`));
  const ended = once(child, 'exit').then((): End => ({ code: child.exitCode, signal: child.signalCode }));
  return {
    ready: Promise.race([connected, ended.then(() => {})]),
    ended,
    hasConnected: () => hasConnected,
    kill: () => child.kill('SIGKILL'),
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGTERM');
      const late = new AbortController();
      void sleep(stopMs, undefined, { signal: late.signal }).then(
        () => child.kill('SIGKILL'),
        () => {},
      );
      const end = await ended;
      late.abort();
      return end;
    },
  };
}
