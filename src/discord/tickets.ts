import { type Sentence, UserError } from '../errors.js';
import type { Ledger } from '../tasks/ledger.js';
import type { Poller } from '../tasks/poller.js';
import type { Queue } from '../tasks/queue.js';
import { isKept, receivedAt } from '../tasks/record.js';
import type { Runner } from '../tasks/runner.js';
import type { Task } from '../tasks/task.js';
import { isAlive } from '../tasks/transition.js';
import type { Easel } from './command.js';
import { originOf } from './origin.js';
import { whyNotReleased } from './release.js';
import type { Responder } from './respond.js';

interface Deps {
  readonly ledger: Ledger;
  readonly runner: Pick<Runner, 'handOut' | 'cancel' | 'release'>;
  readonly queue: Pick<Queue, 'ahead'>;
  readonly poller: Pick<Poller, 'expected'>;
  readonly responder: Responder;
  readonly now: () => number;
}

/** What people can see and fetch of tasks they have ordered. */
export function createTickets({
  ledger,
  runner,
  queue,
  poller,
  responder,
  now,
}: Deps): Pick<
  Easel,
  'find' | 'tasksOf' | 'ahead' | 'expected' | 'collect' | 'cancel' | 'release' | 'whisper'
> {
  return {
    find: (id) => ledger.find(id),
    async tasksOf(userId) {
      const mine = await ledger.list(({ origin, purge }) => origin.userId === userId && purge !== 'done');
      return [...mine].sort((one, other) => receivedAt(one) - receivedAt(other));
    },
    ahead: ({ id, request }) => queue.ahead(request.kind, id),
    expected: ({ request, state }) =>
      state.name === 'running' ? poller.expected(request.kind, state.mpsTaskId) : undefined,
    async whisper(interaction, ...cards) {
      const [first, ...more] = cards;
      if (first) await responder.whisper(interaction, first);
      for (const card of more) await responder.whisperOn(interaction, card);
    },
    async cancel(interaction, id) {
      const task = ledger.get(id);
      if (task && task.origin.userId !== interaction.user.id)
        throw new UserError({ key: 'error.cancel.notYours' });
      if (!runner.cancel(id)) throw new UserError(whyNotCancelled(await ledger.find(id)));
      await responder.takeNote(interaction);
    },
    release: (id, release) => runner.release(id, release),
    async collect(interaction, id) {
      const task = await ledger.find(id);
      if (!task) throw new UserError({ key: 'error.button.gone' });
      if (task.origin.userId !== interaction.user.id) throw new UserError({ key: 'error.button.notYours' });
      if (!isKept(task)) throw new UserError({ key: 'error.button.nothingKept' });
      await responder.defer(interaction, { private: true });
      // The kept outcome gets the token of this press: the answer to it is one more way to the person.
      const { token, tokenExpiresAt, applicationId } = originOf(interaction, now());
      await ledger.amend(id, {
        applicationId,
        private: true,
        ...(token && tokenExpiresAt && { token, tokenExpiresAt }),
      });
      runner.handOut(id);
    },
  };
}

/** A task that does not wait, or not any more. */
function whyNotCancelled(task: Task | undefined): Sentence {
  if (!task) return { key: 'error.button.gone' };
  const { name } = task.state;
  if (name === 'running') return { key: 'error.cancel.late' };
  return isAlive(task.state) && name !== 'fetching' && name !== 'delivering'
    ? { key: 'error.release.soon' }
    : whyNotReleased(task);
}
