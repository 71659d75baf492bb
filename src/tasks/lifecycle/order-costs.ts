import { type Sentence, UserError } from '../../errors.js';
import type { Catalogue, Model } from '../../mps/catalogue/catalogue.js';
import { picturesOf } from '../../mps/catalogue/modes.js';
import { priceOf, secondsOfClips, unknownSeconds } from '../../mps/catalogue/pricing.js';
import {
  createsOf,
  type GenerationRequest,
  type Kind,
  type SetWish,
  type VideoRequest,
} from '../../mps/generation-request.js';
import {
  type CreateParameters,
  type ParametersContext,
  toParameters,
} from '../../mps/parameters/parameters.js';
import type { Problem } from '../../mps/parameters/problems.js';
import { toMicros } from '../../quota/measures.js';
import { animated } from '../ledger/order-parts.js';
import type { Task, TaskSet } from '../model/task.js';
import { plainOf, resultsFor } from '../model/task-set.js';
import { requireRoom } from './extending/require-room.js';
import { WithdrawnError } from './failure-mapping.js';

interface Deps {
  readonly catalogue: Catalogue;
  readonly enabled: Readonly<Record<Kind, boolean>>;
  /** ADDITIONAL_PARAMETERS. */
  readonly additional: boolean;
  /** Defaults for omitted options: VIDEO_DURATION and VIDEO_AUDIO. */
  readonly defaults: NonNullable<ParametersContext['defaults']>;
  /** Longest clip that parts are joined to, seconds; absent: clips can't be extended. */
  readonly extendMaxSeconds?: number | undefined;
}

interface Where {
  /** Models that may be suggested to the user. */
  readonly offered: Catalogue;
  /** Most results of one order there. */
  readonly mostResults: number;
}

/** What the first task of a valid order is, and what the others cost. */
export type Placed = Pick<Task, 'request' | 'cost' | 'nextCost' | 'set'>;

/** Most results of one order, whatever a server allows: an answer takes ten files, and a clip is a large one. */
const mostResultsOf = { image: 9, video: 3 } as const satisfies Record<Kind, number>;
/** Placeholder for the first image of a video, while it isn't painted yet. */
const pictureToCome = { url: 'https://mps.invalid/picture', name: 'picture' } as const;

/**
 * Checks an order whole: every Create of it, how many results there are, and the clip that follows.
 * @throws UserError with all problems of an invalid one; those of a compared model say whose they are.
 */
export function createOrderCosts(deps: Deps) {
  const { enabled } = deps;

  /** The same for the follow-up video. */
  function costOfNext(request: GenerationRequest, offered: Catalogue): Task['cost'] | undefined {
    if (request.kind !== 'image' || !request.thenAnimate) return undefined;
    try {
      return costFor(deps, { ...request.thenAnimate, image: pictureToCome }, offered);
    } catch (error) {
      if (!(error instanceof UserError) || !enabled.video) throw error;
      throw new UserError([{ key: 'problem.thenAnimate' }, ...error.sentences]);
    }
  }

  return (asked: GenerationRequest, { offered, mostResults }: Where): Placed => {
    const request = withoutFrame(asked);
    const { set: wish } = request;
    if (wish && isExtension(request)) throw new UserError({ key: 'problem.extends.set' });
    if (!wish) return alone(request, costFor(deps, request, offered), costOfNext(request, offered));
    requireFew(request, wish, mostResults);
    const creates = createsOf(request);
    const costs = costsOf(deps, creates, wish, offered);
    const nextCost = costOfNext(request, offered);
    const [first] = creates;
    const [cost] = costs;
    if (!first || !cost) throw new RangeError('An order has at least one result.');
    const thenAnimate = request.kind === 'image' ? request.thenAnimate : undefined;
    if (creates.length === 1) {
      if (thenAnimate && (wish.pick ?? 1) > 1) throw new UserError({ key: 'problem.set.pickOne' });
      const single = first.kind === 'image' && thenAnimate ? { ...first, thenAnimate } : first;
      return alone(single, cost, nextCost);
    }
    const results = costs.map(resultsFor).reduce((sum, one) => sum + one);
    requireAtMost(results, request, mostResults);
    if (wish.pick !== undefined && thenAnimate) requirePicked(wish.pick, results);
    return lead(request, { wish, ...(thenAnimate && { thenAnimate }) }, { first, costs, nextCost, results });
  };
}

function alone(request: GenerationRequest, cost: Task['cost'], nextCost?: Task['cost']): Placed {
  return { request, cost, ...(nextCost && { nextCost }) };
}

interface Counted {
  readonly first: GenerationRequest;
  readonly costs: readonly Task['cost'][];
  readonly nextCost: Task['cost'] | undefined;
  readonly results: number;
}

/** The first task of a set: it keeps what the others need, who are persisted once all are reserved. */
function lead(
  request: GenerationRequest,
  wanted: Pick<TaskSet, 'thenAnimate'> & { readonly wish: SetWish },
  { first, costs: [cost, ...costs], nextCost, results }: Counted,
): Placed {
  if (!cost) throw new RangeError('An order has at least one result.');
  const order = plainOf(request);
  const own = animated(first, wanted, { before: 0 }, cost);
  const set: TaskSet = {
    part: 1,
    parts: costs.length + 1,
    before: 0,
    results,
    ...wanted,
    costs,
    ...(own.frame > 0 && { frame: own.frame }),
    ...(isOther(order, first) && { order }),
  };
  // Unless it was picked from the start, a clip is ordered and paid for once its user has chosen.
  const paidNext = wanted.wish.pick === undefined ? undefined : nextCost;
  return { request: own.request, cost, set, ...(paidNext && { nextCost: paidNext }) };
}

/** Whether two requests say something else; options that are undefined say nothing. */
function isOther(one: GenerationRequest, other: GenerationRequest): boolean {
  const sorted = (request: GenerationRequest) =>
    JSON.stringify(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) !== sorted(other);
}

/** Before anything is made of it: each Create makes one result at least. */
function requireFew(request: GenerationRequest, { count, compare = [] }: SetWish, most: number): void {
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`There are no ${count} results.`);
  requireAtMost(count * Math.max(1, compare.length), request, most);
}

function requireAtMost(results: number, { kind, set }: GenerationRequest, mostResults: number): void {
  const most = Math.min(mostResults, mostResultsOf[kind]);
  if (results <= most || results === 1) return;
  throw new UserError([
    { key: `problem.set.most.${kind}`, params: { results, most } },
    ...(set?.compare ? [{ key: 'problem.set.compared' as const }] : []),
  ]);
}

function requirePicked(pick: number, results: number): void {
  if (!Number.isSafeInteger(pick) || pick < 1 || pick > results)
    throw new UserError({ key: 'problem.set.pick', params: { pick, results } });
}

/** What each Create of a set costs. @throws UserError with the problems of all models */
function costsOf(
  deps: Deps,
  creates: readonly GenerationRequest[],
  { count, compare }: SetWish,
  offered: Catalogue,
): readonly Task['cost'][] {
  const sentences: Sentence[] = [];
  const costs = creates
    .filter((_, at) => at % count === 0)
    .flatMap((request) => {
      try {
        return Array<Task['cost']>(count).fill(costFor(deps, request, offered));
      } catch (error) {
        if (!(error instanceof UserError) || !compare || !deps.enabled[request.kind]) throw error;
        const model = offered.find(request.kind, request.model)?.label ?? request.model;
        sentences.push({ key: 'problem.compared', params: { model } }, ...error.sentences);
        return [];
      }
    });
  if (sentences.length > 0) throw new UserError(sentences);
  return costs;
}

/**
 * The cost of a valid request. Disabled features are refused whichever way they got here: a command, a button of an
 * old task, a form opened before, a mention, a follow-up.
 * @throws UserError for an invalid request.
 */
function costFor(
  { enabled, additional, defaults, catalogue, extendMaxSeconds }: Deps,
  request: GenerationRequest,
  offered: Catalogue,
): Task['cost'] {
  if (!enabled[request.kind]) throw new UserError({ key: `error.disabled.${request.kind}` });
  if (request.additional !== undefined && !additional)
    throw new UserError({ key: 'error.disabled.additional' });
  const begun = isExtension(request) ? { ...request, image: pictureToCome } : request;
  const checked = toParameters(begun, offered, { defaults });
  if (!checked.ok) throw new UserError(toSentences(checked.problems));
  const cost = costOf(checked.parameters, request, catalogue);
  const model = offered.find('video', request.model);
  if (isExtension(request) && model)
    requireRoom(request, { model, added: cost.amount, max: extendMaxSeconds });
  return priced(cost, request, catalogue);
}

/**
 * What each Create of an admitted order costs, now that the clips which go with it have been looked at.
 * @throws WithdrawnError if it can't be made of them after all
 */
export function costsOnceSeen(
  request: GenerationRequest,
  { catalogue, defaults }: Pick<Deps, 'catalogue' | 'defaults'>,
): readonly Task['cost'][] {
  return createsOf(request).map((create) => {
    const checked = toParameters(create, catalogue, { defaults });
    if (!checked.ok)
      throw new WithdrawnError(`Its clips don't fit: ${checked.problems.map(({ code }) => code)}.`);
    return priced(costOf(checked.parameters, create, catalogue), create, catalogue);
  });
}

type Extending = VideoRequest & Required<Pick<VideoRequest, 'extends'>>;

function isExtension(request: GenerationRequest): request is Extending {
  return request.kind === 'video' && request.extends !== undefined;
}

/** A clip that continues another begins with its last frame, which is taken while the order is prepared. */
function withoutFrame(request: GenerationRequest): GenerationRequest {
  if (!isExtension(request)) return request;
  const { image: _taken, ...rest } = request;
  return rest;
}

/** Every problem with its solution, and finally a model that would accept it all, if there is one. */
function toSentences(problems: readonly Problem[]): Sentence[] {
  const sentences: Sentence[] = problems.map(({ code, params }) => ({ key: `problem.${code}`, params }));
  const other = problems.find((problem) => problem.other)?.other;
  return other ? [...sentences, { key: 'problem.other', params: { other } }] : sentences;
}

/** What MPS bills on success: images (some models make several at a time), or seconds of a video. */
function costOf(
  { action, body }: CreateParameters,
  request: GenerationRequest,
  catalogue: Catalogue,
): Task['cost'] {
  const model: Model | undefined = catalogue.find(request.kind, request.model);
  if (action === 'CreateAigcImageTask') return { unit: 'image', amount: model ? picturesOf(model) : 1 };
  const fixed = model?.kind === 'video' ? model.fixedDuration : undefined;
  const asked = body.Duration ?? fixed ?? unknownSeconds;
  const handedIn = request.kind === 'video' ? secondsOfClips(request) : 0;
  return { unit: 'second', amount: Math.max(asked, handedIn) };
}

/** The cost including money, if the operator's prices cover it. */
function priced(cost: Task['cost'], request: GenerationRequest, catalogue: Catalogue): Task['cost'] {
  const price = priceOf(
    request.kind === 'video' ? { ...request, duration: cost.amount } : request,
    catalogue,
  );
  return price ? { ...cost, micros: toMicros(price.amount) } : cost;
}
