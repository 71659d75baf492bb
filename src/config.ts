import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cwd, env as processEnvironment } from 'node:process';
import { parseEnv } from 'node:util';
import { nearest } from './config/nearest.js';
import { quotaVariables } from './config/quota.js';
import {
  ConfigError,
  createReader,
  type Environment,
  type Problem,
  type Reader,
  shown,
} from './config/reader.js';
import {
  address,
  choice,
  flag,
  integer,
  optionalSecret,
  secret,
  text,
  type Variable,
} from './config/variables.js';

export { ConfigError, type Environment, type Problem } from './config/reader.js';
export { isLoopback } from './config/variables.js';

/** What the operator chose, validated. Times are in ms, VIDEO_DURATION in seconds. */
export interface Config {
  readonly discord: {
    readonly token: string;
    readonly apiUrl: string;
    /** The operator switched the privileged intent on: replies see other people's pictures. */
    readonly messageContent: boolean;
  };
  readonly mps: {
    readonly endpoint: string;
    readonly region: string;
    readonly secretId: string;
    readonly secretKey: string;
    readonly sessionToken?: string;
  };
  /** Offers MPS's AdditionalParameters as a JSON option, for what has no option of its own. */
  readonly additionalParameters: boolean;
  readonly quota: {
    /** By variable, `QUOTA_GUILD_IMAGES_DAY`; money in currency units. Absent: no limit. */
    readonly ceiling: Readonly<Record<string, number>>;
    /** IANA; where a guild's days and months begin unless it says otherwise. */
    readonly timeZone: string;
  };
  /** Ids of the people who may change a guild's ceiling. */
  readonly operators: readonly string[];
  readonly storeUrl: string;
  readonly cos?: { readonly bucket: string; readonly region: string; readonly outputDir: string };
  /** Where MPS fetches people's images: from Discord, or from `cos`, which is set then. */
  readonly sourceHost: (typeof sourceHosts)[number];
  readonly image: { readonly enabled: boolean; readonly model: string; readonly maxTasks: number };
  readonly video: {
    readonly enabled: boolean;
    readonly model: string;
    readonly duration: number;
    readonly audio: boolean;
    readonly maxTasks: number;
  };
  readonly pollIntervalMs: number;
  readonly taskTimeoutMs: number;
  /** Absent: nobody is told by a message of its own that their task is done. */
  readonly notifyAfterMs?: number;
  readonly retentionMs: number;
  readonly shutdownMs: number;
  readonly logLevel: (typeof logLevels)[number];
}

/** What the catalogue of models says about names and lengths; handed in, since the catalogue stands above this file. */
export interface ModelRules {
  /** `name` is an id or written as people do ("Kling 3.0"). No `durations`: the sources name none. */
  find(
    kind: 'image' | 'video',
    name: string,
  ): { readonly id: string; readonly durations?: readonly number[] } | undefined;
  names(kind: 'image' | 'video'): readonly string[];
  /** Whether there is a time zone of that name. */
  isTimeZone?(name: string): boolean;
  /** What is wrong with the file at MODELS_FILE. */
  readonly problems?: readonly Problem[];
}

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
const sourceHosts = ['discord', 'cos'] as const;
const keys = 'Tencent Cloud console › Access Management › API keys (console.tencentcloud.com/cam/capi)';
const buckets = 'Tencent Cloud console › Cloud Object Storage › Bucket list';
const regionForm = /^[a-z]{2,}(-[a-z0-9]+)+$/;
const day = 24 * 60 * 60_000;

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
    pattern: /^sqlite:(\/\/[^?#]+|:memory:)$/,
    allowed: 'sqlite://relative/path or sqlite:///absolute/path',
    hint: (url) =>
      /^rediss?:/.test(url)
        ? 'which is not there yet: Redis comes later'
        : 'which names no database known here',
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
  sourceHost: choice('SOURCE_HOST', 'discord', sourceHosts),
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
  logLevel: choice('LOG_LEVEL', 'info', logLevels),
} as const satisfies Record<string, Variable<unknown>>;

/**
 * The process's environment, completed by the `.env` file of `directory` when there is one; what is set outside wins.
 * Throws ConfigError where the file is there and cannot be read.
 */
export function readEnvironment(
  directory: string = cwd(),
  outside: Environment = processEnvironment,
): Environment {
  try {
    const file = readFileSync(join(directory, '.env'), 'utf8').replace(/^\uFEFF/, '');
    return { ...parseEnv(file), ...outside };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code === 'ENOENT') return outside;
    const allowed = 'a file that can be read, or none';
    throw new ConfigError([{ variable: '.env', found: code, allowed, where: directory }]);
  }
}

/** The path in MODELS_FILE, relative to the working directory. It is read first: which models there are decides what else is right. */
export function modelsFileOf(env: Environment): string | undefined {
  return createReader(env, []).take(variables.modelsFile);
}

/** Reads and checks every variable; `rules` are the catalogue's. Throws ConfigError with all problems together. */
export function loadConfig(env: Environment, rules: ModelRules): Config {
  const reader = createReader(env, [...Object.values(variables), ...quotaVariables]);
  const { take, refuse } = reader;
  reader.note(rules.problems ?? []);
  // Quoted, say: `modelsFileOf` has no way to complain.
  take(variables.modelsFile);
  const enabled = { image: take(variables.imageEnabled), video: take(variables.videoEnabled) };
  const modelOf = (kind: 'image' | 'video') => takeModel(reader, rules, kind, enabled[kind]);
  const [image, video] = [modelOf('image'), modelOf('video')];
  const sessionToken = take(variables.sessionToken);
  const cos = takeCos(reader);
  const notifyAfter = take(variables.notifyAfter);
  const config: Config = {
    discord: {
      token: take(variables.discordToken),
      apiUrl: take(variables.discordApiUrl),
      messageContent: take(variables.messageContent),
    },
    mps: {
      endpoint: take(variables.endpoint),
      region: take(variables.region),
      secretId: take(variables.secretId),
      secretKey: take(variables.secretKey),
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    additionalParameters: take(variables.additionalParameters),
    quota: { ceiling: takeCeiling(reader), timeZone: takeTimeZone(reader, rules) },
    operators: take(variables.operators)
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
    storeUrl: take(variables.storeUrl),
    ...(cos ? { cos } : {}),
    sourceHost: takeSourceHost(reader),
    image: {
      enabled: enabled.image,
      model: image?.id ?? '',
      maxTasks: take(variables.maxImageTasks),
    },
    video: {
      enabled: enabled.video,
      model: video?.id ?? '',
      duration: takeDuration(reader, video),
      audio: take(variables.videoAudio),
      maxTasks: take(variables.maxVideoTasks),
    },
    pollIntervalMs: take(variables.pollIntervalMs),
    taskTimeoutMs: take(variables.taskTimeout) * 60_000,
    ...(notifyAfter > 0 && { notifyAfterMs: notifyAfter * 1000 }),
    retentionMs: take(variables.retention) * day,
    shutdownMs: take(variables.shutdown) * 1000,
    logLevel: take(variables.logLevel),
  };
  if (!config.image.enabled && !config.video.enabled)
    refuse(variables.imageEnabled, 'false, and VIDEO_ENABLED is false too', 'at least one of the two on');
  reader.finish();
  return frozen(config);
}

type Model = ReturnType<ModelRules['find']>;

/** The catalogue's model of that name; undefined, and noted, where it has none. */
function takeModel(
  { has, take, refuse }: Reader,
  rules: ModelRules,
  kind: 'image' | 'video',
  enabled: boolean,
): Model {
  const variable = kind === 'image' ? variables.imageModel : variables.videoModel;
  const name = take(variable);
  const model = rules.find(kind, name);
  // A default that MODELS_FILE hides matters to nobody where the kind is switched off.
  if (model || (!enabled && !has(variable))) return model;
  const names = rules.names(kind);
  const meant = nearest(name, names, 3);
  const found = `${shown(name)}${has(variable) ? '' : ', by default'}${meant ? `; did you mean ${meant}?` : ''}`;
  const later = rules.problems?.length ? ', or one that MODELS_FILE adds once it is right' : '';
  refuse(variable, found, `${names.join(', ') || 'no model is left on offer: show one'}${later}`);
  return undefined;
}

/** Seconds of a clip when the person names none: what is set, else 5, else the shortest the model takes. */
function takeDuration({ take, refuse }: Reader, model: Model): number {
  const wanted = take(variables.videoDuration);
  const possible = model?.durations ?? [];
  if (possible.length === 0) return wanted ?? 5;
  if (wanted === undefined) return possible.includes(5) ? 5 : Math.min(...possible);
  if (!possible.includes(wanted))
    refuse(
      variables.videoDuration,
      String(wanted),
      `${possible.join(', ')} (seconds that ${model?.id} takes)`,
    );
  return wanted;
}

function takeCeiling({ take }: Reader): Readonly<Record<string, number>> {
  const set = quotaVariables.flatMap((variable) => {
    const value = take(variable);
    return value === undefined ? [] : [[variable.name, value] as const];
  });
  return Object.fromEntries(set);
}

function takeTimeZone({ take, refuse }: Reader, { isTimeZone = () => true }: ModelRules): string {
  const name = take(variables.quotaTimeZone);
  if (!isTimeZone(name)) refuse(variables.quotaTimeZone, shown(name), variables.quotaTimeZone.allowed);
  return name;
}

/** Where results are kept for good, if anywhere: a bucket and its region go together. */
function takeCos({ has, take, refuse }: Reader): Config['cos'] {
  const { cosBucket, cosRegion, cosOutputDir } = variables;
  const [bucket, region, outputDir] = [take(cosBucket), take(cosRegion), take(cosOutputDir)];
  if (has(cosBucket) && !has(cosRegion)) refuse(cosRegion, 'nothing, beside COS_BUCKET', cosRegion.allowed);
  if (has(cosRegion) && !has(cosBucket)) refuse(cosBucket, 'nothing, beside COS_REGION', cosBucket.allowed);
  return bucket && region ? { bucket, region, outputDir } : undefined;
}

function takeSourceHost({ has, take, refuse }: Reader): Config['sourceHost'] {
  const { sourceHost, cosBucket, cosRegion } = variables;
  const host = take(sourceHost);
  // One of the two without the other is a problem of its own.
  if (host === 'cos' && !has(cosBucket) && !has(cosRegion))
    refuse(sourceHost, '"cos", without a bucket', 'discord; or cos, together with COS_BUCKET and COS_REGION');
  return host;
}

function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part);
  return Object.freeze(value);
}
