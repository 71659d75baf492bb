import type { Catalogue } from '../catalogue/catalogue.js';
import { type ComparedModel, createsOf, type GenerationRequest } from '../generation-request.js';
import { type Fix, fixesOf } from './fixes.js';
import { toParameters } from './parameters.js';
import { withModels } from './smaller-sets.js';

/** What could be ordered instead of a comparison that one of its models can't take. */
export interface ComparedFixes {
  /** What these models don't take is left out for them, or the nearest value is used there. */
  readonly adapted?: Fix;
  /** The comparison without the models that can't take it. */
  readonly fewer?: { readonly request: GenerationRequest; readonly dropped: number };
}

/** Fixes of a comparison; none if every model takes it as it is, or if only the user can put it right. */
export function comparedFixesOf(request: GenerationRequest, catalogue: Catalogue): ComparedFixes {
  const compare = request.set?.compare;
  if (!compare) return {};
  const judged = compare.map((one) => judge(request, one, catalogue));
  const sound = judged.flatMap(({ one, isSound }) => (isSound ? [one] : []));
  const dropped = compare.length - sound.length;
  if (dropped === 0) return {};
  const adapted = adaptedBy(request, judged);
  const fewer = withModels(request, sound);
  return { ...(adapted && { adapted }), ...(fewer && { fewer: { request: fewer, dropped } }) };
}

/**
 * A comparison in which models that can't take it are adapted as they were in the earlier one that it was made of, so
 * that what was accepted there need not be accepted again. What was changed since is.
 */
export function adaptedAs(
  request: GenerationRequest,
  before: GenerationRequest | undefined,
  catalogue: Catalogue,
): GenerationRequest {
  const { set } = request;
  const entries = before?.set?.compare;
  if (!set?.compare || !entries) return request;
  const compare = set.compare.map((one) => {
    const other = entries.find(({ model }) => model === one.model);
    if (!other || !isAlike(request, before, other) || isTaken(createOf(request, one), catalogue)) return one;
    const merged = { ...one, ...other, ...(one.use && { use: { ...other.use, ...one.use } }) };
    return isTaken(createOf(request, merged), catalogue) ? merged : one;
  });
  return { ...request, set: { ...set, compare } };
}

/** Whether two requests say the same about what a model leaves out or replaces. */
function isAlike(
  request: GenerationRequest,
  before: GenerationRequest,
  { without = [], use = {} }: ComparedModel,
): boolean {
  const said = (one: GenerationRequest) =>
    JSON.stringify(
      Object.entries(one)
        .filter(([option]) => adapted.has(option))
        .sort(byName),
    );
  const adapted = new Set<string>([...without, ...Object.keys(use)]);
  return said(request) === said(before);
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

interface Judged {
  readonly one: ComparedModel;
  readonly isSound: boolean;
  /** How it could take the request; absent if it takes it, or can't. */
  readonly adapted?: { readonly one: ComparedModel; readonly uses: Fix['uses'] };
}

function judge(request: GenerationRequest, one: ComparedModel, catalogue: Catalogue): Judged {
  const create = createOf(request, one);
  if (isTaken(create, catalogue)) return { one, isSound: true };
  const isKnown = catalogue.find(create.kind, create.model) !== undefined;
  const fix = fixesOf(create, catalogue).find(({ request: { model } }) => !isKnown || model === create.model);
  const entry = fix && entryFor(createOf(request, { model: one.model }), fix.request);
  return { one, isSound: false, ...(fix && entry && { adapted: { one: entry, uses: fix.uses } }) };
}

function createOf(request: GenerationRequest, one: ComparedModel): GenerationRequest {
  const [create] = createsOf({ ...request, set: { count: 1, compare: [one] } });
  if (!create) throw new RangeError('A model makes one result at least.');
  return create;
}

function isTaken(create: GenerationRequest, catalogue: Catalogue): boolean {
  return toParameters(create, catalogue).ok;
}

function adaptedBy(request: GenerationRequest, judged: readonly Judged[]): Fix | undefined {
  const entries = judged.flatMap(({ one, isSound, adapted }) => adapted?.one ?? (isSound ? one : []));
  const isWhole = new Set(entries.map(({ model }) => model)).size === judged.length;
  const fixed = isWhole ? withModels(request, entries) : undefined;
  const uses = judged.flatMap(({ adapted }) => adapted?.uses ?? []);
  return fixed && { request: fixed, uses: onePerValue(uses) };
}

function onePerValue(uses: Fix['uses']): Fix['uses'] {
  return [...new Map(uses.map((use) => [JSON.stringify(use), use])).values()];
}

const replaceable = ['aspectRatio', 'resolution', 'size', 'duration'] as const;

/** How a model has to be named in a comparison so that its Create is the fixed one; undefined if it can't be. */
function entryFor(plain: GenerationRequest, fixed: GenerationRequest): ComparedModel | undefined {
  const [before, after] = [{ ...plain }, { ...fixed }] as Record<string, unknown>[];
  if (!before || !after) return undefined;
  const without = Object.keys(before).filter((option) => after[option] === undefined);
  const other = Object.keys(after).filter(
    (option) => option !== 'model' && after[option] !== undefined && after[option] !== before[option],
  );
  if (other.some((option) => !replaceable.some((one) => one === option))) return undefined;
  const use = Object.fromEntries(other.map((option) => [option, after[option]]));
  return {
    model: fixed.model,
    ...(without.length > 0 && { without: without as NonNullable<ComparedModel['without']> }),
    ...(other.length > 0 && { use }),
  };
}
