import type {
  GenerationRequest,
  SourceClip,
  SourceImage,
  SourceSound,
} from '../../mps/generation-request.js';

/** Every file that goes with a request: images, clips, and a sound. */
export function sourcesOf(request: GenerationRequest): readonly SourceImage[] {
  if (request.kind === 'image') return imagesOf(request);
  const { clips = [], soundFile } = request;
  return [...imagesOf(request), ...clips, ...(soundFile ? [soundFile] : [])];
}

/** Every image of a request. */
export function imagesOf(request: GenerationRequest): readonly SourceImage[] {
  const frames = request.kind === 'video' ? [request.image, request.lastImage] : [];
  return [...frames, ...(request.references ?? [])].filter((source) => source !== undefined);
}

/** Whether a file of a request is a clip: only those say what becomes of them. */
export function isClip(source: SourceImage): source is SourceClip {
  return 'refer' in source;
}

export function isSound(source: SourceImage): source is SourceSound {
  return 'sound' in source;
}

/** A sound says that it is one; those that were ordered before they were looked at don't. */
function asSound(source: SourceImage): SourceSound {
  return isSound(source) ? source : { ...source, sound: true };
}

/** The image as the user uploaded it. */
export function asUploaded<T extends SourceImage>(image: T): Omit<T, 'hostedAs' | 'uploaded'> {
  const { hostedAs: _hosted, uploaded, ...rest } = image;
  return { ...rest, url: uploaded ?? image.url };
}

/** The request with each of its files changed. */
export function mapSources(
  request: GenerationRequest,
  map: (source: SourceImage) => SourceImage,
): GenerationRequest {
  const { references, ...rest } = request;
  // What else a reference or a clip says (a subject, its length) goes through `map` unchanged.
  const mapped = references ? { references: references.map(map) } : {};
  if (rest.kind === 'image') return { ...rest, ...mapped };
  const { image, lastImage, clips, soundFile } = rest;
  return {
    ...rest,
    ...mapped,
    ...(clips && { clips: clips.map((clip) => map(clip) as SourceClip) }),
    ...(image && { image: map(image) }),
    ...(lastImage && { lastImage: map(lastImage) }),
    ...(soundFile && { soundFile: asSound(map(soundFile)) }),
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
