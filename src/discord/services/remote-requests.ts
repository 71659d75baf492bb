import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome, TaskErrand, Work } from '../../cluster/peer-requests.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { setOf } from '../../tasks/ledger/order-parts.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import { isLead } from '../../tasks/model/task-set.js';
import type { DataDeletion } from './data-deletion.js';
import type { Gallery } from './gallery.js';
import type { HeldResults } from './held-results.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'find'>;
  readonly runner: Pick<Runner, 'cancel' | 'cancelAll' | 'release' | 'releaseAll'>;
  readonly take: HeldResults['take'];
  readonly noteDeleted: Gallery['noteDeleted'];
  readonly forget: DataDeletion['forgetUserHere'];
}

/** ms between two checks whether a cancelled task has left the queue. */
const lookMs = 10;
/** The ledger persists it within this time (ms), or it can't be written right now. */
const mostMs = 10_000;

/**
 * Serves requests about this process's tasks that users made at another process, which has checked their permission.
 * Answers are in the ledger, so a lost one is found there.
 */
export function createRemoteRequests({ ledger, runner, take, noteDeleted, forget }: Deps): Work {
  async function cancel(id: TaskId): Promise<Outcome> {
    const before = ledger.get(id) ?? (await ledger.find(id));
    if (before && isLead(before)) return cancelSet(before);
    if (runner.cancel(id)) await left(id);
    const task = ledger.get(id) ?? (await ledger.find(id));
    // A repeated request, perhaps because the answer was lost, has already been done.
    return task?.state.name === 'cancelled' ? 'done' : 'late';
  }

  async function cancelSet(lead: Task): Promise<Outcome> {
    await Promise.all(runner.cancelAll(lead).calledOff.map(left));
    const parts = await setOf(lead, { find: async (id) => ledger.get(id) ?? ledger.find(id) });
    return parts.some(({ state }) => state.name === 'cancelled') ? 'done' : 'late';
  }

  async function release({ id, release: wish, whole }: TaskErrand & { what: 'release' }): Promise<Outcome> {
    const task = whole && (ledger.get(id) ?? (await ledger.find(id)));
    const isDone = task ? (await runner.releaseAll(task, wish)).length > 0 : await runner.release(id, wish);
    return isDone ? 'done' : 'late';
  }

  /** Wait until it is persisted: a crash would undo anything else. */
  async function left(id: TaskId): Promise<void> {
    for (let ms = 0; waits(ledger.get(id)); ms += lookMs) {
      if (ms > mostMs) throw new Error('The cancellation of a task was not saved.');
      await sleep(lookMs);
    }
  }

  async function run(errand: TaskErrand): Promise<Outcome> {
    const { id } = errand;
    switch (errand.what) {
      case 'cancel':
        return cancel(id);
      case 'release':
        return release(errand);
      case 'collect':
        return take(id, errand.answer);
      case 'gone':
        await noteDeleted(id, errand.messageId);
        return 'done';
    }
  }

  return { run, forget };
}

function waits(task: Task | undefined): boolean {
  return task?.state.name === 'queued' || task?.state.name === 'held';
}
