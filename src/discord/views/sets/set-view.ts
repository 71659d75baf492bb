import type { Member } from '../../../tasks/delivery/set-members.js';
import type { Progress } from '../../../tasks/model/progress.js';
import { endsInWords, isAlive } from '../../../tasks/model/state-machine.js';
import type { Posted, Task } from '../../../tasks/model/task.js';

/** A member of a set as one message shows it. */
export interface ShownMember extends Member {
  /** `here`: its outcome is in this message, or about to be; `elsewhere`: in another one; `coming`: it has none yet. */
  readonly standing: 'here' | 'elsewhere' | 'coming';
  readonly progress?: Progress;
}

/** What one message shows of a set. */
export interface SetView {
  /** Who asked for what, where, and in which language: of the lead, or another part if its record is gone. */
  readonly lead: Task;
  /** In the order of their results. */
  readonly members: readonly ShownMember[];
  /** Another message that takes the outcomes still to come, since this one can't be filled any more. */
  readonly restIn?: Posted;
}

/** A member whose outcome is here. */
export interface Here extends ShownMember {
  readonly task: Task;
}

export function hereIn({ members }: Pick<SetView, 'members'>): readonly Here[] {
  return members.filter((member): member is Here => member.standing === 'here' && member.task !== undefined);
}

export function isResult({ state }: Task): boolean {
  return state.name === 'delivering' || state.name === 'delivered';
}

/** True if outcomes are still to come to this message. */
export function isFilling({ members, restIn }: SetView): boolean {
  return restIn === undefined && members.some(({ standing }) => standing === 'coming');
}

/** Every part ended without a result: the order as a whole failed, or was cancelled. */
export function isFruitless({ members }: Pick<SetView, 'members'>): boolean {
  return members.every(({ task, standing }) => standing !== 'coming' && (!task || endsInWords(task.state)));
}

/**
 * The record by which a set without a result is shown, as an order of one: a failure that may pass, else any failure,
 * else what was discarded, else cancelled.
 * @param canPass whether another try could end differently.
 */
export function endOf(tasks: readonly Task[], lead: Task, canPass: (task: Task) => boolean): Task {
  const failed = tasks.filter(({ state }) => state.name === 'failed');
  const chosen =
    failed.find(canPass) ??
    failed[0] ??
    tasks.find(({ state }) => state.name === 'discarded') ??
    tasks.find(({ state }) => endsInWords(state)) ??
    lead;
  return { ...chosen, id: lead.id };
}

/** Its number as the message says it: `3`, or `5–8` of a model that makes several at a time. */
export function labelOf({ first, count }: Pick<Member, 'first' | 'count'>): string {
  return count > 1 ? `${first}–${first + count - 1}` : `${first}`;
}

/** How the line of an outcome begins. By it a failure is found again after a crash. */
export function lineStart(member: Pick<Member, 'first' | 'count'>): string {
  return `-# ${labelOf(member)} · `;
}

/** The numbers of the results that were posted. */
export function numbersIn({ first, count, task }: Member): readonly number[] {
  const made = Math.min(task?.results?.sent?.length ?? count, count);
  return Array.from({ length: made }, (_, index) => first + index);
}

/** In progress, as far as its record is known. */
export function isUnderWay({ task, standing }: ShownMember): boolean {
  return standing === 'coming' && (!task || isAlive(task.state));
}
