import type { UserUsageIndex } from '../../cluster/user-usage-index.js';
import type { View } from '../../quota/check.js';
import { createUsage, isPast } from '../../quota/usage.js';
import { StoreError } from '../../store/store.js';
import { missingOf, restOf } from '../ledger/order-parts.js';
import { readRow } from '../ledger/record-schema.js';
import type { TaskIndex } from '../ledger/task-index.js';
import { isAlive } from '../model/state-machine.js';
import type { Task, TaskId } from '../model/task.js';
import { advance } from '../model/task-record.js';
import { eventOf } from '../model/task-set.js';
import { toCounted } from './billing.js';

/** A user's usage at an instant: pending reservations count in the periods current then. */
export type Look = Pick<View, 'usage' | 'now'>;

/**
 * Usage of users without a guild, if several processes serve them: one in direct messages, perhaps another in a guild
 * with their user install. No amounts are stored: each check reads the index of the user's tasks and sums up their
 * records.
 */
export interface UserUsage {
  /**
   * A user's usage in all processes.
   * @throws StoreError while unknown.
   */
  look(person: string): Promise<Look>;
  /**
   * Counts a persisted task as open once `agree` accepts it. Its amounts count once it is claimed.
   * @param agree as for `claim`.
   * @throws StoreError
   */
  open(task: Task, agree: (look: Look) => Promise<void>): Promise<void>;
  /**
   * Counts a task, the rest of its set and its follow-up once `agree` accepts them, atomically with respect to the usage it was shown.
   * Until the task is queued or over, it counts as if queued now. Idempotent.
   * @param agree throws to reject the task; then nothing changes.
   * @throws StoreError
   */
  claim(task: Task, agree: (look: Look) => Promise<void>): Promise<void>;
  /** Tasks of earlier versions, or copied from another store, count as well. */
  readonly index: TaskIndex;
}

interface Deps {
  readonly people: UserUsageIndex;
  readonly now: () => number;
}

/** Before the id of a task that is only an open one so far: what it costs is not reserved yet. */
const openMark = '~';

type Rows = ReadonlyMap<string, unknown>;

/** Each failed try let another task of this user through: there aren't that many at once. */
const mostTries = 100;

export function createUserUsage({ people, now }: Deps): UserUsage {
  let isReady = false;
  /** Tasks seen so far: by id, whose. */
  const seen = new Map<string, string>();

  function requireReady(): void {
    if (!isReady)
      throw new StoreError('unopenable', 'people', "the index of users' tasks has not been loaded yet");
  }

  async function add(task: Task, ids: readonly string[], agree: (look: Look) => Promise<void>) {
    requireReady();
    const { id, account } = task;
    for (let tries = 0; tries < mostTries; tries++) {
      const rows = await people.read(account.person);
      await agree(lookInto(rows, now(), id));
      const drop = uselessIn(rows, now());
      if (await people.claim(account.person, { known: [...rows.keys()], add: ids, drop })) return;
    }
    throw new StoreError('locked', 'people', `others were before task ${id} for ${mostTries} times`);
  }

  return {
    async look(person) {
      requireReady();
      return lookInto(await people.read(person), now());
    },
    open: (task, agree) => add(task, [openMark + task.id], agree),
    claim: (task, agree) =>
      add(
        task,
        [task, ...restOf(task, now())].map(({ id }) => id),
        agree,
      ),
    index: {
      see(task) {
        const entry = task.account.guildId === undefined ? toCounted(task) : undefined;
        if (!entry || isPast(entry, now())) return;
        seen.set(task.state.name === 'received' ? openMark + task.id : task.id, task.account.person);
      },
      async ready() {
        await people.add([...seen].map(([id, person]) => [person, id]));
        seen.clear();
        isReady = true;
      },
      async drop(tasks) {
        const personal = tasks.filter(({ account }) => account.guildId === undefined);
        await people.drop(
          personal.flatMap(({ id, account: { person } }) => [
            [person, id],
            [person, openMark + id],
          ]),
        );
      },
    },
  };
}

/**
 * A user's usage from the rows of their tasks. Tasks being reserved are still `received` and count as if queued now.
 * @param asking the task to be reserved: its own earlier claim, from before a crash, is excluded.
 */
export function lookInto(rows: Rows, now: number, asking?: TaskId): Look {
  const usage = createUsage();
  for (const [key, row] of rows) {
    const task = taskIn(key, row);
    if (!task || task.id === asking || (isMark(key) && rows.has(task.id))) continue;
    for (const one of isMark(key) ? [task] : reservedBy(task, rows, now)) {
      const entry = toCounted(one);
      if (entry) usage.put(entry);
    }
  }
  return { usage, now };
}

/** Ids that no longer count. Records that are unreadable here may be readable to a later version. */
export function uselessIn(rows: Rows, now: number): string[] {
  const read = [...rows].map(([key, row]) => ({ key, isThere: row !== undefined, task: taskIn(key, row) }));
  // The rest of an order is claimed before it is persisted, which happens before its first task is queued.
  const awaited = new Set<string>(
    read
      .filter(
        ({ key, isThere, task }) => !isMark(key) && isThere && (!task || task.state.name === 'received'),
      )
      .map(({ key }) => eventOf(key)),
  );
  return read
    .filter(({ key, isThere, task }) => {
      if (!task) return !isThere && !awaited.has(eventOf(key));
      return (isMark(key) && rows.has(task.id)) || isUseless(task, now);
    })
    .map(({ key }) => key);
}

function isUseless(task: Task, now: number): boolean {
  const entry = toCounted(task);
  return !isAlive(task.state) && (!entry || isPast(entry, now));
}

/** The records that determine a task's quota: its own, or those about to be written. */
function reservedBy(task: Task, rows: Rows, now: number): readonly Task[] {
  if (task.state.name !== 'received') return [task];
  const missing = missingOf(task, now, { get: (id) => taskIn(id, rows.get(id)) });
  return [advance(task, { type: 'queued' }, now), ...missing];
}

function isMark(key: string): boolean {
  return key.startsWith(openMark);
}

function taskIn(key: string, row: unknown): Task | undefined {
  return row === undefined ? undefined : readRow(isMark(key) ? key.slice(openMark.length) : key, row).task;
}
