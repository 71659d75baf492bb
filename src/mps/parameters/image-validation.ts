import type { ImageModel } from '../catalogue/catalogue.js';
import type { SizeRule } from '../catalogue/model-rules.js';
import { refusedOption, sizeOf } from '../catalogue/modes.js';
import {
  brokenBound,
  formatSize,
  largestSize,
  parseRatio,
  parseSize,
  usualRatios,
} from '../catalogue/sizes.js';
import type { ImageRequest } from '../generation-request.js';
import { wordsFor } from './final-words.js';
import { checkRatio, type Found } from './findings.js';
import { problem } from './problems.js';

/** Problems of an image request for this model, besides those of any request. */
export function checkImage(request: ImageRequest, model: ImageModel): Found[] {
  const { label } = model;
  const option = refusedOption(model, wordsFor(request, model));
  const hidden = model.publicReferences && request.references?.find(({ url }) => hasQuery(url));
  return [
    checkRatioOfImage(request, model),
    checkSize(request.size, model),
    option !== undefined && problem('prompt.option', { model: label, option }),
    hidden && problem('references.query', { model: label, name: hidden.name }),
    checkSceneAlone(request, model),
  ];
}

/** A signed link isn't public: links of Discord uploads and of Easel's copies are signed. */
function hasQuery(url: string): boolean {
  return url.includes('?');
}

/** A scene made by another version only takes a prompt, as far as documented. */
function checkSceneAlone(
  { scene, references, size, aspectRatio, resolution }: ImageRequest,
  { sceneVersions = {} }: ImageModel,
): Found {
  if (scene === undefined || sceneVersions[scene] === undefined) return undefined;
  const more = references?.length ? references : (size ?? aspectRatio ?? resolution);
  return more !== undefined ? problem('scene.wordsAlone', { asked: scene }) : undefined;
}

function checkRatioOfImage({ aspectRatio: asked, size }: ImageRequest, model: ImageModel): Found {
  if (asked === undefined) return undefined;
  if (!model.size || model.aspectRatios.includes(asked)) return checkRatio(asked, model);
  const sized = sizeOf(model, { aspectRatio: asked });
  if (size !== undefined && sized !== undefined && !areAlike(size, asked))
    return problem('aspectRatio.size', { model: model.label, asked, size, use: sized });
  return sized === undefined ? checkRatio(asked, { ...model, aspectRatios: ratiosFor(model) }) : undefined;
}

/** Ratios to suggest for a model: its own, or the common ones that it can make by a size. */
export function ratiosFor(model: ImageModel): readonly string[] {
  const bySize = usualRatios.filter((aspectRatio) => sizeOf(model, { aspectRatio }) !== undefined);
  return [...new Set([...model.aspectRatios, ...bySize])];
}

/** Sizes come in steps of 16 pixels, so that few have exactly the ratio they are meant for. */
const mostApart = 0.05;

function areAlike(size: string, ratio: string): boolean {
  const { width, height } = parseSize(size) ?? { width: 0, height: 1 };
  return Math.abs(Math.log(width / height / (parseRatio(ratio) ?? 1))) < mostApart;
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
