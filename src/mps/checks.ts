import type { GenerationRequest, ImageRequest, SourceImage, VideoRequest } from './generation.js';
import { promptLimits, type SizeRule, sourceRules } from './model.js';
import { compactDurations, type ImageModel, type Model, type VideoModel } from './models.js';
import { type Problem, problem } from './problems.js';
import { brokenBound, formatSize, largestSize, linesIn, parseRatio, parseSize } from './sizes.js';

type Found = Problem | false | undefined;

/** What is wrong with a picture's request for this model. */
export function checkImage(request: ImageRequest, model: ImageModel): Problem[] {
  const illustrated = Boolean(request.references?.length);
  return found([
    ...checkCommon(request, model, illustrated),
    checkRatioOfImage(request, model),
    checkSize(request.size, model),
  ]);
}

/** What is wrong with a clip's request for this model. */
export function checkVideo(request: VideoRequest, model: VideoModel): Problem[] {
  // A reference shows what is in the clip, not what happens: the API asks for a prompt unless there is a frame.
  return found([
    ...checkCommon(request, model, Boolean(request.image)),
    checkDuration(request.duration, model),
    checkRatioOfVideo(request, model),
    ...checkFrames(request, model),
    request.audio && !model.audio && problem('audio.none', { model: model.label }),
    request.music && !model.music && problem('music.none', { model: model.label }),
    request.offPeak && !model.offPeak && problem('offPeak.none', { model: model.label }),
  ]);
}

function found(results: readonly Found[]): Problem[] {
  return results.filter((result) => typeof result === 'object');
}

function checkCommon(request: GenerationRequest, model: Model, illustrated: boolean): Found[] {
  const max = promptLimits[request.kind];
  const length = countCharacters(request.prompt);
  const negative = countCharacters(request.negative ?? '');
  return [
    length === 0 && !illustrated && problem('prompt.missing', {}),
    length > max && problem('prompt.tooLong', { length, max }),
    negative > max && problem('negative.tooLong', { length: negative, max }),
    checkResolution(request.resolution, model),
    ...checkReferences(request, model),
    ...sourcesOf(request).flatMap((source) => checkSource(source, request.kind)),
    request.watermark && !model.watermark && problem('watermark.none', { model: model.label }),
    checkScene(request.scene, model),
    request.additional !== undefined &&
      !parseObject(request.additional) &&
      problem('additional.malformed', {}),
  ];
}

/** Code points without the blanks around them. */
function countCharacters(text: string): number {
  return [...text.trim()].length;
}

function checkResolution(asked: string | undefined, { label, resolutions }: Model): Found {
  if (asked === undefined || resolutions.includes(asked)) return undefined;
  const use = nearest(resolutions, asked, linesIn);
  if (use === undefined) return problem('resolution.none', { model: label });
  return problem('resolution.unsupported', { model: label, asked, allowed: resolutions, use });
}

function checkDuration(asked: number | undefined, { label, durations }: VideoModel): Found {
  if (asked === undefined || durations.includes(asked)) return undefined;
  const use = nearest(durations, asked, (seconds) => seconds);
  if (use === undefined) return problem('duration.none', { model: label });
  const allowed = compactDurations(durations);
  return problem('duration.unsupported', { model: label, asked, allowed, use });
}

function checkRatioOfImage({ aspectRatio: asked, size }: ImageRequest, model: ImageModel): Found {
  if (asked === undefined) return undefined;
  const ratio = parseRatio(asked);
  const best = model.size && !size && ratio && largestSize(ratio, model.size);
  if (best) return problem('aspectRatio.size', { model: model.label, asked, use: formatSize(best) });
  return checkRatio(asked, model);
}

function checkRatioOfVideo(request: VideoRequest, model: VideoModel): Found {
  const { aspectRatio: asked, image, references } = request;
  if (asked === undefined) return undefined;
  const unsupported = checkRatio(asked, model);
  if (unsupported) return unsupported;
  if (image) return problem('aspectRatio.withImage', { model: model.label });
  if (!references?.length || model.ratioWithReferences) return undefined;
  return problem('aspectRatio.withReferences', { model: model.label });
}

function checkRatio(asked: string, { label, aspectRatios }: Model): Found {
  if (aspectRatios.includes(asked)) return undefined;
  const use = nearest(aspectRatios, asked, (text) => Math.log(parseRatio(text) ?? 1));
  if (use === undefined) return problem('aspectRatio.none', { model: label });
  return problem('aspectRatio.unsupported', { model: label, asked, allowed: aspectRatios, use });
}

function checkSize(asked: string | undefined, { label: model, size: rule }: ImageModel): Found {
  if (asked === undefined) return undefined;
  if (!rule) return problem('size.none', { model });
  const size = parseSize(asked);
  if (!size) return problem('size.malformed', { asked, use: bestSize(1, rule) });
  const broken = brokenBound(size, rule);
  const use = bestSize(size.width / size.height || 1, rule);
  const { minSide = 1, maxSide = 'any', minPixels = 1, maxPixels } = rule;
  if (broken === 'sides') return problem('size.sides', { model, asked, min: minSide, max: maxSide, use });
  return broken && problem('size.pixels', { model, asked, min: minPixels, max: maxPixels, use });
}

function bestSize(ratio: number, rule: SizeRule): string {
  const size = largestSize(ratio, rule) ?? largestSize(1, rule);
  return size ? formatSize(size) : '';
}

function checkReferences({ references = [] }: GenerationRequest, model: Model): Found[] {
  const { label, references: max } = model;
  const asked = references.length;
  return [
    asked > 0 && max === 0 && problem('references.none', { model: label }),
    asked > max && max > 0 && problem('references.tooMany', { model: label, asked, max }),
    !model.subjects &&
      references.some(({ subject }) => subject) &&
      problem('references.subject', { model: label }),
  ];
}

function checkFrames(request: VideoRequest, model: VideoModel): Found[] {
  const { image, lastImage, references, resolution } = request;
  const together = Boolean((image || lastImage) && references?.length);
  const mute = !lastImage || model.lastFrame === 'yes';
  return [
    together && !model.framesWithReferences && problem('references.withFrame', { model: model.label }),
    lastImage && !image && problem('lastImage.alone', {}),
    !mute && model.lastFrame === 'no' && problem('lastImage.none', { model: model.label }),
    // Not chosen for the person: 1080P costs more than what is made by default.
    !mute &&
      model.lastFrame === 'at-1080P' &&
      resolution !== '1080P' &&
      problem('lastImage.resolution', { model: model.label, use: '1080P' }),
  ];
}

function sourcesOf(request: GenerationRequest): readonly SourceImage[] {
  const frames = request.kind === 'video' ? [request.image, request.lastImage] : [];
  return [...frames, ...(request.references ?? [])].filter((source) => source !== undefined);
}

function checkSource({ name, type, bytes }: SourceImage, kind: GenerationRequest['kind']): Found[] {
  const { types, maxBytes } = sourceRules[kind];
  const plain = type?.replace('image/', '').replace('jpg', 'jpeg');
  return [
    plain !== undefined &&
      !types.some((known) => known === plain) &&
      problem('source.type', { name, type: plain, allowed: types }),
    // What nobody has looked into yet may still be made smaller.
    plain !== undefined &&
      // Before anybody looked at it (`type`), it is as it was uploaded: what is too large then is scaled down.
      plain !== undefined &&
      bytes !== undefined &&
      bytes >= maxBytes &&
      problem('source.tooLarge', { name, megabytes: Math.ceil(bytes / 100_000) / 10, max: maxBytes / 1e6 }),
  ];
}

function checkScene(asked: string | undefined, { label: model, scenes = [] }: Model): Found {
  if (asked === undefined || scenes.includes(asked)) return undefined;
  if (scenes.length === 0) return problem('scene.none', { model, asked });
  return problem('scene.unsupported', { model, asked, allowed: scenes });
}

/** The member of `list` whose measure is closest to that of `asked`; the smaller of two. */
function nearest<T>(list: readonly T[], asked: T, measure: (item: T) => number): T | undefined {
  const distance = (item: T) => Math.abs(measure(item) - measure(asked)) || 0;
  return [...list].sort((a, b) => distance(a) - distance(b))[0];
}

/** A JSON object, read from its text. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
