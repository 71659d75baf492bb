import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Compiled, compile } from '../support/compiled.js';
import { until } from '../support/until.js';

/** A server that takes every request and answers none. */
let mute: Server;
let easel: Compiled;
const children: ChildProcess[] = [];

beforeAll(async () => {
  easel = await compile();
  mute = createServer(() => {});
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  mute.closeAllConnections();
  mute.close();
  await easel[Symbol.asyncDispose]();
});

function run(...args: readonly string[]) {
  const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, [easel.entry('main.js'), ...args], {
    cwd: easel.folder,
    env: {
      PATH: process.env.PATH,
      DISCORD_TOKEN: 'a.b.c',
      DISCORD_API_URL: `${url}/api`,
      TENCENTCLOUD_SECRET_ID: 'AKIDexample',
      TENCENTCLOUD_SECRET_KEY: 'key',
      MPS_ENDPOINT: url,
      STORE_URL: 'sqlite::memory:',
    },
  });
  children.push(child);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => {
      said[stream] += chunk.toString();
    });
  return said;
}

it.concurrent('a start that Discord keeps waiting says that it is connecting', async () => {
  const said = run();
  await until('it says so', () => said.stdout.includes("still connecting to Discord's gateway"));
});

it.concurrent('a waiting doctor says for what, but not on stdout, which may be JSON', async () => {
  const said = run('doctor', '--json');
  await until('it says so', () => /^Still checking .*Discord.* \(\d+ s\) …$/m.test(said.stderr));
  expect(said.stderr).not.toContain('Store');
  expect(said.stdout).toBe('');
});

it.concurrent('register says what it waits for', async () => {
  const said = run('register');
  await until(
    'it says so',
    () => said.stderr.includes('Still talking to Discord about the commands'),
    30_000,
  );
});
