import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { request } from 'undici';
import type { Log } from '../log.js';
import { type AddressRule, ForbiddenAddressError } from './address.js';
import { type MediaType, sniff, sniffLength } from './sniff.js';

/** A result on this machine's disk, byte for byte as MPS served it. */
export interface FetchedFile {
  readonly path: string;
  readonly type: MediaType;
  readonly bytes: number;
}

export class FetchError extends Error {
  override readonly name = 'FetchError';
  /** `gone`: the link is dead for good; `unreadable`: not the kind of file that was asked for. */
  readonly reason: 'gone' | 'unreadable';
  constructor(reason: 'gone' | 'unreadable', message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Fetches finished results into a spool folder. */
export interface Fetcher {
  /**
   * Downloads all results of one task; tries again until `until` (ms since the epoch), and once where that has passed.
   * @throws FetchError when the links are dead or the bytes are not what was asked for; the signal's reason.
   */
  fetch(
    results: { taskId: string; kind: 'image' | 'video'; urls: readonly string[]; until: number },
    options: { signal: AbortSignal },
  ): Promise<readonly FetchedFile[]>;
  /** Removes what `fetch` laid down. */
  discard(files: readonly FetchedFile[]): Promise<void>;
  close(): Promise<void>;
}

interface Deps {
  readonly addresses: AddressRule;
  readonly log: Log;
  readonly now: () => number;
  /** Downloads side by side. */
  readonly concurrency?: number;
  /** Largest file taken, bytes. */
  readonly maxBytes?: number;
  /** ms without a byte after which a download is given up and begun anew. */
  readonly stallMs?: number;
  /** First wait before another try, ms; doubles up to 60 s. */
  readonly retryMs?: number;
}

/** Statuses by which COS says that a link will never work again. */
const deadStatuses: ReadonlySet<number> = new Set([403, 404, 410]);
/** Such answers in a row that are believed: a store that has only just taken the file may say 404 at first. */
const maxRefusals = 5;

export async function createFetcher(deps: Deps): Promise<Fetcher> {
  const {
    addresses,
    log,
    now,
    concurrency = 4,
    maxBytes = 1 << 30,
    stallMs = 30_000,
    retryMs = 1_000,
  } = deps;
  const spool = await mkdtemp(join(tmpdir(), 'easel-'));
  // Waits between tries hold no place here: a few dead links must not keep the living ones from being fetched.
  const downloads = new PQueue({ concurrency });
  let serial = 0;

  async function once(url: URL, kind: 'image' | 'video', signal: AbortSignal): Promise<FetchedFile> {
    const response = await request(url, {
      dispatcher: addresses.dispatcher,
      signal,
      headersTimeout: stallMs,
      bodyTimeout: stallMs,
    });
    if (response.statusCode !== 200) {
      await response.body.dump();
      const message = `The result's server answered ${response.statusCode}.`;
      throw deadStatuses.has(response.statusCode) ? new FetchError('gone', message) : new Error(message);
    }
    await mkdir(spool, { recursive: true });
    const path = join(spool, String(++serial));
    try {
      const bytes = await save(response.body, path, maxBytes, signal);
      const expected = Number(response.headers['content-length'] ?? bytes);
      if (bytes !== expected) throw new Error(`The download broke off at ${bytes} of ${expected} bytes.`);
      return { path, bytes, type: await typeOf(path, kind) };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async function persist(
    address: string,
    kind: 'image' | 'video',
    until: number,
    taskId: string,
    signal: AbortSignal,
  ) {
    const url = checked(address);
    let refusals = 0;
    for (let wait = retryMs; ; wait = Math.min(wait * 2, 60_000)) {
      try {
        return await downloads.add(() => once(url, kind, signal), { signal });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof FetchError && (error.reason === 'unreadable' || ++refusals === maxRefusals))
          throw error;
        if (now() + wait >= until)
          throw new FetchError('gone', 'The link died before the file came.', { cause: error });
        log.warn({ task: taskId, err: error, againInMs: wait }, 'a result could not be fetched yet');
        await sleep(wait, undefined, { signal });
      }
    }
  }

  function checked(address: string): URL {
    try {
      return addresses.check(address);
    } catch (error) {
      if (error instanceof ForbiddenAddressError)
        throw new FetchError('gone', error.message, { cause: error });
      throw error;
    }
  }

  const discard = async (files: readonly FetchedFile[]) => {
    await Promise.all(files.map((file) => rm(file.path, { force: true })));
  };

  return {
    async fetch({ taskId, kind, urls, until }, { signal }) {
      const files: FetchedFile[] = [];
      try {
        for (const url of urls) files.push(await persist(url, kind, until, taskId, signal));
        return files;
      } catch (error) {
        await discard(files);
        throw error;
      }
    },
    discard,
    async close() {
      await addresses.dispatcher.destroy();
      await rm(spool, { recursive: true, force: true });
    },
  };
}

/** Streams a body to `path`; returns its length in bytes. */
async function save(body: Readable, path: string, maxBytes: number, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  const cap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        done(new FetchError('unreadable', `The result is larger than ${maxBytes} bytes.`));
      else done(null, chunk);
    },
  });
  await pipeline(body, cap, createWriteStream(path), { signal });
  return bytes;
}

async function typeOf(path: string, kind: 'image' | 'video'): Promise<MediaType> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffLength), 0, sniffLength, 0);
    const type = sniff(buffer.subarray(0, bytesRead));
    if (!type?.startsWith(`${kind}/`))
      throw new FetchError('unreadable', `The result is ${type ?? 'of no known type'}, not a ${kind}.`);
    return type;
  } finally {
    await file.close();
  }
}
