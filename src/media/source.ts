import PQueue from 'p-queue';
import type { AddressRule } from './address.js';
import { ForbiddenAddressError } from './address.js';
import { convert, readHeader } from './convert.js';
import { download, OversizeError } from './download.js';
import type { MediaType } from './sniff.js';
import type { Spool } from './spool.js';

/** A file a person handed in. */
export interface Source {
  readonly url: string;
  /** The name it had, shown back to them. */
  readonly name: string;
  /** What Discord says of its length, bytes. */
  readonly bytes?: number;
}

/** What may be sent on: short type names (`png`), and a length the file must stay under, bytes. */
export interface SourceRule {
  readonly types: readonly string[];
  readonly maxBytes: number;
}

/** A person's image in the spool, fit to be sent on. */
export interface TakenSource {
  readonly path: string;
  readonly type: MediaType;
  readonly bytes: number;
  /** No longer what the person's link leads to: it has to be hosted anew. */
  readonly converted: boolean;
}

/** A person's image that cannot be used; each reason has a text `failure.source.<reason>`. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly reason: 'unreachable' | 'type' | 'broken' | 'size' | 'pixels' | 'address';
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
  constructor(reason: SourceError['reason'], params: SourceError['params'], options?: ErrorOptions) {
    super(`A source image was refused: ${reason}.`, options);
    this.reason = reason;
    this.params = params;
  }
}

/** Takes in the images people hand over, before money is spent on them. */
export interface Sources {
  /**
   * Fetches the image into the spool, checks it by its bytes, and turns it into what may be sent on where it is not:
   * another format, upright, smaller.
   * @throws SourceError with what the person can do about it; the signal's reason.
   */
  take(source: Source, rule: SourceRule, options: { signal: AbortSignal }): Promise<TakenSource>;
  release(taken: readonly TakenSource[]): Promise<void>;
}

/** Formats that can be turned into one that MPS takes. */
const readable: readonly string[] = ['png', 'jpeg', 'webp', 'gif', 'avif', 'heic'];
/** Longest file taken in, bytes: beyond MPS's own limit, since it can be scaled down. */
const maxBytes = 50_000_000;
/** Most pixels an image may unfold to; beyond, it is a decompression bomb rather than a photograph. */
const maxPixels = 100_000_000;
const stallMs = 15_000;
const timeoutMs = 60_000;

export function createSources({ addresses, spool }: { addresses: AddressRule; spool: Spool }): Sources {
  // An image unfolds to hundreds of megabytes while it is converted: few at a time.
  const conversions = new PQueue({ concurrency: 2 });

  async function fetch(source: Source, signal: AbortSignal) {
    const { name, bytes = 0 } = source;
    if (bytes > maxBytes) throw tooLarge(name, bytes);
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      return await download(source.url, spool.newPath(), { addresses, maxBytes, stallMs, signal: limited });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OversizeError) throw tooLarge(name, Math.max(bytes, maxBytes));
      const reason = error instanceof ForbiddenAddressError ? 'address' : 'unreachable';
      throw new SourceError(reason, { name }, { cause: error });
    }
  }

  return {
    async take(source, rule, { signal }) {
      const { name } = source;
      const { path, bytes, type } = await fetch(source, signal);
      const target = spool.newPath();
      try {
        if (type && !readable.includes(shortName(type))) throw wrongType(name, shortName(type));
        const header = type && (await readHeader(path));
        if (!header) throw new SourceError('broken', { name });
        if (header.pixels > maxPixels) throw new SourceError('pixels', { name, ...header.size });
        if (rule.types.includes(shortName(type)) && bytes < rule.maxBytes && header.upright && header.whole) {
          return { path, type, bytes, converted: false };
        }
        const made = await conversions.add(() => convert(path, target, rule.maxBytes), { signal });
        if (!made) throw new SourceError('broken', { name });
        await spool.remove([path]);
        return { path: target, ...made, converted: true };
      } catch (error) {
        await spool.remove([path, target]);
        throw error;
      }
    },
    release: (taken) => spool.remove(taken.map(({ path }) => path)),
  };
}

function wrongType(name: string, found: string): SourceError {
  return new SourceError('type', { name, found, allowed: readable });
}

function tooLarge(name: string, bytes: number): SourceError {
  return new SourceError('size', { name, megabytes: (bytes / 1e6).toFixed(1), max: maxBytes / 1e6 });
}

/** `png`, as people say it. */
function shortName(type: MediaType): string {
  return type.slice(type.indexOf('/') + 1);
}
