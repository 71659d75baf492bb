import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { capabilitiesOf } from '../store/store-url.js';
import { shown } from './config-error.js';
import type { Config, ModelRules } from './config-types.js';
import type { Environment, ValuesOf } from './env-reader.js';
import { type QuotaName, quotaLimits } from './quota-variables.js';
import type { Shards } from './shard-variables.js';
import { nearest } from './spelling.js';
import type { allVariables } from './variables.js';

/** What was read from the environment, variable by variable; the functions below look at several of them together. */
export interface Draft {
  readonly values: ValuesOf<typeof allVariables>;
  /** Whether the operator set it, right or wrong. */
  isSet(name: keyof typeof allVariables): boolean;
  /** Notes a problem that a single variable's text does not show. @param allowed as for the variable alone, by default. */
  refuse(name: keyof typeof allVariables, found: string, allowed?: string): void;
}

type Model = ReturnType<ModelRules['find']>;

/** The catalogue's model of that name. If it has none, that is noted, and the answer is undefined. */
export function modelOf({ values, isSet, refuse }: Draft, rules: ModelRules, kind: 'image' | 'video'): Model {
  const variable = kind === 'image' ? 'IMAGE_MODEL' : 'VIDEO_MODEL';
  const enabled = kind === 'image' ? values.IMAGE_ENABLED : values.VIDEO_ENABLED;
  const name = values[variable];
  const model = rules.find(kind, name);
  // A default that MODELS_FILE hides doesn't matter if the kind is switched off.
  if (model || (!enabled && !isSet(variable))) return model;
  const names = rules.names(kind);
  const meant = nearest(name, names, 3);
  const found = `${shown(name)}${isSet(variable) ? '' : ', by default'}${meant ? `; did you mean ${meant}?` : ''}`;
  const later = rules.problems?.length ? ', or one that MODELS_FILE adds once it is right' : '';
  refuse(variable, found, `${names.join(', ') || 'no model is left on offer: show one'}${later}`);
  return undefined;
}

/** Seconds of a video if the user names none: what is set, else 5, else the shortest the model takes. */
export function durationOf({ values, refuse }: Draft, model: Model): number {
  const wanted = values.VIDEO_DURATION;
  const possible = model?.durations ?? [];
  if (possible.length === 0) return wanted ?? 5;
  if (wanted === undefined) return possible.includes(5) ? 5 : Math.min(...possible);
  if (!possible.includes(wanted))
    refuse('VIDEO_DURATION', String(wanted), `${possible.join(', ')} (seconds that ${model?.id} takes)`);
  return wanted;
}

/** The operator's limits that are set, by variable. */
export function limitsOf({ values }: Draft): Readonly<Record<string, number>> {
  const set = (Object.keys(quotaLimits) as QuotaName[]).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}

export function timeZoneOf({ values, refuse }: Draft, { isTimeZone = () => true }: ModelRules): string {
  const name = values.QUOTA_TIME_ZONE;
  if (!isTimeZone(name)) refuse('QUOTA_TIME_ZONE', shown(name));
  return name;
}

/** Where results are stored permanently, if anywhere: a bucket and its region go together. */
export function cosOf({ values, isSet, refuse }: Draft): Config['cos'] {
  const {
    COS_BUCKET: bucket,
    COS_REGION: region,
    COS_OUTPUT_DIR: outputDir,
    COS_ENDPOINT: endpoint,
  } = values;
  if (isSet('COS_BUCKET') && !isSet('COS_REGION')) refuse('COS_REGION', 'not set, although COS_BUCKET is');
  if (isSet('COS_REGION') && !isSet('COS_BUCKET')) refuse('COS_BUCKET', 'not set, although COS_REGION is');
  if (isSet('COS_ENDPOINT') && !isSet('COS_BUCKET') && !isSet('COS_REGION'))
    refuse('COS_BUCKET', 'not set, although COS_ENDPOINT is');
  if (!bucket || !region) return undefined;
  return { bucket, region, outputDir, ...(endpoint !== undefined && { endpoint }) };
}

export function transferOf({ values }: Draft): Config['transfer'] {
  const { SPOOL_DIR: spoolDir, TRANSFER_CONCURRENCY: concurrency, TRANSFER_MEMORY_MB: megabytes } = values;
  return { ...(spoolDir !== undefined && { spoolDir }), concurrency, memory: megabytes * 1_000_000 };
}

/** The ffmpeg that FFMPEG_PATH names, else the first on PATH. */
export function fitOf({ values, refuse }: Draft, { PATH = '' }: Environment): Config['fit'] {
  const { FFMPEG_PATH: named, FIT_CONCURRENCY: concurrency } = values;
  if (named !== undefined && !isProgram(named)) refuse('FFMPEG_PATH', `${shown(named)}, which is no program`);
  const onPath = PATH.split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, 'ffmpeg'));
  const ffmpeg = named ?? onPath.find(isProgram);
  return { ...(ffmpeg !== undefined && { ffmpeg }), concurrency };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function sourceHostOf({ values, isSet, refuse }: Draft): Config['sourceHost'] {
  const host = values.SOURCE_HOST;
  // One of the two without the other is a problem of its own.
  if (host === 'cos' && !isSet('COS_BUCKET') && !isSet('COS_REGION'))
    refuse(
      'SOURCE_HOST',
      '"cos", without a bucket',
      'auto or discord; or cos, together with COS_BUCKET and COS_REGION',
    );
  return host;
}

/** The shards, SHARDS of them or SHARD_IDS of SHARD_COUNT; what does not go together is noted. */
export function shardsOf({ values, isSet, refuse }: Draft): Shards {
  const { SHARDS: wanted, SHARD_IDS: ids, SHARD_COUNT: count } = values;
  if (isSet('SHARD_IDS') && !isSet('SHARD_COUNT')) refuse('SHARD_COUNT', 'not set, although SHARD_IDS is');
  if (isSet('SHARD_COUNT') && !isSet('SHARD_IDS')) refuse('SHARD_IDS', 'not set, although SHARD_COUNT is');
  if (isSet('SHARDS') && (isSet('SHARD_IDS') || isSet('SHARD_COUNT')))
    refuse(
      'SHARDS',
      'a value, beside SHARD_IDS and SHARD_COUNT',
      'one way or the other: leave SHARDS out here',
    );
  const last = ids?.at(-1);
  if (last !== undefined && count !== undefined && last >= count)
    refuse('SHARD_IDS', `shard ${last} of SHARD_COUNT ${count}`, `shards from 0 to ${count - 1}`);
  if (ids && count !== undefined) return { ids, count };
  return wanted === 'auto' ? 'auto' : { ids: [...Array(wanted).keys()], count: wanted };
}

/** Refuses a part of the shards beside a store that no other process can share. */
export function requireSharedStore({ values, refuse }: Draft, shards: Shards): void {
  const isWhole = shards === 'auto' || shards.ids.length === shards.count;
  if (isWhole || capabilitiesOf(values.STORE_URL).canShare) return;
  const allowed = 'all of them; or STORE_URL=redis://…, which processes can share';
  refuse('SHARD_IDS', 'a part of the shards, beside an SQLite file', allowed);
}
