import type { Log } from '../../../log.js';
import type { FetchedFile } from '../../../media/files.js';
import { FetchError } from '../../../media/results/result-fetcher.js';
import type { Packing } from '../../delivery/attachments.js';
import {
  FileRefusedError,
  RouteClosedError,
  TooLargeError,
  WordsRefusedError,
} from '../../delivery/delivery-port.js';
import { asItIs, type Parcel } from '../../delivery/parcels.js';
import type { Ledger } from '../../ledger/ledger.js';
import { LedgerClosedError } from '../../ledger/ledger.js';
import { TransitionError } from '../../model/state-machine.js';
import type { Posted, StateOf, Task, TaskId } from '../../model/task.js';
import type { ReviewDesk } from './review-desk.js';

/** Asks moderators about a task, once. */
export interface Asking {
  /**
   * @returns `asked`, and that is persisted; `changed`: the task is elsewhere by now; `closed`: the moderators' channel
   * can't be used until someone changes something; `passing`: it may work later.
   * @throws FetchError if the result can't be had any more; the signal's reason.
   */
  ask(task: Task): Promise<'asked' | 'changed' | 'closed' | 'passing'>;
}

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'record'>;
  readonly desk: ReviewDesk;
  readonly packing: Pick<Packing, 'pack'>;
  /** The files of a result: those that are here, else downloaded. */
  readonly filesOf: (task: Task, finished: StateOf<'awaitingReview'>) => Promise<readonly FetchedFile[]>;
  /** Runs a post in its turn; a shutdown waits for it. */
  readonly run: (post: () => Promise<Posted>, parcels: readonly Parcel[]) => Promise<Posted>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export function createAsking(deps: Deps): Asking {
  /** Tasks whose words Discord blocks in the moderators' channel. */
  const wordless = new Set<TaskId>();
  return {
    async ask(task) {
      const { log, signal } = deps;
      try {
        return await tryToAsk(deps, task, wordless);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof FetchError || error instanceof LedgerClosedError) throw error;
        if (error instanceof TransitionError) return 'changed';
        log.warn({ task: task.id, err: error }, 'moderators could not be asked yet');
        return error instanceof RouteClosedError ? 'closed' : 'passing';
      }
    },
  };
}

async function tryToAsk(deps: Deps, task: Task, wordless: Set<TaskId>): Promise<'asked' | 'changed'> {
  const { ledger, desk } = deps;
  const { id, state } = task;
  if ('asking' in state && state.asking) {
    // Its outcome is unknown: a second message would be reviewed in vain.
    const found = await desk.seek(task);
    await ledger.record(id, found ? { type: 'asked', posted: found } : { type: 'unasked' });
    return found ? 'asked' : 'changed';
  }
  const files = state.name === 'awaitingReview' ? await deps.filesOf(task, state) : [];
  const channelId = await desk.channelOf(task);
  for (let most = await desk.limitOf(task), isWithheld = false; ; ) {
    const packed = await parcelsOf(deps, task, files, most);
    const parcels = isWithheld ? packed.map(withheld) : packed;
    try {
      await post(deps, task, channelId, { parcels, wordless: wordless.has(id) });
      return 'asked';
    } catch (error) {
      const largest = Math.max(0, ...parcels.map(({ file }) => file?.bytes ?? 0));
      if (error instanceof TooLargeError && largest > 0) most = largest - 1;
      else if (error instanceof FileRefusedError && largest > 0) isWithheld = true;
      else if (error instanceof WordsRefusedError && !wordless.has(id)) wordless.add(id);
      else throw error;
    }
  }
}

interface Letter {
  readonly parcels: readonly Parcel[];
  readonly wordless: boolean;
}

async function post(deps: Deps, task: Task, channelId: string, { parcels, wordless }: Letter): Promise<void> {
  const { ledger, desk, run } = deps;
  const { id } = task;
  const asking = await ledger.record(id, { type: 'asking', channelId });
  let posted: Posted;
  try {
    posted = await run(() => desk.post(asking, channelId, parcels, { wordless }), parcels);
  } catch (error) {
    // Discord's own refusal: nothing was posted.
    if (isRefusal(error)) await ledger.record(id, { type: 'unasked' });
    throw error;
  }
  try {
    await ledger.record(id, { type: 'asked', posted });
  } catch (error) {
    // Its user has dismissed it meanwhile: no one is to decide about it.
    const latest = ledger.get(id);
    if (error instanceof TransitionError && latest)
      void desk.close(latest, posted, asking.state.name === 'awaitingApproval' ? 'order' : 'result');
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return [RouteClosedError, TooLargeError, FileRefusedError, WordsRefusedError].some(
    (kind) => error instanceof kind,
  );
}

/**
 * A picture goes unchanged if it fits: what is posted later is what moderators have seen. A clip may have to be converted
 * to play in Discord.
 */
async function parcelsOf(deps: Deps, task: Task, files: readonly FetchedFile[], limit: number) {
  const isPlain = files.every(({ type, bytes }) => bytes <= limit && !type.startsWith('video/'));
  if (isPlain) return files.map((file) => asItIs(file, limit));
  return deps.packing.pack(task, files, limit, { signal: deps.signal });
}

function withheld({ file: _, ...parcel }: Parcel): Parcel {
  return { ...parcel, how: 'withheld' };
}
