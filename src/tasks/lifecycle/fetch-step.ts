import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import { pixelSizeIn, pixelSizeOf } from '../../media/formats/pixel-size.js';
import { FetchError, type Fetcher, type Results } from '../../media/results/result-fetcher.js';
import { retry } from '../../util/retry.js';
import { minute } from '../../util/time.js';
import { measure } from '../accounting/billing.js';
import type { Packing } from '../delivery/attachments.js';
import type { Delivery } from '../delivery/delivery-port.js';
import { openRoutes } from '../delivery/delivery-routes.js';
import { nextIn } from '../ledger/follow-up.js';
import type { Ledger } from '../ledger/ledger.js';
import { expiryOfLinks } from '../model/state-machine.js';
import type { Posted, ResultFile, StateOf, Task, TaskId } from '../model/task.js';
import type { Extending } from './extending/extending.js';
import type { ReviewDesk } from './review/review-desk.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'record' | 'recordSoon' | 'noteWhole'>;
  readonly fetcher: Pick<Fetcher, 'fetch' | 'discard'>;
  readonly packing: Pick<Packing, 'pack'>;
  readonly delivery: Pick<Delivery, 'show' | 'limitOf'>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Files that are here, by task. */
  readonly spooled: Map<TaskId, readonly FetchedFile[]>;
  /** Moderators of servers that look at results first. @default none */
  readonly desk?: Pick<ReviewDesk, 'wants' | 'filesIn'> | undefined;
  /** Joins a clip to the one that it continues. */
  readonly join?: ((task: Task, part: FetchedFile) => ReturnType<Extending['join']>) | undefined;
  /** ms before a failing store is read again; doubles. */
  readonly retryMs: number;
  readonly now: () => number;
}

/** After this time (ms) the card says that the result is being downloaded. */
const slowFetchMs = 2_000;

/** Brings the results of finished tasks here. */
export function createFetchStep(deps: Deps) {
  const { ledger, fetcher, packing, delivery, log, signal, spooled, desk } = deps;

  async function fetchResults(task: Task, links: Links) {
    const copy = links.name === 'delivering' ? links.copy : 'asked' in links ? links.asked : undefined;
    if (copy && desk) return fetchReviewed({ ...deps, desk }, task, links, copy);
    return fetcher.fetch(resultsOf(task, links), { signal });
  }

  /** Without the rules nothing is posted: they are read until they can be. */
  async function isReviewed(task: Task): Promise<boolean> {
    if (!desk) return false;
    const wants = () => desk.wants(task);
    return retry(wants, {
      firstMs: deps.retryMs,
      signal,
      onFailure: (error, { againInMs }) =>
        log.warn({ task: task.id, err: error, againInMs }, "a server's rules on review could not be read"),
    });
  }

  /**
   * Shrinks oversized results for their most likely route while the card can still say so: once a task is being
   * delivered, the card shows the outcome.
   */
  async function fitBeforehand(task: Task, files: readonly FetchedFile[]): Promise<void> {
    const [route] = openRoutes(task);
    const limit = route && (await delivery.limitOf(task, route));
    if (limit === undefined) return;
    const isLarge = files.some(({ bytes }) => bytes > limit);
    if (isLarge) void delivery.show(task, { fitting: true });
    // A video may have to be converted to play everywhere, which takes time too.
    if (!isLarge && task.request.kind === 'image') return;
    await packing.pack(task, files, limit, { signal });
  }

  async function fetch(task: Task, finished: StateOf<'fetching'>): Promise<void> {
    // Most results arrive before anyone could read that they are coming.
    const slow = setTimeout(() => void delivery.show(task), slowFetchMs);
    const files = await fetchResults(task, finished).finally(() => clearTimeout(slow));
    const made = await measure(task, files, log);
    const facts = await Promise.all(files.map(factsOf));
    const shown = await shownOf(deps, task, files);
    spooled.set(task.id, shown);
    await fitBeforehand(ledger.get(task.id) ?? task, shown);
    const review = await isReviewed(task);
    const fetched = { type: 'fetched', made, files: facts, ...(review && { review }) } as const;
    await (isPlain(task, review) ? ledger.recordSoon : ledger.record)(task.id, fetched);
  }

  /** Nothing but its post follows, and its file is had again at once: it is persisted with the beginning of the post. */
  function isPlain(task: Task, review: boolean): boolean {
    return task.request.kind === 'image' && !review && !task.set && !nextIn(task.id, ledger);
  }

  return {
    fetch,
    /** The files to post, once more: a restart has lost those that were here. */
    bring: async (task: Task, links: Links) => shownOf(deps, task, await fetchResults(task, links)),
  };
}

async function factsOf({ sha256, bytes, type, path, pixels, content }: FetchedFile): Promise<ResultFile> {
  const size = pixels ?? (content ? pixelSizeIn(content) : await pixelSizeOf(path, type));
  return { sha256, bytes, type, ...size };
}

/** What is posted: of a clip that continues another both as one, if that can be. What became of it is recorded first. */
async function shownOf(
  { ledger, fetcher, join }: Pick<Deps, 'ledger' | 'fetcher' | 'join'>,
  task: Task,
  files: readonly FetchedFile[],
): Promise<readonly FetchedFile[]> {
  const [part] = files;
  if (task.request.kind !== 'video' || !task.request.extends || !part) return files;
  const known = task.results?.files[0];
  // The copy that moderators saw is whole already.
  if (known && known.sha256 !== part.sha256) return files;
  const joined = join ? await join(task, part) : ({ whole: { missing: 'unavailable' } } as const);
  if (!isDeepStrictEqual(joined.whole, ledger.get(task.id)?.whole))
    await ledger.noteWhole(task.id, joined.whole);
  if (!('file' in joined)) return files;
  await fetcher.discard(files);
  return [joined.file];
}

type Links = StateOf<'fetching' | 'awaitingReview' | 'delivering'>;

function resultsOf({ id, request: { kind }, results }: Task, links: Links): Results {
  const known = results?.files;
  const { urls } = links;
  return { taskId: id, kind, urls, until: expiryOfLinks(links), ...(known && { known }) };
}

/** How long a link to a result is tried before its copy is taken, ms. */
const linkPatienceMs = 2 * minute;

/**
 * What moderators have seen, once they approved it: the original if it can still be had and is the same, else the copy in
 * their channel.
 * @throws FetchError if neither is left
 */
async function fetchReviewed(
  deps: Deps & { readonly desk: Pick<ReviewDesk, 'filesIn'> },
  task: Task,
  links: Links,
  copy: Posted,
): Promise<readonly FetchedFile[]> {
  const { fetcher, desk, log, now, signal } = deps;
  const results = resultsOf(task, links);
  const until = Math.min(results.until, now() + linkPatienceMs);
  try {
    const files = await fetcher.fetch({ ...results, until }, { signal, believeMs: 0 });
    if (files.every(({ sha256 }, at) => sha256 === results.known?.[at]?.sha256)) return files;
    log.warn({ task: task.id }, 'a result differs from the one that moderators saw; taking their copy');
    await fetcher.discard(files);
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    log.info({ task: task.id, err: error }, 'taking the copy of a result from the moderators’ channel');
  }
  return desk.filesIn(copy, task, { signal });
}
