import type { GenerationRequest, SourceImage } from '../../mps/generation-request.js';

/** Every image of a request. */
export function sourcesOf(request: GenerationRequest): readonly SourceImage[] {
  const frames = request.kind === 'video' ? [request.image, request.lastImage] : [];
  return [...frames, ...(request.references ?? [])].filter((source) => source !== undefined);
}

/** The image as the user uploaded it. */
export function asUploaded<T extends SourceImage>(image: T): Omit<T, 'hostedAs' | 'uploaded'> {
  const { hostedAs: _hosted, uploaded, ...rest } = image;
  return { ...rest, url: uploaded ?? image.url };
}

/** The request with each of its images changed. */
export function mapSources(
  request: GenerationRequest,
  map: (source: SourceImage) => SourceImage,
): GenerationRequest {
  const { references, ...rest } = request;
  // What else a reference says (its subject) goes through `map` unchanged.
  const mapped = references ? { references: references.map(map) } : {};
  if (rest.kind === 'image') return { ...rest, ...mapped };
  const { image, lastImage } = rest;
  return {
    ...rest,
    ...mapped,
    ...(image && { image: map(image) }),
    ...(lastImage && { lastImage: map(lastImage) }),
  };
}

/**
 * When a link expires, ms since the epoch: Discord's say so in `ex` (hexadecimal seconds), those of COS in the second
 * of two times. Others don't expire.
 */
export function expiryOf(url: string): number {
  const { searchParams } = new URL(url);
  const ex = searchParams.get('ex') ?? '';
  if (/^[0-9a-f]+$/i.test(ex)) return Number.parseInt(ex, 16) * 1000;
  const [, until] = /^\d+;(\d+)$/.exec(searchParams.get('q-sign-time') ?? '') ?? [];
  return until === undefined ? Number.POSITIVE_INFINITY : Number(until) * 1000;
}
