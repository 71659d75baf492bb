import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { minute } from '../../util/time.js';
import type { Order, Report } from './decode-jobs.js';
import { bareEnvironment, confined } from './memory-limit.js';

/**
 * The process that decodes did not do its job; `start`: it never was ready; `unloadable`: the image library cannot be loaded on this machine; `closed`:
 * Easel is stopping.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly reason: 'memory' | 'time' | 'crash' | 'start' | 'unloadable' | 'closed';
  constructor(reason: DecodeError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** One process that decodes, for one job after the other. */
export interface DecodeProcess {
  /** Its memory after its last job, bytes. */
  readonly rss: number;
  /** It has ended, or is about to: it takes no more jobs. */
  readonly gone: boolean;
  /** @throws DecodeError if the process ends before it has answered, or takes too long. */
  run(order: Order): Promise<unknown>;
  end(): void;
}

export interface ProcessOptions {
  /** Memory a job may take, bytes: the kernel's hard bound is a little above it. Unset: there is none. */
  readonly memoryBytes?: number;
  /** The program; decode-child.js unless a test gives another. */
  readonly program?: string;
  /** ms a job may take beyond libvips’s own time limit, which it keeps only between lines. @default 5000 */
  readonly graceMs?: number;
}

const ownProgram = fileURLToPath(new URL('decode-child.js', import.meta.url));
/**
 * There is little JavaScript to compile, and Node 24 reserves 512 MB for compiled code, which count as written to.
 */
const flags = ['--jitless', '--max-old-space-size=64'] as const;
/** A busy machine may take long to start a process and load the library, ms. */
const startMs = minute;
const saidLength = 2_000;

/** Starts a process; it is ready when its first job is answered. It keeps this one alive only while a job runs. */
export function startDecodeProcess(options: ProcessOptions): DecodeProcess {
  const { memoryBytes, program = ownProgram, graceMs = 5_000 } = options;
  const child = spawnChild(program, memoryBytes);
  let [rss, gone, isReady, said] = [0, false, false, ''];
  let settle: ((report: Report | DecodeError) => void) | undefined;
  const ready = new Promise<Report | DecodeError>((resolve) => {
    settle = resolve;
  });

  function stop(): void {
    gone = true;
    child.kill('SIGKILL');
  }

  function close(why: string): void {
    gone = true;
    const reason = isReady ? 'crash' : 'start';
    settle?.(new DecodeError(reason, `The process that decodes pictures ${why}. ${said.trim()}`.trim()));
  }

  child.stderr?.setEncoding('utf8').on('data', (words: string) => {
    said = (said + words).slice(-saidLength);
  });
  child.on('message', (report: Report) => settle?.(report));
  child.on('error', (error) => close(`did not start: ${error.message}`));
  child.on('exit', (code, signal) => close(signal ? `was ended by ${signal}` : `ended with ${code}`));
  hold(child, false);

  return {
    get rss() {
      return rss;
    },
    get gone() {
      return gone;
    },
    async run(order) {
      hold(child, true);
      try {
        await next(stop, ready, startMs, 'start');
        isReady = true;
        const answer = new Promise<Report | DecodeError>((resolve) => {
          settle = resolve;
        });
        if (gone) close('has ended');
        else child.send(order, (error) => error && close(`takes no job: ${error.message}`));
        const report = await next(stop, answer, order.seconds * 1_000 + graceMs);
        if (report.type !== 'answer') throw new DecodeError('crash', 'The decoder process did not answer.');
        rss = report.rss;
        return report.value;
      } finally {
        hold(child, false);
      }
    },
    end: stop,
  };
}

function spawnChild(program: string, memoryBytes: number | undefined) {
  const args = [...flags, program];
  const command =
    memoryBytes === undefined
      ? { file: process.execPath, args }
      : confined(process.execPath, args, memoryBytes);
  return spawn(command.file, command.args, {
    env: { ...bareEnvironment(), MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** What comes next from the process, within `ms`. */
async function next(
  stop: () => void,
  wait: Promise<Report | DecodeError>,
  ms: number,
  late: DecodeError['reason'] = 'time',
): Promise<Report> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<DecodeError>((resolve) => {
    timer = setTimeout(() => resolve(new DecodeError(late, `It took longer than ${ms} ms.`)), ms);
  });
  const report = await Promise.race([wait, timeout]);
  clearTimeout(timer);
  if (report instanceof DecodeError || report.type === 'unloadable' || report.type === 'over') stop();
  if (report instanceof DecodeError) throw report;
  if (report.type === 'unloadable') throw new DecodeError('unloadable', report.why);
  if (report.type === 'over')
    throw new DecodeError('memory', `An image took the decoder process to ${report.rss} bytes.`);
  return report;
}

/** Whether the process and its channel keep this program alive. */
function hold(child: ChildProcess, alive: boolean): void {
  const what = alive ? 'ref' : 'unref';
  child[what]();
  child.channel?.[what]();
  const { stderr } = child;
  if (stderr && what in stderr) (stderr as unknown as { ref(): void; unref(): void })[what]();
}
