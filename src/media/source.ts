import sharp from 'sharp';
import { request } from 'undici';
import { type AddressRule, ForbiddenAddressError } from './address.js';
import { type MediaType, sniff } from './sniff.js';

/** A file a person handed in. */
export interface Source {
  readonly url: string;
  /** The name it had, shown back to them. */
  readonly name: string;
  /** What Discord says of its length, bytes. */
  readonly bytes?: number;
}

/** What is taken: short type names (`png`), and a length the file must stay under, bytes. */
export interface SourceRule {
  readonly types: readonly string[];
  readonly maxBytes: number;
}

/** A person's image that MPS would refuse; each reason has a text `failure.source.<reason>`. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly reason: 'unreachable' | 'type' | 'size' | 'pixels' | 'address';
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
  constructor(reason: SourceError['reason'], params: SourceError['params'], options?: ErrorOptions) {
    super(`A source image was refused: ${reason}.`, options);
    this.reason = reason;
    this.params = params;
  }
}

/** Looks at the images people hand in before money is spent on them. */
export interface Sources {
  /**
   * Fetches the image and checks it by its bytes.
   * @throws SourceError with what the person can do about it.
   */
  inspect(
    source: Source,
    rule: SourceRule,
    options: { signal: AbortSignal },
  ): Promise<{ type: string; bytes: number }>;
}

/** Most pixels an image may unfold to; beyond, it is a decompression bomb rather than a photograph. */
const maxPixels = 100_000_000;
const timeoutMs = 20_000;

export function createSources({ addresses }: { addresses: AddressRule }): Sources {
  return {
    async inspect(source, rule, { signal }) {
      const { maxBytes, types } = rule;
      const name = source.name;
      if ((source.bytes ?? 0) >= maxBytes) throw tooLarge(name, source.bytes ?? 0, maxBytes);
      const bytes = await take(
        source,
        maxBytes,
        AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        addresses,
      );
      const type = shortName(sniff(bytes));
      if (!types.includes(type)) throw wrongType(name, type, types);
      await checkPixels(bytes, name, types);
      return { type, bytes: bytes.length };
    },
  };
}

/** The image's bytes, at most `maxBytes` of them. */
async function take(
  source: Source,
  maxBytes: number,
  signal: AbortSignal,
  addresses: AddressRule,
): Promise<Buffer> {
  const { name } = source;
  try {
    const response = await request(addresses.check(source.url), { dispatcher: addresses.dispatcher, signal });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw new SourceError('unreachable', { name });
    }
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response.body) {
      length += chunk.length;
      // The rest is never read: leaving the loop destroys the body.
      if (length >= maxBytes) throw tooLarge(name, length, maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (error instanceof ForbiddenAddressError) throw new SourceError('address', { name }, { cause: error });
    throw new SourceError('unreachable', { name }, { cause: error });
  }
}

/** Reads the header alone, so that a bomb is refused before anything is unfolded. */
async function checkPixels(bytes: Buffer, name: string, types: readonly string[]): Promise<void> {
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (!header?.width || !header.height) {
    throw wrongType(name, '?', types);
  }
  if (header.width * header.height > maxPixels) {
    throw new SourceError('pixels', { name, width: header.width, height: header.height });
  }
}

function wrongType(name: string, found: string, allowed: readonly string[]): SourceError {
  return new SourceError('type', { name, found, allowed });
}

function tooLarge(name: string, bytes: number, maxBytes: number): SourceError {
  return new SourceError('size', { name, megabytes: (bytes / 1e6).toFixed(1), max: maxBytes / 1e6 });
}

/** `png`, as people say it. */
function shortName(type: MediaType | undefined): string {
  return type ? type.slice(type.indexOf('/') + 1) : '?';
}
