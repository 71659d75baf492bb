import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readClip } from '../../src/media/formats/mp4-info.js';
import { lacksFfmpeg } from '../support/clips.js';
import { until } from '../support/until.js';

const entry = join(import.meta.dirname, '../../packages/playground/dist/main.js');

const Result = z.strictObject({
  run: z.string(),
  outcome: z.enum(['delivered', 'answered', 'failed', 'refused', 'timeout']),
  reason: z.string().nullable(),
  text: z.string().nullable(),
  files: z.array(z.string()),
  ms: z.number(),
});

/** A test's own folder: they run side by side, since each mostly waits for programs to start. */
interface Place {
  readonly folder: string;
}

const inFolder = it.extend<Place>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads which fixtures are wanted from the pattern.
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'easel-playground-test-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

beforeAll(async () => {
  // As `npm run playground` does: the playground starts the bot that was compiled with it.
  for (const script of ['build', 'build:packages'])
    await promisify(execFile)('npm', ['run', '--silent', script]).catch((error: { stderr?: string }) => {
      // Type errors are another check's business; the output is written all the same.
      if (!error.stderr?.includes('error TS')) throw error;
    });
});

interface Running {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The exit code, when it has ended. */
  readonly code: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the playground in an empty folder, in which its files then are. */
function start(
  folder: string,
  args: string[],
  { input = '', env = {} as Record<string, string> } = {},
): Running {
  const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(input);
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    code: new Promise((resolve) => child.on('close', resolve)),
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs it to its end; stdout must hold a line of JSON for each run and nothing else. */
async function run(
  folder: string,
  lines: string[],
  options: Parameters<typeof start>[2] = {},
  ...flags: string[]
) {
  const argv = lines.flatMap((line) => ['--run', line]);
  const running = start(folder, ['--json', '--speed', '2000', ...flags, ...argv], options);
  const code = await running.code;
  const results = running
    .stdout()
    .split('\n')
    .slice(0, -1)
    .map((line) => Result.parse(JSON.parse(line)));
  return { code, results, stderr: running.stderr() };
}

async function botPid(folder: string): Promise<number> {
  const log = await readFile(join(folder, 'playground-out/easel.log'), 'utf8');
  return z.object({ pid: z.number() }).parse(JSON.parse(log.split('\n')[0] ?? '')).pid;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

inFolder.concurrent('a typed picture, and the clip made from it, arrive on disk', async ({ folder }) => {
  // Real keys in the environment: none of them may reach the stand-ins, or they would refuse.
  await writeFile(
    join(folder, '.env'),
    'DISCORD_TOKEN=real\nTENCENTCLOUD_SECRET_ID=real\nTENCENTCLOUD_SESSION_TOKEN=real\n',
  );
  const lines = ['/imagine prompt:a red fox', '/animate prompt:it runs image:last'];
  const { code, results, stderr } = await run(folder, lines, {
    env: { DISCORD_TOKEN: 'real', NODE_OPTIONS: '--trace-deprecation' },
  });
  expect(results).toEqual([
    {
      run: lines[0],
      outcome: 'delivered',
      reason: null,
      text: null,
      files: ['playground-out/a-red-fox-1.png'],
      ms: expect.any(Number),
    },
    {
      run: lines[1],
      outcome: 'delivered',
      reason: null,
      text: null,
      files: ['playground-out/it-runs-1.mp4'],
      ms: expect.any(Number),
    },
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const picture = await sharp(join(folder, 'playground-out/a-red-fox-1.png')).metadata();
  expect(picture.format).toBe('png');
  const clip = await readFile(join(folder, 'playground-out/it-runs-1.mp4'));
  expect(clip.toString('latin1', 4, 8)).toBe('ftyp');
});

inFolder.skipIf(lacksFfmpeg)(
  'a typed clip is changed and extended, and what can be no clip is refused',
  async ({ folder }) => {
    await writeFile(join(folder, 'notes.mp4'), '#EXTM3U\nfile:///etc/passwd\n');
    const { code, results } = await run(folder, [
      '/animate prompt:it runs duration:3 audio:false',
      '/clip edit video:last prompt:make it snow',
      '/clip extend prompt:she walks on',
      'press:Extend',
      '/clip extend video:last prompt:she sits duration:3',
      '/clip edit prompt:make it rain',
      '/clip edit video:./notes.mp4 prompt:make it rain',
      '/clip extend video:./nowhere.mp4 prompt:make it rain',
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual([
      ...['delivered', 'delivered', 'answered', 'delivered', 'delivered', 'refused', 'answered', 'refused'],
    ]);
    expect(results[2]?.text).toContain('That adds 5 s');
    expect(results[6]?.text).toContain("notes.mp4 isn't a clip I can open. Nothing was charged.");
    expect(code).toBe(1);
    const lengthOf = async (file = '') => (await readClip(join(folder, file)))?.seconds ?? 0;
    const [first, whole, longer] = await Promise.all([1, 3, 4].map((at) => lengthOf(results[at]?.files[0])));
    expect(whole).toBeCloseTo((first ?? 0) + 5, 0);
    expect(longer).toBeCloseTo((whole ?? 0) + 3, 0);
  },
);

inFolder.concurrent('a question in words is answered in words, and it exits with 0', async ({ folder }) => {
  const { code, results } = await run(folder, [
    '/quota show',
    '/imagine a red fox',
    'press:Details',
    '/tasks',
  ]);
  expect(results).toMatchObject([
    { outcome: 'answered', reason: null, text: expect.stringMatching(/nothing has been used|today/i) },
    { outcome: 'delivered', text: null },
    { outcome: 'answered', text: expect.stringContaining('@ada') },
    { outcome: 'answered', text: expect.stringContaining('a red fox') },
  ]);
  // Times are moments of this year, and not distances from 1970.
  expect(JSON.stringify(results)).not.toMatch(/<t:|,\d{3} days/);
  expect(code).toBe(0);
});

inFolder.concurrent(
  'what did not arrive has its reason, the rest is done all the same, and it ends 1',
  {},
  async ({ folder }) => {
    await writeFile(join(folder, 'cat.png'), 'no picture');
    const { code, results } = await run(folder, [
      '/imagine prompt:something forbidden',
      '/imagine prompt:x colour:red model:nope',
      '/animate prompt:it runs image:./cat.png',
      '/imagin prompt:x',
      'press:Try again',
      '/imagine prompt:a red fox',
      'press:again',
    ]);
    expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['failed', expect.stringMatching(/content check/i)],
      ['refused', expect.stringContaining('nope')],
      [expect.stringMatching(/failed|refused/), expect.stringContaining('cat.png')],
      ['refused', expect.stringMatching(/^There is no command imagin; there are: .*imagine/)],
      // A refused prompt would be refused again, so its card has no such button.
      ['refused', expect.stringMatching(/^There is no button Try again/)],
      ['delivered', null],
      ['delivered', null],
    ]);
    expect(results.at(-1)?.files).toEqual(['playground-out/a-red-fox-1-2.png']);
    expect(code).toBe(1);
  },
);

inFolder.concurrent(
  'reads lines from a pipe, as another user, and answers in their language',
  {},
  async ({ folder }) => {
    const running = start(
      folder,
      ['--speed', '2000', '--user', 'lin', '--channel', 'no-files', '--out', 'here'],
      {
        input: '# a comment\n\n/imagine prompt:一只狐狸\n',
      },
    );
    expect(await running.code).toBe(1);
    expect(running.stdout()).toMatch(/(^|\n)\/imagine prompt:一只狐狸\n {2}no file came: .*权限.*\n$/);
  },
);

inFolder.concurrent('says why the bot does not start, and exits with 1', async ({ folder }) => {
  const { code, results, stderr } = await run(folder, ['/imagine prompt:x'], {
    env: { MAX_IMAGE_TASKS: 'many' },
  });
  expect(stderr).toMatch(/^Easel ended with code 78\.\n/);
  expect(stderr).toContain('MAX_IMAGE_TASKS');
  expect(results).toEqual([]);
  expect(code).toBe(1);
});

inFolder.concurrent(
  'reports the death of the bot with its last log lines, and exits with 1',
  async ({ folder }) => {
    const running = start(folder, [
      '--speed',
      '1',
      '--json',
      '--run',
      '/imagine prompt:x',
      '--run',
      '/tasks',
    ]);
    const log = join(folder, 'playground-out/easel.log');
    let written = '';
    await until('the task is on its way', () => {
      void readFile(log, 'utf8').then(
        (text) => (written = text),
        () => {},
      );
      return written.includes('task created at MPS');
    });
    process.kill(await botPid(folder), 'SIGKILL');
    expect(await running.code).toBe(1);
    expect(running.stdout()).toContain('"outcome":"failed","reason":"Easel ended by SIGKILL"');
    expect(running.stdout()).not.toContain('/tasks');
    expect(running.stderr()).toContain('task created at MPS');
  },
);

inFolder.concurrent.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it and the bot with it', async ([signal, expected], { folder }) => {
  const running = start(folder, ['--speed', '1', '--run', '/imagine prompt:x']);
  let pid = 0;
  await until('the bot is there', () => {
    void botPid(folder).then(
      (found) => (pid = found),
      () => {},
    );
    return pid > 0;
  });
  running.kill(signal);
  expect(await running.code).toBe(expected);
  expect(isAlive(pid)).toBe(false);
  expect(running.stdout()).toBe('');
});

inFolder.concurrent.for<[args: string[], sentence: string]>([
  [['--fast'], 'There is no flag --fast.'],
  [['--speed', 'slow'], '--speed must be a number above 0'],
  [['--user', 'eve'], 'There is no user eve. There are: ada, ben, mia, lin'],
  [
    ['--channel', 'attic'],
    'There is no channel attic. There are: general, studio, no-files, after-dark, dm.',
  ],
])('exits with 64 and a sentence for %j', async ([args, sentence], { folder }) => {
  const running = start(folder, args);
  expect(await running.code).toBe(64);
  expect(running.stderr()).toContain(sentence);
  expect(running.stdout()).toBe('');
});

inFolder.concurrent(
  'serves the page if there is nothing to run and no one types, until it is stopped',
  async ({ folder }) => {
    const running = start(folder, ['--port', '0']);
    await until('it says where', () => running.stdout().includes('Easel is here'));
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(running.stdout()) ?? [];
    const seen: unknown = await (await fetch(`${address}/_page/surroundings?user=lin`)).json();
    expect(seen).toMatchObject({ me: { name: '林', locale: 'zh-CN' } });
    running.kill('SIGTERM');
    expect(await running.code).toBe(143);
  },
);

inFolder.concurrent('says which port is taken', async ({ folder }) => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const running = start(folder, ['--port', String(port), '--run', '/tasks']);
  expect(await running.code).toBe(1);
  expect(running.stderr()).toContain(`cannot listen on port ${port}: something else is listening there.`);
  server.close();
});

inFolder.concurrent('--help prints everything and starts nothing', async ({ folder }) => {
  const running = start(folder, ['--help']);
  expect(await running.code).toBe(0);
  expect(running.stdout()).toContain('--run LINE');
});
