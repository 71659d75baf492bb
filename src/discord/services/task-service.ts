import { type Sentence, UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import { isAlive, isReleasable } from '../../tasks/model/state-machine.js';
import type { Task } from '../../tasks/model/task.js';
import type { Poller } from '../../tasks/polling/poller.js';
import type { Queue } from '../../tasks/queue/slot-queue.js';
import { moderates } from '../access/permissions.js';
import type { Easel } from '../interactions/command.js';
import type { Responder } from '../interactions/responder.js';
import { perPage } from '../views/task-list.js';
import { whyNotReleased } from './dismissal-rules.js';
import { type Collect, createCollect } from './held-results.js';
import { answered, type Elsewhere } from './remote-tasks.js';

interface Deps {
  readonly ledger: Ledger;
  readonly runner: Pick<Runner, 'handOut' | 'cancel' | 'release'>;
  readonly queue: Pick<Queue, 'ahead'>;
  readonly poller: Pick<Poller, 'expected'>;
  readonly responder: Responder;
  readonly elsewhere: Elsewhere;
  readonly locale: Easel['locale'];
  readonly log: Log;
  readonly now: () => number;
}

/** What people can see and fetch of tasks they have ordered. */
export function createTickets({
  ledger,
  runner,
  queue,
  poller,
  responder,
  elsewhere,
  locale,
  log,
  now,
}: Deps): Collect &
  Pick<
    Easel,
    ('find' | 'tasksOf' | 'tasksIn' | 'ahead' | 'expected') | ('cancel' | 'callOff' | 'release' | 'whisper')
  > {
  const callOff: Easel['callOff'] = async (interaction, id) => {
    const task = ledger.get(id) ?? (await ledger.find(id));
    const mayNot = task && task.origin.userId !== interaction.user.id && !moderates(interaction, task.origin);
    if (mayNot) throw new UserError({ key: 'error.cancel.notYours' });
    const isDone =
      task && elsewhere.has(task)
        ? answered(await elsewhere.run(task, { what: 'cancel' })) === 'done'
        : runner.cancel(id);
    if (!isDone) throw new UserError(whyNotCancelled(await ledger.find(id)));
  };

  return {
    find: (id) => ledger.find(id),
    tasksOf: (userId, page) => ledger.page({ userId }, { page, perPage }),
    tasksIn: (guildId, page) => ledger.page({ guildId }, { page, perPage }),
    ahead: ({ id, request }) => queue.ahead(request.kind, id),
    expected: ({ request, state }) =>
      state.name === 'running' ? poller.expected(request.kind, state.mpsTaskId) : undefined,
    async whisper(interaction, ...cards) {
      const [first, ...more] = cards;
      if (first) await responder.whisper(interaction, first);
      for (const card of more) await responder.whisperOn(interaction, card);
    },
    callOff,
    async cancel(interaction, id) {
      await callOff(interaction, id);
      await responder.takeNote(interaction);
    },
    release: async (task, release) =>
      elsewhere.has(task)
        ? answered(await elsewhere.run(task, { what: 'release', release })) === 'done'
        : runner.release(task.id, release),
    ...createCollect({ ledger, runner, responder, elsewhere, locale, log, now }),
  };
}

/** A task that does not wait, or not any more. */
function whyNotCancelled(task: Task | undefined): Sentence {
  if (!task) return { key: 'error.button.gone' };
  const { name } = task.state;
  if (isReleasable(task.state)) return { key: 'error.cancel.late' };
  return isAlive(task.state) && name !== 'fetching' && name !== 'delivering'
    ? { key: 'error.release.soon' }
    : whyNotReleased(task);
}
