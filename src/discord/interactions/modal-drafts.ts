import { UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import type {
  Extension,
  GenerationRequest,
  Kind,
  SourceClip,
  SourceImage,
} from '../../mps/generation-request.js';
import type { Table } from '../../store/store.js';
import type { TaskId } from '../../tasks/model/task.js';
import { day, hour } from '../../util/time.js';

/** What a form was opened for: Discord returns only what was filled in. */
export interface Draft {
  readonly kind: Kind;
  /** Available images, best first. */
  readonly pictures: readonly SourceImage[];
  /** The clips that a new one is made of. */
  readonly clips?: readonly SourceClip[];
  /** The clip that a new one continues. */
  readonly extends?: Extension;
  /** The earlier request that is being edited. */
  readonly base?: GenerationRequest;
  /** What the fields begin with, if it is not the earlier request. */
  readonly filled?: FormText;
  /** What was uploaded to the form before it was refused: it counts until something else is uploaded. */
  readonly uploads?: readonly SourceImage[];
  /** The event that first asked, if the form came with a refusal or a question. */
  readonly asked?: string;
  /** It was opened from a message that only one user sees. */
  readonly private?: true;
}

/** A form's fields, as text. */
export interface FormText {
  readonly prompt: string;
  /** A model's id. */
  readonly model?: string;
  /** Seconds, or a size or ratio. */
  readonly measure?: string;
  readonly options?: string;
}

/** Open forms; they survive restarts. */
export interface Drafts {
  /** Stores a draft. It doesn't wait for the write, because a form has to open immediately. */
  keep(event: OpeningEvent, draft: Draft): TaskId;
  /**
   * Undefined if it has expired.
   * @throws UserError if another user opened the form; StoreError
   */
  find(id: TaskId, user: OpeningEvent['user']): Promise<Draft | undefined>;
  /**
   * Deletes expired drafts.
   * @throws StoreError
   */
  prune(): Promise<void>;
  /**
   * Deletes a user's drafts at their request.
   * @throws StoreError
   */
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

/**
 * Discord's image links expire after a day, and so do drafts; after an hour, like the proposal, if they hold what was
 * typed for an order that was refused or in doubt.
 */
const isExpired = ({ at, draft }: Kept, now: number) => at <= now - (draft.asked === undefined ? day : hour);

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
}

export function createDrafts({ table, log, now }: Deps): Drafts {
  /** Collect first: rows must not be deleted while iterating over a table that others write to. */
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
      if (!isDraft(kept) || isExpired(kept, now())) return undefined;
      if (kept.userId !== user.id) throw new UserError({ key: 'error.form.notYours' });
      return kept.draft;
    },
    prune: () => remove((kept) => isExpired(kept, now())),
    forget: (userId) => remove((kept) => kept.userId === userId),
  };
}

/** Drafts of another version are unreadable and soon deleted. */
function isDraft(stored: unknown): stored is Kept {
  return typeof stored === 'object' && stored !== null && 'v' in stored && stored.v === 1;
}
