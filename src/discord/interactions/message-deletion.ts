import type { Settings } from '../../guilds/settings.js';
import { type Locale, text } from '../../locales/index.js';
import type { Table } from '../../store/store.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { setOf } from '../../tasks/ledger/order-parts.js';
import { isOver } from '../../tasks/model/state-machine.js';
import type { Posted, Task } from '../../tasks/model/task.js';
import type { AnswerableInteraction } from '../access/request-origin.js';
import { drawLines } from '../views/message.js';
import { createMessageRemover, type RemoverDeps } from './message-remover.js';
import type { AnsweredRef, Responder } from './responder.js';

/** Deletes everything that Easel posted for a user, in the background and one at a time; it survives restarts. */
export interface MessageDeletion {
  /**
   * Persists which messages to delete, before the records that know them are redacted.
   * @returns how many Easel may delete.
   * @throws StoreError
   */
  keep(interaction: AnswerableInteraction, locale: Locale): Promise<number>;
  /** Gives up what `keep` has found, since the records could not be redacted. Never rejects. */
  drop(interaction: Pick<AnswerableInteraction, 'id'>): Promise<void>;
  /** Once the records are redacted, deletes what `keep` has found and then edits the answer: `said`, and how many could not be deleted. Never rejects. */
  run(interaction: Pick<AnswerableInteraction, 'id'>, said: readonly string[]): Promise<void>;
  /** Continues what a restart interrupted here, redacting the records first if that is still due. Never rejects. */
  resume(): Promise<void>;
}

/** A row; it is deleted with its last message. */
interface Job {
  readonly v: 1;
  readonly answer: AnsweredRef;
  readonly locale: Locale;
  /** Absent in rows from before 2026-12. */
  readonly userId?: string;
  /** The user's records are redacted. */
  readonly forgotten?: boolean;
  /** The guild whose process works on it; absent: the first process. */
  readonly home?: string;
  readonly said: readonly string[];
  /** Still to be deleted. */
  readonly messages: readonly Posted[];
  readonly deleted: number;
  /** Those that can't be deleted, or that their server leaves to its moderators. */
  readonly failed: number;
}

/** What became of a user's records: how many were redacted, how many follow later, and whether every process answered. */
interface Forgotten {
  readonly emptied: number;
  readonly later: number;
  readonly isWhole: boolean;
}

interface Deps extends RemoverDeps {
  readonly table: Table<unknown>;
  readonly ledger: Pick<Ledger, 'page' | 'find'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly responder: Pick<Responder, 'fill'>;
  readonly dataDeletion: { /** @throws StoreError */ forgetUser(userId: string): Promise<Forgotten> };
  /** Whether this process serves a guild, or what belongs to none. */
  readonly serves: (guildId: string | undefined) => boolean;
}

/** Tasks read in one go. */
const perPage = 100;
/** Messages deleted between two writes; one that is deleted again is simply gone. */
const perWrite = 20;
export function createMessageDeletion(deps: Deps): MessageDeletion {
  const { table, signal, log, serves } = deps;
  /** Jobs of this process's own life, which must not be resumed as well. */
  const own = new Set<string>();

  async function runKept(id: string, said?: readonly string[]): Promise<void> {
    try {
      const kept = await table.get(id);
      if (!isJob(kept) || (!said && !serves(kept.home))) return;
      const done = await work(
        deps,
        id,
        said ? { ...kept, said, forgotten: true } : await redacted(deps, kept),
      );
      await table.delete(id);
      log.info(
        { deleted: done.deleted, failed: done.failed },
        'messages were deleted at their user’s request',
      );
      await deps.responder.fill(done.answer, drawLines([...done.said, ...outcomeOf(done)]));
    } catch (error) {
      // After 15 minutes, the answer can't be edited any more; the rest is found at the next start.
      if (!signal.aborted)
        log.warn({ err: error }, 'a deletion of messages could not be finished or reported');
    }
  }

  return {
    async keep(interaction, locale) {
      const { messages, withheld } = await postsOf(deps, interaction.user.id);
      const { id, applicationId, token, guildId } = interaction;
      const home = guildId && serves(guildId) ? { home: guildId } : {};
      const asked = { locale, userId: interaction.user.id, forgotten: false, ...home };
      const answer = { applicationId, token };
      const counts = { deleted: 0, failed: withheld };
      own.add(id);
      await table.set(id, { v: 1, answer, ...asked, said: [], messages, ...counts } satisfies Job);
      return messages.length;
    },
    async drop({ id }) {
      await table.delete(id).catch((error: unknown) => {
        log.warn({ err: error }, 'a deletion of messages could not be given up');
      });
    },
    run: ({ id }, said) => runKept(id, said),
    async resume() {
      const ids: string[] = [];
      try {
        for await (const [id] of table.entries()) if (!own.has(id)) ids.push(id);
      } catch (error) {
        log.warn({ err: error }, 'deletions of messages could not be resumed');
      }
      for (const id of ids) await runKept(id);
    },
  };
}

/** What a user is told once their records were redacted. */
export function outcomeOfForgetting(
  { emptied, later, isWhole }: Forgotten,
  locale: Locale,
): readonly string[] {
  const done = text(locale, isWhole ? 'privacy.done' : 'privacy.partly', { count: emptied });
  return later > 0 ? [done, text(locale, 'privacy.later', { count: later })] : [done];
}

/**
 * The job of a process that died before it had redacted the records: that comes first.
 * @throws StoreError
 */
async function redacted({ dataDeletion }: Deps, job: Job): Promise<Job> {
  if (job.userId === undefined || job.forgotten) return job;
  const outcome = await dataDeletion.forgetUser(job.userId);
  return { ...job, forgotten: true, said: outcomeOfForgetting(outcome, job.locale) };
}

/** @throws StoreError; the signal's reason. */
async function work(deps: Deps, id: string, start: Job): Promise<Job> {
  const { table } = deps;
  const remove = createMessageRemover(deps);
  let job = start;
  await table.set(id, job);
  while (job.messages.length > 0) {
    const [posted, ...messages] = job.messages;
    const isGone = posted === undefined || (await remove(posted));
    const { deleted, failed } = job;
    job = { ...job, messages, ...(isGone ? { deleted: deleted + 1 } : { failed: failed + 1 }) };
    if (messages.length % perWrite === 0) await table.set(id, job);
  }
  return job;
}

/** Messages of a user's finished tasks that others may see. `withheld`: those that Easel can't or may not delete. */
async function postsOf({ ledger, settings }: Deps, userId: string) {
  const found = new Map<string, Posted>();
  let withheld = 0;
  for (let page = 0, pages = 1; page < pages; page += 1) {
    const shown = await ledger.page({ userId }, { page, perPage });
    pages = shown.pages;
    for (const task of shown.tasks) {
      const isFree = task.state.name === 'delivered' || !(await isOrderUnderway(ledger, task));
      const posts = (isFree ? messagesOf(task) : []).filter(({ messageId }) => !found.has(messageId));
      const { guildId } = task.account;
      const within = posts.filter((posted) => isWithinReach(task, posted));
      withheld += posts.length - within.length;
      const isAllowed = guildId === undefined || (await settings.get(guildId)).membersMayDelete;
      if (!isAllowed) withheld += within.length;
      else for (const posted of within) found.set(posted.messageId, posted);
    }
  }
  return { messages: [...found.values()], withheld };
}

/**
 * A skipped clip shares its card with the picture, and a part of a set with the others: they may still be in progress
 * there.
 */
async function isOrderUnderway({ find }: Pick<Ledger, 'find'>, task: Task): Promise<boolean> {
  const picture = task.after && (await find(task.after));
  const others = [...(picture ? [picture] : []), ...(task.set ? await setOf(task, { find }) : [])];
  return others.some(({ state }) => !isOver(state));
}

/** The result, and the card if it is another message; private ones are only seen by their user. */
function messagesOf({ state, origin, removed }: Task): readonly Posted[] {
  if (!isOver(state)) return [];
  const result = state.name === 'delivered' && !removed ? [state.posted] : [];
  const { channelId, messageId } = origin;
  const card = messageId && state.name !== 'delivered' ? [{ channelId, messageId }] : [];
  // A private order's result may have been sent as a direct message, where Easel can delete it.
  return [...result, ...card].filter((posted) => !origin.private || posted.channelId !== channelId);
}

/** In a server that only the user's own installation reaches, only the Delete button below a message works. */
function isWithinReach({ origin }: Task, { channelId }: Posted): boolean {
  return origin.guildId === undefined || origin.guildInstalled || channelId !== origin.channelId;
}

function outcomeOf({ deleted, failed, locale }: Job): readonly string[] {
  return [
    text(locale, 'privacy.messages.deleted', { count: deleted }),
    ...(failed > 0 ? [text(locale, 'privacy.messages.failed', { count: failed })] : []),
  ];
}

function isJob(row: unknown): row is Job {
  return typeof row === 'object' && row !== null && 'v' in row && row.v === 1 && 'messages' in row;
}
