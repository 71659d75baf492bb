import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Compiled, compile, packageEntry } from '../support/compiled.js';

let easel: Compiled;
let discord: DiscordStandIn;
let mps: MpsStandIn;
/** The operator's own, with a `.env` and the data in it. */
let folder: string;

beforeAll(async () => {
  [easel, , discord, mps] = await Promise.all([
    compile(),
    build('bot', 'packages'),
    createDiscordStandIn({ messageContent: true }),
    createMpsStandIn(),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'easel-operator-'));
});
afterAll(async () => {
  await Promise.all([discord?.close(), mps?.close(), easel?.[Symbol.asyncDispose]()]);
  await rm(folder, { recursive: true, force: true });
});

interface Ending {
  readonly code: number | null;
  /** What both streams say. */
  readonly said: string;
}

/** Runs a program to its end, or asks it to stop as soon as it has said this. */
function run(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
  enough?: RegExp,
): Promise<Ending> {
  const addresses = { DISCORD_API_URL: discord.apiUrl, MPS_ENDPOINT: mps.url };
  const child = spawn(process.execPath, [file, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HEALTH_PORT: '0', ...addresses, ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (enough?.test(said)) child.kill('SIGTERM');
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

const dotEnv = (lines: () => readonly string[]) => () =>
  writeFile(join(folder, '.env'), `${lines().join('\n')}\n`);
const token = () => `DISCORD_TOKEN=${discord.token}`;
const keys = () => [`TENCENTCLOUD_SECRET_ID=${mps.secretId}`, `TENCENTCLOUD_SECRET_KEY=${mps.secretKey}`];

interface Step {
  /** What is changed before. */
  readonly first?: () => Promise<void>;
  readonly types: readonly string[];
  /** Another program than Easel. */
  readonly program?: string;
  readonly env?: Record<string, string>;
  readonly reads: readonly RegExp[];
  readonly code: number;
  /** Stopped as soon as it has said all of it. */
  readonly until?: RegExp;
}

/** From an empty folder to a bot that runs, has a limit and a backup. Each step goes on from the one before. */
const steps: Readonly<Record<string, Step>> = {
  'starts with nothing at all': {
    types: [],
    reads: [/Easel cannot start: 3 settings need attention\./, /DISCORD_TOKEN\n {4}found: {4}not set\n/],
    code: 78,
  },
  'asks for help': { types: ['--help'], reads: [/^Usage: npm start/, /npm run doctor/], code: 0 },
  'asks for the version': { types: ['--version'], reads: [/^easel \d/], code: 0 },
  'misspells a command': { types: ['doctro'], reads: [/Did you mean doctor\?/], code: 64 },
  'pastes half a token': {
    first: dotEnv(() => ['DISCORD_TOKEN=abc']),
    types: ['doctor'],
    reads: [/DISCORD_TOKEN is 3 characters, which isn't a bot token/, /TENCENTCLOUD_SECRET_ID is not set/],
    code: 1,
  },
  'has the token, and gets the invite link': {
    first: dotEnv(() => [token()]),
    types: ['doctor'],
    reads: [/Invite link +https:\S+client_id=\d+/, /Not checked/, /TENCENTCLOUD_SECRET_KEY is not set/],
    code: 1,
  },
  'misnames a limit, and writes a line that is none': {
    first: dotEnv(() => [token(), ...keys(), 'QUOTA_MEMBER_PICTURES_DAY=4', 'LOG_LEVEL: debug']),
    types: ['doctor'],
    reads: [
      /did you mean QUOTA_MEMBER_IMAGES_DAY\?/,
      /line 5 of \.env \(LOG_LEVEL …\) is not of the form NAME=value/,
    ],
    code: 1,
  },
  'has no limit, and is warned once': {
    first: dotEnv(() => [token(), ...keys()]),
    types: ['doctor'],
    reads: [/note +Spending +nothing limits spending/, /Commands .*npm run register/, /Easel can start\./],
    code: 0,
  },
  'registers the commands': {
    types: ['register'],
    reads: [/^Commands are registered everywhere\./],
    code: 0,
  },
  'asks to register with a name in place of an id': {
    types: ['register', '--guild', 'foxglove'],
    reads: [/--guild needs the id of a server, 17 to 20 digits, not "foxglove"\./],
    code: 64,
  },
  'sets a limit, and finds nothing to mend': {
    first: dotEnv(() => [token(), ...keys(), 'QUOTA_MEMBER_IMAGES_DAY=20']),
    types: ['doctor'],
    reads: [/ok +Limit +QUOTA_MEMBER_IMAGES_DAY=20/, /ok +Spending/, /ok +Commands/, /Easel can start\./],
    code: 0,
  },
  'reads the same as JSON, having left out the --': {
    types: ['doctor'],
    env: { npm_lifecycle_event: 'doctor', npm_config_json: 'true' },
    reads: [/^\{[\s\S]*"ok": ?true/],
    code: 0,
  },
  'starts Easel, which names the limit, and stops it': {
    types: [],
    reads: [/"limit":"QUOTA_MEMBER_IMAGES_DAY=20".*a limit is in force/],
    until: /Easel is connected/,
    code: 0,
  },
  'makes a backup': {
    types: ['backup', 'evening.sqlite'],
    reads: [/evening\.sqlite: [\d.]+ MB, whole\./],
    code: 0,
  },
  'makes it once more': {
    types: ['backup', 'evening.sqlite'],
    reads: [/evening\.sqlite already exists/],
    code: 78,
  },
  'forgets --run in the playground': {
    program: 'playground',
    types: ['/imagine prompt:a red fox'],
    reads: [/Put --run before it/],
    code: 64,
  },
  'asks the playground what is used, and for a picture': {
    program: 'playground',
    types: ['--speed', '400', '--run', '/quota show', '--run', '/imagine prompt:a red fox'],
    reads: [/Pictures today: 0 of 20/, /arrived after .*a-red-fox\S*\.png/],
    code: 0,
  },
};

describe('an operator', () => {
  it.each(Object.entries(steps))(
    '%s',
    async (title, { first, types, program, env = {}, reads, code, until }) => {
      await first?.();
      const file = program === undefined ? easel.entry('main.js') : packageEntry(program);
      const ended = await run(file, types, env, until);
      const transcript = process.env.EVENING_SHOTS;
      const shown = `\n━━ ${title}\n$ ${types.join(' ')}   (code ${ended.code})\n${ended.said}`;
      if (transcript) await appendFile(join(transcript, 'operator.txt'), shown);
      for (const words of reads) expect(ended.said).toMatch(words);
      expect(ended.code).toBe(code);
    },
  );
});
