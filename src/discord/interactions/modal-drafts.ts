import { UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { GenerationRequest, Kind, SourceImage } from '../../mps/generation-request.js';
import type { Table } from '../../store/store.js';
import type { TaskId } from '../../tasks/model/task.js';
import { day } from '../../util/time.js';

/** What a form was opened for. Discord hands back what was filled in, and not what it was about. */
export interface Draft {
  readonly kind: Kind;
  /** Images in reach, best first. */
  readonly pictures: readonly SourceImage[];
  /** The earlier request that is being changed. */
  readonly base?: GenerationRequest;
  /** It was asked for where only one user sees it. */
  readonly private?: true;
}

/** Forms that are open, over restarts. */
export interface Drafts {
  /** Keeps a draft. A form has to open at once: that it is written is not waited for. */
  keep(event: OpeningEvent, draft: Draft): TaskId;
  /**
   * Undefined if it is too long ago. A form is for whoever opened it.
   * @throws UserError if that is someone else; StoreError
   */
  find(id: TaskId, user: OpeningEvent['user']): Promise<Draft | undefined>;
  /** Forgets what no one will send any more. @throws StoreError */
  prune(): Promise<void>;
  /** Forgets a user's forms, at their wish. @throws StoreError */
  forget(userId: string): Promise<void>;
}

/** The interaction that opened a form. */
export interface OpeningEvent {
  readonly id: string;
  readonly user: { readonly id: string };
}

interface Kept {
  readonly v: 1;
  readonly at: number;
  readonly userId: string;
  readonly draft: Draft;
}

/** Discord's links to images die after a day, and so do forms. */
const lifeMs = day;

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
}

export function createDrafts({ table, log, now }: Deps): Drafts {
  /** Rows must not be deleted by a walk that others also write to: collected first. */
  async function remove(isDue: (kept: Kept) => boolean): Promise<void> {
    const due: string[] = [];
    for await (const [key, kept] of table.entries()) if (!isDraft(kept) || isDue(kept)) due.push(key);
    for (const key of due) await table.delete(key);
  }

  return {
    keep({ id, user }, draft) {
      table.set(id, { v: 1, at: now(), userId: user.id, draft } satisfies Kept).catch((error: unknown) => {
        log.error({ event: id, err: error }, 'an open form could not be saved');
      });
      return `${id}:1`;
    },
    async find(id, user) {
      const kept = await table.get(id.slice(0, id.indexOf(':')));
      if (!isDraft(kept) || kept.at <= now() - lifeMs) return undefined;
      if (kept.userId !== user.id) throw new UserError({ key: 'error.form.notYours' });
      return kept.draft;
    },
    prune: () => remove((kept) => kept.at <= now() - lifeMs),
    forget: (userId) => remove((kept) => kept.userId === userId),
  };
}

/** Forms of another version are not understood, and soon forgotten. */
function isDraft(stored: unknown): stored is Kept {
  return typeof stored === 'object' && stored !== null && 'v' in stored && stored.v === 1;
}
