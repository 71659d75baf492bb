import { day, minute } from '../util/time.js';
import { ConfigError, type Problem } from './config-error.js';
import type { Config, ModelRules } from './config-types.js';
import {
  cosOf,
  type Draft,
  durationOf,
  fitOf,
  limitsOf,
  modelOf,
  requireSharedStore,
  shardsOf,
  sourceHostOf,
  timeZoneOf,
  transferOf,
} from './derived.js';
import { createEnvReader, type Environment, textOf } from './env-reader.js';
import { misspelt } from './spelling.js';
import { type UnknownVariable, unknownVariables } from './unknown-variables.js';
import { allVariables, variables } from './variables.js';

export { ConfigError, type Problem } from './config-error.js';
export type { Config, ModelRules } from './config-types.js';
export { readEnvironment, type StrangeLine, strangeDotenvLines } from './dotenv.js';
export type { Environment } from './env-reader.js';
export type { Shards } from './shard-variables.js';
export type { UnknownVariable } from './unknown-variables.js';
export { isLoopback } from './variable-types.js';
export { variables } from './variables.js';

const readAll = createEnvReader(allVariables);
const { MODELS_FILE, EXTRA_MODELS, EXPERIMENTAL_SCENES, STORE_URL, LOCALES_DIR } = variables;
const readModels = createEnvReader({ MODELS_FILE, EXTRA_MODELS, EXPERIMENTAL_SCENES });
const readLocales = createEnvReader({ LOCALES_DIR });
const readStore = createEnvReader({ STORE_URL });

/** The path in MODELS_FILE, relative to the working directory. It is read first: the other checks depend on which models there are. */
export function modelsFileOf(env: Environment): string | undefined {
  return readModels(env).values.MODELS_FILE;
}

/** The names in EXTRA_MODELS, as written there: as with MODELS_FILE, the catalogue says whether they are right. */
export function extraModelsOf(env: Environment): readonly string[] {
  return readModels(env).values.EXTRA_MODELS;
}

/** The path in LOCALES_DIR, relative to the working directory. It is read first, like MODELS_FILE. */
export function localesDirOf(env: Environment): string | undefined {
  return readLocales(env).values.LOCALES_DIR;
}

/** The names in EXPERIMENTAL_SCENES. */
export function clipScenesOf(env: Environment): readonly string[] {
  return readModels(env).values.EXPERIMENTAL_SCENES;
}

/** STORE_URL, for what needs nothing else. @throws ConfigError */
export function storeUrlOf(env: Environment): string {
  const { values, problems } = readStore(env);
  if (problems.length > 0) throw new ConfigError(problems);
  return values.STORE_URL;
}

/** Variables that look like Easel's and that it does not read. */
export function unknownIn(env: Environment): readonly UnknownVariable[] {
  return unknownVariables(env, Object.keys(allVariables));
}

/**
 * Reads and checks every variable; `rules` are the catalogue's.
 * @throws ConfigError with all problems together.
 */
export function loadConfig(env: Environment, rules: ModelRules): Config {
  const { config, problems } = draftConfig(env, rules);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** The same for a look at what is there: variables with a problem have their default, required ones are empty. */
export function draftConfig(
  env: Environment,
  rules: ModelRules,
): { readonly config: Config; readonly problems: readonly Problem[] } {
  const { values, problems: wrong } = readAll(env);
  const together: Problem[] = [];
  const config = configOf(
    {
      values,
      isSet: (name) => textOf(env, name) !== undefined,
      refuse(name, found, allowed = allVariables[name].allowed) {
        together.push({ variable: name, found, allowed, where: allVariables[name].where });
      },
    },
    env,
    rules,
  );
  const names = Object.keys(allVariables);
  // Without a port HEALTH_HOST means nothing, so a wrong one alone doesn't prevent a start.
  const relevant =
    values.HEALTH_PORT === undefined ? wrong.filter((p) => p.variable !== 'HEALTH_HOST') : wrong;
  const problems = [
    ...misspelt(env, names),
    ...(rules.problems ?? []),
    ...[...relevant, ...together].sort((a, b) => names.indexOf(a.variable) - names.indexOf(b.variable)),
  ];
  return { config: frozen(config), problems };
}

function configOf(draft: Draft, env: Environment, rules: ModelRules): Config {
  const { values, refuse } = draft;
  const [image, video] = [modelOf(draft, rules, 'image'), modelOf(draft, rules, 'video')];
  const cos = cosOf(draft);
  const fit = fitOf(draft, env);
  const config: Config = {
    discord: {
      token: values.DISCORD_TOKEN,
      apiUrl: values.DISCORD_API_URL,
      messageContent: values.MESSAGE_CONTENT_INTENT,
      shards: shardsOf(draft),
    },
    mps: mpsOf(draft),
    additionalParameters: values.ADDITIONAL_PARAMETERS,
    quota: { ceiling: limitsOf(draft), timeZone: timeZoneOf(draft, rules) },
    operators: values.OPERATOR_USER_IDS,
    links: linksOf(draft),
    access: accessOf(draft),
    storeUrl: values.STORE_URL,
    ...(cos && { cos }),
    sourceHost: sourceHostOf(draft),
    image: { enabled: values.IMAGE_ENABLED, model: image?.id ?? '', maxTasks: values.MAX_IMAGE_TASKS },
    video: videoOf(draft, video, fit),
    transfer: transferOf(draft),
    fit,
    provenance: values.PROVENANCE,
    pollIntervalMs: values.POLL_INTERVAL_MS,
    taskTimeoutMs: values.TASK_TIMEOUT_MINUTES * minute,
    retentionMs: values.RETENTION_DAYS * day,
    shutdownMs: values.SHUTDOWN_SECONDS * 1000,
    logPrompts: values.LOG_PROMPTS,
    playground: values.PLAYGROUND,
    logLevel: values.LOG_LEVEL,
    ...optionalOf(draft),
  };
  if (!config.image.enabled && !config.video.enabled)
    refuse('IMAGE_ENABLED', 'false, and VIDEO_ENABLED is false too', 'at least one of the two on');
  requireSharedStore(draft, config.discord.shards);
  return config;
}

function videoOf(
  draft: Draft,
  model: Parameters<typeof durationOf>[1],
  { ffmpeg }: Config['fit'],
): Config['video'] {
  const { values } = draft;
  return {
    enabled: values.VIDEO_ENABLED,
    model: model?.id ?? '',
    duration: durationOf(draft, model),
    audio: values.VIDEO_AUDIO,
    maxTasks: values.MAX_VIDEO_TASKS,
    ...(ffmpeg !== undefined && { extendMaxSeconds: values.EXTEND_MAX_SECONDS }),
    ...(values.EXPERIMENTAL_SCENES.length > 0 && { scenes: values.EXPERIMENTAL_SCENES }),
  };
}

function accessOf({ values }: Draft): Config['access'] {
  return {
    guildIds: values.ALLOWED_GUILD_IDS,
    dms: values.DMS_ENABLED,
    userInstalls: values.USER_INSTALLS_ENABLED,
  };
}

function linksOf({ values }: Draft): Config['links'] {
  const { ABOUT_URL: about, PRIVACY_URL: privacy, TERMS_URL: terms, SUPPORT_URL: support } = values;
  return {
    ...(about !== undefined && { about }),
    ...(privacy !== undefined && { privacy }),
    ...(terms !== undefined && { terms }),
    ...(support !== undefined && { support }),
  };
}

function mpsOf({ values }: Draft): Config['mps'] {
  const sessionToken = values.TENCENTCLOUD_SESSION_TOKEN;
  return {
    endpoint: values.MPS_ENDPOINT,
    region: values.TENCENTCLOUD_REGION,
    secretId: values.TENCENTCLOUD_SECRET_ID,
    secretKey: values.TENCENTCLOUD_SECRET_KEY,
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

/** What is absent unless it is set. */
function optionalOf({
  values,
}: Draft): Pick<Config, 'archiveDir' | 'notifyAfterMs' | 'health' | 'operatorChannelId'> {
  const { ARCHIVE_DIR, NOTIFY_AFTER_SECONDS, HEALTH_PORT, HEALTH_HOST, OPERATOR_CHANNEL_ID } = values;
  return {
    ...(ARCHIVE_DIR !== undefined && { archiveDir: ARCHIVE_DIR }),
    ...(NOTIFY_AFTER_SECONDS > 0 && { notifyAfterMs: NOTIFY_AFTER_SECONDS * 1000 }),
    ...(HEALTH_PORT !== undefined && { health: { port: HEALTH_PORT, host: HEALTH_HOST } }),
    ...(OPERATOR_CHANNEL_ID !== undefined && { operatorChannelId: OPERATOR_CHANNEL_ID }),
  };
}

function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part);
  return Object.freeze(value);
}
