import type { GenerationRequest } from '../../mps/generation-request.js';

/**
 * Fields that hold nothing in a user's words. Any other field is judged, also one that is added later: a text that no one
 * judges would be a way around the list.
 */
const wordless: ReadonlySet<string> = new Set([
  ...['kind', 'model', 'url', 'uploaded', 'type', 'hostedAs', 'from', 'made'],
  ...['aspectRatio', 'resolution', 'size', 'format', 'set', 'task', 'refer', 'orientation', 'house', 'gave'],
]);

/** Every text of an order that its user has chosen: prompts, negatives, presets, file names, shots, parameters. */
export function textsOf(request: GenerationRequest): readonly string[] {
  return textsIn(request);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return Object.entries(value).flatMap(([field, inner]) => {
    if (wordless.has(field)) return [];
    return field === 'additional' && typeof inner === 'string' ? inParameters(inner) : textsIn(inner);
  });
}

/** AdditionalParameters are JSON, in which any letter may be written as an escape. */
function inParameters(json: string): string[] {
  try {
    return [json, ...namesAndTexts(JSON.parse(json))];
  } catch {
    return [json];
  }
}

function namesAndTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesAndTexts(inner)]);
}
