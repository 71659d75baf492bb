import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome, TaskErrand, Work } from '../../cluster/peer-requests.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import type { DataDeletion } from './data-deletion.js';
import type { Gallery } from './gallery.js';
import type { HeldResults } from './held-results.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'find'>;
  readonly runner: Pick<Runner, 'cancel' | 'release'>;
  readonly take: HeldResults['take'];
  readonly noteDeleted: Gallery['noteDeleted'];
  readonly forget: DataDeletion['forgetUserHere'];
}

/** ms between two looks whether a task that was called off has left. */
const lookMs = 10;
/** The ledger takes it within that, ms, or it cannot be written just now. */
const mostMs = 10_000;

/**
 * What this process does about its tasks for people who met them at another one, which has seen to it that they may. What
 * it answers is in the ledger: a word that gets lost is found there.
 */
export function createRemoteRequests({ ledger, runner, take, noteDeleted, forget }: Deps): Work {
  async function cancel(id: TaskId): Promise<Outcome> {
    if (runner.cancel(id)) await left(id);
    const task = ledger.get(id) ?? (await ledger.find(id));
    // Asked again, perhaps because the answer was lost, it was done all the same.
    return task?.state.name === 'cancelled' ? 'done' : 'late';
  }

  /** Until it is written down: a crash would undo what is only said. */
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
        return (await runner.release(id, errand.release)) ? 'done' : 'late';
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
