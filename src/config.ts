import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { type logLevels, type provenances, type sourceHosts, variables } from './config/list.js';
import { nearest } from './config/nearest.js';
import { quotaVariables } from './config/quota.js';
import { createReader, type Environment, type Problem, type Reader, shown } from './config/reader.js';
import { requireSharedStore, type Shards, shardVariables, takeShards } from './config/shards.js';

export { readEnvironment } from './config/environment.js';
export { variables } from './config/list.js';
export { ConfigError, type Environment, type Problem } from './config/reader.js';
export type { Shards } from './config/shards.js';
export { isLoopback } from './config/variables.js';

/** What the operator chose, validated. Times are in ms, VIDEO_DURATION in seconds. */
export interface Config {
  readonly discord: {
    readonly token: string;
    readonly apiUrl: string;
    /** The operator switched the privileged intent on: replies see other people's pictures. */
    readonly messageContent: boolean;
    readonly shards: Shards;
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
  /** How files travel. */
  readonly transfer: {
    /** Where they lie on the way; a folder of Easel's own in the system's temporary one where it is not set. */
    readonly spoolDir?: string;
    /** Downloads at once, and uploads at once. */
    readonly concurrency: number;
    /** What uploads and pictures being made smaller may take together, bytes. */
    readonly memory: number;
  };
  /** What is written into files about how they were made, unless a guild says otherwise. */
  readonly provenance: (typeof provenances)[number];
  /** Where originals are kept on this machine's disk; absent: nowhere. */
  readonly archiveDir?: string;
  /** How results are made small enough for Discord. */
  readonly fit: {
    /** Path of the program; without it clips cannot be made smaller. */
    readonly ffmpeg?: string;
    /** Clips at once, and pictures at once. */
    readonly concurrency: number;
  };
  readonly pollIntervalMs: number;
  readonly taskTimeoutMs: number;
  /** Absent: nobody is told by a message of its own that their task is done. */
  readonly notifyAfterMs?: number;
  readonly retentionMs: number;
  readonly shutdownMs: number;
  /** Where health can be asked for; absent: nowhere. */
  readonly health?: { readonly port: number; readonly host: string };
  /** What people ask for is written into the log. */
  readonly logPrompts: boolean;
  /** Where the operator is told of what only they can put right; absent: nowhere but in the log. */
  readonly operatorChannelId?: string;
  /** The playground looks on: what is going on can be asked for in detail. */
  readonly playground: boolean;
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

const day = 24 * 60 * 60_000;

/** The path in MODELS_FILE, relative to the working directory. It is read first: which models there are decides what else is right. */
export function modelsFileOf(env: Environment): string | undefined {
  return createReader(env, []).take(variables.modelsFile);
}

/** STORE_URL, for what needs nothing else. @throws ConfigError */
export function storeUrlOf(env: Environment): string {
  const reader = createReader(env, []);
  const url = reader.take(variables.storeUrl);
  reader.finish();
  return url;
}

/** Reads and checks every variable; `rules` are the catalogue's. Throws ConfigError with all problems together. */
export function loadConfig(env: Environment, rules: ModelRules): Config {
  const reader = createReader(env, [
    ...Object.values(variables),
    ...Object.values(shardVariables),
    ...quotaVariables,
  ]);
  const { take, refuse } = reader;
  reader.note(rules.problems ?? []);
  // Quoted, say: `modelsFileOf` has no way to complain.
  take(variables.modelsFile);
  const enabled = { image: take(variables.imageEnabled), video: take(variables.videoEnabled) };
  const modelOf = (kind: 'image' | 'video') => takeModel(reader, rules, kind, enabled[kind]);
  const [image, video] = [modelOf('image'), modelOf('video')];
  const sessionToken = take(variables.sessionToken);
  const cos = takeCos(reader);
  const archiveDir = take(variables.archiveDir);
  const notifyAfter = take(variables.notifyAfter);
  const healthPort = take(variables.healthPort);
  const operatorChannel = take(variables.operatorChannel);
  const config: Config = {
    discord: {
      token: take(variables.discordToken),
      apiUrl: take(variables.discordApiUrl),
      messageContent: take(variables.messageContent),
      shards: takeShards(reader),
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
    transfer: takeTransfer(reader),
    fit: takeFit(reader, env),
    provenance: take(variables.provenance),
    ...(archiveDir !== undefined && { archiveDir }),
    pollIntervalMs: take(variables.pollIntervalMs),
    taskTimeoutMs: take(variables.taskTimeout) * 60_000,
    ...(notifyAfter > 0 && { notifyAfterMs: notifyAfter * 1000 }),
    retentionMs: take(variables.retention) * day,
    shutdownMs: take(variables.shutdown) * 1000,
    ...(healthPort !== undefined && { health: { port: healthPort, host: take(variables.healthHost) } }),
    logPrompts: take(variables.logPrompts),
    ...(operatorChannel !== undefined && { operatorChannelId: operatorChannel }),
    playground: take(variables.playground),
    logLevel: take(variables.logLevel),
  };
  if (!config.image.enabled && !config.video.enabled)
    refuse(variables.imageEnabled, 'false, and VIDEO_ENABLED is false too', 'at least one of the two on');
  requireSharedStore(reader, config.discord.shards, config.storeUrl);
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

function takeTransfer({ take }: Reader): Config['transfer'] {
  const spoolDir = take(variables.spoolDir);
  return {
    ...(spoolDir !== undefined && { spoolDir }),
    concurrency: take(variables.transferConcurrency),
    memory: take(variables.transferMemory) * 1_000_000,
  };
}

/** The ffmpeg that FFMPEG_PATH names, else the first on PATH. */
function takeFit({ take, refuse }: Reader, { PATH = '' }: Environment): Config['fit'] {
  const named = take(variables.ffmpegPath);
  if (named !== undefined && !isProgram(named))
    refuse(variables.ffmpegPath, `${shown(named)}, which is no program`, variables.ffmpegPath.allowed);
  const onPath = PATH.split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, 'ffmpeg'));
  const ffmpeg = named ?? onPath.find(isProgram);
  return { ...(ffmpeg !== undefined && { ffmpeg }), concurrency: take(variables.fitConcurrency) };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
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
