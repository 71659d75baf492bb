import { SourceError } from '../../media/sources/source-intake.js';
import { clipSourceRule, sourceRules } from '../../mps/catalogue/model-rules.js';
import type { GenerationRequest, Kind, SourceClip, SourceImage } from '../../mps/generation-request.js';
import { minute } from '../../util/time.js';
import { expiryOf, isClip, mapSources, sourcesOf } from './source-images.js';

export interface SourceLifeDeps {
  /** True if a bare link names an object in the currently configured bucket. */
  readonly lasts?: (url: string) => boolean;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** When MPS's link to an image it made expires, ms since the epoch; never if it is in the operator's bucket. */
const lifeOf = ({ until = Number.POSITIVE_INFINITY }: NonNullable<SourceImage['made']>) => until;

/** A link must outlive MPS's queue: one that expires sooner is replaced beforehand. */
const needsLifeMs = 10 * minute;

/** Which images are where MPS can fetch them, and for how long yet. */
export function createSourceLife({ lasts = () => true, now }: SourceLifeDeps) {
  const livesOn = (until: number) => until >= now() + needsLifeMs;

  /** MPS made it and still has it, in an accepted format. */
  const isAtMps = (source: SourceImage, { kind }: GenerationRequest) => {
    const { made, url } = source;
    const isThere = made !== undefined && (made.until === undefined ? lasts(url) : livesOn(made.until));
    return isThere && (isClip(source) ? isClipAccepted(source) : isImageAccepted(source, kind));
  };

  const isDying = (image: SourceImage, request: GenerationRequest) =>
    image.made && lifeOf(image.made) > 0 ? !isAtMps(image, request) : !livesOn(expiryOf(image.url));

  return { isAtMps, isDying };
}

function isImageAccepted({ type, bytes = 0 }: SourceImage, kind: Kind): boolean {
  const { types, maxBytes } = sourceRules[kind];
  return types.some((known) => type === `image/${known}`) && bytes < maxBytes;
}

/** A result whose length is known, and that is used as it is. */
function isClipAccepted({ type, bytes = 0, seconds, width, height, cutTo }: SourceClip): boolean {
  const isKnown = seconds !== undefined && width !== undefined && height !== undefined;
  const { maxBytes, minSide, maxSide } = clipSourceRule;
  return (
    isKnown &&
    type === 'video/mp4' &&
    bytes <= maxBytes &&
    Math.min(width, height) >= minSide &&
    Math.max(width, height) <= maxSide &&
    (cutTo === undefined || seconds <= cutTo)
  );
}

/**
 * The request with Discord's copies instead of images that MPS made but no longer has.
 * @param recall a link to Discord's copy of the image a task made; undefined if there is none to be had.
 * @throws SourceError
 */
export async function recalled(
  request: GenerationRequest,
  isWanted: (image: SourceImage) => boolean,
  recall: (by: string) => Promise<string | undefined>,
): Promise<GenerationRequest> {
  const copies = new Map<string, SourceImage>();
  for (const image of sourcesOf(request).filter(isWanted)) {
    const { made, name, url: earlier } = image;
    const url = made && (await recall(made.by));
    if (made && url !== undefined) copies.set(earlier, { ...image, url, made: { ...made, until: 0 } });
    // The link from MPS can't be fetched from here.
    else if (made && lifeOf(made) > 0)
      throw new SourceError(isClip(image) ? 'clip.unreachable' : 'unreachable', { name });
  }
  return mapSources(request, (image) => copies.get(image.url) ?? image);
}
