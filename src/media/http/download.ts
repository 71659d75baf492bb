import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { isLoopback } from '../../config/config.js';
import { request } from '../../util/http.js';
import { type MediaType, sniff, sniffLength } from '../formats/magic-bytes.js';
import { type PixelSize, pixelSizeIn } from '../formats/pixel-size.js';
import type { Spool } from '../storage/spool.js';
import { type Pace, watchPace } from './min-throughput.js';
import { continues, rangeAsked, type Served, StrayRangeError, servedBy } from './range.js';
import { type AddressRule, ForbiddenAddressError } from './url-guard.js';

/** A local file, byte for byte as served. */
export interface Downloaded {
  readonly path: string;
  readonly bytes: number;
  /** Of its bytes, in hex. */
  readonly sha256: string;
  /** By its first bytes; undefined for a type Easel does not know. */
  readonly type: MediaType | undefined;
  /** Of an image, if its first bytes say it. */
  readonly pixels?: PixelSize;
  /** The server's content type. */
  readonly contentType: string | undefined;
  /** All of it, if it is only kept in memory (`DownloadOptions.keep`). */
  readonly content?: Buffer;
}

/** A status other than 200 or 206 that isn't a redirect to follow. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;
  constructor(status: number) {
    super(`The file's server answered ${status}.`);
    this.status = status;
  }
}

/** The file exceeds the size limit; the rest wasn't read. */
export class OversizeError extends Error {
  override readonly name = 'OversizeError';
}

export interface DownloadOptions {
  readonly addresses: AddressRule;
  readonly spool: Spool;
  /** Whether the spool may keep it in memory, where it is small and arrives at once. @default false */
  readonly keep?: boolean;
  /** Size limit, bytes. */
  readonly maxBytes: number;
  /** ms without a byte after which it is aborted. */
  readonly stallMs: number;
  /** Minimum throughput below which it is aborted too. */
  readonly pace?: Pace;
  /**
   * ms since the epoch.
   * @default the system's clock
   */
  readonly now?: () => number;
  readonly signal: AbortSignal;
}

/** A file being downloaded. */
export interface Download {
  /**
   * Downloads it, or the rest after an interrupted attempt: the whole file again if it has changed.
   * @param until deadline however well it progresses, ms since the epoch.
   * @default none
   * @throws ForbiddenAddressError, StatusError, OversizeError, SpoolFullError; another Error if it may be temporary.
   */
  attempt(until?: number): Promise<Downloaded>;
  /** Removes what has been downloaded. */
  drop(): Promise<void>;
}

/** So much is written in one go: each write takes a thread and the way there and back, however short it is. */
const blockBytes = 256 << 10;
/** The same of a file that may be kept in memory: longer ones are written. */
const mostInOne = 4 << 20;
/** Redirect statuses (RFC 9110, 15.4). */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Most redirects followed for one file. */
const maxHops = 3;
/** The requested range doesn't exist: the partial file is of another version (RFC 9110, 15.5.17). */
const rangeNotSatisfiable = 416;

/** A partial file: how it was served, how much is here, its first bytes (as many as `sniff` wants), and the hash of all. */
interface Part {
  readonly served: Served;
  readonly hash: Hash;
  head: Buffer;
  bytes: number;
  content?: Buffer;
}

/** Where it is saved. */
interface Place {
  readonly path: string;
  /** Something is there, if only of an earlier attempt. */
  written: boolean;
}

/**
 * Prepares a download of the file at `address` into the spool; nothing is requested before the first attempt.
 * @param address its URL; evaluated again before each attempt.
 */
export function createDownload(address: () => string, options: DownloadOptions): Download {
  const { addresses, spool } = options;
  const path = spool.newPath();
  const place: Place = { path, written: false };
  let part: Part | undefined;

  async function attempt(until: number): Promise<Downloaded> {
    const { statusCode, headers, body } = await ask(addresses.check(address()), options, part, maxHops);
    try {
      const served = servedBy(statusCode, headers);
      if (!part || !continues(served, part))
        part = { served, hash: createHash('sha256'), head: Buffer.alloc(0), bytes: 0 };
      await save(body, place, part, { ...options, until });
    } finally {
      // After an error stop reading, which closes the connection.
      body.destroy();
    }
    const { bytes, hash, head, served, content } = part;
    const { contentType } = served;
    const type = sniff(head);
    const pixels = type?.startsWith('image/') ? pixelSizeIn(head) : undefined;
    const known = { ...(pixels && { pixels }), ...(content && { content }) };
    return { path, bytes, sha256: hash.digest('hex'), type, contentType, ...known };
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

/**
 * Downloads the file at `address` into the spool; nothing is left there if it fails.
 * @throws as `attempt`.
 */
export async function download(address: string, options: DownloadOptions): Promise<Downloaded> {
  const coming = createDownload(() => address, options);
  try {
    return await coming.attempt();
  } catch (error) {
    await coming.drop();
    throw error;
  }
}

/** The response with the file, after at most `hops` redirects; each target must be allowed like the first. */
async function ask(
  url: URL,
  options: DownloadOptions,
  part: Part | undefined,
  hops: number,
): Promise<Dispatcher.ResponseData> {
  const { addresses, stallMs, signal } = options;
  const { dispatcher } = addresses;
  const answer = await request(url, {
    dispatcher,
    signal,
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
    headers: part ? rangeAsked(part) : {},
  });
  const { statusCode, headers, body } = answer;
  // Errors are thrown where it is read, and must not be thrown again if it isn't.
  body.on('error', () => {});
  if (statusCode === 200 || (statusCode === 206 && part)) return answer;
  // Don't wait for its end: it may arrive byte by byte.
  body.destroy();
  const { location } = headers;
  const leads = redirects.has(statusCode) && typeof location === 'string' && URL.canParse(location, url.href);
  if (!leads || hops === 0) throw new StatusError(statusCode);
  const next = addresses.check(new URL(location, url).href);
  if (isLoopback(next) !== isLoopback(url))
    throw new ForbiddenAddressError('Redirects between loopback and other hosts are not followed.');
  return ask(next, options, part, hops - 1);
}

/**
 * Appends the body to the partial file. After an interruption exactly what was written is counted and hashed. A small file
 * that arrives at once may be kept in memory instead.
 */
async function save(
  body: AsyncIterable<Buffer>,
  place: Place,
  part: Part,
  options: DownloadOptions & { readonly until: number },
): Promise<void> {
  const { spool, maxBytes, signal, pace, until, now = Date.now, keep = false } = options;
  const { total } = part.served;
  if (total !== undefined && total > maxBytes) throw tooLong(maxBytes);
  const isSmall = keep && !place.written && total !== undefined && total <= mostInOne;
  const room = await spool.hold((total ?? part.bytes) - part.bytes);
  const file = createPartialFile(place, part);
  try {
    const keepPace = watchPace({ until, now, ...(pace && { pace }) });
    let [block, length]: [Buffer[], number] = [[], 0];
    const flush = async () => {
      const bytes = Buffer.concat(block, length);
      [block, length] = [[], 0];
      const isWhole = part.bytes === 0 && bytes.length === total;
      if (isSmall && isWhole && spool.keep(place.path, bytes)) part.content = bytes;
      else if (bytes.length > 0 || part.bytes === 0) await file.append(bytes);
      add(part, bytes);
      room.fill(bytes.length);
    };
    try {
      for await (const chunk of body) {
        signal.throwIfAborted();
        const arrived = part.bytes + length + chunk.length;
        if (arrived > maxBytes) throw tooLong(maxBytes);
        block.push(chunk);
        length += chunk.length;
        if (length >= (isSmall ? mostInOne : blockBytes)) await flush();
        if (arrived !== total) keepPace(chunk.length);
      }
    } finally {
      // Another try goes on from there.
      await flush();
    }
  } finally {
    room.leave();
    await file.close();
  }
  if (total !== undefined && part.bytes !== total)
    throw new Error(`The download broke off at ${part.bytes} of ${total} bytes.`);
}

/** The file of what has arrived, opened when something is written. */
function createPartialFile(place: Place, part: Part) {
  let handle: FileHandle | undefined;

  async function opened(): Promise<FileHandle> {
    if (handle) return handle;
    place.written = true;
    handle = await open(place.path, part.bytes > 0 ? 'r+' : 'w');
    // A failed write may have left more than was counted; a new file is empty.
    if (part.bytes > 0) await handle.truncate(part.bytes);
    return handle;
  }

  return {
    append: async (bytes: Buffer) => write(await opened(), bytes, part.bytes),
    close: async () => handle?.close(),
  };
}

function add(part: Part, bytes: Buffer): void {
  part.bytes += bytes.length;
  if (part.head.length < sniffLength)
    part.head = Buffer.concat([part.head, bytes.subarray(0, sniffLength - part.head.length)]);
  part.hash.update(bytes);
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

/** True if the partial file differs from the server's current file. */
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
