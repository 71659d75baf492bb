import type { Log } from '../../log.js';
import type { CosBucket } from '../../media/cos/bucket.js';
import type { FetchedFile } from '../../media/files.js';
import { FetchError, type Fetcher } from '../../media/results/result-fetcher.js';
import type { Archive } from '../../media/storage/archive.js';
import { hour, minute } from '../../util/time.js';
import type { Results, Task } from '../model/task.js';

/** The original of a result, by the remaining ways to get it. */
export interface Original {
  /** It is here and within the size limit. Release it. */
  readonly file?: FetchedFile;
  /** Anyone with this link can open it until then, ms since the epoch. */
  readonly link?: { readonly url: string; readonly until: number };
  /** Its link leads to nothing that can be provided. */
  readonly unusable?: true;
  /** Its name in the operator's archive. */
  readonly archived?: string;
}

/** Finds originals of posted results. */
export interface Sources {
  /** One per result, in order; downloaded if it has at most `maxBytes`. */
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

/** Validity of a link to the operator's bucket, ms: the same as MPS's links. */
const bucketLinkMs = 12 * hour;
/** Short time-out (ms), because a user is waiting and already has the result: a "not found" is final. */
const patienceMs = 10 * minute;
const believeMs = 0;

export function createOriginalSources({ fetcher, archive, bucket, log, now }: Deps): Sources {
  /** Files in the operator's bucket stay there: a new link opens them. */
  function linkTo(url: string, linksExpireAt = Number.POSITIVE_INFINITY): Original['link'] {
    const key = bucket?.keyOf(url);
    if (bucket && key !== undefined) {
      return { url: bucket.link(key, bucketLinkMs), until: now() + bucketLinkMs };
    }
    // A permanent link into a bucket that is no longer configured can't be opened.
    if (!Number.isFinite(linksExpireAt) || linksExpireAt <= now()) return undefined;
    return { url, until: linksExpireAt };
  }

  /** Objects in the bucket are signed when they are fetched. */
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
      // If only this machine can't reach it, the link works for everyone else. If nothing is there, no one is sent to
      // it.
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
