import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Handover, Posted, Route, Task, TaskId } from '../model/task.js';
import { type Packing, sentOf } from './attachments.js';
import { type Delivery, FileRefusedError, TooLargeError } from './delivery-port.js';
import { createOrderEndings } from './order-endings.js';
import type { Parcel } from './parcels.js';

export type OpenRoute = Exclude<Route, 'kept'>;

export interface RoutePostsDeps {
  readonly ledger: Ledger;
  readonly delivery: Delivery;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly packing: Pick<Packing, 'pack'>;
  /** Runs a post that a shutdown waits for. */
  readonly run: (post: () => Promise<Posted>, parcels: readonly Parcel[]) => Promise<Posted>;
  /** ms after which the user is pinged, since edits notify no one (NOTIFY_AFTER_SECONDS). Unset: never. */
  readonly notifyAfterMs?: number;
}

export type RoutePosts = ReturnType<typeof createRoutePosts>;

/** Single attempts to post an outcome on a route, each persisted before and after. */
export function createRoutePosts(deps: RoutePostsDeps) {
  const { ledger, delivery, signal } = deps;
  const endings = createOrderEndings(deps);
  const postFitting = createFittingPost(deps, current);

  async function current(id: TaskId): Promise<Task> {
    signal.throwIfAborted();
    const task = ledger.get(id);
    if (!task) throw new Error(`Task ${id} ended while its outcome was being delivered.`);
    return task;
  }

  /** Posts an outcome, unless an earlier attempt on this route did. @throws what Discord refuses it with */
  async function attempt(id: TaskId, route: OpenRoute, files: readonly FetchedFile[]): Promise<void> {
    const before = handoverOf(await current(id));
    // A post was started on this route and its result is unknown.
    if (before.route === route && before.tries > 0 && (await found(id, route))) return;
    const { task, posted, sent } = await postFitting(id, route, files);
    const end = await endings.record(task, route, { posted, ...(sent.length > 0 && { sent }) });
    if (end === 'explain' || end === 'explainAloud')
      await delivery.explain(task, { ping: end === 'explainAloud' });
    else if (end === 'notify') await delivery.notify(task, posted);
    // A set's other parts may have gone elsewhere meanwhile.
    if (route !== 'answer' || task.set) await delivery.tidy(task, posted);
  }

  /** The post that an earlier attempt on this route made; it is persisted then. */
  async function found(id: TaskId, route: OpenRoute): Promise<Posted | undefined> {
    const task = await current(id);
    const posted = await delivery.seek(task, route);
    if (!posted) return undefined;
    if ((await endings.recordFound(task, { posted })) === 'explain')
      await delivery.explain(task, { ping: false });
    if (route !== 'answer' || task.set) await delivery.tidy(task, posted);
    return posted;
  }

  return { current, attempt, found };
}

/** @returns posts what fits there; if Discord takes less than it said, what fits into that. @throws TooLargeError */
function createFittingPost(deps: RoutePostsDeps, current: (id: TaskId) => Promise<Task>) {
  const { ledger, delivery, packing, log, signal, run } = deps;
  return async function postFitting(id: TaskId, route: OpenRoute, files: readonly FetchedFile[]) {
    const selections = selectionsOf(files.length);
    let left: ReadonlySet<number> = new Set();
    for (let most = Number.POSITIVE_INFINITY; ; ) {
      const before = await current(id);
      const limit = Math.min(most, await delivery.limitOf(before, route));
      const packed = files.length > 0 ? await packing.pack(before, files, limit, { signal }) : [];
      const parcels = packed.map((parcel, index) => (left.has(index) ? withheld(parcel) : parcel));
      // Persisted right before it is sent: that is the time around which to search for it.
      const sent = sentOf(parcels);
      const begin = () => ledger.record(id, { type: 'handing', route, ...(sent.length > 0 && { sent }) });
      try {
        const posted = await run(async () => delivery.post(await begin(), route, parcels), parcels);
        return { task: ledger.get(id) ?? before, posted, sent };
      } catch (error) {
        const largest = Math.max(0, ...parcels.map(({ file }) => file?.bytes ?? 0));
        const next = error instanceof FileRefusedError && largest > 0 ? selections.shift() : undefined;
        if (next) {
          log.info({ task: id, route, left: [...next] }, 'Discord blocks a file; trying the others');
          left = next;
          continue;
        }
        if (!(error instanceof TooLargeError) || largest === 0) throw error;
        most = largest - 1;
      }
    }
  };
}

/** Most files for which the blocked one is searched for one by one; beyond that, all are left out at once. */
const mostSifted = 4;

/**
 * What to leave out in turn once a file was blocked: each file alone, since probably only one is meant, then all of
 * them. Discord doesn't say which.
 */
function selectionsOf(count: number): ReadonlySet<number>[] {
  const all = Array.from({ length: count }, (_, index) => index);
  const single = count > 1 && count <= mostSifted ? all.map((index) => new Set([index])) : [];
  return [...single, new Set(all)];
}

function withheld({ file: _, ...parcel }: Parcel): Parcel {
  return { ...parcel, how: 'withheld' };
}

/** On which route, and after how many tries. */
export function handoverOf(task: Task): Handover {
  return 'handover' in task.state ? task.state.handover : { route: 'answer', tries: 0 };
}
