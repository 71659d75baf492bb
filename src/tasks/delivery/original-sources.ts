import type { Log } from '../../log.js';
import type { CosBucket } from '../../media/cos/bucket.js';
import type { FetchedFile } from '../../media/files.js';
import { FetchError, type Fetcher } from '../../media/results/result-fetcher.js';
import type { Archive } from '../../media/storage/archive.js';
import { hour, minute } from '../../util/time.js';
import type { Results, Task } from '../model/task.js';

/** A result as it was made, by the ways to it that are left. */
export interface Original {
  /** It is here, and as short as was asked for. Release it. */
  readonly file?: FetchedFile;
  /** It can be opened by anyone who has this link; ms since the epoch. */
  readonly link?: { readonly url: string; readonly until: number };
  /** Its link opens to nothing that can be given out. */
  readonly unusable?: true;
  /** Its name in the operator's archive. */
  readonly archived?: string;
}

/** Where results are found again after they were posted. */
export interface Sources {
  /** One for each result, in order; fetched if it has at most `maxBytes`. */
  find(task: Task, options: { readonly maxBytes: number }): Promise<readonly Original[]>;
  release(found: readonly Original[]): Promise<void>;
}

interface Deps {
  readonly fetcher: Fetcher;
  /** ARCHIVE_DIR */
  readonly archive?: Archive | undefined;
  /** COS_BUCKET */
  readonly bucket?: Pick<CosBucket, 'link' | 'keyOf' | 'address'> | undefined;
  readonly log: Log;
  readonly now: () => number;
}

/** How long a link to the operator's bucket lives, ms: as long as one of MPS's. */
const bucketLinkMs = 12 * hour;
/** A user waits for it, ms, and has the result already: what is said to be gone is believed at once. */
const patienceMs = 10 * minute;
const believeMs = 0;

export function createOriginalSources({ fetcher, archive, bucket, log, now }: Deps): Sources {
  /** What MPS put into the operator's bucket stays there: a new link opens it. */
  function linkTo(url: string, linksExpireAt = Number.POSITIVE_INFINITY): Original['link'] {
    const key = bucket?.keyOf(url);
    if (bucket && key !== undefined) {
      return { url: bucket.link(key, bucketLinkMs), until: now() + bucketLinkMs };
    }
    // One that was to last leads into a bucket that is no longer set: nothing opens it.
    if (!Number.isFinite(linksExpireAt) || linksExpireAt <= now()) return undefined;
    return { url, until: linksExpireAt };
  }

  /** What lies in the bucket is signed where it is fetched. */
  function bareLink(url: string): string {
    const key = bucket?.keyOf(url);
    return bucket && key !== undefined ? bucket.address(key) : url;
  }

  async function fetched(task: Task, url: string, until: number, sha256: string | undefined) {
    const results = { taskId: task.id, kind: task.request.kind, urls: [url], until };
    try {
      const [file] = await fetcher.fetch(results, { signal: AbortSignal.timeout(patienceMs), believeMs });
      if (file === undefined || file.sha256 === sha256) return file;
      await fetcher.discard([file]);
      log.warn({ task: task.id }, 'a result differs from the one recorded');
      return 'gone';
    } catch (error) {
      log.info({ task: task.id, err: error }, 'an original could not be fetched');
      // Where this machine alone finds no way, the link serves all others. No one is sent if nothing is.
      if (!(error instanceof FetchError) || error.reason === 'misresolved') return undefined;
      return error.reason === 'gone' ? 'gone' : 'unusable';
    }
  }

  async function findOne(task: Task, results: Results, index: number, maxBytes: number): Promise<Original> {
    const { urls, linksExpireAt, files } = results;
    const link = linkTo(urls[index] ?? '', linksExpireAt);
    const facts = files[index];
    const kept = facts && (await archive?.find(task.id, index, facts));
    const found = { ...(link && { link }), ...(kept && { archived: kept.name }) };
    if (!facts || facts.bytes > maxBytes) return found;
    const file =
      kept?.file ?? (link && (await fetched(task, bareLink(urls[index] ?? ''), link.until, facts.sha256)));
    if (file === 'unusable') return { unusable: true };
    return file === 'gone' ? {} : { ...found, ...(file && { file }) };
  }

  return {
    async find(task, { maxBytes }) {
      const { results } = task;
      if (!results) return [];
      return Promise.all(results.urls.map((_, index) => findOne(task, results, index, maxBytes)));
    },
    async release(found) {
      // What is in the archive stays there.
      await fetcher.discard(found.flatMap(({ file, archived }) => (file && !archived ? [file] : [])));
    },
  };
}
