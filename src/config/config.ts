import type { Config, ModelRules } from './config-types.js';
import {
  takeCeiling,
  takeCos,
  takeDuration,
  takeFit,
  takeModel,
  takeSourceHost,
  takeTimeZone,
  takeTransfer,
} from './derived.js';
import { createReader, type Environment } from './env-reader.js';
import { quotaVariables } from './quota-variables.js';
import { requireSharedStore, shardVariables, takeShards } from './shard-variables.js';
import { variables } from './variables.js';

export type { Config, ModelRules } from './config-types.js';
export { readEnvironment } from './dotenv.js';
export { ConfigError, type Environment, type Problem } from './env-reader.js';
export type { Shards } from './shard-variables.js';
export { isLoopback } from './variable-types.js';
export { variables } from './variables.js';

const day = 24 * 60 * 60_000;

/** The path in MODELS_FILE, relative to the working directory. It is read first: which models there are decides what else is right. */
export function modelsFileOf(env: Environment): string | undefined {
  return createReader(env, []).take(variables.modelsFile);
}

/** The names in EXTRA_MODELS, as they are written there: as with MODELS_FILE, the catalogue says whether they are right. */
export function extraModelsOf(env: Environment): readonly string[] {
  const names = createReader(env, []).take(variables.extraModels).split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
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
  // Quoted, say: `modelsFileOf` and `extraModelsOf` have no way to complain.
  take(variables.modelsFile);
  take(variables.extraModels);
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
    operators: idsIn(take(variables.operators)),
    access: {
      guildIds: idsIn(take(variables.allowedGuilds)),
      dms: take(variables.dmsEnabled),
      userInstalls: take(variables.userInstallsEnabled),
    },
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

function idsIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part);
  return Object.freeze(value);
}
