import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../src/cluster/peer-requests.js';
import type { AnswerableInteraction } from '../../../../src/discord/access/request-origin.js';
import type { RemoteRequest } from '../../../../src/discord/services/remote-tasks.js';
import { createTaskService } from '../../../../src/discord/services/task-service.js';
import { UserError } from '../../../../src/errors.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import type { State, Task } from '../../../../src/tasks/model/task.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';

/** A task that another process runs, which answers so. */
async function setUp(state: State, outcome: Outcome | undefined) {
  const table = createMemoryTable();
  const task = aTask({ state });
  await table.set(task.id, task);
  const log = createCollectingLog();
  const ledger = createLedger({ table, log, now: () => noon, owns: () => false });
  await ledger.load();
  const wishes: RemoteRequest[] = [];
  const never = () => {
    throw new Error('it is not here');
  };
  const tasks = createTaskService({
    ledger,
    accounts: { of: never },
    runner: { cancel: never, cancelAll: never, release: never, releaseAll: never },
    turns: { of: () => undefined },
    now: () => noon,
    poller: { expected: () => undefined },
    remoteTasks: {
      has: () => true,
      async run(_: Task, wish: RemoteRequest) {
        wishes.push(wish);
        return outcome;
      },
    },
  });
  return { tasks, task, wishes };
}

const pressedBy = (id: string) =>
  ({
    id: '1',
    user: { id },
    guildId: null,
    authorizingIntegrationOwners: {},
  }) as unknown as AnswerableInteraction;
const asker = pressedBy(anOrigin().userId);

describe('a task of another process', () => {
  it('is cancelled there', async () => {
    const { tasks, task, wishes } = await setUp(states.queued, 'done');
    await tasks.cancel(asker, task.id);
    expect(wishes).toEqual([{ what: 'cancel' }]);
  });

  it('can be cancelled only by the user who asked', async () => {
    const { tasks, task, wishes } = await setUp(states.queued, 'done');
    await expect(tasks.cancel(pressedBy('5'), task.id)).rejects.toThrow('error.cancel.notYours');
    expect(wishes).toEqual([]);
  });

  it('that is too far is shown as it stands', async () => {
    const { tasks, task } = await setUp(states.running, 'late');
    await expect(tasks.cancel(asker, task.id)).rejects.toThrow('error.cancel.late');
  });

  it('is dismissed there, unless it has ended', async () => {
    const word = { wish: 'drop', by: 'asker' } as const;
    const { tasks, task, wishes } = await setUp(states.running, 'done');
    expect(await tasks.dismiss(task, word)).toBe(true);
    expect(wishes).toEqual([{ what: 'release', release: word }]);
    const late = await setUp(states.running, 'late');
    expect(await late.tasks.dismiss(late.task, word)).toBe(false);
  });

  it('stays as it is if that process is unavailable, and the user is told so', async () => {
    const { tasks, task } = await setUp(states.queued, undefined);
    const away = new UserError({ key: 'error.away' });
    await expect(tasks.cancel(asker, task.id)).rejects.toThrow(away);
    await expect(tasks.dismiss(task, { wish: 'drop', by: 'asker' })).rejects.toThrow(away);
  });
});
