import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Config, type Environment, loadConfig } from '../../src/config/config.js';
import { openCatalogue } from '../../src/mps/catalogue/models-file.js';
import { isTimeZone } from '../../src/quota/period.js';
import { buildImage, type Image, plainUser } from '../support/image.js';
import { until } from '../support/until.js';

const root = join(import.meta.dirname, '../..');
/** ms; a busy machine takes long to compile and to copy. */

let folder: string;
let image: Image;
let discord: DiscordStandIn;
let mps: MpsStandIn;
/** The operator's .env. */
let env: Environment;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-image-test-'));
  // The image's user can read it.
  await chmod(folder, 0o755);
  [image, discord, mps] = await Promise.all([
    buildImage(folder),
    createDiscordStandIn({ identifyWindowMs: 0 }),
    createMpsStandIn(),
  ]);
  env = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    MPS_ENDPOINT: mps.url,
    TENCENTCLOUD_SECRET_ID: mps.secretId,
    TENCENTCLOUD_SECRET_KEY: mps.secretKey,
  };
});
afterAll(async () => {
  await Promise.all([discord.close(), mps.close()]);
  await rm(folder, { recursive: true });
});

const app = () => join(image.root, image.workdir);

/** `docker run IMAGE words`, as a user who can write only in the volume and in the system's temporary folder. */
function dockerRun(words: readonly string[], more: Environment = {}): ChildProcess {
  const [program, ...args] = image.entrypoint;
  expect([program, image.user]).toEqual(['node', 'node']);
  const inside = Object.entries(image.env).map(([name, value]) => [
    name,
    value.replace(image.workdir, app()),
  ]);
  return spawn(process.execPath, [...args, ...words], {
    cwd: app(),
    env: { PATH: process.env.PATH, ...Object.fromEntries(inside), ...env, ...more },
    ...(plainUser !== undefined && { uid: plainUser, gid: plainUser }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outcomeOf(child: ChildProcess) {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.on('data', (chunk: Buffer) => {
      said[stream] += chunk.toString();
    });
  const [code]: (number | null)[] = await once(child, 'close');
  return { code, ...said };
}

const report = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ check: z.string(), level: z.string(), said: z.string() })),
});

describe('the image, by the steps of its Dockerfile', () => {
  it('holds the program, what it needs to run, and nothing that only tests need', async () => {
    expect((await readdir(app())).sort()).toEqual([
      'LICENSE',
      'assets',
      'data',
      'dist',
      'node_modules',
      'package.json',
    ]);
    expect(await readdir(join(app(), 'dist'))).not.toContain('test');
    const { resolve } = createRequire(join(app(), 'dist/src/main.js'));
    expect(() => resolve('discord.js')).not.toThrow();
    for (const name of ['vitest', 'typescript', 'hono', 'yaml']) expect(() => resolve(name), name).toThrow();
  });

  it('lets the doctor find nothing that keeps Easel from starting', async () => {
    const { code, stdout, stderr } = await outcomeOf(dockerRun(['doctor', '--json']));
    expect(stderr).toBe('');
    const { ok, checks } = report.parse(JSON.parse(stdout));
    expect(checks.filter(({ level }) => level === 'fail')).toEqual([]);
    expect({ ok, code }).toEqual({ ok: true, code: 0 });
    expect(checks).toContainEqual({
      check: 'Store',
      level: 'ok',
      said: 'sqlite://data/easel.sqlite accepts writes',
    });
    // A fresh volume has no spool yet, and none is left there by a look.
    expect((await readdir(join(app(), 'data'))).filter((name) => !name.startsWith('easel.sqlite'))).toEqual(
      [],
    );
  });

  it('starts, writes only into its volume, and stops within its grace time', async () => {
    const child = dockerRun([], { HEALTH_PORT: '0' });
    const outcome = outcomeOf(child);
    await discord.ready();
    await until('its spool is in the volume', async () =>
      (await readdir(join(app(), 'data'))).includes('spool'),
    );
    child.kill('SIGTERM');
    const { code, stderr } = await outcome;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await readdir(join(app(), 'data/spool'))).toEqual([]);
  });
});

const service = z.object({
  image: z.string(),
  command: z.string().optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  env_file: z.string().optional(),
  stop_grace_period: z.string().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.string().optional(),
  volumes: z.array(z.string()).optional(),
});

describe('compose.yaml', () => {
  let services: Readonly<Record<string, z.infer<typeof service>>>;
  beforeAll(async () => {
    const text = await readFile(join(root, 'compose.yaml'), 'utf8');
    services = z
      .object({ services: z.record(z.string(), service) })
      .parse(parse(text, { merge: true })).services;
  });

  /** A service's settings, besides the operator's .env. */
  function configOf(name: string): Config {
    const { environment = {} } = services[name] ?? {};
    const set = Object.entries(environment).map(([key, value]) => [key, String(value)]);
    const { rules } = openCatalogue();
    const all = { ...image.env, ...env, ...Object.fromEntries(set) };
    return loadConfig(all, { ...rules, isTimeZone });
  }
  const bots = () => Object.keys(services).filter((name) => services[name]?.image === 'easel');

  it('has services with settings that Easel accepts, on a read-only root', () => {
    expect(bots()).toEqual(['easel', 'easel-0', 'easel-1', 'easel-2']);
    for (const name of bots()) {
      const config = configOf(name);
      expect(config.health?.port, name).toBe(9464);
      expect(services[name], name).toMatchObject({ env_file: '.env', read_only: true, tmpfs: '/tmp' });
      const graceMs = Number.parseInt(services[name]?.stop_grace_period ?? '', 10) * 1000;
      expect(graceMs, name).toBeGreaterThan(config.shutdownMs);
    }
  });

  it('keeps the single process’s file in a volume', () => {
    expect(configOf('easel').storeUrl).toBe('sqlite://data/easel.sqlite');
    expect(services.easel?.volumes).toEqual([`easel:${image.workdir}/data`]);
  });

  it('has parts that share one Redis with an append-only file, and covers every shard once', () => {
    const parts = bots().slice(1).map(configOf);
    expect(new Set(parts.map(({ storeUrl }) => storeUrl))).toEqual(new Set(['redis://redis:6379']));
    const shards = parts.map(({ discord: { shards: held } }) => (held === 'auto' ? [] : held.ids));
    expect(shards).toEqual([[0], [1], [2]]);
    expect(parts.map(({ discord: { shards: held } }) => held !== 'auto' && held.count)).toEqual([3, 3, 3]);
    expect(services.redis?.command).toContain('--appendonly yes');
  });
});
