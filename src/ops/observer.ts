import type { Action } from '../mps/wire.js';
import type { AnyScope, Measure } from '../quota/measures.js';
import type { Task, TaskEvent } from '../tasks/task.js';

/** Ways of bytes: a person's image in, MPS's result in, an attachment out to Discord. */
export type Way = 'source' | 'result' | 'upload';

/**
 * What happens inside Easel, told to those who count it or warn of it. Called in passing: an observer neither throws nor
 * takes long.
 */
export interface Observer {
  /** A task has changed; `event` is what happened to it, and `before` its state until then: undefined where it was just received. */
  task(task: Task, event?: TaskEvent['type'], before?: Task['state']): void;
  /** A request to MPS has ended: well, or by `error`. */
  request(action: Action, error: unknown, ms: number): void;
  /** A limit turned somebody away. */
  quotaRefused(scope: AnyScope, measure: Measure): void;
  transferred(way: Way, bytes: number): void;
  /** This machine resolves a host, which files come from, to an address that nothing is fetched from. */
  misresolved(host: string): void;
  /** MPS did not put a result into the operator's bucket; `message` is what it said to that, without a person's words. */
  unkept(message: string): void;
  /** The bucket does not let the API key read a result. */
  bucketRefused(): void;
  /** Discord answered 429. `door`: which of our REST clients asked. */
  discordLimited(door: string, scope: 'user' | 'shared' | 'global'): void;
  /** Discord answered 401, 403, 404 or 429: what it bans an address for if there are too many. */
  discordInvalid(status: number): void;
  /** Half of what Easel allows itself of these within ten minutes is spent; at most once in that time. */
  discordNearBan(spent: number, limit: number): void;
}

/** Tells all of `observers`, each what it wants to hear. */
export function toAll(observers: readonly Partial<Observer>[]): Observer {
  return {
    task(...what) {
      for (const each of observers) each.task?.(...what);
    },
    request(...what) {
      for (const each of observers) each.request?.(...what);
    },
    quotaRefused(...what) {
      for (const each of observers) each.quotaRefused?.(...what);
    },
    transferred(...what) {
      for (const each of observers) each.transferred?.(...what);
    },
    misresolved(...what) {
      for (const each of observers) each.misresolved?.(...what);
    },
    unkept(...what) {
      for (const each of observers) each.unkept?.(...what);
    },
    bucketRefused() {
      for (const each of observers) each.bucketRefused?.();
    },
    discordLimited(...what) {
      for (const each of observers) each.discordLimited?.(...what);
    },
    discordInvalid(...what) {
      for (const each of observers) each.discordInvalid?.(...what);
    },
    discordNearBan(...what) {
      for (const each of observers) each.discordNearBan?.(...what);
    },
  };
}
