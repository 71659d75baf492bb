import type { Log } from '../log.js';
import type { Action } from '../mps/wire.js';
import type { AnyScope, Measure } from '../quota/measures.js';
import type { Task, TaskEvent } from '../tasks/model/task.js';

/** Ways of bytes: a user's image in, MPS's result in, an attachment out to Discord. */
export type Way = 'source' | 'result' | 'upload';

/**
 * What happens inside Easel, told to those who count it or warn of it. Called in passing: an observer neither throws nor
 * takes long.
 */
export interface Observer {
  /**
   * A task has changed; `event` is what happened to it, and `before` its state until then: undefined if it was just
   * received.
   */
  task(task: Task, event?: TaskEvent['type'], before?: Task['state']): void;
  /** A request to MPS has ended: well, or by `error`. */
  request(action: Action, error: unknown, ms: number): void;
  /** A limit turned someone away. */
  quotaRefused(scope: AnyScope, measure: Measure): void;
  transferred(way: Way, bytes: number): void;
  /** This machine resolves a host, which files come from, to an address that nothing is fetched from. */
  misresolved(host: string): void;
  /**
   * MPS did not put a result into the operator's bucket; `message` is what it said to that, without a user's words.
   */
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

/**
 * Tells all of `observers`, each what it wants to hear. One that throws all the same is a defect of its own: the others
 * hear of it, and what was going on goes on.
 */
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
