import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { MemoryLimit } from './memory-limit.js';

/** The bot as `npm start` runs it, in a process of its own. */
export interface Bot {
  /** `http://127.0.0.1:PORT`, the origin of its health port. */
  readonly healthUrl: string;
  /** How it ended; undefined while it runs. */
  ended(): string | undefined;
  /** The most memory that it and its helpers held at one time, bytes; undefined if it runs under no limit. */
  peak(): number | undefined;
  /** The last lines it wrote. */
  last(): readonly string[];
  stop(): Promise<void>;
}

const line = z.object({ msg: z.string(), health: z.string().optional() });
const program = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const betweenLooksMs = 20;
const kept = 40;

/** Starts it and waits until it is connected. @throws Error if it ends before. */
export async function startBot(env: Readonly<Record<string, string>>, limit?: MemoryLimit): Promise<Bot> {
  const command = `exec "${process.execPath}" --enable-source-maps "${program}"`;
  const shell = limit ? `${limit.enter} && ${command}` : command;
  const child = spawn('sh', ['-c', shell], { env, cwd: env.TMPDIR, stdio: ['ignore', 'pipe', 'pipe'] });
  const last: string[] = [];
  let healthUrl = '';
  let end: string | undefined;
  let peak: number | undefined;
  const connected = new Promise<void>((resolve) => {
    for (const output of [child.stdout, child.stderr])
      createInterface({ input: output }).on('line', (text) => {
        last.push(text);
        if (last.length > kept) last.shift();
        const said = readLine(text);
        if (said?.health !== undefined) healthUrl = said.health;
        if (said?.msg === 'Easel is connected') resolve();
      });
  });
  const ended = once(child, 'exit').then(() => {
    end = `code ${child.exitCode}, signal ${child.signalCode}`;
  });
  const watch = setInterval(async () => {
    peak = Math.max(peak ?? 0, (await limit?.used().catch(() => 0)) ?? 0);
  }, betweenLooksMs).unref();
  await Promise.race([connected, ended]);
  if (end) throw new Error(`The bot ended before it was connected (${end}):\n${last.join('\n')}`);
  return {
    healthUrl,
    ended: () => end,
    peak: () => (limit ? peak : undefined),
    last: () => last,
    async stop() {
      clearInterval(watch);
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(late);
    },
  };
}

function readLine(text: string): z.infer<typeof line> | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
