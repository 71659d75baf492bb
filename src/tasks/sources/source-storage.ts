import type { Task, TaskId } from '../model/task.js';

/** Keeps the source images of waiting orders within bounds: they lie on the disk that the database needs as well. */
export interface SourceShelf {
  /** A task is being prepared: what is held for it is needed. */
  begin(task: Pick<Task, 'id' | 'origin'>): void;
  /** One more image is held for a task that was begun. False if there is no room for it beside other orders: then nothing is. */
  hold(id: TaskId, bytes: number): boolean;
  /** It is prepared: MPS has links to its images, and its bytes may be dropped, since they can be taken again. */
  settle(id: TaskId): void;
  /** Nothing is held for it any more. */
  forget(id: TaskId): void;
}

/** At most so much is held. */
export interface ShelfLimit {
  readonly bytes: number;
  readonly files: number;
}

export type ShelfLimits = Readonly<Record<'user' | 'guild' | 'all', ShelfLimit>>;

interface Deps {
  /** Drops what is held for a prepared task. */
  readonly drop: (id: TaskId) => void;
  readonly limits?: ShelfLimits;
}

interface Held {
  readonly id: TaskId;
  readonly user: string;
  readonly guild: string;
  bytes: number;
  files: number;
  isSettled: boolean;
}

/** An image that MPS takes has some megabytes; an order has up to a dozen of them. */
const usualLimits: ShelfLimits = {
  user: { bytes: 50_000_000, files: 30 },
  guild: { bytes: 150_000_000, files: 100 },
  all: { bytes: 300_000_000, files: 300 },
};

export function createSourceShelf({ drop, limits = usualLimits }: Deps): SourceShelf {
  /** In the order in which they were prepared last. */
  const held = new Map<TaskId, Held>();

  const makeRoom = createRoomMaker({ held, drop, limits });

  return {
    begin({ id, origin: { userId, guildId = userId } }) {
      const known = held.get(id) ?? {
        id,
        user: userId,
        guild: guildId,
        bytes: 0,
        files: 0,
        isSettled: false,
      };
      known.isSettled = false;
      held.set(id, known);
    },
    hold(id, bytes) {
      const one = held.get(id);
      if (!one) return true;
      one.bytes += bytes;
      one.files += 1;
      if (makeRoom(one)) return true;
      // Its order fails; not for it may the next one fail as well.
      held.delete(id);
      return false;
    },
    settle(id) {
      const one = held.get(id);
      if (!one) return;
      held.delete(id);
      if (one.files === 0) return;
      one.isSettled = true;
      held.set(id, one);
      makeRoom(one);
    },
    forget: (id) => void held.delete(id),
  };
}

interface RoomDeps extends Required<Deps> {
  /** In the order in which they were prepared last. */
  readonly held: Map<TaskId, Held>;
}

const scopes = ['user', 'guild', 'all'] as const;

/** @returns drops what can be taken again, the longest prepared first; false if that is not enough for an order. */
function createRoomMaker({ held, drop, limits }: RoomDeps): (one: Held) => boolean {
  const sharing = (scope: keyof ShelfLimits, { user, guild }: Held) =>
    [...held.values()].filter(
      (one) => scope === 'all' || (scope === 'user' ? one.user === user : one.guild === guild),
    );
  const isOver = (scope: keyof ShelfLimits, those: readonly Held[]) =>
    sum(those, 'bytes') > limits[scope].bytes || sum(those, 'files') > limits[scope].files;
  const leftOf = (those: readonly Held[]) => those.filter(({ id }) => held.has(id));

  return (one) =>
    scopes.every((scope) => {
      const those = sharing(scope, one);
      for (const old of those) {
        if (!isOver(scope, leftOf(those))) return true;
        if (!old.isSettled || old.files === 0) continue;
        held.delete(old.id);
        drop(old.id);
      }
      const left = leftOf(those);
      // Alone, an order may have more: it is dropped as soon as it is prepared.
      return !isOver(scope, left) || left.every(({ id }) => id === one.id);
    });
}

function sum(those: readonly Held[], of: 'bytes' | 'files'): number {
  return those.reduce((total, one) => total + one[of], 0);
}
