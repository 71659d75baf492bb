import type { FetchedFile } from '../../media/files.js';
import { type NextAttempt, retry } from '../../util/retry.js';
import { minute } from '../../util/time.js';
import type { Task, TaskId } from '../model/task.js';
import { answerableUntil, isUnawaited } from '../model/task-record.js';
import { FileRefusedError, RouteClosedError, TooLargeError, WordsRefusedError } from './delivery-port.js';
import { leaveOutWords } from './refused-words.js';
import {
  createRoutePosts,
  handoverOf,
  type OpenRoute,
  type RoutePosts,
  type RoutePostsDeps,
} from './route-posts.js';

/** Delivers an outcome exactly once: by the answer, else in the channel, else by direct message. */
export interface DeliveryRoutes {
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

interface Deps extends RoutePostsDeps {
  /** First retry delay, ms; doubles up to 60 s. */
  readonly retryMs?: number;
}

type RouteDeps = Deps & RoutePosts;

export function createDeliveryRoutes(deps: Deps): DeliveryRoutes {
  const tools = { ...deps, ...createRoutePosts(deps) };
  return {
    alreadyPosted: (id, until) => alreadyPosted(tools, id, until),
    async handOver(id, files, until) {
      if (await alreadyPosted(tools, id, until)) return true;
      for (const route of openRoutes(await tools.current(id))) {
        if (await tryRoute(tools, id, route, files, until)) return true;
      }
      return false;
    },
  };
}

/** Tries one route until it accepts the outcome, closes, or time is up. */
async function tryRoute(
  deps: RouteDeps,
  id: TaskId,
  route: OpenRoute,
  files: readonly FetchedFile[],
  until: number,
): Promise<boolean> {
  const { ledger, log, now, signal, retryMs = 1_000, current, attempt } = deps;
  const end = route === 'answer' ? answerEnd(await current(id), until, now()) : until;
  const inTime = async (): Promise<boolean> => {
    if (now() >= end) return false;
    try {
      await attempt(id, route, files);
      return true;
    } catch (error) {
      if (error instanceof WordsRefusedError && (await leaveOutWords({ ledger, log }, await current(id))))
        return inTime();
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
  return handoverOf(await current(id)).route === route && alreadyPosted(deps, id, until);
}

async function alreadyPosted(deps: RouteDeps, id: TaskId, until: number): Promise<boolean> {
  const { log, now, signal, retryMs = 1_000, current, found } = deps;
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
function answerEnd({ origin }: Task, until: number, now: number): number {
  const end = answerableUntil(origin);
  return Number.isFinite(end) ? end : Math.max(until, now + minute);
}

/** The route can't be used for this. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof RouteClosedError ||
    error instanceof WordsRefusedError ||
    error instanceof FileRefusedError
  );
}

/**
 * The routes to try for a task, best first. A private outcome never goes to the channel, and one that no one is
 * waiting for only to its card.
 */
export function openRoutes(task: Task): OpenRoute[] {
  const { origin } = task;
  if (origin.apart && !origin.collected) return ['direct'];
  const open: OpenRoute[] = [];
  if (origin.token || origin.replyAs) open.push('answer');
  if (isUnawaited(task)) return open;
  if (!origin.private && origin.mayPostLater) open.push('channel');
  return [...open, 'direct'];
}
