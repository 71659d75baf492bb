import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import { type NextAttempt, retry } from '../../util/retry.js';
import { minute } from '../../util/time.js';
import { isFollowed, nextId } from '../ledger/follow-up.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Handover, Posted, Route, Task, TaskId } from '../model/task.js';
import { answerableUntil, isUnawaited, receivedAt } from '../model/task-record.js';
import { type Packing, sentOf } from './attachments.js';
import {
  type Delivery,
  FileRefusedError,
  RouteClosedError,
  TooLargeError,
  WordsRefusedError,
} from './delivery-port.js';
import type { Parcel } from './parcels.js';

type OpenRoute = Exclude<Route, 'kept'>;

/** Delivers an outcome exactly once: by the answer, else in the channel, else by direct message. */
export interface Handovers {
  /**
   * Checks whether a started post, perhaps from before a restart, arrived after all, and persists that. While Discord
   * is unreachable nothing else should be tried: another route might deliver it twice.
   */
  alreadyPosted(id: TaskId, until: number): Promise<boolean>;
  /**
   * Tries the routes until one accepts the outcome, and persists that. The result of an interrupted post is searched
   * for before posting again.
   * @param until ms since the epoch: how long temporary errors are retried.
   * @returns false if every route is closed or time is up.
   * @throws TooLargeError; the signal's reason.
   */
  handOver(id: TaskId, files: readonly FetchedFile[], until: number): Promise<boolean>;
}

interface Deps {
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
  /** First retry delay, ms; doubles up to 60 s. */
  readonly retryMs?: number;
}

export function createHandovers(deps: Deps): Handovers {
  const { ledger, delivery, packing, log, now, signal, run, retryMs = 1_000 } = deps;
  const { notifyAfterMs = Number.POSITIVE_INFINITY } = deps;
  const isLate = (task: Task) => now() - receivedAt(task) > notifyAfterMs;

  async function current(id: TaskId): Promise<Task> {
    signal.throwIfAborted();
    const task = ledger.get(id);
    if (!task) throw new Error(`Task ${id} ended while its outcome was being delivered.`);
    return task;
  }

  /** Tries one route until it accepts the outcome, closes, or time is up. */
  async function tryRoute(
    id: TaskId,
    route: OpenRoute,
    files: readonly FetchedFile[],
    until: number,
  ): Promise<boolean> {
    const end = route === 'answer' ? answerEnd(await current(id), until) : until;
    const inTime = async (): Promise<boolean> => {
      if (now() >= end) return false;
      try {
        await attempt(id, route, files);
        return true;
      } catch (error) {
        if (error instanceof WordsRefusedError && (await leaveOutWords(id))) return inTime();
        throw error;
      }
    };
    const onFailure = (error: unknown, { againInMs }: NextAttempt) => {
      if (error instanceof TooLargeError || isRefusal(error)) throw error;
      log.warn({ task: id, route, err: error, againInMs }, 'an outcome could not be posted yet');
    };
    try {
      if (await retry(inTime, { firstMs: retryMs, signal, onFailure })) return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      log.info({ task: id, route, err: error }, 'a delivery route is closed');
      return false;
    }
    // Time is up, but the last post may have arrived: the next route must not repeat it.
    return handoverOf(await current(id)).route === route && alreadyPosted(id, until);
  }

  async function attempt(id: TaskId, route: OpenRoute, files: readonly FetchedFile[]): Promise<void> {
    const before = handoverOf(await current(id));
    // A post was started on this route and its result is unknown.
    if (before.route === route && before.tries > 0 && (await found(id, route))) return;
    const { task, posted, sent } = await postFitting(id, route, files);
    // Persisted before sending: after a crash, rather no ping than two.
    const isLast = isRungFor(task) && !isFollowed(task, ledger);
    const late = route === 'answer' && isLast && isLate(task);
    await ledger.record(id, {
      ...{ type: 'handed', posted },
      ...(late && { notified: true }),
      ...(sent.length > 0 && { sent }),
    });
    if (late) await delivery.notify(task, posted);
    if (route !== 'answer') await delivery.tidy(task, posted);
  }

  /**
   * Tries again without the prompt, which every route would reject. For a chained order, whose prompts may share the
   * message: first without the video's, then without the image's, then without either, so that the message names the
   * right one as blocked.
   * @returns false if all were left out already.
   */
  async function leaveOutWords(id: TaskId): Promise<boolean> {
    const own = (await current(id)).origin.wordless ?? false;
    const clip = ledger.get(nextId(id));
    const clips = clip?.after === id ? (clip.origin.wordless ?? false) : true;
    if (own && clips) return false;
    await ledger.amend(id, { wordless: own || clips });
    if (clip?.after === id) await ledger.amend(clip.id, { wordless: own || !clips });
    log.info({ task: id }, 'Discord refuses words of an order; its outcome is posted without them');
    return true;
  }

  /**
   * Posts what fits; if Discord accepts less than it said, what fits into that.
   * @throws TooLargeError
   */
  async function postFitting(id: TaskId, route: OpenRoute, files: readonly FetchedFile[]) {
    const selections = selectionsOf(files.length);
    let left: ReadonlySet<number> = new Set();
    for (let most = Number.POSITIVE_INFINITY; ; ) {
      const before = await current(id);
      const limit = Math.min(most, await delivery.limitOf(before, route));
      const packed = files.length > 0 ? await packing.pack(before, files, limit, { signal }) : [];
      const parcels = packed.map((parcel, index) => (left.has(index) ? withheld(parcel) : parcel));
      // Persisted right before it is sent: that is the time around which to search for it.
      const begin = () => ledger.record(id, { type: 'handing', route });
      try {
        const posted = await run(async () => delivery.post(await begin(), route, parcels), parcels);
        return { task: ledger.get(id) ?? before, posted, sent: sentOf(parcels) };
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
  }

  async function found(id: TaskId, route: OpenRoute): Promise<Posted | undefined> {
    const task = await current(id);
    const posted = await delivery.seek(task, route);
    if (!posted) return undefined;
    await ledger.record(id, { type: 'handed', posted });
    if (route !== 'answer') await delivery.tidy(task, posted);
    return posted;
  }

  async function alreadyPosted(id: TaskId, until: number): Promise<boolean> {
    const { route, tries } = handoverOf(await current(id));
    if (tries === 0 || route === 'kept') return false;
    let isLate = false;
    const look = () => found(id, route);
    const onFailure = (error: unknown, { againInMs }: NextAttempt) => {
      log.warn({ task: id, route, err: error, againInMs }, 'looking for an earlier post failed');
      isLate = now() + againInMs >= until;
      if (isLate) throw error;
    };
    try {
      return (await retry(look, { firstMs: retryMs, signal, onFailure })) !== undefined;
    } catch (error) {
      if (isLate) return false;
      throw error;
    }
  }

  /** A route without a token is tried as long as any other, and at least briefly. */
  function answerEnd({ origin }: Task, until: number): number {
    const end = answerableUntil(origin);
    return Number.isFinite(end) ? end : Math.max(until, now() + minute);
  }

  return {
    alreadyPosted,
    async handOver(id, files, until) {
      if (await alreadyPosted(id, until)) return true;
      for (const route of openRoutes(await current(id))) {
        if (await tryRoute(id, route, files, until)) return true;
      }
      return false;
    },
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

/** The route can't be used for this. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof RouteClosedError ||
    error instanceof WordsRefusedError ||
    error instanceof FileRefusedError
  );
}

/** A user who cancelled or dismissed it isn't waiting for it. */
function isRungFor({ state, release }: Task): boolean {
  return state.name !== 'cancelled' && release === undefined;
}

/**
 * The routes to try for a task, best first. A private outcome never goes to the channel, and one that no one is
 * waiting for only to its card.
 */
export function openRoutes(task: Task): OpenRoute[] {
  const { origin } = task;
  const open: OpenRoute[] = [];
  if (origin.token || origin.replyAs) open.push('answer');
  if (isUnawaited(task)) return open;
  if (!origin.private && origin.mayPostLater) open.push('channel');
  return [...open, 'direct'];
}

function handoverOf(task: Task): Handover {
  return 'handover' in task.state ? task.state.handover : { route: 'answer', tries: 0 };
}
