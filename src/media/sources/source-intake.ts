import PQueue from 'p-queue';
import { minute } from '../../util/time.js';
import type { ClipRefusal } from '../clips/clip-types.js';
import { DecodeError } from '../decoding/decode-process.js';
import type { Decoder } from '../decoding/decoder.js';
import { type MediaType, nameOf } from '../formats/magic-bytes.js';
import { type Downloaded, download, headOf, OversizeError } from '../http/download.js';
import type { AddressRule } from '../http/url-guard.js';
import { ForbiddenAddressError, MisresolvedError } from '../http/url-guard.js';
import type { Spool } from '../storage/spool.js';

/** A file uploaded by a user. */
export interface Source {
  readonly url: string;
  /** Its name, for messages. */
  readonly name: string;
  /** Its size according to Discord, bytes. */
  readonly bytes?: number;
}

/** What MPS accepts: short type names (`png`), and an exclusive size limit, bytes. */
export interface SourceRule {
  readonly types: readonly string[];
  readonly maxBytes: number;
  /** Minimum pixels per side. */
  readonly minSide?: number;
}

/** A source image in the spool, ready for MPS. */
export interface TakenSource {
  readonly path: string;
  readonly type: MediaType;
  readonly bytes: number;
  /** Changed from the user's upload, so it has to be hosted. */
  readonly converted: boolean;
}

/** An unusable source image; each reason has a text `failure.source.<reason>`. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly reason:
    | 'unreachable'
    | 'type'
    | 'lottie'
    | 'broken'
    | 'size'
    | 'pixels'
    /** Too small for the model. */
    | 'small'
    /** It took more memory or time than an image may, or the image library crashed on it. */
    | 'heavy'
    /** Too many others are being held, of this user or of everyone. */
    | 'crowded'
    /** No image can be processed on this machine: the operator has been notified. */
    | 'unavailable'
    | 'address'
    /** It is fine but could not be hosted for MPS. */
    | 'hosting'
    /** Discord's media filter blocks it. */
    | 'refused'
    /** A sound is of another kind, too large, too long or too short: `{name, allowed, max, min, most}`. */
    | `sound.${'unfit' | 'unreachable'}`
    /** The same of a clip, and what is wrong with it. */
    | `clip.${'unreachable' | 'address' | 'crowded' | 'hosting' | 'refused' | ClipRefusal}`;
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
  constructor(reason: SourceError['reason'], params: SourceError['params'], options?: ErrorOptions) {
    super(`A source image was refused: ${reason}.`, options);
    this.reason = reason;
    this.params = params;
  }
}

/** Downloads and checks source images before money is spent. */
export interface Sources {
  /**
   * Downloads the image into the spool, checks its bytes, and converts it if MPS wouldn't accept it: another format,
   * upright, smaller.
   * @throws SourceError with what the user can do about it; the signal's reason.
   */
  take(source: Source, rule: SourceRule, options: { signal: AbortSignal }): Promise<TakenSource>;
  release(taken: readonly TakenSource[]): Promise<void>;
}

/** Formats that every machine can convert to one that MPS accepts. */
const readable: readonly string[] = ['png', 'jpeg', 'webp', 'gif', 'avif'];
/** Upload size limit, bytes: above MPS's own, since images can be scaled down. */
const maxBytes = 50_000_000;
const stallMs = 15_000;
const timeoutMs = minute;

interface Deps {
  readonly addresses: AddressRule;
  readonly spool: Spool;
  readonly decoder: Pick<Decoder, 'header' | 'isWhole' | 'convert'>;
}

export function createSources({ addresses, spool, decoder }: Deps): Sources {
  // Their memory is counted by the decoder; this is for the processors.
  const works = new PQueue({ concurrency: 2 });

  /** The file ready for MPS, at its own path or at `target`. */
  async function ready(
    file: Downloaded,
    name: string,
    rule: SourceRule,
    target: string,
  ): Promise<TakenSource> {
    const { path, bytes } = file;
    const type = await imageType(file, name);
    const header = await decoder.header(path);
    if (!header) throw unreadable(name, type);
    const { width, height, plain, huge } = header;
    if (huge) throw new SourceError('pixels', { name, width, height });
    const { minSide: min = 1 } = rule;
    if (Math.min(width, height) < min) throw new SourceError('small', { name, width, height, min });
    if (plain && bytes < rule.maxBytes && rule.types.includes(shortName(type))) {
      if (await decoder.isWhole(path, header)) return { path, type, bytes, converted: false };
      throw unreadable(name, type);
    }
    const made = await decoder.convert(path, target, { header, maxBytes: rule.maxBytes });
    if (!made) throw unreadable(name, type);
    return { path: target, ...made, converted: true };
  }

  return {
    async take(source, rule, { signal }) {
      const file = await fetch({ addresses, spool }, source, signal);
      const target = spool.newPath();
      const needless = new Set([file.path, target]);
      try {
        const taken = await works.add(() => {
          // Once started it runs to the end: a file being written must not be removed.
          signal.throwIfAborted();
          return ready(file, source.name, rule, target).catch((error: unknown) => {
            signal.throwIfAborted();
            throw error instanceof DecodeError ? undecodable(source.name, error) : error;
          });
        });
        needless.delete(taken.path);
        return taken;
      } finally {
        await spool.remove([...needless]);
      }
    },
    release: (taken) => spool.remove(taken.map(({ path }) => path)),
  };
}

async function fetch(
  { addresses, spool }: Pick<Deps, 'addresses' | 'spool'>,
  source: Source,
  signal: AbortSignal,
): Promise<Downloaded> {
  const { name, bytes = 0 } = source;
  if (bytes > maxBytes) throw tooLarge(name, bytes);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return await download(source.url, { addresses, spool, maxBytes, stallMs, signal: limited });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OversizeError) throw tooLarge(name, Math.max(bytes, maxBytes));
    // How this machine resolves Discord's names isn't the user's problem.
    const isTheirs = error instanceof ForbiddenAddressError && !(error instanceof MisresolvedError);
    const reason = isTheirs ? 'address' : 'unreachable';
    throw new SourceError(reason, { name }, { cause: error });
  }
}

/** @throws SourceError if it isn't a readable still image. */
async function imageType({ path, bytes, type }: Downloaded, name: string): Promise<MediaType> {
  if (type?.startsWith('image/')) return type;
  if (type) throw wrongType(name, shortName(type));
  const found = bytes > 0 ? nameOf(await headOf(path)) : undefined;
  if (found === 'lottie') throw new SourceError('lottie', { name });
  throw found ? wrongType(name, found) : new SourceError('broken', { name });
}

function wrongType(name: string, found: string): SourceError {
  return new SourceError('type', { name, found, allowed: readable });
}

function undecodable(name: string, error: DecodeError): SourceError {
  const reason = error.reason === 'unloadable' ? 'unavailable' : 'heavy';
  return new SourceError(reason, { name }, { cause: error });
}

/** Damaged; but where a format needs a licence, it is rather this machine's libvips that was built without it. */
function unreadable(name: string, type: MediaType): SourceError {
  return type === 'image/heic' ? wrongType(name, 'heic') : new SourceError('broken', { name });
}

function tooLarge(name: string, bytes: number): SourceError {
  return new SourceError('size', { name, megabytes: Number((bytes / 1e6).toFixed(1)), max: maxBytes / 1e6 });
}

/** `png`, as users say it. */
function shortName(type: MediaType): string {
  return type.slice(type.indexOf('/') + 1);
}
