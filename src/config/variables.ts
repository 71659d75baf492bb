import {
  address,
  choice,
  flag,
  integer,
  optionalSecret,
  secret,
  text,
  type Variable,
} from './variable-types.js';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export const provenances = ['off', 'model', 'full'] as const;
export const sourceHosts = ['auto', 'discord', 'cos'] as const;
const keys = 'Tencent Cloud console › Access Management › API keys (console.tencentcloud.com/cam/capi)';
const buckets = 'Tencent Cloud console › Cloud Object Storage › Bucket list';
const regionForm = /^[a-z]{2,}(-[a-z0-9]+)+$/;

/** Every variable Easel reads, but for the limits in quotaVariables. */
export const variables = {
  discordToken: secret(
    'DISCORD_TOKEN',
    "the bot's token, as Discord shows it once",
    'Discord Developer Portal › your application › Bot › Reset Token (discord.com/developers/applications)',
  ),
  discordApiUrl: address(
    'DISCORD_API_URL',
    'https://discord.com/api',
    ({ pathname }) =>
      /\/v(?!10\/?$)\d+\/?$/.test(pathname)
        ? 'with a version, and not the 10 that Easel speaks: leave out the last part'
        : undefined,
    // discord.js puts the version there itself.
    /(\/v10)?\/*$/,
  ),
  messageContent: flag('MESSAGE_CONTENT_INTENT', false),
  secretId: secret('TENCENTCLOUD_SECRET_ID', 'the SecretId of an API key, AKID…', keys),
  secretKey: secret('TENCENTCLOUD_SECRET_KEY', 'the SecretKey that belongs to that SecretId', keys),
  sessionToken: optionalSecret(
    'TENCENTCLOUD_SESSION_TOKEN',
    'the Token that came with temporary keys; unset with lasting ones',
    'the answer of STS (GetFederationToken, AssumeRole) that gave the keys',
  ),
  region: text('TENCENTCLOUD_REGION', {
    fallback: 'ap-guangzhou',
    pattern: regionForm,
    allowed: 'a region such as ap-guangzhou',
  }),
  endpoint: address('MPS_ENDPOINT', 'https://mps.tencentcloudapi.com', ({ pathname }) =>
    pathname === '/' ? undefined : 'with a path: the host is enough',
  ),
  storeUrl: text('STORE_URL', {
    fallback: 'sqlite://data/easel.sqlite',
    pattern: /^(sqlite:(\/\/[^?#]+|:memory:)|rediss?:\/\/([^\s/?#]*@)?[^\s/?#@]+(\/\d{0,3})?)$/,
    allowed: 'sqlite://relative/path, sqlite:///absolute/path, or redis://host:6379 (rediss:// with TLS)',
    hint: (url) =>
      /^rediss?:/.test(url) ? 'which is no address of a Redis' : 'which names no database known here',
  }),
  cosBucket: text('COS_BUCKET', {
    fallback: undefined,
    pattern: /^[a-z0-9][a-z0-9-]*-\d{5,}$/,
    allowed: 'a bucket with its APPID, such as pictures-1250000000',
    where: buckets,
    hint: () => 'which does not end in -APPID',
  }),
  cosRegion: text('COS_REGION', {
    fallback: undefined,
    pattern: regionForm,
    allowed: "the bucket's region, such as ap-guangzhou",
    where: buckets,
  }),
  cosOutputDir: text('COS_OUTPUT_DIR', {
    fallback: '/aigc-output/',
    pattern: /^\/([^\s/]+\/)*$/,
    allowed: 'a path that begins and ends with /, such as /aigc-output/',
  }),
  cosEndpoint: address(
    'COS_ENDPOINT',
    'https://pictures-1250000000.cos.ap-guangzhou.myqcloud.com',
    ({ pathname }) => (pathname === '/' ? undefined : 'with a path: the host is enough'),
  ),
  sourceHost: choice('SOURCE_HOST', 'auto', sourceHosts),
  imageEnabled: flag('IMAGE_ENABLED', true),
  imageModel: text('IMAGE_MODEL', {
    fallback: 'hunyuan-3.0',
    pattern: /./,
    allowed: 'an image model, such as hunyuan-3.0',
  }),
  maxImageTasks: integer('MAX_IMAGE_TASKS', { fallback: 2, range: [1, 1000] }),
  videoEnabled: flag('VIDEO_ENABLED', true),
  videoModel: text('VIDEO_MODEL', {
    fallback: 'kling-3.0',
    pattern: /./,
    allowed: 'a video model, such as kling-3.0',
  }),
  videoDuration: integer('VIDEO_DURATION', { fallback: undefined, range: [1, 60], unit: 'seconds' }),
  videoAudio: flag('VIDEO_AUDIO', true),
  maxVideoTasks: integer('MAX_VIDEO_TASKS', { fallback: 1, range: [1, 1000] }),
  additionalParameters: flag('ADDITIONAL_PARAMETERS', false),
  modelsFile: text('MODELS_FILE', {
    fallback: undefined,
    pattern: /./,
    allowed: 'the path of a JSON file such as models.jsonc',
  }),
  extraModels: text('EXTRA_MODELS', {
    fallback: '',
    pattern: /^[^,\s][^,]*(,[^,]*[^,\s][^,]*)*$/,
    allowed: 'ids of models with commas between them, such as hailuo-h3,mj-v8.1',
  }),
  pollIntervalMs: integer('POLL_INTERVAL_MS', { fallback: 5000, range: [50, 60_000], unit: 'milliseconds' }),
  taskTimeout: integer('TASK_TIMEOUT_MINUTES', { fallback: 30, range: [1, 2880], unit: 'minutes' }),
  notifyAfter: integer('NOTIFY_AFTER_SECONDS', { fallback: 90, range: [0, 86_400], unit: 'seconds' }),
  retention: integer('RETENTION_DAYS', {
    fallback: 35,
    range: [32, 3650],
    unit: 'days',
    hint: 'quotas look back over a whole month',
  }),
  shutdown: integer('SHUTDOWN_SECONDS', { fallback: 20, range: [1, 600], unit: 'seconds' }),
  spoolDir: text('SPOOL_DIR', {
    fallback: undefined,
    pattern: /./,
    allowed: 'the path of a folder, such as /var/tmp/easel',
  }),
  ffmpegPath: text('FFMPEG_PATH', {
    fallback: undefined,
    pattern: /^\//,
    allowed: 'the path of the program, beginning with /, such as /usr/bin/ffmpeg',
  }),
  fitConcurrency: integer('FIT_CONCURRENCY', { fallback: 1, range: [1, 16] }),
  provenance: choice('PROVENANCE', 'off', provenances),
  archiveDir: text('ARCHIVE_DIR', {
    fallback: undefined,
    pattern: /./,
    allowed: 'the path of a folder, such as /var/lib/easel/originals',
  }),
  transferConcurrency: integer('TRANSFER_CONCURRENCY', { fallback: 4, range: [1, 64] }),
  transferMemory: integer('TRANSFER_MEMORY_MB', { fallback: 128, range: [32, 65_536], unit: 'MB' }),
  quotaTimeZone: text('QUOTA_TIME_ZONE', {
    fallback: 'UTC',
    pattern: /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/,
    allowed: 'a time zone such as UTC or Asia/Shanghai',
  }),
  operators: text('OPERATOR_USER_IDS', {
    fallback: '',
    pattern: /^\d{17,20}(\s*,\s*\d{17,20})*$/,
    allowed: "Discord users' ids, with commas between them",
    where: 'Discord › Settings › Advanced › Developer Mode, then right-click a person › Copy User ID',
  }),
  allowedGuilds: text('ALLOWED_GUILD_IDS', {
    fallback: '',
    pattern: /^\d{17,20}(\s*,\s*\d{17,20})*$/,
    allowed: "Discord servers' ids, with commas between them",
    where: 'Discord › Settings › Advanced › Developer Mode, then right-click a server › Copy Server ID',
  }),
  dmsEnabled: flag('DMS_ENABLED', true),
  userInstallsEnabled: flag('USER_INSTALLS_ENABLED', true),
  healthPort: integer('HEALTH_PORT', { fallback: undefined, range: [0, 65_535] }),
  healthHost: text('HEALTH_HOST', {
    fallback: '127.0.0.1',
    pattern: /^[A-Za-z0-9.:-]+$/,
    allowed: 'an address of this machine, such as 127.0.0.1 or 0.0.0.0 (all of them)',
  }),
  logPrompts: flag('LOG_PROMPTS', false),
  operatorChannel: text('OPERATOR_CHANNEL_ID', {
    fallback: undefined,
    pattern: /^\d{17,20}$/,
    allowed: "a Discord channel's id",
    where: 'Discord › Settings › Advanced › Developer Mode, then right-click the channel › Copy Channel ID',
  }),
  playground: flag('PLAYGROUND', false),
  logLevel: choice('LOG_LEVEL', 'info', logLevels),
} as const satisfies Record<string, Variable<unknown>>;
