import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Dispatcher, request } from 'undici';
import { isLoopback } from '../config.js';
import { type AddressRule, ForbiddenAddressError } from './address.js';
import { type MediaType, sniff, sniffLength } from './sniff.js';

/** A file on this machine's disk, byte for byte as it was served. */
export interface Downloaded {
  readonly path: string;
  readonly bytes: number;
  /** By its first bytes; undefined for a type Easel does not know. */
  readonly type: MediaType | undefined;
  /** What its server says of it. */
  readonly contentType: string | undefined;
}

/** Another status than 200, where it leads nowhere further. */
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
  /** Longest body taken, bytes. */
  readonly maxBytes: number;
  /** ms without a byte after which it is given up. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
}

/** Statuses by which a server says where the file is instead (RFC 9110, 15.4). */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Such answers followed for one file. */
const maxHops = 3;

/**
 * Streams the file at `address` to `path`; nothing is left there when it fails.
 * @throws ForbiddenAddressError, StatusError, OversizeError; another Error for what may pass (a break, a stall).
 */
export async function download(address: string, path: string, options: DownloadOptions): Promise<Downloaded> {
  const { maxBytes, signal } = options;
  const { headers, body } = await ask(options.addresses.check(address), options, maxHops);
  try {
    const bytes = await save(body, path, maxBytes, signal);
    const expected = Number(headers['content-length'] ?? bytes);
    if (bytes !== expected) throw new Error(`The download broke off at ${bytes} of ${expected} bytes.`);
    const told = headers['content-type'];
    const contentType = typeof told === 'string' ? told : undefined;
    return { path, bytes, type: sniff(await headOf(path)), contentType };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** The answer that bears the file, over at most `hops` redirects; each leads only where the first might have, too. */
async function ask(url: URL, options: DownloadOptions, hops: number): Promise<Dispatcher.ResponseData> {
  const { addresses, stallMs, signal } = options;
  const { dispatcher } = addresses;
  const answer = await request(url, { dispatcher, signal, headersTimeout: stallMs, bodyTimeout: stallMs });
  const { statusCode, headers, body } = answer;
  if (statusCode === 200) return answer;
  await body.dump();
  const { location } = headers;
  const leads = redirects.has(statusCode) && typeof location === 'string' && URL.canParse(location, url.href);
  if (!leads || hops === 0) throw new StatusError(statusCode);
  const next = addresses.check(new URL(location, url).href);
  if (isLoopback(next) !== isLoopback(url))
    throw new ForbiddenAddressError('No redirect leads from this machine to others, or back.');
  return ask(next, options, hops - 1);
}

async function save(body: Readable, path: string, maxBytes: number, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  const cap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new OversizeError(`The file is longer than ${maxBytes} bytes.`));
      else done(null, chunk);
    },
  });
  await pipeline(body, cap, createWriteStream(path), { signal });
  return bytes;
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
