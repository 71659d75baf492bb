import type { Sources } from '../media/source.js';
import type { GenerationRequest, SourceImage } from '../mps/generation.js';
import { sourceRules } from '../mps/model.js';

/** Every image a request brings along. */
export function sourcesOf(request: GenerationRequest): readonly SourceImage[] {
  const frames = request.kind === 'video' ? [request.image, request.lastImage] : [];
  return [...frames, ...(request.references ?? [])].filter((source) => source !== undefined);
}

/**
 * Looks at every image of a request, as MPS will.
 * @throws SourceError for an image that MPS would refuse.
 */
export async function inspectSources(
  request: GenerationRequest,
  sources: Sources,
  signal: AbortSignal,
): Promise<void> {
  const rule = sourceRules[request.kind];
  await Promise.all(sourcesOf(request).map((source) => sources.inspect(source, rule, { signal })));
}
