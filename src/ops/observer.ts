import type { Log } from '../log.js';
import type { Action } from '../mps/wire.js';
import type { AnyScope, Measure } from '../quota/measures.js';
import type { Task, TaskEvent } from '../tasks/model/task.js';

/** Directions of bytes: source image in, MPS result in, attachment out to Discord. */
export type Way = 'source' | 'result' | 'upload';

/**
 * Receives events inside Easel, for metrics and alerts. Called synchronously: an observer must be fast and must not
 * throw.
 */
export interface Observer {
  /**
   * A task has changed; `event` is what happened to it, and `before` its state until then: undefined if it was just
   * received.
   */
  task(task: Task, event?: TaskEvent['type'], before?: Task['state']): void;
  /** A request to MPS has ended: well, or by `error`. */
  request(action: Action, error: unknown, ms: number): void;
  /** A limit rejected an order. */
  quotaRefused(scope: AnyScope, measure: Measure): void;
  transferred(way: Way, bytes: number): void;
  /** This machine resolves a file host to an address that Easel doesn't download from. */
  misresolved(host: string): void;
  /** MPS didn't put a result into the operator's bucket; `message` is its explanation, without user input. */
  unkept(message: string): void;
  /** The API key may not read a result in the bucket. */
  bucketRefused(): void;
  /** Discord answered 429. `door`: which of our REST clients asked. */
  discordLimited(door: string, scope: 'user' | 'shared' | 'global'): void;
  /** Discord answered 401, 403, 404 or 429, for which it bans an address if there are too many. */
  discordInvalid(status: number): void;
  /** Half of Easel's ten-minute budget of these is spent; at most once in that time. */
  discordNearBan(spent: number, limit: number): void;
}

/** Combines `observers`. If one throws, which is a bug, the others are still called and the caller is unaffected. */
export function toAll(observers: readonly Partial<Observer>[], log: Log): Observer {
  function tell(what: keyof Observer, hear: (each: Partial<Observer>) => void, task?: Task): void {
    for (const each of observers) {
      try {
        hear(each);
      } catch (error) {
        const where = task ? { task: task.id } : {};
        log.error(
          { ...where, err: error, told: what },
          'an observer failed; the observed event is unaffected',
        );
      }
    }
  }
  return {
    task: (...what) => tell('task', (each) => each.task?.(...what), what[0]),
    request: (...what) => tell('request', (each) => each.request?.(...what)),
    quotaRefused: (...what) => tell('quotaRefused', (each) => each.quotaRefused?.(...what)),
    transferred: (...what) => tell('transferred', (each) => each.transferred?.(...what)),
    misresolved: (...what) => tell('misresolved', (each) => each.misresolved?.(...what)),
    unkept: (...what) => tell('unkept', (each) => each.unkept?.(...what)),
    bucketRefused: () => tell('bucketRefused', (each) => each.bucketRefused?.()),
    discordLimited: (...what) => tell('discordLimited', (each) => each.discordLimited?.(...what)),
    discordInvalid: (...what) => tell('discordInvalid', (each) => each.discordInvalid?.(...what)),
    discordNearBan: (...what) => tell('discordNearBan', (each) => each.discordNearBan?.(...what)),
  };
}
