import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import { pixelSizeOf } from '../../media/formats/pixel-size.js';
import type { Fetcher } from '../../media/results/result-fetcher.js';
import { measure } from '../accounting/billing.js';
import type { Packing } from '../delivery/attachments.js';
import type { Delivery } from '../delivery/delivery-port.js';
import { openRoutes } from '../delivery/delivery-routes.js';
import type { Ledger } from '../ledger/ledger.js';
import { expiryOfLinks } from '../model/state-machine.js';
import type { StateOf, Task, TaskId } from '../model/task.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'record'>;
  readonly fetcher: Pick<Fetcher, 'fetch'>;
  readonly packing: Pick<Packing, 'pack'>;
  readonly delivery: Pick<Delivery, 'show' | 'limitOf'>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Files that are here, by task. */
  readonly spooled: Map<TaskId, readonly FetchedFile[]>;
}

/** After this time (ms) the card says that the result is being downloaded. */
const slowFetchMs = 2_000;

/** Brings the results of finished tasks here. */
export function createFetchStep({ ledger, fetcher, packing, delivery, log, signal, spooled }: Deps) {
  async function fetchResults(task: Task, links: StateOf<'fetching' | 'delivering'>) {
    const { urls } = links;
    const { kind } = task.request;
    const known = task.results?.files;
    const results = { taskId: task.id, kind, urls, until: expiryOfLinks(links), ...(known && { known }) };
    return fetcher.fetch(results, { signal });
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
    spooled.set(task.id, files);
    const made = await measure(task, files, log);
    await fitBeforehand(task, files);
    const facts = await Promise.all(
      files.map(async ({ sha256, bytes, type, path }) => {
        const size = await pixelSizeOf(path, type);
        return { sha256, bytes, type, ...size };
      }),
    );
    await ledger.record(task.id, { type: 'fetched', made, files: facts });
  }

  return { fetch, fetchResults };
}
