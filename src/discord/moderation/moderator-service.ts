import type { Locale } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { Block, Blocks } from '../../moderation/blocks.js';
import { type Journal, type JournalEntry, journalMs } from '../../moderation/journal.js';
import type { Refusal } from '../../moderation/order-gate.js';
import { refusals } from '../../moderation/order-gate.js';
import type { Rules } from '../../moderation/rules.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import type { Showcase } from '../showcase/showcase.js';
import { drawEntry, taskOf } from './entry-lines.js';
import { tasksIn } from './guild-tasks.js';
import type { Removals } from './removals.js';

/** What moderators can do and look up. Permission is checked by the caller. */
export interface ModeratorService {
  readonly rules: Pick<Rules, 'get' | 'change' | 'words'>;
  readonly journal: Pick<Journal, 'page' | 'note'>;
  readonly blocks: Pick<Blocks, 'of' | 'list' | 'pardon'>;
  /**
   * Blocks a member, cancels what isn't created yet, and takes their work out of the showcase.
   * @returns how many of their tasks were stopped.
   * @throws StoreError
   */
  block(
    guildId: string,
    block: Omit<Block, 'at'>,
  ): Promise<{ readonly block: Block; readonly cancelled: number }>;
  /**
   * How often members were refused since a time, by Easel's rules and by the content check.
   * @param userId only this member
   * @throws StoreError
   */
  refusals(guildId: string, since: number, userId?: string): Promise<ReadonlyMap<string, RefusalCounts>>;
  /** Tasks of a guild received at `since` (ms since the epoch) or later, newest first. @throws StoreError */
  tasks(guildId: string, since: number, userId?: string): AsyncIterable<readonly Task[]>;
  /** See `Removals.begin`. */
  readonly removeResults: Removals['begin'];
  /**
   * A result of a task was deleted by a user, by a button below it: theirs or a moderator's. Puts it on record; of what
   * the member deleted, words, names and links go. Never rejects.
   */
  noteDeletion(task: Task, by: string): Promise<void>;
  /** An entry of the journal in one line. @throws StoreError */
  line(entry: JournalEntry, locale: Locale): Promise<string>;
  /** How long acts are kept, ms. */
  readonly keptMs: number;
}

/** Refusals of one member by their cause; `check` is the content check of the image service. */
export type RefusalCounts = Readonly<Partial<Record<Refusal | 'check', number>>>;

interface Deps {
  readonly rules: Rules;
  readonly journal: Journal;
  readonly blocks: Blocks;
  readonly ledger: Pick<Ledger, 'unfinished' | 'since' | 'find'>;
  readonly runner: Pick<Runner, 'cancel'>;
  readonly removals: Removals;
  readonly showcase: Pick<Showcase, 'withdraw'>;
  readonly log: Log;
  readonly now: () => number;
}

/** Entries read at a time. */
const perPage = 100;

export function createModeratorService(deps: Deps): ModeratorService {
  const { rules, journal, blocks, ledger, removals, log, now } = deps;
  return {
    rules,
    journal,
    blocks,
    keptMs: journalMs,
    removeResults: removals.begin,
    line: async (entry, locale) => drawEntry(entry, locale, await taskOf(entry, ledger)),
    tasks: (guildId, since, userId) => tasksIn(ledger, guildId, since, userId),
    async block(guildId, wanted) {
      const block = await blocks.block(guildId, wanted);
      const cancelled = cancelAll(deps, guildId, wanted.userId);
      void deps.showcase.withdraw(wanted.userId, guildId);
      log.info({ guild: guildId, by: wanted.by, cancelled }, 'a member was blocked');
      return { block, cancelled };
    },
    async refusals(guildId, since, userId) {
      const counts = new Map<string, Partial<Record<Refusal | 'check', number>>>();
      const count = (who: string, why: Refusal | 'check') => {
        if (who === '' || (userId !== undefined && who !== userId)) return;
        const known = counts.get(who) ?? {};
        counts.set(who, { ...known, [why]: (known[why] ?? 0) + 1 });
      };
      await eachRefusal(journal, guildId, since, count);
      for await (const tasks of tasksIn(ledger, guildId, since, userId))
        for (const { origin, state } of tasks)
          if (state.name === 'failed' && state.failure.reason.startsWith('moderation'))
            count(origin.userId, 'check');
      return counts;
    },
    async noteDeletion(task, by) {
      const { guildId, guildInstalled, userId } = task.origin;
      if (guildId === undefined || !guildInstalled) return;
      try {
        if (by === userId) await journal.forgetTask(guildId, task.id);
        await journal.note({
          ...{ guildId, act: 'deleted', at: now(), by },
          ...(by !== userId && { about: userId, taskId: task.id }),
        });
      } catch (error) {
        log.warn({ task: task.id, err: error }, 'a deletion could not be put on record');
      }
    },
  };
}

/** A clip that waits for a picture goes first: if its picture is cancelled, it is dropped by itself. */
function cancelAll({ ledger, runner }: Deps, guildId: string, userId: string): number {
  const own = ledger
    .unfinished()
    .filter(({ origin }) => origin.guildInstalled && origin.guildId === guildId && origin.userId === userId)
    .sort((one, other) => Number(other.after !== undefined) - Number(one.after !== undefined));
  const stopped = new Set<TaskId>();
  // What is still being prepared stops by itself at its next step.
  for (const { id, state } of own)
    if (state.name === 'received' || runner.cancel(id, 'blocked')) stopped.add(id);
  return stopped.size;
}

async function eachRefusal(
  { page }: Pick<Journal, 'page'>,
  guildId: string,
  since: number,
  count: (userId: string, why: Refusal) => void,
): Promise<void> {
  let before: number | undefined;
  do {
    const range: Parameters<typeof page>[1] = { count: perPage, ...(before !== undefined && { before }) };
    const { entries, hasMore } = await page(guildId, range);
    for (const { act, at, by, details } of entries) {
      const why = refusals.find((one) => one === details?.why);
      if (act === 'refused' && at >= since && by !== undefined && why) count(by, why);
    }
    const last = entries.at(-1);
    before = hasMore && last && last.at >= since ? last.n : undefined;
  } while (before !== undefined);
}
