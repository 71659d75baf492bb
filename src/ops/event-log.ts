import type { Log } from '../log.js';
import { hour } from '../util/time.js';
import type { Observer } from './observer.js';

interface Deps {
  readonly log: Log;
  readonly now: () => number;
  /** LOG_PROMPTS */
  readonly logPrompts: boolean;
}

/**
 * Logs admitted tasks (prompts only if the operator wants that), and problems of the machine, once an hour because
 * they recur with every try.
 */
export function createEventLog({
  log,
  now,
  logPrompts,
}: Deps): Pick<Observer, 'task' | 'misresolved' | 'discordNearBan'> {
  let saidAt = Number.NEGATIVE_INFINITY;

  return {
    task({ id, request }, event) {
      if (event !== undefined) return;
      const { kind, model, prompt } = request;
      const negative = 'negative' in request ? request.negative : undefined;
      const words = logPrompts ? { prompt, negative } : {};
      log.info({ task: id, kind, model, ...words }, 'task admitted');
    },
    misresolved(host) {
      if (now() - saidAt < hour) return;
      saidAt = now();
      const todo = 'let this machine use a public DNS server';
      log.error({ host, todo }, 'a host resolves to a private address here; nothing is fetched from it');
    },
    discordNearBan(spent, limit) {
      const todo = 'check the permissions of the bot, and the log for what is refused';
      log.error({ spent, limit, todo }, 'Discord rejects too many requests; slowing down to avoid a ban');
    },
  };
}
