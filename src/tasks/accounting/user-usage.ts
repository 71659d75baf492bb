import type { People } from '../../cluster/user-usage-index.js';
import type { View } from '../../quota/check.js';
import { createUsage, isPast } from '../../quota/usage.js';
import { StoreError } from '../../store/store.js';
import { nextId, nextOf } from '../ledger/follow-up.js';
import { readRow } from '../ledger/record-schema.js';
import type { TaskIndex } from '../ledger/task-index.js';
import { isAlive } from '../model/state-machine.js';
import type { Task, TaskId } from '../model/task.js';
import { advance } from '../model/task-record.js';
import { toCounted } from './billing.js';

/**
 * What a user has used, as of an instant: what is being reserved then counts in the periods that are running then.
 */
export type Look = Pick<View, 'usage' | 'now'>;

/**
 * What users on their own may use, where more than one process lets them: in direct messages one does, in a guild
 * that they brought Easel to perhaps another. No amount is kept for it: each look reads which tasks are the user's,
 * and sums up what their records say.
 */
export interface Purse {
  /** What a user has used, whichever process it was. @throws StoreError while that cannot be told. */
  look(person: string): Promise<Look>;
  /**
   * Counts a task that is persisted as an open one, as soon as `agree` lets it pass. Its amounts count once it is
   * claimed.
   * @param agree as for `claim`.
   * @throws StoreError
   */
  open(task: Task, agree: (look: Look) => Promise<void>): Promise<void>;
  /**
   * Counts a task from now on, and what is to follow it, as soon as `agree` lets it pass: nothing of the same user is
   * counted between what it was shown and that. Until the task is queued, or over, it counts as if it were queued
   * now. Done again for one that is counted it changes nothing.
   * @param agree throws where the task is not to be; then it counts no more than before.
   * @throws StoreError
   */
  claim(task: Task, agree: (look: Look) => Promise<void>): Promise<void>;
  /** Tasks from before, or from another store, count as well. */
  readonly index: TaskIndex;
}

interface Deps {
  readonly people: People;
  readonly now: () => number;
}

/** Before the id of a task that is only an open one so far: what it costs is not reserved yet. */
const openMark = '~';

type Rows = ReadonlyMap<string, unknown>;

/** Each try that was in vain let another user's task of this user through: there are not so many at once. */
const mostTries = 100;

export function createPurse({ people, now }: Deps): Purse {
  let isReady = false;
  /** What counts of the tasks seen so far: by id, whose. */
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
    claim: (task, agree) => add(task, nextOf(task, now()) ? [task.id, nextId(task.id)] : [task.id], agree),
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
 * What a user has used, by the rows of their tasks. Those that are being reserved are still `received`, and count as
 * if they were queued at this instant.
 * @param asking the task that wants to be reserved: what it has claimed earlier, before a crash, is its own.
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

/** Ids that count for nothing, and never will again. Records that cannot be read here may be clear to a later Easel. */
export function uselessIn(rows: Rows, now: number): string[] {
  const read = [...rows].map(([key, row]) => ({ key, isThere: row !== undefined, task: taskIn(key, row) }));
  // What is to follow is claimed before it is persisted, and that is done before its image is queued.
  const awaited = new Set<string>(
    read
      .filter(
        ({ key, isThere, task }) => !isMark(key) && isThere && (!task || task.state.name === 'received'),
      )
      .map(({ key }) => nextId(key)),
  );
  return read
    .filter(({ key, isThere, task }) => {
      if (!task) return !isThere && !awaited.has(key);
      return (isMark(key) && rows.has(task.id)) || isUseless(task, now);
    })
    .map(({ key }) => key);
}

function isUseless(task: Task, now: number): boolean {
  const entry = toCounted(task);
  return !isAlive(task.state) && (!entry || isPast(entry, now));
}

/** The records that a task's quota is told by: its own, or those that are about to be written. */
function reservedBy(task: Task, rows: Rows, now: number): readonly Task[] {
  if (task.state.name !== 'received') return [task];
  const next = nextOf(task, now);
  const isMissing = next && rows.get(next.id) === undefined;
  return [advance(task, { type: 'queued' }, now), ...(isMissing ? [next] : [])];
}

function isMark(key: string): boolean {
  return key.startsWith(openMark);
}

function taskIn(key: string, row: unknown): Task | undefined {
  return row === undefined ? undefined : readRow(isMark(key) ? key.slice(openMark.length) : key, row).task;
}
