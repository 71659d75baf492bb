import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import type { Log } from '../../log.js';
import { type NextAttempt, retry } from '../../util/retry.js';
import { hour, minute } from '../../util/time.js';
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
   * `gone`: the link is dead for good; `misresolved`: to the end this machine resolved its host to a forbidden
   * address; `forbidden`: it leads if nothing is fetched from; `unreadable`: not the kind of file that was asked for.
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
  /** When the links die, ms since the epoch; `Infinity` where they do not. */
  readonly until: number;
  /** What they were, if they have been here before. */
  readonly known?: readonly { readonly sha256: string; readonly bytes: number; readonly type: string }[];
}

export interface FetchOptions {
  readonly signal: AbortSignal;
  /**
   * Over how many ms refusals have to be spread until the link is believed to be dead: many, since one that is given up
   * has to be paid for again. Less where little is lost.
   */
  readonly believeMs?: number;
}

/** Fetches finished results into the spool. */
export interface Fetcher {
  /**
   * Downloads all results of one task; tries again until the links die, and once where they are dead already.
   * @throws FetchError when they are dead, may not be opened, or the bytes are not what was asked for; the signal's reason.
   */
  fetch(results: Results, options: FetchOptions): Promise<readonly FetchedFile[]>;
  /** Removes what `fetch` laid down. */
  discard(files: readonly FetchedFile[]): Promise<void>;
}

interface Deps {
  readonly addresses: AddressRule;
  /** The operator's own: bare links into it are signed for each try, and what lies there does not die. */
  readonly bucket?: Pick<CosBucket, 'sign' | 'addresses'> | undefined;
  /** Told each time the bucket refuses the key. */
  readonly onRefusedByBucket?: (() => void) | undefined;
  readonly spool: Spool;
  readonly log: Log;
  readonly now: () => number;
  /** Downloads side by side. */
  readonly concurrency?: number;
  /** Largest file taken, bytes. */
  readonly maxBytes?: number;
  /** ms without a byte after which a download is given up and begun again. */
  readonly stallMs?: number;
  /** Slower than this it is given up and begun again, too. */
  readonly pace?: Pace;
  /** ms for which a download goes on that was under way when its link died. */
  readonly graceMs?: number;
  /** First wait before another try, ms; doubles up to 60 s. */
  readonly retryMs?: number;
}

/** Refusals that speak of the moment and not of the link: too slow, too early, too many (RFC 9110, 8470, 6585). */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429]);
/**
 * Such answers in a row that are believed where they are spread over as long as FetchOptions says, and how long that is
 * usually, ms: a store that has only just taken the file may say 404 at first, and one that is being mended 403 to all.
 */
const fewestRefusals = 5;
const usualBelieveMs = 10 * minute;
/**
 * In the operator's bucket nothing dies: a key that may not read a result can be given the right, and when MPS puts one
 * there relative to DONE is not documented, ms.
 */
const bucketBelieveMs = { refused: 24 * hour, missing: hour } as const;

export function createFetcher(deps: Deps): Fetcher {
  const { addresses, bucket, spool, log, now } = deps;
  const { concurrency = 4, maxBytes = 1 << 30, stallMs = 30_000, retryMs = 1_000, pace } = deps;
  const { graceMs = 10 * minute } = deps;
  // Waits between tries hold no place here: a few dead links must not keep the living ones from being fetched.
  const downloads = new PQueue({ concurrency });

  async function once(
    { url, kind, until }: Pick<Results, 'kind' | 'until'> & { readonly url: string },
    coming: Download,
  ): Promise<FetchedFile> {
    // What has begun to come was paid for, and a server that lets it come is not asked again; but it has an end.
    const end = Math.max(until, now()) + graceMs;
    const { path, bytes, sha256, type, contentType } = await coming.attempt(end);
    if (type?.startsWith(`${kind}/`)) return { path, bytes, sha256, type };
    // It was paid for: what the bytes do not tell is believed of those who made it.
    const claimed = type ? undefined : claimedType(kind, { contentType, url, head: await headOf(path) });
    if (claimed) return { path, bytes, sha256, type: claimed };
    throw new FetchError('unreadable', `The result is ${type ?? 'of no known type'}, not a ${kind}.`);
  }

  /** Tries until the file is here or can come no more. */
  async function insist(
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
    const onFailure = (error: unknown, { againInMs }: NextAttempt) => {
      const final = toFinal(error);
      if (final) throw final;
      if (isBelieved(error)) throw new FetchError('gone', 'The link has expired.', { cause: error });
      if (now() + againInMs >= until) throw atTheEnd(error);
      const isLockedOut = isInBucket && isRefused(error);
      if (isLockedOut) deps.onRefusedByBucket?.();
      // Only the operator can make room, or give the key its right.
      const level = isDiskFull(error) || isLockedOut ? 'error' : 'warn';
      const message = isLockedOut
        ? 'a result in the bucket may not be fetched: the API key needs cos:GetObject under COS_OUTPUT_DIR, and COS_BUCKET must name that bucket'
        : 'a result could not be fetched yet';
      log[level]({ task: taskId, err: error, againInMs }, message);
    };
    return retry(() => downloads.add(attempt, { signal }), { firstMs: retryMs, signal, onFailure });
  }

  async function persist(url: string, results: Results, options: FetchOptions): Promise<FetchedFile> {
    const { signal } = options;
    const own = bucket?.sign(url) === undefined ? undefined : bucket;
    const spoolInto = {
      ...{ addresses: own?.addresses ?? addresses, spool, maxBytes, stallMs, now, signal },
      ...(pace && { pace }),
    };
    // Signed for this one attempt, and nowhere kept.
    const coming = createDownload(() => own?.sign(url) ?? url, spoolInto);
    let ended: Promise<unknown> | undefined;
    const attempt = () => {
      const begun = once({ ...results, url }, coming);
      ended = begun.catch(() => {});
      return begun;
    };
    try {
      // A link that never dies leads into a bucket, be it one that Easel is not told of any more.
      const isInBucket = own !== undefined || !Number.isFinite(results.until);
      return await insist(attempt, results, options, isInBucket);
    } catch (error) {
      // The queue rejects at once from what it began, which may be about to lay down its file.
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
        // One without the others is not what was ordered; nothing of them may be on its way when this ends.
        giveUp.abort(error);
        const ends = await Promise.allSettled(coming);
        await discard(ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])));
        throw error;
      }
    },
    discard,
  };
}

/** Whether the server refused the link itself; one that leads nowhere is as good as refused. */
function isDead(error: unknown): boolean {
  if (!(error instanceof StatusError) || passingStatuses.has(error.status)) return false;
  return error.status >= 300 && error.status < 500;
}

function isDiskFull(error: unknown): boolean {
  if (error instanceof SpoolFullError) return true;
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Whether the server does not let this caller in, whatever lies there. */
function isRefused(error: unknown): boolean {
  return error instanceof StatusError && (error.status === 401 || error.status === 403);
}

/** Counts refusals in a row. @returns called with each error; whether by now they are many enough, and for long enough. */
function createDoubt(believeMs: (error: unknown) => number, now: () => number): (error: unknown) => boolean {
  let refusals = 0;
  let since = 0;
  return (error) => {
    if (!isDead(error)) refusals = 0;
    else if (refusals++ === 0) since = now();
    return refusals >= fewestRefusals && now() - since >= believeMs(error);
  };
}

/** The error that ends the trying at once; undefined for one that may pass. */
function toFinal(error: unknown): FetchError | undefined {
  if (error instanceof FetchError) return error;
  // The operator may put it right while the link lives.
  if (error instanceof MisresolvedError) return undefined;
  if (error instanceof ForbiddenAddressError)
    return new FetchError('forbidden', error.message, { cause: error });
  return error instanceof OversizeError
    ? new FetchError('unreadable', error.message, { cause: error })
    : undefined;
}

/** What the trying came to when the link's time is over. */
function atTheEnd(error: unknown): FetchError {
  return error instanceof MisresolvedError
    ? new FetchError('misresolved', error.message, { cause: error })
    : new FetchError('gone', 'The link expired before the download finished.', { cause: error });
}
