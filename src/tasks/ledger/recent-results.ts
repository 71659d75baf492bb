import type { Kind } from '../../mps/generation-request.js';
import type { Origin, Task, TaskId } from '../model/task.js';
import { lastChange } from '../model/task-record.js';

/** A posted result and its filter fields; its prompt stays in the ledger. */
export interface Result {
  readonly id: TaskId;
  /** Only its user may see it. */
  readonly private?: true;
  /** When it was posted, ms since the epoch. */
  readonly at: number;
  readonly userId: string;
  readonly kind: Kind;
  readonly model: string;
  readonly channelId: string;
  readonly messageId: string;
}

/** The owner of a gallery: a guild with Easel as a member, else one user. */
export type Place = Pick<Origin, 'userId' | 'guildId' | 'guildInstalled'>;

/**
 * Recent results per place, in memory: derived from the ledger as it is read and written, never stored separately. So
 * results and models can be listed immediately, without scanning the store.
 */
export interface Recent {
  /** Records a task's current state; called for each record read or written. */
  note(task: Task): void;
  /** Results of a place posted after `since` (ms since the epoch), newest first. */
  results(place: Place, since: number): readonly Result[];
  /**
   * The user's newest clip in a channel, as `results`. One whose message is being posted counts: users see it a moment
   * before it is recorded as posted.
   */
  latestClip(place: Place, by: Pick<Result, 'userId' | 'channelId'>, since: number): TaskId | undefined;
  /** Drops results last changed before this (ms since the epoch): the gallery no longer shows them. */
  prune(before: number): void;
  /** Ids of the models used in a place, most used first. */
  models(place: Place, kind?: Kind): readonly string[];
  /** The results shown by these messages, in one place. */
  shownBy(place: Place, messageIds: ReadonlySet<string>): readonly TaskId[];
}

interface Entry {
  readonly at: number;
  readonly kind: Kind;
  readonly model: string;
  readonly result?: Result;
  /** A clip of which a post has been started. */
  readonly coming?: Clip;
}

type Clip = Pick<Result, 'id' | 'at' | 'userId' | 'channelId'>;

type Shelf = Map<TaskId, Entry>;

/** Tasks kept per place: more pages than anyone turns, and enough to rank models. */
const usualMost = 1_000;

export function createRecent({ most = usualMost }: { readonly most?: number } = {}): Recent {
  const shelves = new Map<string, Shelf>();
  // A redacted record no longer says whose it was.
  const shelfOf = new Map<TaskId, Shelf>();

  function shelfFor(place: Place): Shelf {
    const key = keyOf(place);
    const shelf = shelves.get(key) ?? new Map<TaskId, Entry>();
    shelves.set(key, shelf);
    return shelf;
  }

  /** Not for each new task, because it needs sorting: the ledger is read in no order. */
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
    latestClip: (place, by, since) => latestIn(shelves.get(keyOf(place)), by, since)?.id,
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
  const coming = toComing(task);
  return { at: lastChange(task), kind, model, ...(result && { result }), ...(coming && { coming }) };
}

/** The newest of a user's clips that are posted or being posted. */
function latestIn(
  shelf: Shelf | undefined,
  { userId, channelId }: Pick<Clip, 'userId' | 'channelId'>,
  since: number,
): Clip | undefined {
  return [...(shelf?.values() ?? [])]
    .flatMap(({ kind, coming, result }) => coming ?? (kind === 'video' && result ? result : []))
    .filter((one) => one.userId === userId && one.channelId === channelId && one.at > since)
    .sort((one, other) => other.at - one.at)[0];
}

/** A set is posted as one message, by its lead. */
function toComing(task: Task): Clip | undefined {
  const { id, state, request, set, origin, purge } = task;
  if (request.kind !== 'video' || set || purge !== undefined) return undefined;
  if (state.name !== 'delivering' || state.handover.tries === 0) return undefined;
  return { id, at: lastChange(task), userId: origin.userId, channelId: origin.channelId };
}

/** Excludes deleted results, and ones delivered by direct message for lack of a channel. */
function toResult(task: Task): Result | undefined {
  const { id, state, origin, request, purge, removed } = task;
  if (state.name !== 'delivered' || removed || purge === 'done') return undefined;
  if (!state.posted.messageId || (state.route === 'direct' && origin.guildId !== undefined)) return undefined;
  const { kind, model } = request;
  const about = { id, at: lastChange(task), userId: origin.userId, kind, model, ...state.posted };
  return origin.private ? { ...about, private: true } : about;
}
