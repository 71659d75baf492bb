import type { Kind } from '../../mps/generation-request.js';
import type { Origin, Task, TaskId } from '../model/task.js';
import { lastChange } from '../model/task-record.js';

/** A result that others than its user may see, and what it can be found by; its words stay in the ledger. */
export interface Result {
  readonly id: TaskId;
  /** When it was posted, ms since the epoch. */
  readonly at: number;
  readonly userId: string;
  readonly kind: Kind;
  readonly model: string;
  readonly channelId: string;
  readonly messageId: string;
}

/** Whose results go together: a guild's that has Easel as a member, else those of one user. */
export type Place = Pick<Origin, 'userId' | 'guildId' | 'guildInstalled'>;

/**
 * What was made lately in each place, in memory: derived from the ledger, as it is read and written, and never kept
 * next to it. So a list of results or of models is at hand at once, and no walk through the store is needed for it.
 */
export interface Recent {
  /** Takes note of a task as it stands; called with each record that is read or written. */
  note(task: Task): void;
  /** Results of a place that were posted after `since` (ms since the epoch), newest first. */
  results(place: Place, since: number): readonly Result[];
  /** Forgets what changed last before (ms since the epoch): the gallery shows no more of it. */
  prune(before: number): void;
  /** Ids of the models that were asked for in a place, the most used first. */
  models(place: Place, kind?: Kind): readonly string[];
  /** The results that these messages show, of one place. */
  shownBy(place: Place, messageIds: ReadonlySet<string>): readonly TaskId[];
}

interface Entry {
  readonly at: number;
  readonly kind: Kind;
  readonly model: string;
  readonly result?: Result;
}

type Shelf = Map<TaskId, Entry>;

/** The last so many tasks of each place: more pages than anyone turns, and enough to know what is in use. */
const usualMost = 1_000;

export function createRecent({ most = usualMost }: { readonly most?: number } = {}): Recent {
  const shelves = new Map<string, Shelf>();
  // Of a task that was emptied the record no longer says whose it was.
  const shelfOf = new Map<TaskId, Shelf>();

  function shelfFor(place: Place): Shelf {
    const key = keyOf(place);
    const shelf = shelves.get(key) ?? new Map<TaskId, Entry>();
    shelves.set(key, shelf);
    return shelf;
  }

  /** Not at each new task, for it has to be sorted: the ledger is read in no order. */
  function thinOut(shelf: Shelf): void {
    if (shelf.size <= 2 * most) return;
    const oldest = [...shelf].sort(([, one], [, other]) => other.at - one.at).slice(most);
    for (const [id] of oldest) {
      shelf.delete(id);
      shelfOf.delete(id);
    }
  }

  return {
    note(task) {
      const shelf = shelfOf.get(task.id) ?? shelfFor(task.origin);
      shelf.set(task.id, toEntry(task));
      shelfOf.set(task.id, shelf);
      thinOut(shelf);
    },
    results(place, since) {
      const found = [...(shelves.get(keyOf(place))?.values() ?? [])].flatMap(({ result }) => result ?? []);
      return found.filter(({ at }) => at > since).sort((one, other) => other.at - one.at);
    },
    prune(before) {
      for (const [key, shelf] of shelves) {
        for (const [id, { at }] of shelf) {
          if (at >= before) continue;
          shelf.delete(id);
          shelfOf.delete(id);
        }
        if (shelf.size === 0) shelves.delete(key);
      }
    },
    models(place, kind) {
      const counts = new Map<string, number>();
      for (const entry of shelves.get(keyOf(place))?.values() ?? [])
        if (kind === undefined || entry.kind === kind)
          counts.set(entry.model, (counts.get(entry.model) ?? 0) + 1);
      return [...counts].sort(([, one], [, other]) => other - one).map(([model]) => model);
    },
    shownBy(place, messageIds) {
      return [...(shelves.get(keyOf(place))?.values() ?? [])].flatMap(({ result }) =>
        result && messageIds.has(result.messageId) ? [result.id] : [],
      );
    },
  };
}

function keyOf({ userId, guildId, guildInstalled }: Place): string {
  return guildInstalled && guildId !== undefined ? guildId : `user:${userId}`;
}

function toEntry(task: Task): Entry {
  const { kind, model } = task.request;
  const result = toResult(task);
  return { at: lastChange(task), kind, model, ...(result && { result }) };
}

/**
 * Neither what only its user may see, nor what is gone, nor what was handed over in private for want of a channel.
 */
function toResult(task: Task): Result | undefined {
  const { id, state, origin, request, purge, removed } = task;
  if (state.name !== 'delivered' || origin.private || removed || purge === 'done') return undefined;
  if (!state.posted.messageId || (state.route === 'direct' && origin.guildId !== undefined)) return undefined;
  const { kind, model } = request;
  return { id, at: lastChange(task), userId: origin.userId, kind, model, ...state.posted };
}
