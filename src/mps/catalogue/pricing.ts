import type { GenerationRequest, VideoRequest } from '../generation-request.js';
import type { Catalogue, Model } from './catalogue.js';
import type { Rate } from './model-rules.js';
import { picturesOf, sizeOf, soundOf, usedSeconds } from './modes.js';
import { parseSize, tierOfSize } from './sizes.js';

export interface Price {
  /** In `currency`, exact to a millionth. */
  readonly amount: number;
  /** `CNY` */
  readonly currency: string;
}

/** A clip of 5 s has 5.04, and counts as 5. */
const halfFrame = 0.1;

/** Seconds of a video by a model that sets its own length and tells no one. */
export const unknownSeconds = 5;

/**
 * Expected cost of a request by the operator's prices; undefined if its model has none. Never too low: open choices
 * count at the highest price, and off-peak at the full price, because MODELS_FILE has no other.
 */
export function priceOf(request: GenerationRequest, catalogue: Catalogue): Price | undefined {
  const model = catalogue.find(request.kind, request.model);
  const { currency } = catalogue;
  if (!model?.price || currency === undefined) return undefined;
  const amounts = model.price.filter((rate) => mayApply(rate, request, model)).map(({ amount }) => amount);
  if (amounts.length === 0) return undefined;
  return { amount: rounded(Math.max(...amounts) * unitsOf(request, model)), currency };
}

/**
 * The seconds that a video counts as, in reservations, quotas and prices alike: the nearest whole number, at least
 * one. A video ordered with 5 s has 5.04, one with 7 s of another model 7.29. How MPS bills fractions is not
 * documented; this is the one place that decides it.
 * @param seconds length of the video.
 */
export function billedSeconds(seconds: number): number {
  return Math.max(1, Math.round(seconds));
}

/** The lowest and highest price per image or second of a model. */
export function priceRange({
  price = [],
}: Model): { readonly least: number; readonly most: number } | undefined {
  // Of what is made from scratch: a clip as input costs more on its own.
  const amounts = price.filter(({ clip }) => !clip).map(({ amount }) => amount);
  return amounts.length > 0 ? { least: Math.min(...amounts), most: Math.max(...amounts) } : undefined;
}

function mayApply(rate: Rate, request: GenerationRequest, model: Model): boolean {
  return (
    agree(rate.resolution, tierOf(request, model)) &&
    agree(rate.sound, soundIn(request, model)) &&
    agree(rate.references, Boolean(request.references?.length)) &&
    agree(rate.clip, request.kind === 'video' && Boolean(request.clips?.length))
  );
}

/** The resolution that determines the price; undefined if the request leaves it open. */
function tierOf(request: GenerationRequest, model: Model): string | undefined {
  if (model.kind === 'video') return request.resolution ?? model.defaultResolution;
  const asked = request.kind === 'image' && model.resolutions.length === 0 && sizeOf(model, request);
  const size = asked ? parseSize(asked) : undefined;
  return size ? tierOfSize(size) : request.resolution;
}

/** Whether a video will have sound; undefined if unspecified. */
function soundIn(request: GenerationRequest, model: Model): boolean | undefined {
  if (request.kind === 'image' || model.kind === 'image') return false;
  const sound = soundOf(model, request);
  return sound === 'choice' ? request.audio : sound === 'always';
}

/** Whether both say the same, or one says nothing. */
function agree<T>(one: T | undefined, other: T | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Images, or seconds. */
function unitsOf(request: GenerationRequest, model: Model): number {
  if (request.kind === 'image') return picturesOf(model);
  const usual = model.kind === 'video' ? (model.defaultDuration ?? model.fixedDuration) : undefined;
  return Math.max(request.duration ?? usual ?? unknownSeconds, secondsOfClips(request));
}

/**
 * The longest of the clips that go with an order, in whole seconds: MPS is expected to bill that, or what it makes if
 * it is longer. 0 if there are none, or none has been looked at.
 */
export function secondsOfClips({ clips = [] }: Pick<VideoRequest, 'clips'>): number {
  return Math.max(0, ...clips.map((clip) => Math.ceil((usedSeconds(clip) ?? 0) - halfFrame)));
}

/** Rounds away binary fraction errors: 3 × 0.1 is 0.3. */
function rounded(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}
