import type { Log } from '../log.js';
import type { Observer } from './observer.js';

/** Writes down who is let in; what they wrote only where the operator wants it (LOG_PROMPTS). */
export function createJournal(
  log: Log,
  { logPrompts }: { readonly logPrompts: boolean },
): Pick<Observer, 'task'> {
  return {
    task({ id, request }, event) {
      if (event !== undefined) return;
      const { kind, model, prompt } = request;
      const negative = 'negative' in request ? request.negative : undefined;
      const words = logPrompts ? { prompt, negative } : {};
      log.info({ task: id, kind, model, ...words }, 'a task was let in');
    },
  };
}
