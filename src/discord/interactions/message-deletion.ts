import { DiscordAPIError, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { Settings } from '../../guilds/settings.js';
import { type Locale, text } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { Table } from '../../store/store.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { isOver } from '../../tasks/model/state-machine.js';
import type { Posted, Task } from '../../tasks/model/task.js';
import { sleep } from '../../util/abort.js';
import { retry } from '../../util/retry.js';
import type { AnswerableInteraction } from '../access/request-origin.js';
import type { Rests } from '../rest/clients.js';
import { codeOf, isRefusal } from '../rest/errors.js';
import { drawLines } from '../views/message.js';
import type { AnsweredRef, Responder } from './responder.js';

/** Deletes everything that Easel posted for a user, in the background and one at a time; it survives restarts. */
export interface MessageDeletion {
  /**
   * Persists which messages to delete, before the records that know them are redacted.
   * @returns how many Easel may delete.
   * @throws StoreError
   */
  keep(interaction: AnswerableInteraction, locale: Locale): Promise<number>;
  /** Deletes what `keep` has found and then edits the answer: `said`, and how many could not be deleted. Never rejects. */
  run(interaction: Pick<AnswerableInteraction, 'id'>, said: readonly string[]): Promise<void>;
  /** Continues what a restart interrupted. Never rejects. */
  resume(): Promise<void>;
}

/** A row; it is deleted with its last message. */
interface Job {
  readonly v: 1;
  readonly answer: AnsweredRef;
  readonly locale: Locale;
  readonly said: readonly string[];
  /** Still to be deleted. */
  readonly messages: readonly Posted[];
  readonly deleted: number;
  /** Those that can't be deleted, or that their server leaves to its moderators. */
  readonly failed: number;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly ledger: Pick<Ledger, 'page' | 'find'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly rests: Pick<Rests, 'bot'> & { readonly guard: Pick<Rests['guard'], 'hasRoom'> };
  readonly responder: Pick<Responder, 'fill'>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Tasks read in one go. */
const perPage = 100;
/** ms between two messages: results of other users go first. */
const apartMs = 200;
/** Answers 404 at that pace; each counts as an invalid request, and too many would silence Easel for everyone. */
const most404 = 50;
/** ms between two messages after that. */
const farApartMs = 10_000;
/** ms between two looks at whether requests that may be refused are affordable again. */
const roomMs = 5_000;
/** With one of these, all other messages of the channel are out of reach too. */
const closedChannel: ReadonlySet<unknown> = new Set([
  RESTJSONErrorCodes.UnknownChannel,
  RESTJSONErrorCodes.MissingAccess,
]);
/** Messages deleted between two writes; one that is deleted again is simply gone. */
const perWrite = 20;
/** While Discord is unreachable, a message is tried for about five minutes. */
const patience = { firstMs: 1_000, tries: 10, ref: false } as const;

export function createMessageDeletion(deps: Deps): MessageDeletion {
  const { table, signal, log } = deps;

  async function runKept(id: string, said?: readonly string[]): Promise<void> {
    try {
      const kept = await table.get(id);
      if (!isJob(kept)) return;
      const done = await work(deps, id, said ? { ...kept, said } : kept);
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
      const { id, applicationId, token } = interaction;
      const answer = { applicationId, token };
      const counts = { deleted: 0, failed: withheld };
      await table.set(id, { v: 1, answer, locale, said: [], messages, ...counts } satisfies Job);
      return messages.length;
    },
    run: ({ id }, said) => runKept(id, said),
    async resume() {
      const ids: string[] = [];
      try {
        for await (const [id] of table.entries()) ids.push(id);
      } catch (error) {
        log.warn({ err: error }, 'deletions of messages could not be resumed');
      }
      for (const id of ids) await runKept(id);
    },
  };
}

/** @throws StoreError; the signal's reason. */
async function work(deps: Deps, id: string, start: Job): Promise<Job> {
  const { table } = deps;
  const remove = createRemover(deps);
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

/** Deletes messages one by one, slowly, and with few requests that Discord refuses. True: the message is gone. */
function createRemover({ rests, signal, log }: Deps): (posted: Posted) => Promise<boolean> {
  const closed = new Set<string>();
  let unknown = 0;

  async function takeTurn(): Promise<void> {
    await sleep(unknown < most404 ? apartMs : farApartMs, signal, { ref: false });
    while (!rests.guard.hasRoom()) await sleep(roomMs, signal, { ref: false });
  }

  const onFailure = (error: unknown) => {
    if (isRefusal(error)) throw error;
  };

  return async ({ channelId, messageId }) => {
    if (closed.has(channelId)) return false;
    await takeTurn();
    const path = Routes.channelMessage(channelId, messageId);
    try {
      await retry(() => rests.bot.delete(path), { ...patience, signal, onFailure });
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DiscordAPIError && error.status === 404) unknown += 1;
      const code = codeOf(error);
      if (closedChannel.has(code)) closed.add(channelId);
      const isGone = code === RESTJSONErrorCodes.UnknownMessage;
      if (!isGone) log.info({ channel: channelId, err: error }, 'a message could not be deleted');
      return isGone;
    }
  };
}

/** Messages of a user's finished tasks that others may see. `withheld`: those that Easel can't or may not delete. */
async function postsOf({ ledger, settings }: Deps, userId: string) {
  const found = new Map<string, Posted>();
  let withheld = 0;
  for (let page = 0, pages = 1; page < pages; page += 1) {
    const shown = await ledger.page({ userId }, { page, perPage });
    pages = shown.pages;
    for (const task of shown.tasks) {
      const isFree = task.state.name === 'delivered' || !(await isPictureUnderway(ledger, task));
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

/** A skipped clip shares its card with the picture, which may still be in progress there. */
async function isPictureUnderway({ find }: Pick<Ledger, 'find'>, { after }: Task): Promise<boolean> {
  const picture = after && (await find(after));
  return picture !== undefined && !isOver(picture.state);
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
