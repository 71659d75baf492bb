import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { isLoopback } from '../../config/config.js';
import { request } from '../../util/http.js';
import { type MediaType, sniff, sniffLength } from '../formats/magic-bytes.js';
import type { Spool } from '../storage/spool.js';
import { type Pace, watchPace } from './min-throughput.js';
import { continues, rangeAsked, type Served, StrayRangeError, servedBy } from './range.js';
import { type AddressRule, ForbiddenAddressError } from './url-guard.js';

/** A file on this machine's disk, byte for byte as it was served. */
export interface Downloaded {
  readonly path: string;
  readonly bytes: number;
  /** Of its bytes, in hex. */
  readonly sha256: string;
  /** By its first bytes; undefined for a type Easel does not know. */
  readonly type: MediaType | undefined;
  /** What its server says of it. */
  readonly contentType: string | undefined;
}

/** Another status than 200 or 206, where it leads nowhere further. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;
  constructor(status: number) {
    super(`The file's server answered ${status}.`);
    this.status = status;
  }
}

/** The file is longer than was allowed; the rest was not read. */
export class OversizeError extends Error {
  override readonly name = 'OversizeError';
}

export interface DownloadOptions {
  readonly addresses: AddressRule;
  readonly spool: Spool;
  /** Longest body taken, bytes. */
  readonly maxBytes: number;
  /** ms without a byte after which it is given up. */
  readonly stallMs: number;
  /** Slower than this it is given up, too, although something comes; the usual one unless given. */
  readonly pace?: Pace;
  /** ms since the epoch; the system's clock unless given. */
  readonly now?: () => number;
  readonly signal: AbortSignal;
}

/** A file on its way here. */
export interface Download {
  /**
   * Fetches it, or what is missing of it since an earlier attempt broke off: the server is asked for the rest, and for
   * the whole where it is another file by now.
   * @param until when it is given up however well it gets on, ms since the epoch; never unless given.
   * @throws ForbiddenAddressError, StatusError, OversizeError, SpoolFullError; another Error for what may pass.
   */
  attempt(until?: number): Promise<Downloaded>;
  /** Removes what is there of it. */
  drop(): Promise<void>;
}

/** Statuses by which a server says where the file is instead (RFC 9110, 15.4). */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Such answers followed for one file. */
const maxHops = 3;
/** The range asked for does not exist: what is here is of another file (RFC 9110, 15.5.17). */
const rangeNotSatisfiable = 416;

/** Of a file that is not whole: how it was served, how much of it is here, and the hash of that much. */
interface Part {
  readonly served: Served;
  readonly hash: Hash;
  bytes: number;
}

/**
 * Begins a download of the file at `address` into the spool; nothing is asked for before the first attempt.
 * @param address where it is; asked for again before each attempt.
 */
export function createDownload(address: () => string, options: DownloadOptions): Download {
  const { addresses, spool } = options;
  const path = spool.newPath();
  let part: Part | undefined;

  async function attempt(until: number): Promise<Downloaded> {
    const { statusCode, headers, body } = await ask(addresses.check(address()), options, part, maxHops);
    try {
      const served = servedBy(statusCode, headers);
      if (!part || !continues(served, part)) part = { served, hash: createHash('sha256'), bytes: 0 };
      await save(body, path, part, { ...options, until });
    } finally {
      // Read no further after an error; the connection goes with it.
      body.destroy();
    }
    const { bytes, hash, served } = part;
    const { contentType } = served;
    return { path, bytes, sha256: hash.digest('hex'), type: sniff(await headOf(path)), contentType };
  }

  return {
    async attempt(until = Number.POSITIVE_INFINITY) {
      try {
        return await attempt(until);
      } catch (error) {
        if (isStray(error)) part = undefined;
        throw error;
      }
    },
    async drop() {
      part = undefined;
      await spool.remove([path]);
    },
  };
}

/** Streams the file at `address` into the spool at once; nothing is left there when it fails. @throws as `attempt`. */
export async function download(address: string, options: DownloadOptions): Promise<Downloaded> {
  const coming = createDownload(() => address, options);
  try {
    return await coming.attempt();
  } catch (error) {
    await coming.drop();
    throw error;
  }
}

/** The answer that bears the file, over at most `hops` redirects; each leads only if the first might have, too. */
async function ask(
  url: URL,
  options: DownloadOptions,
  part: Part | undefined,
  hops: number,
): Promise<Dispatcher.ResponseData> {
  const { addresses, stallMs, signal } = options;
  const { dispatcher } = addresses;
  const answer = await request(url, {
    ...{ dispatcher, signal, headersTimeout: stallMs, bodyTimeout: stallMs },
    headers: part ? rangeAsked(part) : {},
  });
  const { statusCode, headers, body } = answer;
  // What ends it is thrown where it is read, and must not be thrown a second time if it is not.
  body.on('error', () => {});
  if (statusCode === 200 || (statusCode === 206 && part)) return answer;
  // No one waits for its end: it may come byte by byte.
  body.destroy();
  const { location } = headers;
  const leads = redirects.has(statusCode) && typeof location === 'string' && URL.canParse(location, url.href);
  if (!leads || hops === 0) throw new StatusError(statusCode);
  const next = addresses.check(new URL(location, url).href);
  if (isLoopback(next) !== isLoopback(url))
    throw new ForbiddenAddressError('Redirects between loopback and other hosts are not followed.');
  return ask(next, options, part, hops - 1);
}

/** Writes the body where the part ends. What was written when it breaks off is counted and hashed, and no more. */
async function save(
  body: AsyncIterable<Buffer>,
  path: string,
  part: Part,
  { spool, maxBytes, signal, pace, until, now = Date.now }: DownloadOptions & { readonly until: number },
): Promise<void> {
  const { total } = part.served;
  if (total !== undefined && total > maxBytes) throw tooLong(maxBytes);
  const room = await spool.hold((total ?? part.bytes) - part.bytes);
  const file = await open(path, part.bytes > 0 ? 'r+' : 'w');
  try {
    // A write that failed in the middle may have left more there than was counted.
    await file.truncate(part.bytes);
    const keepPace = watchPace({ until, now, ...(pace && { pace }) });
    for await (const chunk of body) {
      signal.throwIfAborted();
      if (part.bytes + chunk.length > maxBytes) throw tooLong(maxBytes);
      await write(file, chunk, part.bytes);
      part.bytes += chunk.length;
      part.hash.update(chunk);
      room.fill(chunk.length);
      if (part.bytes !== total) keepPace(chunk.length);
    }
  } finally {
    room.leave();
    await file.close();
  }
  if (total !== undefined && part.bytes !== total)
    throw new Error(`The download broke off at ${part.bytes} of ${total} bytes.`);
}

async function write(file: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, at + done);
    done += bytesWritten;
  }
}

function tooLong(maxBytes: number): OversizeError {
  return new OversizeError(`The file is longer than ${maxBytes} bytes.`);
}

/** Whether what is here is of another file than the server has now. */
function isStray(error: unknown): boolean {
  if (error instanceof StatusError) return error.status === rangeNotSatisfiable;
  return error instanceof StrayRangeError;
}

/** A file's first bytes, as many as `sniff` wants to see. */
export async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffLength), 0, sniffLength, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
