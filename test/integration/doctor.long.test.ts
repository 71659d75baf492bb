import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DoctorDeps, examine } from '../../src/app/doctor-checks.js';
import { commandsOf } from '../../src/app/registered-commands.js';
import { type Environment, loadConfig } from '../../src/config/config.js';
import { registerOnce, removeCopiesOnce } from '../../src/discord/rest/command-registration.js';
import { openCatalogue } from '../../src/mps/catalogue/models-file.js';
import type { Finding } from '../../src/ops/doctor/finding.js';
import { isWell, toJson, toText } from '../../src/ops/doctor/report.js';
import { type CosStandIn, startCos } from '../support/cos.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { startRestServer } from '../support/rest-server.js';
import { standInEnvironment } from '../support/stand-in-environment.js';
import { gateway, startServer, type TestServer } from '../unit/mps/server.js';

let folder: string;
let discord: DiscordStandIn;
let mps: MpsStandIn;
let cos: CosStandIn;
let right: Environment;
/** A web server without the API. */
let pages: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-doctor-test-'));
  [discord, mps] = await Promise.all([createDiscordStandIn({ messageContent: true }), createMpsStandIn()]);
  cos = await startCos(mps);
  pages = await startServer(gateway(200));
  await writeFile(join(folder, 'ffmpeg'), '#!/bin/sh\necho "ffmpeg version 7.0 of the test"\n', {
    mode: 0o755,
  });
  right = {
    ...standInEnvironment({ discord, mps }),
    FFMPEG_PATH: join(folder, 'ffmpeg'),
    STORE_URL: `sqlite://${join(folder, 'easel.sqlite')}`,
    QUOTA_MEMBER_IMAGES_DAY: '20',
  };
  const { catalogue, rules } = openCatalogue();
  const config = loadConfig(right, rules);
  await registerOnce(config.discord, commandsOf({ config, catalogue }));
});
beforeEach(() => {
  mps.faults.clear();
  discord.portal.messageContent = true;
});
afterAll(async () => {
  await Promise.all([discord.close(), mps.close(), cos[Symbol.asyncDispose](), pages[Symbol.asyncDispose]()]);
  await rm(folder, { recursive: true });
});

const consult = (env: Environment = {}, deps: Partial<DoctorDeps> = {}) =>
  examine({ ...right, ...env }, { nodeVersion: '24.1.0', ...deps });
const bucket = { COS_BUCKET: 'pictures-1250000000', COS_REGION: 'ap-guangzhou' };
const of = (findings: readonly Finding[], check: string) =>
  findings.filter((finding) => finding.check === check);

describe('the doctor', () => {
  it('finds nothing wrong if nothing is, and gives the invite link with exactly the permissions that Easel needs', async () => {
    const creates = mps.tasks.length;
    const findings = await consult({ SOURCE_HOST: 'cos', ...bucket, COS_ENDPOINT: cos.url });
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    const link = new URL(of(findings, 'Invite link')[0]?.said ?? '');
    expect(Object.fromEntries(link.searchParams)).toEqual({
      client_id: discord.applicationId,
      scope: 'bot applications.commands',
      // View Channels, Send Messages, Attach Files, Read Message History, Send Messages in Threads.
      permissions: String((1n << 10n) | (1n << 11n) | (1n << 15n) | (1n << 16n) | (1n << 38n)),
    });
    expect(toText(findings)).toMatch(/Easel can start\.\n$/);
    // It leaves nothing behind and costs nothing.
    expect(cos.objects.size).toBe(0);
    expect(mps.tasks.length).toBe(creates);
  });

  it('says why to switch the Message Content Intent on, and passes if it is on or not wanted', async () => {
    discord.portal.messageContent = false;
    const [off] = of(await consult(), 'Intents');
    expect(off).toMatchObject({
      level: 'warn',
      said: expect.stringMatching(/reply to another user.*Apps › Animate/),
    });
    expect(off?.fix).toMatch(/Developer Portal › .* › Message Content Intent.*below 10,000 users/);
    const never = of(await consult({ MESSAGE_CONTENT_INTENT: 'false' }), 'Intents');
    expect(never.map(({ level }) => level)).toEqual(['ok']);
    discord.portal.messageContent = true;
    expect(of(await consult(), 'Intents').map(({ level }) => level)).toEqual(['ok']);
  });

  it('checks all that it can if some settings are missing, and says what it skipped', async () => {
    const noKey = await consult({ TENCENTCLOUD_SECRET_KEY: '' });
    const failed = noKey.filter(({ level }) => level === 'fail');
    expect(failed.map(({ said }) => said)).toEqual(['TENCENTCLOUD_SECRET_KEY is not set']);
    expect(of(noKey, 'Not checked')).toMatchObject([{ level: 'warn', said: 'MPS, COS bucket' }]);
    for (const check of ['Discord token', 'Invite link', 'Store', 'ffmpeg', 'Pictures', 'Disk', 'Node'])
      expect(of(noKey, check)[0]).toMatchObject({ level: 'ok' });
    const noToken = await consult({ DISCORD_TOKEN: '' });
    expect(of(noToken, 'MPS key')).toMatchObject([{ level: 'ok' }]);
    expect(of(noToken, 'Not checked')).toMatchObject([{ said: 'Discord' }]);
    const nothing = await consult({ DISCORD_TOKEN: 'abc', TENCENTCLOUD_SECRET_ID: '', STORE_URL: 'x' });
    expect(of(nothing, 'Not checked')).toMatchObject([{ said: 'Discord, MPS, COS bucket, Store, Disk' }]);
    expect(isWell(nothing)).toBe(false);
  });

  it('gives the invite link by the token alone if Discord is unreachable', async () => {
    const findings = await consult({ DISCORD_API_URL: 'http://127.0.0.1:9/api' });
    const link = new URL(of(findings, 'Invite link')[0]?.said ?? '');
    expect(link.searchParams.get('client_id')).toBe(discord.applicationId);
    const untold = await consult({ DISCORD_API_URL: 'http://127.0.0.1:9/api', DISCORD_TOKEN: 'a.b.c' });
    expect(of(untold, 'Invite link')).toEqual([]);
  });

  it('notes a variable that only starts like ours, for it may be another program’s', async () => {
    const findings = await consult({ DISCORD_WEBHOOK_URL: 'https://example.org' });
    expect(of(findings, 'Configuration')).toMatchObject([
      { level: 'warn', said: "DISCORD_WEBHOOK_URL isn't one of Easel's variables" },
    ]);
    expect(isWell(findings)).toBe(true);
  });

  it('warns in one line that nothing limits spending, or else says what a day can cost at most', async () => {
    const none = { QUOTA_MEMBER_IMAGES_DAY: '', QUOTA_MEMBER_OPEN: '3' };
    const [warned, ...more] = of(await consult(none), 'Spending');
    expect(more).toEqual([]);
    expect(warned).toMatchObject({ level: 'warn', said: expect.stringMatching(/^nothing limits spending/) });
    expect(warned?.fix).toContain('QUOTA_TOTAL_COST_DAY');
    const models = join(folder, 'models.jsonc');
    await writeFile(
      models,
      '{"currency":"CNY","image":{"hunyuan-3.0":{"price":0.2}},"video":{"kling-3.0":{"price":1.2}}}',
    );
    const priced = { MODELS_FILE: models, QUOTA_TOTAL_IMAGES_DAY: '100', QUOTA_TOTAL_SECONDS_DAY: '50' };
    const [told] = of(await consult(priced), 'Spending');
    // 100 × 0.2 + 50 × 1.2
    expect(told).toMatchObject({
      level: 'ok',
      said: expect.stringMatching(/^a day can cost 80\.00 CNY at most, without /),
    });
    const [unpriced] = of(await consult(), 'Spending');
    expect(unpriced).toMatchObject({ level: 'ok', said: expect.stringContaining('MODELS_FILE') });
  });

  it('warns of a public bot, unless a limit or a list of servers restricts it', async () => {
    const unlimited = { QUOTA_MEMBER_IMAGES_DAY: '', QUOTA_MEMBER_OPEN: '3' };
    const [warned] = of(await consult(unlimited), 'Public bot');
    expect(warned).toMatchObject({ level: 'warn', said: expect.stringContaining('at your expense') });
    expect(warned?.fix).toMatch(/Developer Portal.*Public Bot.*ALLOWED_GUILD_IDS/);
    const listed = await consult({ ...unlimited, ALLOWED_GUILD_IDS: '1146000000000000023' });
    expect(of(listed, 'Public bot').map(({ level }) => level)).toEqual(['ok']);
    const own = await createDiscordStandIn({ public: false });
    const mine = { DISCORD_API_URL: own.apiUrl, DISCORD_TOKEN: own.token };
    const closed = await consult({ ...unlimited, ...mine });
    await own.close();
    expect(of(closed, 'Public bot').map(({ level }) => level)).toEqual(['ok']);
  });

  /** What is broken, the check that must report it, and words of its line. */
  const broken: readonly [
    what: string,
    env: Environment | (() => Environment),
    check: string,
    words: RegExp,
    options?: { deps?: Partial<DoctorDeps>; prepare?: () => void },
  ][] = [
    [
      'a variable is missing',
      { DISCORD_TOKEN: '' },
      'Configuration',
      /DISCORD_TOKEN is not set.*Reset Token/,
    ],
    [
      'the token is none',
      { DISCORD_TOKEN: 'abc' },
      'Configuration',
      /DISCORD_TOKEN is 3 characters, which isn't a bot token: that has three parts.*Reset Token/,
    ],
    [
      'the token is the application’s id',
      { DISCORD_TOKEN: '1146000000000000001' },
      'Configuration',
      /DISCORD_TOKEN is 19 characters, which looks like the application's id.*Reset Token/,
    ],
    [
      'a variable is misnamed',
      { QUOTA_MEMBER_PICTURES_DAY: '4' },
      'Configuration',
      /QUOTA_MEMBER_PICTURES_DAY isn't one of Easel's variables; did you mean QUOTA_MEMBER_IMAGES_DAY\? → rename it/,
    ],
    [
      'a limit is unknown',
      { QUOTA_NOTHING: '4' },
      'Configuration',
      /QUOTA_NOTHING isn't one of Easel's variables → rename it/,
    ],
    [
      'a line of .env cannot be read',
      {},
      'Configuration',
      /line 3 of \.env \(DISCORD_TOKEN …\) is not of the form NAME=value → write it/,
      { deps: { lines: [{ line: 3, name: 'DISCORD_TOKEN', because: 'not of the form NAME=value' }] } },
    ],
    ['a variable is mistyped', { MAX_IMAGE_TASKS: 'two' }, 'Configuration', /MAX_IMAGE_TASKS is "two"/],
    ['Discord does not know the token', { DISCORD_TOKEN: 'a.b.c' }, 'Discord token', /rejected.*Reset Token/],
    [
      'Discord is unreachable',
      { DISCORD_API_URL: 'http://127.0.0.1:9/api' },
      'Discord token',
      /could not be reached \(ECONNREFUSED\)/,
    ],
    [
      'the intent is not switched on',
      { MESSAGE_CONTENT_INTENT: 'true' },
      'Intents',
      /switched off.*Message Content Intent.*below 10,000 users/,
      {
        prepare: () => {
          discord.portal.messageContent = false;
        },
      },
    ],
    [
      'the SecretId is unknown',
      { TENCENTCLOUD_SECRET_ID: 'AKIDwrong' },
      'MPS key',
      /no such SecretId.*SECRET_ID/,
    ],
    [
      'the SecretKey belongs to another key',
      { TENCENTCLOUD_SECRET_KEY: 'wrong' },
      'MPS key',
      /does not belong.*TENCENTCLOUD_SECRET_KEY/,
    ],
    [
      'a session token goes with lasting keys',
      { TENCENTCLOUD_SESSION_TOKEN: 'old' },
      'MPS key',
      /session token.*TENCENTCLOUD_SESSION_TOKEN/,
    ],
    [
      'the key is not allowed to use MPS',
      {},
      'MPS key',
      /may not use MPS.*QcloudMPSFullAccess/,
      { prepare: () => mps.faults.add({ kind: 'error', code: 'UnauthorizedOperation.CamNoAuth', count: 1 }) },
    ],
    [
      'the account is in arrears',
      {},
      'MPS key',
      /arrears.*top it up/,
      { prepare: () => mps.faults.add({ kind: 'error', code: 'OperationDenied', count: 1 }) },
    ],
    [
      'the region is not one of MPS’s',
      { TENCENTCLOUD_REGION: 'nowhere-1' },
      'MPS region',
      /not offered in nowhere-1/,
    ],
    [
      'MPS is out of reach',
      { MPS_ENDPOINT: 'http://127.0.0.1:9' },
      'MPS',
      /could not be reached \(ECONNREFUSED\)/,
    ],
    [
      'MPS’s gateway is out of order',
      {},
      'MPS',
      /does not speak MPS's API \(HTTP 502\).*MPS_ENDPOINT/,
      { prepare: () => mps.faults.add({ kind: 'gateway', count: 1 }) },
    ],
    [
      'MPS_ENDPOINT leads to a web page',
      () => ({ MPS_ENDPOINT: pages.url }),
      'MPS',
      /does not speak MPS's API \(HTTP 200\)/,
    ],
    [
      'MPS_ENDPOINT leads to a server that has nothing there',
      () => ({ MPS_ENDPOINT: pages.url }),
      'MPS',
      /does not speak MPS's API \(HTTP 404\)/,
      { prepare: () => pages.next(gateway(404)) },
    ],
    [
      'the clock is ten minutes slow',
      {},
      'Clock',
      /(599|600|601) s behind.*set-ntp/,
      { deps: { now: () => Date.now() - 600_000 } },
    ],
    [
      'the bucket refuses all access',
      () => ({ SOURCE_HOST: 'cos', ...bucket, COS_ENDPOINT: cos.url, TENCENTCLOUD_SECRET_KEY: 'wrong' }),
      'COS bucket',
      /could not be used \(SignatureDoesNotMatch\)/,
    ],
    [
      'the store’s folder is a file',
      { STORE_URL: 'sqlite:///dev/null/easel.sqlite' },
      'Store',
      /cannot be written/,
    ],
    [
      'SPOOL_DIR is a file',
      () => ({ SPOOL_DIR: join(folder, 'ffmpeg') }),
      'Disk',
      /SPOOL_DIR is "[^"]+ffmpeg", which cannot be written to \(EEXIST\).*may write to/,
    ],
    [
      'SPOOL_DIR lies below a file',
      () => ({ SPOOL_DIR: join(folder, 'ffmpeg/deep/spool') }),
      'Disk',
      /SPOOL_DIR is "[^"]+", which cannot be written to \(EEXIST\)/,
    ],
    [
      'ARCHIVE_DIR cannot be made',
      { ARCHIVE_DIR: '/proc/archive' },
      'Disk',
      /ARCHIVE_DIR is "\/proc\/archive", which cannot be written to \(\w+\).*may write to/,
    ],
    ['Node is too old', {}, 'Node', /20\.11\.0 is too old.*Node 24/, { deps: { nodeVersion: '20.11.0' } }],
  ];

  it.each(broken)('says what to do if %s', async (_, env, check, words, { deps, prepare } = {}) => {
    prepare?.();
    const set = typeof env === 'function' ? env() : env;
    const findings = await consult(set, deps);
    const lines = of(findings, check).filter(({ level }) => level === 'fail');
    expect(lines.map(({ said, fix }) => `${said} → ${fix}`).join('\n')).toMatch(words);
    expect(isWell(findings)).toBe(false);
    // Unreachable checks pass nothing.
    if (check === 'MPS') expect([...of(findings, 'MPS key'), ...of(findings, 'MPS region')]).toEqual([]);
    // One line each, and none with a key in it.
    expect(toText(findings).trimEnd().split('\n')).toHaveLength(findings.length + 2);
    for (const secret of [discord.token, mps.secretKey]) expect(toJson(findings)).not.toContain(secret);
  });

  it('accepts folders that Easel will create when it starts, and creates none itself', async () => {
    const volume = await mkdtemp(join(folder, 'volume-'));
    const spool = join(volume, 'data/spool');
    const archive = join(volume, 'data/archive');
    const findings = await consult({ SPOOL_DIR: spool, ARCHIVE_DIR: archive });
    const disk = of(findings, 'Disk');
    expect(disk.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(disk.map(({ said }) => said)).toContainEqual(expect.stringMatching(/GB free in .*\/volume-\w+$/));
    expect(await readdir(volume)).toEqual([]);
  });

  it('does not change existing folders', async () => {
    const spool = await mkdtemp(join(folder, 'spool-'));
    await consult({ SPOOL_DIR: spool, ARCHIVE_DIR: spool });
    expect(await readdir(spool)).toEqual([]);
  });

  it.each(['InternalError', 'FailedOperation', 'RequestLimitExceeded', 'LimitExceeded.Total'])(
    'does not judge the key by %s, which says nothing about it',
    async (code) => {
      mps.faults.add({ kind: 'error', code, count: 1 });
      const findings = await consult();
      expect(of(findings, 'MPS key')).toMatchObject([
        { level: 'warn', said: `could not be judged (${code})`, fix: expect.stringContaining('again') },
      ]);
      expect(of(findings, 'MPS region')).toEqual([]);
      expect(isWell(findings)).toBe(true);
    },
  );

  it.each([
    'InvalidParameter.TaskId',
    'InvalidParameterValue',
    'ResourceNotFound.TaskId',
    'FailedOperation.TaskNotFound',
  ])('takes %s for what it is: MPS has read the request and knows no such task', async (code) => {
    mps.faults.add({ kind: 'error', code, count: 1 });
    expect(of(await consult(), 'MPS key')).toMatchObject([{ level: 'ok' }]);
  });

  it('only notes what Easel can do without: no ffmpeg, commands of an older version', async () => {
    const findings = await consult({ VIDEO_ENABLED: 'false', FFMPEG_PATH: '', PATH: '' });
    expect(isWell(findings)).toBe(true);
    expect(of(findings, 'ffmpeg')).toMatchObject([
      { level: 'warn', fix: expect.stringContaining('apt install ffmpeg') },
    ]);
    expect(of(findings, 'Commands')).toMatchObject([
      { level: 'warn', fix: expect.stringContaining('npm run register') },
    ]);
  });

  it('names a server that shows commands twice, and how to remove the copies there', async () => {
    const { catalogue, rules } = openCatalogue();
    const config = loadConfig(right, rules);
    const commands = commandsOf({ config, catalogue });
    const [guild] = discord.world.guilds();
    await registerOnce(config.discord, commands.slice(0, 2), guild?.id);
    const twice = of(await consult(), 'Commands').filter(({ level }) => level === 'warn');
    expect(twice).toMatchObject([
      {
        said: expect.stringMatching(/“.+” shows 2 of them twice/),
        fix: expect.stringContaining(`npm run register -- --guild ${guild?.id} --remove`),
      },
    ]);
    expect(await removeCopiesOnce(config.discord, guild?.id ?? '')).toBe(2);
    expect(of(await consult(), 'Commands').map(({ level }) => level)).toEqual(['ok']);
  });

  it.each([
    [[], /in no server yet.*invite it/],
    [
      [{ id: '1', name: 'Foxglove', permissions: '1024' }],
      /“Foxglove” lacks SendMessages, .*AttachFiles.*invite/,
    ],
  ])('notes a server in which Easel lacks something, and that it is in none', async (guilds, words) => {
    await using strict = await startRestServer();
    strict.answers.set('GET /applications/@me', [200, { id: '1', name: 'Easel' }]);
    strict.answers.set('GET /users/@me/guilds', [200, guilds]);
    strict.answers.set('GET /applications/1/commands', [200, []]);
    const [found] = of(await consult({ DISCORD_API_URL: strict.apiUrl }), 'Servers');
    expect(`${found?.level} ${found?.said} ${found?.fix}`).toMatch(words);
    expect(found?.level).toBe('warn');
  });

  it('says when SOURCE_HOST=cos is wanted: when MPS is in mainland China and fetches images from Discord', async () => {
    expect(of(await consult(), 'SOURCE_HOST')).toMatchObject([
      { level: 'warn', fix: expect.stringContaining('SOURCE_HOST=auto or cos') },
    ]);
    expect(of(await consult({ TENCENTCLOUD_REGION: 'ap-singapore' }), 'SOURCE_HOST')).toMatchObject([
      { level: 'ok' },
    ]);
  });
});

describe.skipIf(!hasRedis)('the doctor, of a Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  const findings = async () => of(await consult({ STORE_URL: redis.url() }), 'Redis');

  it('passes if it keeps an append-only file and syncs every write', async () => {
    expect(await findings()).toMatchObject([{ level: 'ok' }]);
  });

  it('notes that it keeps none, and would lose orders in a restart', async () => {
    await redis.command('CONFIG SET appendonly no');
    expect(await findings()).toMatchObject([
      {
        level: 'warn',
        said: expect.stringContaining('a power cut costs it everything since its last snapshot'),
        fix: expect.stringContaining('appendonly yes'),
      },
    ]);
    await redis.command('CONFIG SET appendonly yes');
  });

  it.each([
    ['everysec', 'in the last second'],
    ['no', 'in the last half a minute'],
  ])('tells what a power cut costs with appendfsync %s', async (fsync, words) => {
    await redis.command(`CONFIG SET appendfsync ${fsync}`);
    expect(await findings()).toMatchObject([
      {
        level: 'warn',
        said: expect.stringContaining(words),
        fix: expect.stringContaining('appendfsync always'),
      },
    ]);
  });

  it('says once that it is unavailable', async () => {
    await redis.kill();
    const all = await consult({ STORE_URL: redis.url() });
    expect(of(all, 'Redis')).toEqual([]);
    expect(of(all, 'Store')).toMatchObject([{ level: 'fail', fix: expect.stringContaining('start Redis') }]);
  });
});
