import { StatusError } from '../../media/http/download.js';
import { SourceError, type TakenSource } from '../../media/sources/source-intake.js';
import type { SourceImage } from '../../mps/generation-request.js';
import { type NextAttempt, retry } from '../../util/retry.js';
import { asUploaded } from './source-images.js';

interface Deps {
  /** A fresh link to the image; undefined if there is none. Never rejects. */
  readonly freshen: (image: SourceImage) => Promise<string | undefined>;
  readonly signal: AbortSignal;
  /** ms before the second try; four times as long before the third. */
  readonly retryMs: number;
}

/** The downloaded image, and the image with the link that worked. */
export interface Taken {
  readonly image: SourceImage;
  readonly file: TakenSource;
}

/** Download attempts before an order fails: Discord's CDN has occasional errors, and its links expire. */
const mostTries = 3;
const gone: ReadonlySet<number> = new Set([404, 410]);

/**
 * Downloads a user's image with `ask`. An unreachable one is retried, with a fresh link if there is one.
 * @throws SourceError; the signal's reason.
 */
export function createTaking({ freshen, signal, retryMs }: Deps) {
  return async function take(
    image: SourceImage,
    ask: (source: SourceImage) => Promise<TakenSource>,
  ): Promise<Taken> {
    let latest = image;
    const onFailure = async (error: unknown, { left }: NextAttempt) => {
      const isUnreachable =
        error instanceof SourceError && /^(?:clip\.|sound\.)?unreachable$/.test(error.reason);
      if (!isUnreachable || left === 0) throw error;
      const fresh = await freshen(latest);
      if (fresh === undefined && isGone(error.cause)) throw error;
      if (fresh !== undefined) latest = relinked(latest, fresh);
    };
    return retry(async () => ({ image: latest, file: await ask(asUploaded(latest)) }), {
      firstMs: retryMs,
      factor: 4,
      tries: mostTries,
      signal,
      onFailure,
    });
  };
}

/** A deleted file doesn't come back. */
function isGone(error: unknown): boolean {
  return error instanceof StatusError && gone.has(error.status);
}

function relinked(image: SourceImage, url: string): SourceImage {
  return image.uploaded === undefined ? { ...image, url } : { ...image, uploaded: url };
}
