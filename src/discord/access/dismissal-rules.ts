import { type Sentence, UserError } from '../../errors.js';
import type { Release, StateName, Task } from '../../tasks/model/task.js';
import { moderates } from './permissions.js';
import type { AnswerableInteraction } from './request-origin.js';

/**
 * In whose name someone lets a task go: its user's, or that of who moderates where it was asked. A moderator's word
 * is not taken back by the user.
 * @throws UserError for anyone else.
 */
export function requireReleaser(interaction: AnswerableInteraction, task: Task): Release['by'] {
  const asModerator = moderates(interaction, task.origin);
  if (task.origin.userId !== interaction.user.id) {
    if (asModerator) return 'moderator';
    throw new UserError({ key: 'error.release.notYours' });
  }
  if (task.release?.by === 'moderator' && !asModerator)
    throw new UserError({ key: 'error.release.moderated' });
  return 'asker';
}

const reasons = {
  received: 'error.release.soon',
  held: 'error.release.waiting',
  queued: 'error.release.waiting',
  submitting: 'error.release.soon',
  searching: 'error.release.soon',
  running: 'error.release.soon',
  fetching: 'error.release.coming',
  delivering: 'error.release.coming',
  delivered: 'error.release.came',
  failed: 'error.release.over',
  cancelled: 'error.release.over',
  discarded: 'error.release.over',
} as const satisfies Record<StateName, Sentence['key']>;

/** Why a task cannot be let go as it stands. */
export function whyNotReleased({ state }: Task): Sentence {
  return { key: reasons[state.name] };
}
