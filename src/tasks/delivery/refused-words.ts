import type { Log } from '../../log.js';
import { nextIn } from '../ledger/follow-up.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Task } from '../model/task.js';

/**
 * Tries again without the prompt, which every route would reject. For a chained order, whose prompts may share the
 * message: first without the video's, then without the image's, then without either, so that the message names the
 * right one as blocked.
 * @returns false if all were left out already.
 */
export async function leaveOutWords(
  { ledger, log }: { readonly ledger: Pick<Ledger, 'get' | 'amend'>; readonly log: Log },
  task: Task,
): Promise<boolean> {
  const { id } = task;
  const own = task.origin.wordless ?? false;
  const clip = nextIn(id, ledger);
  const clips = clip ? (clip.origin.wordless ?? false) : true;
  if (own && clips) return false;
  await ledger.amend(id, { wordless: own || clips });
  if (clip) await ledger.amend(clip.id, { wordless: own || !clips });
  log.info({ task: id }, 'Discord refuses words of an order; its outcome is posted without them');
  return true;
}
