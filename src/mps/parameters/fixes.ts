import type { Action } from '../../errors.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { GenerationRequest, ImageRequest, VideoRequest } from '../generation-request.js';
import { toParameters } from './parameters.js';
import type { Problem } from './problems.js';
import { sourcesOf } from './validation.js';

/** A changed request that the model takes, and what changed. */
export interface Fix {
  readonly request: GenerationRequest;
  /** Values that are used instead: `1360x768`, `Kling 3.0`, or a text. Empty if something was only left out. */
  readonly uses: readonly Value[];
}

type Value = NonNullable<Action['label']['values']>[number];

/** A changed model may find something else wrong; more rounds than this are no small change. */
const mostRounds = 3;

/**
 * What could be ordered instead of a request that is refused: the same with the nearest values that work, and the same
 * by a model that takes it as it is. Nothing if only the user can put it right: a prompt that is missing or too long.
 */
export function fixesOf(request: GenerationRequest, catalogue: Catalogue): readonly Fix[] {
  const outcome = toParameters(request, catalogue);
  if (outcome.ok) return [];
  const adapted = adapt({ request, uses: new Map() }, outcome.problems, catalogue);
  const other = outcome.problems.find((problem) => problem.other)?.other;
  const model = other === undefined ? undefined : catalogue.find(request.kind, other);
  return [
    ...(adapted && !hidesLoss(adapted, request)
      ? [{ request: adapted.request, uses: [...adapted.uses.values()] }]
      : []),
    ...(model ? [{ request: { ...request, model: model.id }, uses: [model.label] }] : []),
  ];
}

/** Its label would name the values and not say that an image was left out, too. */
function hidesLoss({ request, uses }: Draft, asked: GenerationRequest): boolean {
  return uses.size > 0 && sourcesOf(request).length < sourcesOf(asked).length;
}

/** A fix under construction, with one value for each field: a later one replaces it. */
interface Draft {
  readonly request: GenerationRequest;
  readonly uses: ReadonlyMap<string, Value>;
}

function adapt(
  draft: Draft,
  problems: readonly Problem[],
  catalogue: Catalogue,
  round = 1,
): Draft | undefined {
  let { request } = draft;
  const uses = new Map(draft.uses);
  for (const problem of problems) {
    const better = withoutProblem(request, problem, catalogue);
    if (!better) return undefined;
    request = better;
    const { use } = problem.params;
    if (use !== undefined) uses.set(fieldOf(problem), shown(fieldOf(problem), String(use)));
  }
  const outcome = toParameters(request, catalogue);
  if (outcome.ok) return { request, uses };
  return round < mostRounds ? adapt({ request, uses }, outcome.problems, catalogue, round + 1) : undefined;
}

/** Which field the suggested value is for. */
function fieldOf({ code, field }: Problem): string {
  if (code === 'shots.sum') return 'duration';
  return code === 'aspectRatio.size' ? 'size' : field;
}

function shown(field: string, use: string): Value {
  return field === 'duration' ? { key: 'card.seconds', params: { seconds: Number(use) } } : use;
}

/** The request without this problem; undefined if no one but the user can tell what they want. */
function withoutProblem(
  request: GenerationRequest,
  { code, field, params: { use } }: Problem,
  catalogue: Catalogue,
): GenerationRequest | undefined {
  if (code === 'model.unknown') {
    const model = catalogue.find(request.kind, String(use));
    return model && { ...request, model: model.id };
  }
  if (code.startsWith('references.') || code.startsWith('image.')) return withImages(request, code);
  if (code === 'shots.sum' && request.kind === 'video') return { ...request, duration: Number(use) };
  if (code === 'clips.withShots') return without(request, ['shots']);
  // Without its clip an order is another one.
  if (code.startsWith('clips.')) return undefined;
  if (code === 'scene.wordsAlone')
    return without(request, ['references', 'size', 'aspectRatio', 'resolution']);
  if (code === 'lastImage.resolution' || code === 'audio.resolution')
    return { ...request, resolution: String(use) };
  if (field === 'size' || code === 'aspectRatio.size')
    return request.kind === 'image' && use !== undefined
      ? { ...request, size: String(use) }
      : without(request, ['size']);
  if (use !== undefined) return { ...request, [field]: field === 'duration' ? Number(use) : String(use) };
  return isLeftOut(code) ? without(request, [field as Field]) : undefined;
}

/** Problems of an option that the model doesn't have, or not here. */
function isLeftOut(code: Problem['code']): boolean {
  return code.endsWith('.none') || leftOut.has(code);
}

const leftOut: ReadonlySet<string> = new Set([
  'aspectRatio.withImage',
  'aspectRatio.withReferences',
  'audio.always',
  'audio.withLastImage',
  'audio.withClip',
  'aspectRatio.withClip',
]);

function withImages(request: GenerationRequest, code: Problem['code']): GenerationRequest | undefined {
  const { references = [] } = request;
  if (code === 'references.subject')
    return { ...request, references: references.map(({ subject: _subject, ...image }) => image) };
  if (['references.none', 'references.query', 'references.withFrame'].includes(code))
    return without(request, ['references']);
  if (request.kind !== 'video' || !request.image) return undefined;
  if (code === 'image.asReference')
    return without({ ...request, references: [request.image, ...references] }, ['image']);
  return code === 'image.none' ? without(request, ['image']) : undefined;
}

type Field = keyof ImageRequest | keyof VideoRequest;

function without(request: GenerationRequest, fields: readonly Field[]): GenerationRequest {
  const kept = Object.entries(request).filter(([name]) => !fields.some((field) => field === name));
  return Object.fromEntries(kept) as unknown as GenerationRequest;
}
