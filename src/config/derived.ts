import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Config, ModelRules } from './config-types.js';
import { type Environment, type Reader, shown } from './env-reader.js';
import { quotaVariables } from './quota-variables.js';
import { nearest } from './spelling.js';
import { variables } from './variables.js';

type Model = ReturnType<ModelRules['find']>;

/** The catalogue's model of that name; undefined, and noted, where it has none. */
export function takeModel(
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
export function takeDuration({ take, refuse }: Reader, model: Model): number {
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

export function takeCeiling({ take }: Reader): Readonly<Record<string, number>> {
  const set = quotaVariables.flatMap((variable) => {
    const value = take(variable);
    return value === undefined ? [] : [[variable.name, value] as const];
  });
  return Object.fromEntries(set);
}

export function takeTimeZone({ take, refuse }: Reader, { isTimeZone = () => true }: ModelRules): string {
  const name = take(variables.quotaTimeZone);
  if (!isTimeZone(name)) refuse(variables.quotaTimeZone, shown(name), variables.quotaTimeZone.allowed);
  return name;
}

/** Where results are kept for good, if anywhere: a bucket and its region go together. */
export function takeCos({ has, take, refuse }: Reader): Config['cos'] {
  const { cosBucket, cosRegion, cosOutputDir, cosEndpoint } = variables;
  const [bucket, region, outputDir] = [take(cosBucket), take(cosRegion), take(cosOutputDir)];
  if (has(cosBucket) && !has(cosRegion)) refuse(cosRegion, 'nothing, beside COS_BUCKET', cosRegion.allowed);
  if (has(cosRegion) && !has(cosBucket)) refuse(cosBucket, 'nothing, beside COS_REGION', cosBucket.allowed);
  const endpoint = has(cosEndpoint) ? take(cosEndpoint) : undefined;
  if (endpoint !== undefined && !has(cosBucket) && !has(cosRegion))
    refuse(cosBucket, 'nothing, beside COS_ENDPOINT', cosBucket.allowed);
  if (!bucket || !region) return undefined;
  return { bucket, region, outputDir, ...(endpoint !== undefined && { endpoint }) };
}

export function takeTransfer({ take }: Reader): Config['transfer'] {
  const spoolDir = take(variables.spoolDir);
  return {
    ...(spoolDir !== undefined && { spoolDir }),
    concurrency: take(variables.transferConcurrency),
    memory: take(variables.transferMemory) * 1_000_000,
  };
}

/** The ffmpeg that FFMPEG_PATH names, else the first on PATH. */
export function takeFit({ take, refuse }: Reader, { PATH = '' }: Environment): Config['fit'] {
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

export function takeSourceHost({ has, take, refuse }: Reader): Config['sourceHost'] {
  const { sourceHost, cosBucket, cosRegion } = variables;
  const host = take(sourceHost);
  // One of the two without the other is a problem of its own.
  if (host === 'cos' && !has(cosBucket) && !has(cosRegion))
    refuse(
      sourceHost,
      '"cos", without a bucket',
      'auto or discord; or cos, together with COS_BUCKET and COS_REGION',
    );
  return host;
}
