import { invalidValue, missingParameter } from './refusal.js';
import {
  baseByDefault,
  extraSeconds,
  extraVideoResolutions,
  type ImageRule,
  imageResolutions,
  imageRules,
  imageScenes,
  offPeak,
  undocumented,
  type VideoRule,
  videoRules,
  videoScenes,
  watermarked,
  withVideo,
} from './rules.js';
import { type ImageParameters, parseObject, type VideoParameters } from './schema.js';

/**
 * Judges well-typed parameters by the matrix. Throws the `Refusal` of the first thing a model does not take;
 * returns the doubts: what was accepted although the sources say nothing about it.
 */
export function judgeImage(params: ImageParameters): string[] {
  const { ImageInfos: references = [], ExtraParameters: extra = {} } = params;
  if (!params.Prompt && references.length === 0) throw missingParameter('Prompt');
  if ((params.OutputImageCount ?? 1) > 1)
    throw invalidValue('OutputImageCount', params.OutputImageCount, '1');
  const doubts: string[] = [];
  allow('ExtraParameters.Resolution', extra.Resolution, imageResolutions);
  if (extra.Resolution) doubts.push('ExtraParameters.Resolution');
  const rule = ruleOf(imageRules, undocumented.image, params, doubts);
  if (rule) judgeImageByRule(rule, params, doubts);
  judgeScene(imageScenes, params, doubts);
  judgeReferenceTypes(params, doubts);
  return doubts;
}

function judgeImageByRule(rule: ImageRule, params: ImageParameters, doubts: string[]): void {
  const { references, ratios, size: sizes } = rule;
  const { ImageInfos = [], ExtraParameters: extra = {} } = params;
  if (ImageInfos.length > references)
    throw invalidValue('ImageInfos', `${ImageInfos.length} images`, `at most ${references}`);
  allow('ExtraParameters.AspectRatio', extra.AspectRatio, ratios, doubts);
  const { size, ...others } = parseObject(params.AdditionalParameters ?? '{}') ?? {};
  for (const name of Object.keys(others)) doubts.push(`AdditionalParameters.${name}`);
  if (size === undefined) return;
  if (!sizes) doubts.push('AdditionalParameters.size');
  else judgeSize(size, sizes);
}

function judgeSize(size: unknown, { side, pixels }: NonNullable<ImageRule['size']>): void {
  const [, width, height] = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(String(size))?.map(Number) ?? [];
  const refuse = (allowed: string) => invalidValue('AdditionalParameters.size', size, allowed);
  if (!width || !height) throw refuse('WIDTHxHEIGHT');
  const [least, most] = side ?? [1, Number.POSITIVE_INFINITY];
  if (Math.min(width, height) < least || Math.max(width, height) > most)
    throw refuse(`each side ${least} to ${most} pixels`);
  const [fewest, utmost] = pixels;
  if (width * height > utmost || (!side && width * height < fewest))
    throw refuse(`${fewest} to ${utmost} pixels in all`);
}

/** The same for a clip. */
export function judgeVideo(params: VideoParameters): string[] {
  const {
    ModelName: model,
    ImageUrl,
    ImageInfos = [],
    VideoInfos = [],
    ExtraParameters: extra = {},
  } = params;
  if (!params.Prompt && !ImageUrl && ImageInfos.length === 0 && VideoInfos.length === 0)
    throw missingParameter('Prompt');
  const doubts: string[] = [];
  const rule = ruleOf(videoRules, undocumented.video, params, doubts);
  if (rule) judgeVideoByRule(rule, params, doubts);
  judgeScene(videoScenes, params, doubts);
  judgeReferenceTypes(params, doubts);
  if (extra.OffPeak && !offPeak.includes(model))
    throw invalidValue('ExtraParameters.OffPeak', true, `only ${offPeak.join(', ')} takes it`);
  if (extra.LogoAdd && !watermarked.includes(model))
    throw invalidValue('ExtraParameters.LogoAdd', 1, `only ${watermarked.join(', ')} take it`);
  if (extra.EnableBgm) doubts.push('ExtraParameters.EnableBgm');
  if (params.AudioInfos?.length) doubts.push('AudioInfos');
  for (const name of Object.keys(parseObject(params.AdditionalParameters ?? '{}') ?? {}))
    doubts.push(`AdditionalParameters.${name}`);
  return doubts;
}

function judgeVideoByRule(rule: VideoRule, params: VideoParameters, doubts: string[]): void {
  const { Resolution, EnableAudio } = params.ExtraParameters ?? {};
  const references = params.ImageInfos?.length ?? 0;
  const soft = { Duration: extraSeconds[params.ModelName] ?? [], Resolution: extraVideoResolutions };
  allow('Duration', params.Duration, rule.seconds, doubts, soft.Duration);
  allow('ExtraParameters.Resolution', Resolution, rule.resolutions, doubts, soft.Resolution);
  judgeRatio(rule, params, doubts);
  judgeFrames(rule, params, doubts);
  if (references > 0 && rule.references === undefined) doubts.push('ImageInfos');
  else if (references > (rule.references ?? 0))
    throw invalidValue('ImageInfos', `${references} images`, `at most ${rule.references}`);
  if (references > 0 && params.ModelName === 'PixVerse') doubts.push('ImageInfos without Text');
  if (EnableAudio && rule.audio === undefined) doubts.push('ExtraParameters.EnableAudio');
  if (EnableAudio && rule.audio === false)
    throw invalidValue('ExtraParameters.EnableAudio', true, 'this model makes no sound');
  judgeReferenceVideo(params, references, doubts);
}

/** A frame brings its own ratio; so do reference images, but for the models said to take both. */
function judgeRatio(rule: VideoRule, params: VideoParameters, doubts: string[]): void {
  const ratio = params.ExtraParameters?.AspectRatio;
  allow('ExtraParameters.AspectRatio', ratio, rule.ratios, doubts);
  if (!ratio || !rule.ratios) return;
  const refuse = (allowed: string) => invalidValue('ExtraParameters.AspectRatio', ratio, allowed);
  if (params.ImageUrl || params.LastImageUrl) throw refuse('not together with frames');
  if (params.ImageInfos?.length && !rule.ratioWithReferences) throw refuse('only for text-to-video');
}

function judgeFrames({ lastFrame }: VideoRule, params: VideoParameters, doubts: string[]): void {
  if (params.ImageUrl && params.ImageInfos?.length) doubts.push('ImageUrl with ImageInfos');
  if (!params.LastImageUrl) return;
  const refuse = (allowed: string) => invalidValue('LastImageUrl', params.LastImageUrl, allowed);
  if (lastFrame === false) throw refuse('this model takes no last frame');
  if (lastFrame === '1080P' && params.ExtraParameters?.Resolution !== '1080P')
    throw refuse('this model takes a last frame at 1080P only');
  if (!params.ImageUrl) doubts.push('LastImageUrl without ImageUrl');
}

function judgeReferenceVideo(params: VideoParameters, references: number, doubts: string[]): void {
  const { VideoInfos: [video] = [], ModelName, ModelVersion } = params;
  if (!video) return;
  const rule = withVideo[`${ModelName} ${ModelVersion}`];
  if (!rule && !params.SceneType)
    throw invalidValue('VideoInfos', video.VideoUrl, 'this model takes no video');
  if (!rule || (params.VideoInfos?.length ?? 0) > 1) doubts.push('VideoInfos');
  if (references > (rule?.images ?? Number.POSITIVE_INFINITY))
    throw invalidValue('ImageInfos', `${references} images`, `at most ${rule?.images} beside a video`);
  allow('Duration', params.Duration, rule?.seconds, []);
  const base = video.ReferType ? video.ReferType === 'base' : baseByDefault.includes(ModelName);
  if (base && (params.ImageUrl || params.LastImageUrl))
    throw invalidValue('VideoInfos.0.ReferType', 'base', 'a video to edit goes with no frames');
}

interface Named {
  readonly ModelName: string;
  readonly ModelVersion?: string | undefined;
  readonly SceneType?: string | undefined;
  readonly ImageInfos?: readonly { readonly ReferenceType?: string | undefined }[] | undefined;
}

function ruleOf<R>(
  rules: Readonly<Record<string, R>>,
  open: readonly string[],
  named: Named,
  doubts: string[],
) {
  const { ModelName: model, ModelVersion: version } = named;
  const versions = Object.keys(rules).map((key) => key.split(' '));
  if (open.includes(model)) doubts.push('ModelName');
  else allow('ModelName', model, [...new Set(versions.map(([name]) => name))]);
  if (open.includes(model)) return undefined;
  // The API picks "the stable version" when none is named, and no source says which one that is.
  if (version === undefined) doubts.push('ModelVersion');
  allow(
    'ModelVersion',
    version,
    versions.filter(([name]) => name === model).map(([, number]) => number),
  );
  return version === undefined ? undefined : rules[`${model} ${version}`];
}

function judgeScene(
  scenes: Readonly<Record<string, readonly string[]>>,
  named: Named,
  doubts: string[],
): void {
  if (!named.SceneType) return;
  allow('SceneType', named.SceneType, scenes[named.ModelName] ?? ['none with this model']);
  if (scenes !== imageScenes) doubts.push('SceneType');
}

/** A free subject id on Vidu; `asset` and `style` belong to a model that is not offered. */
function judgeReferenceTypes({ ModelName, ImageInfos = [] }: Named, doubts: string[]): void {
  if (ModelName !== 'Vidu' && ImageInfos.some(({ ReferenceType }) => ReferenceType))
    doubts.push('ImageInfos.ReferenceType');
}

/** Throws unless a value, where given, is in a list. An open list is a doubt, and so is a value of the `soft` list. */
function allow<T>(
  path: string,
  value: T | undefined,
  list: readonly T[] | undefined,
  doubts: string[] = [],
  soft: readonly T[] = [],
): void {
  if (value === undefined || list?.includes(value)) return;
  if (!list || soft.includes(value)) doubts.push(path);
  else throw invalidValue(path, value, list.join(', '));
}
