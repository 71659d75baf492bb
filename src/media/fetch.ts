import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Log } from '../log.js';
import { type AddressRule, ForbiddenAddressError } from './address.js';
import { type ClaimedType, claimedType } from './claim.js';
import { createDownload, type Download, headOf, OversizeError, StatusError } from './download.js';
import { type Spool, SpoolFullError } from './spool.js';

/** A file on this machine's disk, and its type: by its bytes, or by what is said of it where those tell nothing. */
export interface LocalFile {
  readonly path: string;
  readonly type: ClaimedType;
  readonly bytes: number;
}

/** A result in the spool, byte for byte as MPS served it. */
export interface FetchedFile extends LocalFile {
  /** In hex. */
  readonly sha256: string;
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

/** The finished results of one task at MPS. */
export interface Results {
  readonly taskId: string;
  readonly kind: 'image' | 'video';
  readonly urls: readonly string[];
  /** When the links die, ms since the epoch. */
  readonly until: number;
  /** What they were, where they have been here before. */
  readonly known?: readonly { readonly sha256: string; readonly bytes: number; readonly type: string }[];
}

/** Fetches finished results into the spool. */
export interface Fetcher {
  /**
   * Downloads all results of one task; tries again until the links die, and once where they are dead already.
   * @throws FetchError when they are dead or the bytes are not what was asked for; the signal's reason.
   */
  fetch(results: Results, options: { signal: AbortSignal }): Promise<readonly FetchedFile[]>;
  /** Removes what `fetch` laid down. */
  discard(files: readonly FetchedFile[]): Promise<void>;
}

interface Deps {
  readonly addresses: AddressRule;
  readonly spool: Spool;
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

/** Refusals that speak of the moment and not of the link: too slow, too early, too many (RFC 9110, 8470, 6585). */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429]);
/** Such answers in a row that are believed: a store that has only just taken the file may say 404 at first. */
const maxRefusals = 5;

export function createFetcher(deps: Deps): Fetcher {
  const { addresses, spool, log, now } = deps;
  const { concurrency = 4, maxBytes = 1 << 30, stallMs = 30_000, retryMs = 1_000 } = deps;
  // Waits between tries hold no place here: a few dead links must not keep the living ones from being fetched.
  const downloads = new PQueue({ concurrency });

  async function once(
    { url, kind }: { readonly url: string; readonly kind: Results['kind'] },
    coming: Download,
  ): Promise<FetchedFile> {
    const { path, bytes, sha256, type, contentType } = await coming.attempt();
    if (type?.startsWith(`${kind}/`)) return { path, bytes, sha256, type };
    // It was paid for: what the bytes do not tell is believed of those who made it.
    const claimed = type ? undefined : claimedType(kind, { contentType, url, head: await headOf(path) });
    if (claimed) return { path, bytes, sha256, type: claimed };
    throw new FetchError('unreadable', `The result is ${type ?? 'of no known type'}, not a ${kind}.`);
  }

  async function persist(
    url: string,
    { kind, until, taskId }: Results,
    signal: AbortSignal,
  ): Promise<FetchedFile> {
    const coming = createDownload(url, { addresses, spool, maxBytes, stallMs, signal });
    let refusals = 0;
    try {
      for (let wait = retryMs; ; wait = Math.min(wait * 2, 60_000)) {
        try {
          return await downloads.add(() => once({ url, kind }, coming), { signal });
        } catch (error) {
          signal.throwIfAborted();
          refusals = isDead(error) ? refusals + 1 : 0;
          const final = toFinal(error, refusals);
          if (final) throw final;
          if (now() + wait >= until)
            throw new FetchError('gone', 'The link died before the file came.', { cause: error });
          // Only the operator can make room.
          const level = isDiskFull(error) ? 'error' : 'warn';
          log[level]({ task: taskId, err: error, againInMs: wait }, 'a result could not be fetched yet');
          await sleep(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
        }
      }
    } catch (error) {
      await coming.drop();
      throw error;
    }
  }

  const discard = (files: readonly FetchedFile[]) => spool.remove(files.map(({ path }) => path));

  return {
    async fetch(results, { signal }) {
      const giveUp = new AbortController();
      const either = AbortSignal.any([signal, giveUp.signal]);
      setMaxListeners(0, either);
      const coming = results.urls.map((url) => persist(url, results, either));
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

/** The error that ends the trying; undefined for one that may pass. */
function toFinal(error: unknown, refusals: number): FetchError | undefined {
  if (error instanceof FetchError) return error;
  if (error instanceof ForbiddenAddressError) return new FetchError('gone', error.message, { cause: error });
  if (error instanceof OversizeError) return new FetchError('unreadable', error.message, { cause: error });
  return refusals >= maxRefusals ? new FetchError('gone', 'The link is dead.', { cause: error }) : undefined;
}
