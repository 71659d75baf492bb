import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real Redis of its own, on loopback, with an append-only file in a folder of its own. */
export interface RedisServer {
  /** `redis://127.0.0.1:PORT/0`; each number up to 15 is a database of its own. */
  url(database?: number): string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Restarts it with the content of its file. */
  start(): Promise<void>;
  /** Makes it hang, with open sockets; `resume` continues it. */
  pause(): void;
  resume(): void;
  /** Sends one command, as typed. Returns Redis's answer. */
  command(line: string): Promise<string>;
  close(): Promise<void>;
}

/** Whether tests that need redis-server can run; if not, one line says so. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) process.stderr.write('redis-server is not installed: the tests that need it are skipped\n');

export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  let child: ChildProcess | undefined;

  async function end(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async function command(line: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('utf8');
    try {
      await once(socket, 'connect');
      socket.write(`${line}\r\n`);
      const [answer] = await once(socket, 'data');
      return String(answer).trim();
    } finally {
      socket.destroy();
    }
  }

  const server: RedisServer = {
    url: (database = 0) => `redis://127.0.0.1:${port}/${database}`,
    kill: end,
    async start() {
      child = spawn('redis-server', [...args, '--appendonly', 'yes', '--appendfsync', 'always'], {
        stdio: 'ignore',
      });
      while ((await command('PING').catch(() => '')) !== '+PONG') await sleep(10);
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    command,
    async close() {
      await end();
      // A child of Redis that rewrites its file may outlive it by a moment.
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
  await server.start();
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
