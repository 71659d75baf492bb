import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { silentLog } from '../../src/log.js';
import { startHealth } from '../../src/ops/health/health-server.js';
import { patienceMs } from '../support/until.js';

const root = join(import.meta.dirname, '../..');
const read = (name: string) => readFile(join(root, name), 'utf8');

const composeFile = z.object({
  services: z.record(z.string(), z.looseObject({ image: z.string(), build: z.string().optional() })),
});

it('a linter finds nothing in the Dockerfile, and would find a mistake', async () => {
  const text = await read('Dockerfile');
  expect(validate(text)).toEqual([]);
  for (const [right, wrong] of [
    ['--interval=30s', '--interval=30'],
    ['WORKDIR /app', 'WORKDIR app'],
    ['COPY --from=build', 'COPY --form=build'],
  ] as const)
    expect(validate(text.replace(right, wrong)), wrong).toHaveLength(1);
});

it('the image copies only files that exist and are not ignored', async () => {
  const ignore = (await read('.dockerignore')).split('\n').filter((line) => line && !line.startsWith('#'));
  const letIn = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const copies = [...(await read('Dockerfile')).matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
  const wanted = copies.flatMap(([, names = '']) => names.split(' '));
  expect(ignore[0]).toBe('*');
  expect(wanted.length).toBeGreaterThan(5);
  for (const name of wanted) expect(existsSync(join(root, name)) && letIn.includes(name), name).toBe(true);
});

it('the image runs as an unprivileged user, has a health check, and takes a command', async () => {
  const last = (await read('Dockerfile')).split(/^FROM /m).at(-1) ?? '';
  expect(last.indexOf('\nUSER node\n')).toBeGreaterThan(0);
  expect(last.indexOf('\nUSER node\n')).toBeLessThan(last.indexOf('\nENTRYPOINT '));
  const [, entry = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(last) ?? [];
  expect(JSON.parse(entry)).toEqual(['node', '--enable-source-maps', 'dist/src/main.js']);
  expect(await read('package.json')).toContain('node --enable-source-maps dist/src/main.js doctor');
});

it('third-party images are pinned to a version, and every container has resource limits', async () => {
  const bases = [...(await read('Dockerfile')).matchAll(/^FROM (\S+)/gm)].map(([, name]) => name);
  const { services } = composeFile.parse(parse(await read('compose.yaml'), { merge: true }));
  const images = Object.values(services).flatMap(({ image, build }) => (build ? [] : [image]));
  expect(Object.keys(services)).toHaveLength(5);
  for (const name of [...bases, ...images]) expect(name).toMatch(/^\w+:\d+\.\d+\.\d+(-\w+)?$/);
  for (const [name, service] of Object.entries(services))
    expect(service, name).toMatchObject({
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/^(1g|512m)$/),
      read_only: true,
    });
});

/** Runs HEALTHCHECK in the environment of a container; answers its exit code. */
async function checkHealth(env: Readonly<Record<string, string>>): Promise<number | null> {
  const [, command = '[]'] = /^HEALTHCHECK [^\\]*\\\n +CMD (\[.*\])$/m.exec(await read('Dockerfile')) ?? [];
  const [program = '', ...args] = z.array(z.string()).parse(JSON.parse(command));
  expect(program).toBe('node');
  const child = spawn(process.execPath, args, { env, stdio: 'ignore', timeout: patienceMs });
  const [code]: (number | null)[] = await once(child, 'exit');
  return code ?? null;
}

const answer = async (): Promise<never> => {
  throw new Error('nobody asks');
};

describe('the health check of the image', () => {
  it.each([
    ['', '127.0.0.1'],
    ['127.0.0.2', '127.0.0.2'],
    ['0.0.0.0', '0.0.0.0'],
    ['::', '::'],
    ['::1', '::1'],
  ])('with HEALTH_HOST=%s finds Easel where it listens, and notices when it does not', async (set, host) => {
    const health = await startHealth({ port: 0, host, readiness: answer, metrics: answer, log: silentLog });
    const { port } = new URL(health.url);
    const env = { HEALTH_PORT: port, HEALTH_HOST: set };
    expect(await checkHealth(env)).toBe(0);
    await health.close();
    expect(await checkHealth(env)).toBe(1);
  });

  it('sends no request if there is no HEALTH_PORT', async () => {
    expect(await checkHealth({ HEALTH_PORT: '' })).toBe(0);
  });
});
