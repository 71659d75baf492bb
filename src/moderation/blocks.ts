import { StoreError, type Table } from '../store/store.js';
import { createOrder } from '../util/keyed-lock.js';
import type { Journal } from './journal.js';

/** A member who may not use Easel in a guild. Plain JSON. */
export interface Block {
  readonly userId: string;
  /** Id of the moderator. */
  readonly by: string;
  /** ms since the epoch. */
  readonly at: number;
  /** Absent: until pardoned. */
  readonly until?: number;
  readonly reason?: string;
}

/** What the member tried is not begun: a moderator has blocked them. */
export class BlockedError extends Error {
  override readonly name = 'BlockedError';
}

/** Who is blocked where. In the store alone: every process sees a block as soon as it is acknowledged. */
export interface Blocks {
  /** The block in force; undefined if there is none. @throws StoreError */
  of(guildId: string, userId: string): Promise<Block | undefined>;
  /** All in force, newest first. @throws StoreError */
  list(guildId: string): Promise<readonly Block[]>;
  /**
   * Blocks a member, instead of an earlier block. What `whileAllowed` has begun is over by then, and nothing begins
   * after it.
   * @throws StoreError
   */
  block(guildId: string, block: Omit<Block, 'at'>): Promise<Block>;
  /** @returns false if the member isn't blocked. @throws StoreError */
  pardon(guildId: string, userId: string, by: string, reason?: string): Promise<boolean>;
  /**
   * Runs what must not begin once a member is blocked, unless they are.
   * @throws BlockedError; StoreError; what `work` throws.
   */
  whileAllowed<R>(guildId: string, userId: string, work: () => Promise<R>): Promise<R>;
  /** @throws StoreError */
  remove(guildId: string): Promise<void>;
}

interface Row {
  readonly v: 1;
  readonly blocks: readonly Block[];
}

interface Deps {
  readonly table: Table<unknown>;
  readonly journal: Pick<Journal, 'noteWith'>;
  readonly now: () => number;
}

const mostAttempts = 200;
const keyOf = (guildId: string) => `blocks:${guildId}`;

export function createBlocks({ table, journal, now }: Deps): Blocks {
  /** By guild and member. A guild's orders and its moderators' commands are served by one process. */
  const inOrder = createOrder();
  const isInForce = ({ until = Number.POSITIVE_INFINITY }: Block) => until > now();

  async function list(guildId: string): Promise<readonly Block[]> {
    return rowIn(guildId, await table.get(keyOf(guildId))).blocks.filter(isInForce);
  }

  const of: Blocks['of'] = async (guildId, userId) =>
    (await list(guildId)).find((block) => block.userId === userId);

  /** @param next undefined: nothing is to be changed. @returns whether something was. */
  async function change(
    guildId: string,
    entry: Parameters<Journal['noteWith']>[0],
    next: (blocks: readonly Block[]) => readonly Block[] | undefined,
  ): Promise<boolean> {
    for (let tries = 0; tries < mostAttempts; tries++) {
      const { value, version } = await table.read(keyOf(guildId));
      const blocks = next(rowIn(guildId, value).blocks.filter(isInForce));
      if (!blocks) return false;
      const row: Row = { v: 1, blocks };
      if (await journal.noteWith(entry, [{ key: keyOf(guildId), version, value: row }])) return true;
    }
    throw new StoreError(
      'failed',
      'moderation',
      `the blocks of guild ${guildId} were changed again and again`,
    );
  }

  return {
    of,
    list,
    block: (guildId, wanted) =>
      inOrder(`${guildId}:${wanted.userId}`, async () => {
        const block: Block = { ...wanted, at: now() };
        const { userId, by, at, until, reason } = block;
        const entry = {
          ...{ guildId, act: 'block' as const, at, by, about: userId },
          ...(reason !== undefined && { reason }),
          ...(until !== undefined && { details: { until } }),
        };
        await change(guildId, entry, (blocks) => [block, ...blocks.filter((one) => one.userId !== userId)]);
        return block;
      }),
    pardon: (guildId, userId, by, reason) =>
      inOrder(`${guildId}:${userId}`, () => {
        const entry = { guildId, act: 'pardon' as const, at: now(), by, about: userId };
        return change(guildId, { ...entry, ...(reason !== undefined && { reason }) }, (blocks) => {
          const others = blocks.filter((one) => one.userId !== userId);
          return others.length < blocks.length ? others : undefined;
        });
      }),
    whileAllowed: (guildId, userId, work) =>
      inOrder(`${guildId}:${userId}`, async () => {
        if (await of(guildId, userId))
          throw new BlockedError(`User ${userId} is blocked in guild ${guildId}.`);
        return work();
      }),
    async remove(guildId) {
      await table.delete(keyOf(guildId));
    },
  };
}

/** @throws StoreError for a record that can't be read: no one may pass because of that. */
function rowIn(guildId: string, row: unknown): Row {
  if (row === undefined) return { v: 1, blocks: [] };
  const isRow = typeof row === 'object' && row !== null && 'blocks' in row && Array.isArray(row.blocks);
  if (!isRow) throw new StoreError('corrupt', 'moderation', `the blocks of guild ${guildId}`);
  return row as Row;
}
