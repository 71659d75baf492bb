import { findNext, nextIn } from '../ledger/follow-up.js';
import type { Ledger } from '../ledger/ledger.js';
import { isOver } from '../model/state-machine.js';
import type { Task, TaskId } from '../model/task.js';
import { receivedAt } from '../model/task-record.js';
import { leadId, partIds, resultsFor } from '../model/task-set.js';

/** One of the tasks whose outcomes share the message of a set: a part, or the clip made of a part's picture. */
export interface Member {
  readonly id: TaskId;
  /** Undefined until it is reserved, and once its record is gone. */
  readonly task: Task | undefined;
  /** The number of its first result within the message, from 1. */
  readonly first: number;
  /** How many results are expected of it. */
  readonly count: number;
  /** Of a clip: the number of the picture it animates. */
  readonly animates?: number;
}

/** Everything that the message of a set shows. */
export interface SetMembers {
  readonly lead: Task | undefined;
  /** In the order of their results. */
  readonly members: readonly Member[];
}

/**
 * The set that a task belongs to, with this record of the task itself; undefined if it has its own message: an order of
 * one, or an outcome that its user collected.
 * @throws StoreError
 */
export async function membersOf(task: Task, find: Ledger['find']): Promise<SetMembers | undefined> {
  const { id, after, origin } = task;
  if (origin.collected) return undefined;
  const anchor = after === undefined ? task : await find(after);
  if (!anchor?.set) return undefined;
  const recordOf = async (one: TaskId) => (one === id ? task : await find(one));
  const tasks = await Promise.all(partIds(anchor).map(recordOf));
  const lead = tasks[0];
  const parts = numbered(partIds(anchor), tasks);
  const clips = await Promise.all(
    parts.map(async (part) => {
      const clip = part.task && isFollowedUp(part.task) ? await findNext(part.id, find) : undefined;
      return clip ? [{ part, clip: clip.id === id ? task : clip }] : [];
    }),
  );
  const last = parts.at(-1);
  const results = last ? last.first + last.count - 1 : 0;
  const clipMembers = clips.flat().map(
    ({ part, clip }, index): Member => ({
      id: clip.id,
      task: clip,
      first: results + 1 + index,
      count: 1,
      animates: part.first + (part.task?.set?.frame ?? 0),
    }),
  );
  return { lead, members: [...parts, ...clipMembers] };
}

function isFollowedUp({ request }: Task): boolean {
  return request.kind === 'image' && request.thenAnimate !== undefined;
}

function numbered(ids: readonly TaskId[], tasks: readonly (Task | undefined)[]): Member[] {
  const costs = tasks[0]?.set?.costs;
  const members: Member[] = [];
  let next = 1;
  for (const [index, id] of ids.entries()) {
    const task = tasks[index];
    const first = task?.set ? task.set.before + 1 : next;
    const cost = task?.cost ?? costs?.[index - 1];
    const count = cost ? Math.max(1, resultsFor(cost)) : 1;
    members.push({ id, task, first, count });
    next = first + count;
  }
  return members;
}

/**
 * True if no other task of the same order is unfinished: this is the last one of a set and of the clips chained to it.
 * @throws StoreError
 */
export async function isLastOfOrder(
  task: Task,
  { get, find }: Pick<Ledger, 'get' | 'find'>,
): Promise<boolean> {
  const anchor = task.after === undefined ? task : ((await find(task.after)) ?? task);
  const parts = partIds(anchor);
  const clips = parts.map((id) => nextIn(id, { get }));
  const others = [...parts.map(get), ...clips].filter((other) => other !== undefined && other.id !== task.id);
  return others.every((other) => other === undefined || isOver(other.state));
}

/** When the order of a task was received, ms since the epoch. @throws StoreError */
export async function orderedAt(task: Task, { find }: Pick<Ledger, 'find'>): Promise<number> {
  const lead = task.set && (await find(leadId(task.id)));
  return receivedAt(lead ?? task);
}
