import type { GenerationRequest } from './generation.js';
import type { Rate } from './model.js';
import type { Catalogue, Model } from './models.js';

export interface Price {
  /** In `currency`, exact to a millionth. */
  readonly amount: number;
  /** `CNY` */
  readonly currency: string;
}

/** Seconds of a clip by a model that sets its own length and tells nobody. */
const unknownSeconds = 5;

/**
 * What a request will cost by the operator's prices; undefined where they name none for its model. Never too little: what
 * the request leaves open counts at its dearest, and off-peak at the full price, since MODELS_FILE knows no other.
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
 * The seconds that a clip counts as, in reservations, quotas and prices alike: the nearest whole number, at least one. A
 * clip ordered with 5 s has 5.04, one with 7 s of another model 7.29. How MPS bills fractions is not documented; this is
 * the one place that decides it.
 * @param seconds length of the clip.
 */
export function billedSeconds(seconds: number): number {
  return Math.max(1, Math.round(seconds));
}

/** The cheapest and the dearest picture or second of a model. */
export function priceRange({
  price = [],
}: Model): { readonly least: number; readonly most: number } | undefined {
  const amounts = price.map(({ amount }) => amount);
  return amounts.length > 0 ? { least: Math.min(...amounts), most: Math.max(...amounts) } : undefined;
}

function mayApply(rate: Rate, request: GenerationRequest, model: Model): boolean {
  const usual = model.kind === 'video' ? model.defaultResolution : undefined;
  const resolution = request.resolution ?? usual;
  const sound = request.kind === 'video' && model.kind === 'video' && model.audio ? request.audio : false;
  return agree(rate.resolution, resolution) && agree(rate.sound, sound);
}

/** Whether both say the same, or one says nothing. */
function agree<T>(one: T | undefined, other: T | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Pictures, or seconds. */
function unitsOf(request: GenerationRequest, model: Model): number {
  if (request.kind === 'image') return 1;
  const usual = model.kind === 'video' ? model.defaultDuration : undefined;
  return request.duration ?? usual ?? unknownSeconds;
}

/** Without the dust of binary fractions: 3 × 0.1 is 0.3. */
function rounded(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}
