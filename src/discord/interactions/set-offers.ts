import type { UserError } from '../../errors.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import { createsOf, type GenerationRequest } from '../../mps/generation-request.js';
import { comparedFixesOf } from '../../mps/parameters/compared-fixes.js';
import {
  resultsOf,
  withAtMost,
  withCreates,
  withoutNext,
  withoutPick,
} from '../../mps/parameters/smaller-sets.js';
import { QuotaError } from '../../tasks/accounting/quota-error.js';
import type { Offered } from './proposals.js';

/** What a refused order of several results could be instead; nothing for an order of one. */
export function offersOfSet(error: UserError, request: GenerationRequest, catalogue: Catalogue): Offered[] {
  if (!request.set) return [];
  if (error.cause instanceof QuotaError) return affordable(error.cause, request, catalogue);
  const { sentences } = error;
  const [tooMany] = sentences.filter(({ key }) => key.startsWith('problem.set.most.'));
  const most = Number(tooMany?.params?.most);
  if (most > 0) return fewer(withAtMost(request, most, catalogue), request, catalogue);
  if (sentences.some(({ key }) => key === 'problem.set.pick'))
    return [{ label: { key: 'button.pickLater' }, choice: { request: withoutPick(request) } }];
  if (sentences.some(({ key }) => key === 'problem.set.pickOne'))
    return [{ label: { key: 'button.without' }, choice: { request: withoutSet(request) } }];
  return adapted(request, catalogue);
}

/** As many as the quota leaves; if only the clip is too much, all of them without it. */
function affordable({ fits = 0 }: QuotaError, request: GenerationRequest, catalogue: Catalogue): Offered[] {
  if (fits === createsOf(request).length)
    return [{ label: { key: 'button.withoutClip' }, choice: { request: withoutNext(request) } }];
  const smaller = withCreates(request, fits);
  if (!smaller) return [];
  // A clip of a single picture would be paid for at once, too.
  return fewer(smaller.set ? withoutPick(smaller) : withoutNext(smaller), request, catalogue);
}

/** A button that says how many they are, and by which models if not by all. */
function fewer(
  smaller: GenerationRequest | undefined,
  { kind, set }: GenerationRequest,
  catalogue: Catalogue,
): Offered[] {
  if (!smaller) return [];
  const count = resultsOf(smaller, catalogue);
  const request = (smaller.set?.pick ?? 0) > count ? withoutPick(smaller) : smaller;
  const models = request.set?.compare?.map(({ model }) => model) ?? [request.model];
  const isPart = set?.compare !== undefined && models.length < set.compare.length;
  const values = models.flatMap((model) => catalogue.find(kind, model)?.label ?? []);
  const label = isPart
    ? ({ key: 'button.fewer.models', params: { count }, values } as const)
    : ({ key: `button.fewer.${kind}`, params: { count } } as const);
  return [{ label, choice: { request } }];
}

/** What one of several models can't take is left out there, or replaced there, or that model is left out. */
function adapted(request: GenerationRequest, catalogue: Catalogue): Offered[] {
  const { adapted: fix, fewer: rest } = comparedFixesOf(request, catalogue);
  const there = fix?.uses.length ? 'button.use.there' : 'button.without.there';
  return [
    ...(fix ? [{ label: { key: there, values: fix.uses }, choice: { request: fix.request } } as const] : []),
    ...(rest
      ? [
          {
            label: { key: 'button.without.model', params: { count: rest.dropped } },
            choice: { request: rest.request },
          } as const,
        ]
      : []),
  ];
}

function withoutSet({ set: _set, ...request }: GenerationRequest): GenerationRequest {
  return request;
}
