import type { Catalogue, ImageModel, Model } from '../catalogue/catalogue.js';
import { formatSize, largestSize, linesIn, parseSize } from '../catalogue/sizes.js';
import type { GenerationRequest, SourceImage } from '../generation-request.js';
import { problemsOf } from './validation.js';

/** A higher resolution or size in which a result can be made. */
export type Sharper = { readonly resolution: string } | { readonly size: string };

/** A size is worth another order if it has at least half as many pixels more. */
const worthwhile = 1.5;
/**
 * No source documents the resolution of an image if none was requested. Such models make about a megapixel: only
 * something above 1080P is certainly more.
 */
const usualOfPictures = '1080P';
/** Placeholder for the result. */
const pictureOfItself = { url: 'https://mps.invalid/picture', name: 'picture' } as const;

/**
 * The next step up from what was asked for; undefined if the model has none.
 *
 * MPS has no action that enlarges a result, and no seed that would make a model repeat one
 * (docs/mps-api.md#where-the-guide-and-the-api-differ), but it has resolutions. So an image is generated again at a
 * higher one with itself as the reference, on models that take one; and a video is generated again from the same
 * order.
 */
export function sharperThan(
  request: GenerationRequest,
  catalogue: Pick<Catalogue, 'find'>,
): Sharper | undefined {
  const model = catalogue.find(request.kind, request.model);
  if (!model) return undefined;
  return stepsAbove(request, model).find(
    (step) => problemsOf(sharpened(request, step, pictureOfItself), model).length === 0,
  );
}

/** All higher resolutions or sizes, the next step first; the model may not accept each with the other options. */
function stepsAbove(request: GenerationRequest, model: Model): readonly Sharper[] {
  if (model.kind === 'video') return resolutionsAbove(model, request.resolution ?? model.defaultResolution);
  // It isn't documented what a scene does with its own result.
  if (request.kind === 'video' || request.scene !== undefined) return [];
  if (request.size !== undefined) return sizesAbove(model, request.size);
  return resolutionsAbove(model, request.resolution ?? usualOfPictures);
}

/**
 * The order for it.
 * @param image the result, for an image; a video needs none.
 */
export function sharpened(
  request: GenerationRequest,
  sharper: Sharper,
  picture?: SourceImage,
): GenerationRequest {
  if (request.kind === 'video') return { ...request, ...sharper };
  // The image already reflects its references, and its follow-up video needn't be made again. And MPS must not
  // rewrite the prompt again.
  const { thenAnimate: _made, ...alone } = request;
  return { ...alone, ...sharper, enhance: false, ...(picture && { references: [picture] }) };
}

function resolutionsAbove({ resolutions }: Model, present: string | undefined): readonly Sharper[] {
  if (present === undefined) return [];
  const above = resolutions.filter((one) => linesIn(one) > linesIn(present));
  return above.map((resolution) => ({ resolution }));
}

/** As large as the model makes it in this shape. */
function sizesAbove({ size: rule }: ImageModel, present: string): readonly Sharper[] {
  const has = parseSize(present);
  const most = rule && has && largestSize(has.width / has.height, rule);
  if (!most || most.width * most.height < worthwhile * has.width * has.height) return [];
  return [{ size: formatSize(most) }];
}

/** For display: `4K`, `1024x1024`. */
export function nameOf(sharper: Sharper): string {
  return 'size' in sharper ? sharper.size : sharper.resolution;
}
