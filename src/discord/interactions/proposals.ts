import { type Action, UserError } from '../../errors.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import type { Table } from '../../store/store.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import { hour } from '../../util/time.js';
import type { Draft } from './modal-drafts.js';

/** What one button of a proposal does: order at once, or open a form that is filled in. */
export type Choice = { readonly request: GenerationRequest } | { readonly draft: Draft };

/** A button and what it orders or opens. */
export interface Offered {
  readonly label: Action['label'];
  readonly choice: Choice;
}

/** What a user typed and may still want: kept with a refusal or a question, and accepted by a button. */
export interface Proposal {
  /** The first event that asked. Its task takes this id, so that the proposal is accepted once. */
  readonly asked: string;
  /** Whether only the user sees the answer; as the guild has it unless given. */
  readonly private?: boolean;
  readonly choices: readonly Choice[];
}

/** Proposals that can still be accepted; they survive restarts. */
export interface Proposals {
  /**
   * Stores a proposal.
   * @param event the interaction or message that is answered with it.
   * @returns the id of each choice, for its button. @throws StoreError
   */
  keep(
    event: { readonly id: string; readonly userId: string },
    proposal: Proposal,
  ): Promise<readonly TaskId[]>;
  /**
   * What a button stands for; undefined if it has expired.
   * @throws UserError if it was made to another user; StoreError
   */
  find(id: TaskId, userId: string): Promise<(Omit<Proposal, 'choices'> & { choice: Choice }) | undefined>;
  /** Deletes expired proposals. @throws StoreError */
  prune(): Promise<void>;
  /** Deletes a user's proposals at their request. @throws StoreError */
  forget(userId: string): Promise<void>;
}

interface Kept extends Proposal {
  readonly v: 1;
  /** ms since the epoch. */
  readonly at: number;
  readonly userId: string;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly now: () => number;
}

/** Long enough to come back from lunch; uploads to commands live about as long. */
const lifeMs = hour;

export function createProposals({ table, now }: Deps): Proposals {
  async function remove(isDue: (kept: Kept) => boolean): Promise<void> {
    const due: string[] = [];
    for await (const [key, kept] of table.entries()) if (!isKept(kept) || isDue(kept)) due.push(key);
    for (const key of due) await table.delete(key);
  }

  return {
    async keep({ id, userId }, proposal) {
      await table.set(id, { v: 1, at: now(), userId, ...proposal } satisfies Kept);
      return proposal.choices.map((_, at): TaskId => `${id}:${at + 1}`);
    },
    async find(id, userId) {
      const [event = '', number] = id.split(':');
      const kept = await table.get(event);
      if (!isKept(kept) || kept.at <= now() - lifeMs) return undefined;
      if (kept.userId !== userId) throw new UserError({ key: 'offer.notYours' });
      const { asked, choices, private: secret } = kept;
      const choice = choices[Number(number) - 1];
      return choice && { asked, choice, ...(secret !== undefined && { private: secret }) };
    },
    prune: () => remove((kept) => kept.at <= now() - lifeMs),
    forget: (userId) => remove((kept) => kept.userId === userId),
  };
}

/**
 * The event that an accepted proposal's task is named after: the one that first asked. If a press was never
 * acknowledged, it ordered nothing and never will: then the next task is named after that press, so that two later
 * presses still make one.
 * @param event the press or form that accepts it now.
 * @returns undefined if the proposal is taken. @throws StoreError
 */
export async function acceptedAs(
  asked: string,
  event: string,
  find: (id: TaskId) => Promise<Task | undefined>,
): Promise<string | undefined> {
  const task = await find(`${asked}:1`);
  if (!task) return asked;
  const { state, origin } = task;
  const orderedNothing = state.name === 'failed' && state.failure.reason === 'unanswered';
  // Discord may send an event twice; the second must not accept again what the first did.
  if (!orderedNothing || origin.eventId === asked || origin.eventId === event) return undefined;
  return acceptedAs(origin.eventId, event, find);
}

function isKept(stored: unknown): stored is Kept {
  return typeof stored === 'object' && stored !== null && 'v' in stored && stored.v === 1;
}
