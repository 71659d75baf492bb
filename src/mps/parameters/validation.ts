import type { ImageModel, Model, VideoModel } from '../catalogue/catalogue.js';
import { promptLimits, type Rules, sourceRules } from '../catalogue/model-rules.js';
import { linesIn } from '../catalogue/sizes.js';
import type { GenerationRequest, SourceImage } from '../generation-request.js';
import { isClipScene } from './clip-validation.js';
import { wordsFor } from './final-words.js';
import { type Found, found, nearest } from './findings.js';
import { checkImage } from './image-validation.js';
import { type Problem, problem } from './problems.js';
import { checkVideo, resolutionsFor } from './video-validation.js';
import { isVisible } from './visible-text.js';

/**
 * All problems of a request for this model; none if MPS accepts it as `toParameters` writes it. The only judge of
 * combinations: orders, autocomplete, suggestions and upscaling all ask here. Pure, based only on the request's
 * fields, so that it can be compared with an independent reading of the facts.
 * @param model a model of the request's kind.
 */
export function problemsOf(request: GenerationRequest, model: Model): Problem[] {
  const common = checkCommon(request, model);
  if (request.kind === 'image' && model.kind === 'image')
    return found([...common, ...checkImage(request, model)]);
  if (request.kind === 'video' && model.kind === 'video')
    return found([...common, ...checkVideo(request, model)]);
  throw new TypeError(`${model.label} makes no ${request.kind}.`);
}

function checkCommon(request: GenerationRequest, model: Model): Found[] {
  // A reference shows what is in the video, not what happens: the API requires a prompt unless there is a frame.
  const illustrated =
    request.kind === 'image' ? request.references?.length : request.image || request.lastImage;
  return [
    !isVisible(request.prompt) && !illustrated && !hasShots(request) && problem('prompt.missing', {}),
    ...checkLengths(request, model),
    checkResolution(request, model),
    ...checkReferences(request, model),
    ...sourcesOf(request).flatMap((source) => checkSource(source, request.kind)),
    request.watermark && !model.watermark && problem('watermark.none', { model: model.label }),
    checkScene(request.scene, model),
    request.additional !== undefined &&
      !parseObject(request.additional) &&
      problem('additional.malformed', {}),
  ];
}

/** Shots say what happens, each for itself. */
function hasShots(request: GenerationRequest): boolean {
  return request.kind === 'video' && Array.isArray(request.shots) && request.shots.length > 0;
}

/** What is too long with the words of the style and of the server names both, so that the user knows what to shorten. */
function checkLengths(request: GenerationRequest, model: Model): Found[] {
  const { preset, house } = request;
  const max = promptLimitOf(model);
  const words = wordsFor(request, model);
  const [own, length] = [countCharacters(request.prompt), countCharacters(words.prompt)];
  const [ownNegative, negative] = [countCharacters(request.negative ?? ''), countCharacters(words.negative)];
  const over = length - max;
  const withStyle = countCharacters(wordsFor({ ...request, house: '' }, model).prompt);
  const style = preset?.name ?? '';
  return [
    own > max && problem('prompt.tooLong', { length: own, max }),
    preset &&
      own <= max &&
      withStyle > max &&
      problem('prompt.styled.tooLong', { length, max, own, over, style }),
    house !== undefined &&
      withStyle <= max &&
      length > max &&
      problem('prompt.house.tooLong', { length, max, own, over }),
    ownNegative > max && problem('negative.tooLong', { length: ownNegative, max }),
    ownNegative <= max &&
      negative > max &&
      problem('negative.house.tooLong', {
        length: negative,
        max,
        house: countCharacters(house ?? ''),
        over: negative - max,
      }),
  ];
}

/** Code points that a prompt for the model may have. */
export function promptLimitOf({ kind, promptLimit = promptLimits[kind] }: Rules): number {
  return promptLimit;
}

/** The longest prompt that any of the models takes; the usual limit of their kind if there are none. */
export function longestPrompt(kind: GenerationRequest['kind'], models: readonly Model[]): number {
  return models.length > 0 ? Math.max(...models.map(promptLimitOf)) : promptLimits[kind];
}

/** Code points without the blanks around them. */
function countCharacters(text: string): number {
  return [...text.trim()].length;
}

function checkResolution(request: GenerationRequest, model: ImageModel | VideoModel): Found {
  const { resolution: asked } = request;
  const { label, resolutions } = model;
  if (asked === undefined || resolutions.includes(asked)) return undefined;
  const possible = request.kind === 'video' && model.kind === 'video' ? resolutionsFor(request, model) : [];
  const use = nearest(possible.length > 0 ? possible : resolutions, asked, linesIn);
  if (use === undefined) return problem('resolution.none', { model: label });
  return problem('resolution.unsupported', { model: label, asked, allowed: resolutions, use });
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

/** All images of a request, in any role. */
export function sourcesOf(request: GenerationRequest): readonly SourceImage[] {
  const frames = request.kind === 'video' ? [request.image, request.lastImage] : [];
  return [...frames, ...(request.references ?? [])].filter((source) => source !== undefined);
}

function checkSource({ name, type, bytes }: SourceImage, kind: GenerationRequest['kind']): Found[] {
  const { types, maxBytes } = sourceRules[kind];
  const plain = type?.replace('image/', '').replace('jpg', 'jpeg');
  // Until it is inspected (`type`) it is as uploaded: if too large it is scaled down.
  if (plain === undefined) return [];
  return [
    !types.some((known) => known === plain) && problem('source.type', { name, type: plain, allowed: types }),
    bytes !== undefined &&
      bytes >= maxBytes &&
      problem('source.tooLarge', { name, megabytes: Math.ceil(bytes / 100_000) / 10, max: maxBytes / 1e6 }),
  ];
}

function checkScene(asked: string | undefined, rules: Model): Found {
  const { label: model, scenes = [] } = rules;
  if (asked === undefined || scenes.includes(asked)) return undefined;
  if (rules.kind === 'video' && isClipScene(rules, asked)) return undefined;
  if (scenes.length === 0) return problem('scene.none', { model, asked });
  return problem('scene.unsupported', { model, asked, allowed: scenes });
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
