import type { Task, TaskId } from '../model/task.js';

/** Limits the disk space of source images of waiting orders: the database needs the same disk. */
export interface SourceStorage {
  /** A task is being prepared: its bytes are needed. */
  begin(task: Pick<Task, 'id' | 'origin'>): void;
  /**
   * Holds one more image for a started task. False if there is no room besides other orders; nothing is held then.
   */
  hold(id: TaskId, bytes: number): boolean;
  /** The task is prepared: MPS has links to its images, so its bytes may be evicted and downloaded again. */
  settle(id: TaskId): void;
  /** Nothing is held for it any more. */
  forget(id: TaskId): void;
}

/** Most bytes held. */
export interface ShelfLimit {
  readonly bytes: number;
  readonly files: number;
}

export type ShelfLimits = Readonly<Record<'user' | 'guild' | 'all', ShelfLimit>>;

interface Deps {
  /** Evicts the bytes of a prepared task. */
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

/** An image that MPS accepts has a few megabytes; an order has up to a dozen. */
const usualLimits: ShelfLimits = {
  user: { bytes: 50_000_000, files: 30 },
  guild: { bytes: 150_000_000, files: 100 },
  all: { bytes: 300_000_000, files: 300 },
};

export function createSourceStorage({ drop, limits = usualLimits }: Deps): SourceStorage {
  /** In order of last preparation. */
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
      // This order fails; it must not make the next one fail too.
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
  /** In order of last preparation. */
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
      // A single order may exceed the limit: it is evicted as soon as it is prepared.
      return !isOver(scope, left) || left.every(({ id }) => id === one.id);
    });
}

function sum(those: readonly Held[], of: 'bytes' | 'files'): number {
  return those.reduce((total, one) => total + one[of], 0);
}
