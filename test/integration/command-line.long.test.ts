import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, type Compiled, compile, packageEntry } from '../support/compiled.js';
import { type RestServer, startRestServer } from '../support/rest-server.js';
import { patienceMs } from '../support/until.js';

let easel: Compiled;
let discord: RestServer;

beforeAll(async () => {
  [easel] = await Promise.all([compile(), build('packages')]);
  discord = await startRestServer();
});
afterAll(async () => {
  await discord[Symbol.asyncDispose]();
  await easel[Symbol.asyncDispose]();
});

/** Runs a program to its end, in an empty folder and with the settings a bot needs. */
async function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = easel.folder,
) {
  const child = spawn(process.execPath, [file, ...args], {
    cwd,
    timeout: patienceMs,
    env: {
      PATH: process.env.PATH,
      DISCORD_TOKEN: 'a.b.c',
      DISCORD_API_URL: discord.apiUrl,
      TENCENTCLOUD_SECRET_ID: 'AKIDexample',
      TENCENTCLOUD_SECRET_KEY: 'key',
      MPS_ENDPOINT: 'http://127.0.0.1:9',
      ...env,
    },
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => {
      said[stream] += chunk.toString();
    });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...said };
}

const programs = [
  ['playground', 'playground'],
  ['playground:mps', 'mps-stand-in'],
  ['playground:cos', 'cos-stand-in'],
  ['playground:discord', 'discord-stand-in'],
] as const;

it.concurrent.each(programs)(
  '--version, misspelt flags and a forgotten -- of %s are understood',
  async (script, name) => {
    const entry = packageEntry(name);
    const version = await run(entry, ['--version']);
    expect(version).toEqual({ code: 0, stdout: `@easel/${name} 0.1.0\n`, stderr: '' });
    const misspelt = await run(entry, ['--prot', '3000']);
    expect(misspelt.stderr).toContain('There is no flag --prot. Did you mean --port?\n');
    expect(misspelt.code).toBe(64);
    const npm = { npm_lifecycle_event: script, npm_config_port: 'true' };
    const forgotten = await run(entry, ['70000'], npm);
    expect(forgotten.stderr).toContain(
      '--port must be a whole number from 0 (any free port) to 65535, not "70000".',
    );
    expect(forgotten.code).toBe(64);
  },
);

it.concurrent.each(programs)('--help of %s explains its usage and nothing else', async (script, name) => {
  for (const flag of ['--help', '-h']) {
    const { code, stdout, stderr } = await run(packageEntry(name), [flag]);
    expect(stdout).toContain(`npm run ${script} -- `);
    expect(stdout).toContain('--port PORT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }
});

it.concurrent.each([
  [['wat'], 'There is no command wat.\n'],
  [['doctro'], 'There is no command doctro. Did you mean doctor?\n'],
  [['doctor', '--jsn'], 'doctor has no flag --jsn. Did you mean --json?\n'],
  [['register', 'wat'], 'register does not take "wat".\n'],
  [['register', '--guild'], '--guild needs a value.\n'],
  [['register', '--guild', '12'], '--guild needs the id of a server, 17 to 20 digits, not "12".\n'],
])('%j is no way to start Easel: it tells how, before it looks at any setting', async (argv, sentence) => {
  const { code, stdout, stderr } = await run(easel.entry('main.js'), argv, { DISCORD_TOKEN: '' });
  expect(stderr.startsWith(sentence)).toBe(true);
  expect(stderr).toMatch(/\nUsage: npm start, .*npm run register .*\n$/s);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
});

it.concurrent.each([
  [['--help'], /^Usage: npm start, .*npm run doctor .*\n$/s],
  [['doctor', '-h'], /^Usage: npm start, /],
  [['--version'], /^easel \d+\.\d+\.\d+\n$/],
])('%j of Easel is answered on stdout, before it looks at any setting', async (argv, said) => {
  const { code, stdout, stderr } = await run(easel.entry('main.js'), argv, { DISCORD_TOKEN: '' });
  expect(stdout).toMatch(said);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('npm run doctor --json without -- answers as with it', async () => {
  const env = { DISCORD_TOKEN: '', npm_lifecycle_event: 'doctor', npm_config_json: 'true' };
  const { stdout } = await run(easel.entry('main.js'), ['doctor'], env);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false });
});

const guildId = '123456789012345678';
const commands = `/applications/1/guilds/${guildId}/commands`;

it.each([
  [403, 50_001, 'Missing Access'],
  [404, 10_004, 'Unknown Guild'],
])('register says what to do when the bot is not in that server (%i, %i)', async (status, code, message) => {
  discord.answers
    .set('GET /applications/@me', [200, { id: '1' }])
    .set('GET /oauth2/applications/@me', [200, { id: '1' }])
    .set(`GET ${commands}`, [status, { code, message }]);
  const ended = await run(easel.entry('main.js'), ['register', '--guild', guildId]);
  expect(ended.stderr).toMatch(/^Discord says that the bot is not in that server\. [^\n]*invite[^\n]*\n$/i);
  expect(ended).toMatchObject({ code: 78, stdout: '' });
});

it('register says so if Discord is unreachable', async () => {
  const gone = await startRestServer();
  await gone[Symbol.asyncDispose]();
  const ended = await run(easel.entry('main.js'), ['register'], { DISCORD_API_URL: gone.apiUrl });
  expect(ended.stderr).toMatch(
    /^Discord could not be reached \(ECONNREFUSED\)\. [^\n]*DISCORD_API_URL[^\n]*\n$/,
  );
  expect(ended).toMatchObject({ code: 69, stdout: '' });
});

it('register says so if Discord is failing', async () => {
  discord.answers.set('GET /applications/@me', [503, {}]).set('GET /oauth2/applications/@me', [503, {}]);
  const ended = await run(easel.entry('main.js'), ['register']);
  expect(ended.stderr).toMatch(/^Discord could not be reached \(HTTP 503\)\. [^\n]*\n$/);
  expect(ended).toMatchObject({ code: 69, stdout: '' });
});

it('doctor prints a line for each check, or JSON, and its exit code says whether all is well', async () => {
  const text = await run(easel.entry('main.js'), ['doctor']);
  expect(text.stdout).toMatch(/^FAIL {2}MPS +http:\/\/127\.0\.0\.1:9 could not be reached .* → /m);
  expect(text.stdout).toMatch(/checks failed; each line says how to fix it after →\.\n$/);
  const machine = await run(easel.entry('main.js'), ['doctor', '--json'], { DISCORD_TOKEN: '' });
  expect(JSON.parse(machine.stdout)).toMatchObject({
    ok: false,
    checks: expect.arrayContaining([
      expect.objectContaining({ check: 'Configuration', level: 'fail' }),
      expect.objectContaining({ check: 'Store', level: 'ok' }),
    ]),
  });
  expect([text.code, machine.code, text.stderr, machine.stderr]).toEqual([1, 1, '', '']);
});

it('start refuses an unknown unlisted model, and suggests what may have been meant', async () => {
  const { code, stderr } = await run(easel.entry('main.js'), [], { EXTRA_MODELS: 'mj-v8.1, hailu-h3' });
  expect(stderr).toMatch(/EXTRA_MODELS\n {4}found: {4}"hailu-h3"; did you mean hailuo-h3\?/);
  expect(code).toBe(78);
});

it('start and the doctor name a text in LOCALES_DIR that cannot be used, by its file, line and key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'easel-locales-'));
  await mkdir(join(folder, 'zh-CN'));
  await writeFile(join(folder, 'zh-CN/mine.json'), '{\n  "card.for": "给你"\n}\n');
  const env = { LOCALES_DIR: folder };
  const { code, stderr } = await run(easel.entry('main.js'), [], env);
  const doctor = await run(easel.entry('main.js'), ['doctor'], env);
  await rm(folder, { recursive: true });
  expect(stderr).toMatch(
    /LOCALES_DIR\n {4}found: {4}the placeholders \(none\)\n {4}allowed: {2}\{\{user\}\}\n/,
  );
  expect(stderr).toContain(`${join(folder, 'zh-CN/mine.json')}:2:3 (card.for)`);
  expect(code).toBe(78);
  expect(doctor.stdout).toContain('mine.json:2:3 (card.for)');
});

it('start names every wrong setting at once, without a stack trace', async () => {
  const none = { DISCORD_TOKEN: '', TENCENTCLOUD_SECRET_ID: '', TENCENTCLOUD_SECRET_KEY: '' };
  const { code, stderr } = await run(easel.entry('main.js'), [], none);
  expect(stderr).toMatch(/^Easel cannot start: 3 settings need attention\./);
  for (const name of Object.keys(none)) expect(stderr).toContain(`  ${name}\n    found:    not set\n`);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(code).toBe(78);
});

it('start lists the variables and lines that it ignores, and warns that nothing limits spending', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'easel-start-'));
  await writeFile(join(folder, '.env'), 'QUOTA_MEMBER_PICTURES_DAY=4\nLOG_LEVEL: debug\n');
  discord.answers.set('GET /gateway/bot', [401, {}]).set('GET /applications/@me', [401, {}]);
  const { code, stdout } = await run(easel.entry('main.js'), [], {}, folder);
  await rm(folder, { recursive: true });
  expect(stdout).toContain('did you mean QUOTA_MEMBER_IMAGES_DAY?');
  expect(stdout).toContain('line 2 of .env (LOG_LEVEL …) is not of the form NAME=value');
  expect(stdout).toContain('nothing limits spending');
  expect(code).toBe(78);
});
