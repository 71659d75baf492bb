import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import type { Log } from '../../log.js';
import { type NextAttempt, retry } from '../../util/retry.js';
import { day, hour, minute } from '../../util/time.js';
import type { CosBucket } from '../cos/bucket.js';
import type { FetchedFile } from '../files.js';
import { claimedType } from '../formats/declared-type.js';
import { createDownload, type Download, headOf, OversizeError, StatusError } from '../http/download.js';
import type { Pace } from '../http/min-throughput.js';
import { type AddressRule, ForbiddenAddressError, MisresolvedError } from '../http/url-guard.js';
import { type Spool, SpoolFullError } from '../storage/spool.js';

export class FetchError extends Error {
  override readonly name = 'FetchError';
  /**
   * `gone`: the link has expired; `misresolved`: this machine resolved its host to a forbidden address until the end;
   * `forbidden`: it leads to a forbidden address; `unreadable`: not the expected kind of file.
   */
  readonly reason: 'gone' | 'misresolved' | 'forbidden' | 'unreadable';
  constructor(reason: FetchError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The finished results of one task at MPS. */
export interface Results {
  readonly taskId: string;
  readonly kind: 'image' | 'video';
  readonly urls: readonly string[];
  /** When the links expire, ms since the epoch; `Infinity` if never. */
  readonly until: number;
  /** Their earlier hashes, if they were downloaded before. */
  readonly known?: readonly { readonly sha256: string; readonly bytes: number; readonly type: string }[];
}

export interface FetchOptions {
  readonly signal: AbortSignal;
  /**
   * Time (ms) over which refusals must be spread before a link counts as expired: long, because giving up means
   * paying again. Less if little is at stake.
   */
  readonly believeMs?: number;
}

/** Downloads finished results into the spool. */
export interface Fetcher {
  /**
   * Downloads all results of one task; retries until the links expire, and tries once if they already have.
   * @throws FetchError if they have expired, may not be opened, or aren't the expected files; the signal's reason.
   */
  fetch(results: Results, options: FetchOptions): Promise<readonly FetchedFile[]>;
  /** Removes the files of `fetch`. */
  discard(files: readonly FetchedFile[]): Promise<void>;
}

interface Deps {
  readonly addresses: AddressRule;
  /** The operator's bucket: bare links into it are signed for each try, and its objects don't expire. */
  readonly bucket?: Pick<CosBucket, 'sign' | 'addresses'> | undefined;
  /** Called each time the bucket rejects the key. */
  readonly onRefusedByBucket?: (() => void) | undefined;
  readonly spool: Spool;
  readonly log: Log;
  readonly now: () => number;
  /** Whether the spool may keep small images in memory until they are sent. @default false */
  readonly keep?: boolean;
  /** Concurrent downloads. */
  readonly concurrency?: number;
  /** File size limit, bytes. */
  readonly maxBytes?: number;
  /** ms without a byte after which a download is restarted. */
  readonly stallMs?: number;
  /** Minimum throughput below which it is restarted too. */
  readonly pace?: Pace;
  /** ms that a running download may continue after its link expired. */
  readonly graceMs?: number;
  /** First retry delay, ms; doubles up to 60 s. */
  readonly retryMs?: number;
}

/** Temporary refusals that say nothing about the link: too slow, too early, too many (RFC 9110, 8470, 6585). */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429]);
/**
 * How many consecutive refusals count as final if spread over the time in FetchOptions, and its default, ms: a store
 * may answer 404 right after receiving a file, and 403 to everyone during maintenance.
 */
const fewestRefusals = 5;
const usualBelieveMs = 10 * minute;
/**
 * The same for the operator's bucket, ms: nothing expires there, a missing permission can be granted, and it isn't
 * documented when MPS stores a result relative to DONE.
 */
const bucketBelieveMs = { refused: 24 * hour, missing: hour } as const;

/** How long a download is retried whose link never expires, ms: it stays in the operator's bucket. */
const longestMs = 30 * day;

export function createFetcher(deps: Deps): Fetcher {
  const { addresses, bucket, spool, now } = deps;
  const { concurrency = 4, maxBytes = 1 << 30, stallMs = 30_000, pace, keep = false } = deps;
  const { graceMs = 10 * minute } = deps;
  // Retry delays don't occupy a slot: a few expired links must not block valid ones.
  const downloads = new PQueue({ concurrency });
  const spoolInto = { spool, maxBytes, stallMs, now, ...(pace && { pace }) };
  const insist = createInsistence(deps);

  async function persist(url: string, results: Results, options: FetchOptions): Promise<FetchedFile> {
    const { signal } = options;
    const own = bucket?.sign(url) === undefined ? undefined : bucket;
    // Signed for this one attempt and never stored.
    const coming = createDownload(() => own?.sign(url) ?? url, {
      ...spoolInto,
      keep: keep && results.kind === 'image',
      addresses: own?.addresses ?? addresses,
      signal,
    });
    let ended: Promise<unknown> | undefined;
    const attempt = () => {
      const begun = once({ ...results, url }, coming, now, graceMs);
      ended = begun.catch(() => {});
      return begun;
    };
    try {
      // A link that never expires leads into a bucket, even if it is no longer configured.
      const isInBucket = own !== undefined || !Number.isFinite(results.until);
      return await insist(() => downloads.add(attempt, { signal }), results, options, isInBucket);
    } catch (error) {
      // The queue rejects immediately while its job may still write its file.
      await ended;
      await coming.drop();
      throw error;
    }
  }

  const discard = (files: readonly FetchedFile[]) => spool.remove(files.map(({ path }) => path));

  return {
    async fetch(results, options) {
      const giveUp = new AbortController();
      const signal = AbortSignal.any([options.signal, giveUp.signal]);
      setMaxListeners(0, signal);
      const coming = results.urls.map((url) => persist(url, results, { ...options, signal }));
      try {
        return await Promise.all(coming);
      } catch (error) {
        // All or nothing: no download may still be running when this ends.
        giveUp.abort(error);
        const ends = await Promise.allSettled(coming);
        await discard(ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])));
        throw error;
      }
    },
    discard,
  };
}

async function once(
  { url, kind, until }: Pick<Results, 'kind' | 'until'> & { readonly url: string },
  coming: Download,
  now: () => number,
  graceMs: number,
): Promise<FetchedFile> {
  // A started download was paid for and may finish after the expiry, but not endlessly.
  const end = Math.max(until, now()) + graceMs;
  const { path, bytes, sha256, type, pixels, content, contentType } = await coming.attempt(end);
  if (type?.startsWith(`${kind}/`))
    return { path, bytes, sha256, type, ...(pixels && { pixels }), ...(content && { content }) };
  // It was paid for: if the bytes don't reveal the type, trust the declared one.
  const claimed = type
    ? undefined
    : claimedType(kind, { contentType, url, head: content ?? (await headOf(path)) });
  if (claimed) return { path, bytes, sha256, type: claimed, ...(content && { content }) };
  throw new FetchError('unreadable', `The result is ${type ?? 'of no known type'}, not a ${kind}.`);
}

function createInsistence(deps: Deps) {
  const { log, now, retryMs = 1_000 } = deps;

  /** Retries until the file is here or can no longer come. */
  return async function insist(
    attempt: () => Promise<FetchedFile>,
    { until, taskId }: Results,
    { signal, believeMs = usualBelieveMs }: FetchOptions,
    isInBucket: boolean,
  ): Promise<FetchedFile> {
    const patience = (error: unknown) => {
      if (!isInBucket || believeMs === 0) return believeMs;
      return isRefused(error) ? bucketBelieveMs.refused : bucketBelieveMs.missing;
    };
    const isBelieved = createDoubt(patience, now);
    const end = Math.min(until, now() + longestMs);
    const onFailure = (error: unknown, { againInMs }: NextAttempt) => {
      const final = toFinal(error);
      if (final) throw final;
      if (isBelieved(error)) throw new FetchError('gone', 'The link has expired.', { cause: error });
      if (now() + againInMs >= end) throw atTheEnd(error);
      const isLockedOut = isInBucket && isRefused(error);
      if (isLockedOut) deps.onRefusedByBucket?.();
      // Only the operator can free space or grant the permission.
      const level = isDiskFull(error) || isLockedOut ? 'error' : 'warn';
      const message = isLockedOut
        ? 'a result in the bucket may not be fetched: the API key needs cos:GetObject under COS_OUTPUT_DIR, and COS_BUCKET must name that bucket'
        : 'a result could not be fetched yet';
      log[level]({ task: taskId, err: error, againInMs }, message);
    };
    return retry(attempt, { firstMs: retryMs, signal, onFailure });
  };
}

/** True if the server rejected the link itself; a link that leads nowhere counts too. */
function isDead(error: unknown): boolean {
  if (!(error instanceof StatusError) || passingStatuses.has(error.status)) return false;
  return error.status >= 300 && error.status < 500;
}

function isDiskFull(error: unknown): boolean {
  if (error instanceof SpoolFullError) return true;
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** True if the server denies access altogether. */
function isRefused(error: unknown): boolean {
  return error instanceof StatusError && (error.status === 401 || error.status === 403);
}

/**
 * Counts consecutive refusals.
 * @returns a function called with each error; true once there are enough over a long enough time.
 */
function createDoubt(believeMs: (error: unknown) => number, now: () => number): (error: unknown) => boolean {
  let refusals = 0;
  let since = 0;
  return (error) => {
    if (!isDead(error)) refusals = 0;
    else if (refusals++ === 0) since = now();
    return refusals >= fewestRefusals && now() - since >= believeMs(error);
  };
}

/** The error that ends retrying immediately; undefined if it may be temporary. */
function toFinal(error: unknown): FetchError | undefined {
  if (error instanceof FetchError) return error;
  // The operator may fix it while the link is valid.
  if (error instanceof MisresolvedError) return undefined;
  if (error instanceof ForbiddenAddressError)
    return new FetchError('forbidden', error.message, { cause: error });
  return error instanceof OversizeError
    ? new FetchError('unreadable', error.message, { cause: error })
    : undefined;
}

/** The result of retrying once the link has expired. */
function atTheEnd(error: unknown): FetchError {
  return error instanceof MisresolvedError
    ? new FetchError('misresolved', error.message, { cause: error })
    : new FetchError('gone', 'The link expired before the download finished.', { cause: error });
}
