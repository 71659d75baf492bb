import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/config/config.js';
import { load, problems } from './kit.js';

describe('shards', () => {
  it('are as many as configured, or a part of them', () => {
    expect(load({ SHARDS: '3' }).discord.shards).toEqual({ ids: [0, 1, 2], count: 3 });
    const part = { SHARD_IDS: '8-10, 2,9', SHARD_COUNT: '16', STORE_URL: 'redis://localhost' };
    expect(load(part).discord.shards).toEqual({ ids: [2, 8, 9, 10], count: 16 });
  });

  it.each([
    [{ SHARDS: '0' }, 'SHARDS'],
    [{ SHARDS: 'all' }, 'SHARDS'],
    [{ SHARD_IDS: '0-3' }, 'SHARD_COUNT'],
    [{ SHARD_COUNT: '16' }, 'SHARD_IDS'],
    [{ SHARD_IDS: '3-0', SHARD_COUNT: '16' }, 'SHARD_IDS'],
    [{ SHARD_IDS: '0-x', SHARD_COUNT: '16' }, 'SHARD_IDS'],
    [{ SHARD_IDS: '0-16', SHARD_COUNT: '16' }, 'SHARD_IDS'],
    [{ SHARDS: 'auto', SHARD_IDS: '0-3', SHARD_COUNT: '16' }, 'SHARDS'],
    [{ SHARD_IDS: '0-3', SHARD_COUNT: '16' }, 'SHARD_IDS'],
  ])('that do not go together are named: %o', (env, variable) => {
    expect(problems(env).map((problem) => problem.variable)).toContain(variable);
  });
});

describe('the configuration', () => {
  it('requires three keys and has a default for everything else', () => {
    expect(load({})).toEqual({
      discord: { token: 'a.b.c', apiUrl: 'https://discord.com/api', messageContent: 'auto', shards: 'auto' },
      mps: {
        endpoint: 'https://mps.tencentcloudapi.com',
        region: 'ap-guangzhou',
        secretId: 'AKIDexample',
        secretKey: 'key',
      },
      additionalParameters: false,
      quota: { ceiling: {}, timeZone: 'UTC' },
      operators: [],
      links: {},
      access: { guildIds: [], dms: true, userInstalls: true },
      storeUrl: 'sqlite://data/easel.sqlite',
      sourceHost: 'auto',
      image: { enabled: true, model: 'hunyuan-3.0', maxTasks: 2 },
      video: { enabled: true, model: 'kling-3.0', duration: 5, audio: true, maxTasks: 1 },
      transfer: { concurrency: 4, memory: 128_000_000 },
      fit: { concurrency: 1 },
      provenance: 'off',
      pollIntervalMs: 5000,
      taskTimeoutMs: 30 * 60_000,
      notifyAfterMs: 90_000,
      retentionMs: 35 * 24 * 60 * 60_000,
      shutdownMs: 20_000,
      logPrompts: false,
      playground: false,
      logLevel: 'info',
    });
  });

  it('is frozen deeply', () => {
    const config = load({});
    expect(Object.isFrozen(config) && Object.isFrozen(config.mps) && Object.isFrozen(config.video)).toBe(
      true,
    );
  });

  it('reads every variable', () => {
    const config = load({
      DISCORD_API_URL: 'http://127.0.0.1:8081/api/',
      MESSAGE_CONTENT_INTENT: 'true',
      TENCENTCLOUD_SESSION_TOKEN: 'temporary',
      TENCENTCLOUD_REGION: 'na-siliconvalley',
      MPS_ENDPOINT: 'http://localhost:8082',
      STORE_URL: 'sqlite:///var/lib/easel.sqlite',
      COS_BUCKET: 'pictures-1250000000',
      COS_REGION: 'ap-guangzhou',
      COS_OUTPUT_DIR: '/easel/out/',
      SOURCE_HOST: 'cos',
      ADDITIONAL_PARAMETERS: 'yes',
      QUOTA_GUILD_IMAGES_DAY: '100',
      QUOTA_MEMBER_COST_MONTH: '12.50',
      QUOTA_TIME_ZONE: 'Asia/Shanghai',
      OPERATOR_USER_IDS: '123456789012345678, 123456789012345679',
      ALLOWED_GUILD_IDS: '123456789012345670,123456789012345671',
      DMS_ENABLED: 'false',
      USER_INSTALLS_ENABLED: 'no',
      IMAGE_ENABLED: 'no',
      IMAGE_MODEL: 'Kling 3.0',
      MAX_IMAGE_TASKS: '200',
      VIDEO_MODEL: 'Hailuo 2.3',
      VIDEO_DURATION: '6',
      VIDEO_AUDIO: 'OFF',
      EXTEND_MAX_SECONDS: '30',
      EXPERIMENTAL_SCENES: 'avatar_i2v',
      MAX_VIDEO_TASKS: '3',
      POLL_INTERVAL_MS: '50',
      TASK_TIMEOUT_MINUTES: '1',
      NOTIFY_AFTER_SECONDS: '10',
      RETENTION_DAYS: '32',
      SHUTDOWN_SECONDS: '5',
      HEALTH_PORT: '9464',
      HEALTH_HOST: '0.0.0.0',
      PLAYGROUND: '1',
      LOG_PROMPTS: 'true',
      OPERATOR_CHANNEL_ID: '123456789012345670',
      ABOUT_URL: 'https://example.com/easel',
      PRIVACY_URL: 'https://example.com/easel?page=privacy#top',
      TERMS_URL: 'https://example.com/terms',
      SUPPORT_URL: 'https://discord.gg/example',
      LOG_LEVEL: 'WARN',
      SPOOL_DIR: '/var/tmp/easel',
      ARCHIVE_DIR: '/var/lib/easel',
      PROVENANCE: 'full',
      FFMPEG_PATH: process.execPath,
      FIT_CONCURRENCY: '2',
      TRANSFER_CONCURRENCY: '2',
      TRANSFER_MEMORY_MB: '64',
    });
    expect(config).toEqual({
      discord: { token: 'a.b.c', apiUrl: 'http://127.0.0.1:8081/api', messageContent: true, shards: 'auto' },
      mps: {
        endpoint: 'http://localhost:8082',
        region: 'na-siliconvalley',
        secretId: 'AKIDexample',
        secretKey: 'key',
        sessionToken: 'temporary',
      },
      additionalParameters: true,
      quota: {
        ceiling: { QUOTA_GUILD_IMAGES_DAY: 100, QUOTA_MEMBER_COST_MONTH: 12.5 },
        timeZone: 'Asia/Shanghai',
      },
      operators: ['123456789012345678', '123456789012345679'],
      access: { guildIds: ['123456789012345670', '123456789012345671'], dms: false, userInstalls: false },
      storeUrl: 'sqlite:///var/lib/easel.sqlite',
      cos: { bucket: 'pictures-1250000000', region: 'ap-guangzhou', outputDir: '/easel/out/' },
      sourceHost: 'cos',
      image: { enabled: false, model: 'kling-3.0', maxTasks: 200 },
      video: {
        enabled: true,
        model: 'hailuo-2.3',
        duration: 6,
        audio: false,
        maxTasks: 3,
        extendMaxSeconds: 30,
        scenes: ['avatar_i2v'],
      },
      transfer: { spoolDir: '/var/tmp/easel', concurrency: 2, memory: 64_000_000 },
      fit: { ffmpeg: process.execPath, concurrency: 2 },
      provenance: 'full',
      archiveDir: '/var/lib/easel',
      pollIntervalMs: 50,
      taskTimeoutMs: 60_000,
      notifyAfterMs: 10_000,
      retentionMs: 32 * 24 * 60 * 60_000,
      shutdownMs: 5000,
      health: { port: 9464, host: '0.0.0.0' },
      logPrompts: true,
      operatorChannelId: '123456789012345670',
      links: {
        about: 'https://example.com/easel',
        privacy: 'https://example.com/easel?page=privacy#top',
        terms: 'https://example.com/terms',
        support: 'https://discord.gg/example',
      },
      playground: true,
      logLevel: 'warn',
    });
  });

  it('treats empty and blank as unset, and trims values', () => {
    const config = load({ MAX_IMAGE_TASKS: '', COS_BUCKET: '  ', DISCORD_TOKEN: ' a.b.c \n' });
    expect(config).toEqual(load({}));
  });

  it('defaults to five seconds for a clip, or what the model supports', () => {
    expect(load({ VIDEO_MODEL: 'hailuo-2.3' }).video.duration).toBe(6);
    expect(load({ VIDEO_MODEL: 'hunyuan-3.0' }).video.duration).toBe(5);
    expect(load({ VIDEO_MODEL: 'hunyuan-3.0', VIDEO_DURATION: '7' }).video.duration).toBe(7);
  });

  it.each(['', '/', '/v10', '/v10/'])(
    "accepts Discord's address with %j after it, and adds version 10 itself",
    (end) => {
      expect(load({ DISCORD_API_URL: `https://discord.com/api${end}` }).discord.apiUrl).toBe(
        'https://discord.com/api',
      );
    },
  );

  it('accepts http on this machine, under each of its names', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3:80', '[::1]:8080'])
      expect(problems({ MPS_ENDPOINT: `http://${host}`, DISCORD_API_URL: `http://${host}/api` })).toEqual([]);
  });
});

describe('a bad configuration', () => {
  it.each([
    ['DISCORD_TOKEN', '', 'not set'],
    ['DISCORD_TOKEN', 'Bot a.b.c', '9 characters, with "Bot " before'],
    ['DISCORD_TOKEN', '"a.b.c"', '7 characters, with quotes around'],
    ['TENCENTCLOUD_SECRET_KEY', 'two words', '9 characters, with a space'],
    ['TENCENTCLOUD_REGION', 'Guangzhou', '"Guangzhou"'],
    ['MPS_ENDPOINT', 'mps.tencentcloudapi.com', 'without a scheme'],
    ['MPS_ENDPOINT', 'http://mps.tencentcloudapi.com', 'plain http to another machine'],
    ['MPS_ENDPOINT', 'http://127.0.0.1.example.com', 'plain http to another machine'],
    ['MPS_ENDPOINT', 'https://mps.tencentcloudapi.com/v3', 'with a path'],
    ['MPS_ENDPOINT', 'ftp://mps.tencentcloudapi.com', 'scheme is ftp'],
    ['MPS_ENDPOINT', 'https://', 'no address'],
    ['DISCORD_API_URL', 'https://discord.com/api/v9', 'with a version'],
    ['ABOUT_URL', 'http://127.0.0.1/easel', 'no https address'],
    ['PRIVACY_URL', 'example.com/privacy', 'no https address'],
    ['TERMS_URL', 'https://a:b@example.com', 'a user name or password'],
    ['SUPPORT_URL', `https://example.com/${'a'.repeat(500)}`, 'longer than 512'],
    ['DISCORD_API_URL', 'https://discord.com/api/v100', 'with a version'],
    ['STORE_URL', 'redis://localhost:6379?x=1', 'no address of a Redis'],
    ['STORE_URL', 'postgres://localhost/easel', 'no database known'],
    ['STORE_URL', 'data/easel.sqlite', 'no database known'],
    ['COS_OUTPUT_DIR', 'pictures', '"pictures"'],
    ['SOURCE_HOST', 's3', '"s3"'],
    ['SOURCE_HOST', 'cos', 'without a bucket'],
    ['IMAGE_ENABLED', 'maybe', '"maybe"'],
    ['IMAGE_MODEL', 'hunyaun-3.0', 'did you mean hunyuan-3.0?'],
    ['VIDEO_MODEL', 'sora-2', '"sora-2"'],
    ['VIDEO_DURATION', '2', '2'],
    ['VIDEO_DURATION', 'five', 'no whole number'],
    ['MAX_IMAGE_TASKS', '0', 'too small'],
    ['MAX_VIDEO_TASKS', '1001', 'too big'],
    ['MAX_VIDEO_TASKS', '1.5', 'no whole number'],
    ['POLL_INTERVAL_MS', '49', 'too small'],
    ['TASK_TIMEOUT_MINUTES', '30m', 'no whole number'],
    ['RETENTION_DAYS', '31', 'a whole month'],
    ['LOG_LEVEL', 'loud', '"loud"'],
  ])('names %s set to %j', (variable, value, found) => {
    const [problem, ...others] = problems({ [variable]: value });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ variable, found: expect.stringContaining(found) });
    expect(problem?.allowed).not.toBe('');
    expect(problem?.where).not.toBe('');
  });

  it('lists all problems in one message', () => {
    expect(() =>
      load({ DISCORD_TOKEN: '', MAX_IMAGE_TASKS: 'many', VIDEO_DURATION: '99', STORE_URL: 'x' }),
    ).toThrow(/4 settings need.*DISCORD_TOKEN.*Reset Token.*STORE_URL.*MAX_IMAGE_TASKS.*VIDEO_DURATION/s);
  });

  it('lists problems of combinations beside those of single variables, in the order of .env.example', () => {
    const env = {
      LOG_LEVEL: 'loud',
      SOURCE_HOST: 'cos',
      VIDEO_MODEL: 'sora-2',
      SHARDS: '2',
      SHARD_COUNT: '4',
    };
    const names = problems({ ...env, DISCORD_TOKEN: '' }).map(({ variable }) => variable);
    expect(names.filter((name) => !name.startsWith('SHARD'))).toEqual([
      'DISCORD_TOKEN',
      'VIDEO_MODEL',
      'SOURCE_HOST',
      'LOG_LEVEL',
    ]);
    expect(names.filter((name) => name.startsWith('SHARD'))).toEqual(['SHARDS', 'SHARD_IDS']);
  });

  it('is HEALTH_HOST without a port, but only a note', () => {
    expect(problems({ HEALTH_HOST: '"0.0.0.0"' })).toEqual([]);
    expect(problems({ HEALTH_HOST: '"0.0.0.0"', HEALTH_PORT: '0' })).toMatchObject([
      { variable: 'HEALTH_HOST' },
    ]);
  });

  it('never shows a secret, nor a password within an address', () => {
    const env = {
      DISCORD_TOKEN: 'Bot geheim',
      TENCENTCLOUD_SECRET_ID: 'geheim geheim',
      TENCENTCLOUD_SECRET_KEY: "'geheim'",
      TENCENTCLOUD_SESSION_TOKEN: 'geheim geheim',
      STORE_URL: 'redis://easel:geheim@localhost?',
      MPS_ENDPOINT: 'https://easel:geheim@example.com',
    };
    expect(problems(env)).toHaveLength(6);
    // One with characters that delimit an address, as base64 has them.
    expect(problems({ STORE_URL: 'redis://:ge/he@im@host:6379?' })).toMatchObject([
      { found: expect.not.stringMatching(/ge|he|im/) },
    ]);
    expect(() => load(env)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('geheim') }),
    );
  });

  it('is a bucket without its APPID or without its region', () => {
    const names = (env: Environment) => problems(env).map(({ variable }) => variable);
    expect(names({ COS_BUCKET: 'pictures-1250000000' })).toEqual(['COS_REGION']);
    expect(names({ COS_REGION: 'ap-guangzhou' })).toEqual(['COS_BUCKET']);
    expect(names({ COS_BUCKET: 'pictures', COS_REGION: 'ap-guangzhou' })).toEqual(['COS_BUCKET']);
  });

  it('has neither pictures nor clips', () => {
    expect(problems({ IMAGE_ENABLED: 'false', VIDEO_ENABLED: '0' })).toMatchObject([
      { variable: 'IMAGE_ENABLED' },
    ]);
  });

  it('suggests a name one slip away from an unset variable', () => {
    expect(problems({ DISCORD_TOKEN: '', DISCORD_TOKE: 'a.b.c' })).toMatchObject([
      { variable: 'DISCORD_TOKE', allowed: expect.stringContaining('DISCORD_TOKEN') },
      { variable: 'DISCORD_TOKEN' },
    ]);
    expect(problems({ QUOTA_GILD_IMAGES_DAY: '5' })).toMatchObject([
      {
        variable: 'QUOTA_GILD_IMAGES_DAY',
        allowed: expect.stringContaining('QUOTA_GUILD_IMAGES_DAY'),
      },
    ]);
  });

  it.each(['LOGLEVEL', 'ILOG_LEVEL', 'GCS_BUCKET', 'STORES_URL', 'DISCORD_TOKEN2', 'PATH'])(
    "ignores %s, which starts unlike a variable of Easel's or resembles no unset one",
    (variable) => {
      expect(problems({ [variable]: 'debug' })).toEqual([]);
    },
  );
});
