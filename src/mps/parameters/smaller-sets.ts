import type { Catalogue } from '../catalogue/catalogue.js';
import { picturesOf } from '../catalogue/modes.js';
import {
  type ComparedModel,
  createsOf,
  type GenerationRequest,
  type ImageRequest,
  type SetWish,
} from '../generation-request.js';

/** How many results are expected: a model that always makes four counts four for each Create. */
export function resultsOf(request: GenerationRequest, catalogue: Pick<Catalogue, 'find'>): number {
  return createsOf(request).reduce((sum, { kind, model }) => sum + perCreate(kind, model, catalogue), 0);
}

/** The largest part of an order with at most so many results: fewer by each model, else by fewer models. */
export function withAtMost(
  request: GenerationRequest,
  most: number,
  catalogue: Pick<Catalogue, 'find'>,
): GenerationRequest | undefined {
  const { set } = request;
  if (!set) return undefined;
  const each = modelsOf(request, set).map(({ model }) => perCreate(request.kind, model, catalogue));
  for (let kept = each.length; kept > 0; kept--) {
    const round = each.slice(0, kept).reduce((sum, one) => sum + one, 0);
    const count = Math.min(set.count, Math.floor(most / round));
    if (count > 0) return part(request, set, { kept, count });
  }
  // A single Create is no set, whatever its model makes of it.
  return part(request, set, { kept: 1, count: 1 });
}

/**
 * A part of an order with at most so many of its Creates, all of which are among its first ones: whichever is more,
 * fewer by one more model or all by fewer models.
 * @param creates from 1, and fewer than the order has.
 */
export function withCreates(request: GenerationRequest, creates: number): GenerationRequest | undefined {
  const { set } = request;
  if (!set || creates < 1) return undefined;
  const kept = Math.ceil(creates / set.count);
  const last = creates - (kept - 1) * set.count;
  const isMore = kept * last >= (kept - 1) * set.count;
  return part(request, set, isMore ? { kept, count: last } : { kept: kept - 1, count: set.count });
}

/** The same order with other compared models; one alone is no comparison. */
export function withModels(
  request: GenerationRequest,
  compare: readonly ComparedModel[],
): GenerationRequest | undefined {
  const { set } = request;
  const [first] = compare;
  if (!set || !first) return undefined;
  return part(
    { ...request, model: first.model },
    { ...set, compare },
    { kept: compare.length, count: set.count },
  );
}

/** The same order without a clip that follows. */
export function withoutNext(request: GenerationRequest): GenerationRequest {
  if (request.kind === 'video') return request;
  const { thenAnimate: _next, ...picture } = request;
  return withoutPick(picture);
}

/** The same order, whose user says later which result is to be animated. */
export function withoutPick(request: GenerationRequest): GenerationRequest {
  if (!request.set) return request;
  const { pick: _pick, ...set } = request.set;
  return { ...request, set };
}

function part(
  request: GenerationRequest,
  set: SetWish,
  { kept, count }: { readonly kept: number; readonly count: number },
): GenerationRequest | undefined {
  const compare = modelsOf(request, set).slice(0, kept);
  const { set: _set, ...plain } = request;
  if (compare.length > 1) return { ...plain, set: { ...set, count, compare } };
  const [single] = createsOf({ ...plain, set: { count: 1, compare } });
  if (!single) return undefined;
  const one = { ...single, ...nextOf(plain) };
  const { compare: _compare, ...rest } = set;
  return count > 1 ? { ...one, set: { ...rest, count } } : one;
}

function nextOf(request: GenerationRequest): Pick<ImageRequest, 'thenAnimate'> {
  return request.kind === 'image' && request.thenAnimate ? { thenAnimate: request.thenAnimate } : {};
}

function modelsOf({ model }: GenerationRequest, { compare }: SetWish): readonly ComparedModel[] {
  return compare ?? [{ model }];
}

function perCreate(
  kind: GenerationRequest['kind'],
  name: string,
  catalogue: Pick<Catalogue, 'find'>,
): number {
  const model = catalogue.find(kind, name);
  return model ? picturesOf(model) : 1;
}
