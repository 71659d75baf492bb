import { type Sentence, UserError } from '../../errors.js';
import type { Release, StateName, Task } from '../../tasks/model/task.js';
import { moderates } from './permissions.js';
import type { AnswerableInteraction } from './request-origin.js';

/**
 * In what role someone dismisses a task: as its user, or as a moderator of the channel. A user can't undo a
 * moderator's decision.
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
  awaitingApproval: 'error.release.approval',
  held: 'error.release.waiting',
  queued: 'error.release.waiting',
  submitting: 'error.release.soon',
  searching: 'error.release.soon',
  running: 'error.release.soon',
  fetching: 'error.release.coming',
  awaitingReview: 'error.release.soon',
  delivering: 'error.release.coming',
  delivered: 'error.release.came',
  failed: 'error.release.over',
  cancelled: 'error.release.over',
  discarded: 'error.release.over',
} as const satisfies Record<StateName, Sentence['key']>;

/** Why a task can't be dismissed in its current state. */
export function whyNotReleased({ state }: Task): Sentence {
  return { key: reasons[state.name] };
}
