import type { Locale } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { AnswerableInteraction } from '../access/request-origin.js';
import { type Card, drawUserError, type PanelCard } from '../views/message.js';
import type { Responder, TextFile } from './responder.js';
import { toUserError } from './user-errors.js';

/** An answer that takes longer than Discord waits, perhaps with a file. */
export interface DeferredReply {
  readonly card: Card | PanelCard;
  readonly file?: TextFile;
}

/** Defers first, then fills the answer with the result of `make`, or with the error. */
export interface DeferredReplies {
  /** Answers so that only the user sees it. */
  whisper(interaction: AnswerableInteraction, make: () => Promise<DeferredReply>): Promise<void>;
  /** Replaces the message whose button was pressed. */
  update(interaction: AnswerableInteraction, make: () => Promise<DeferredReply>): Promise<void>;
}

interface Deps {
  readonly responder: Pick<Responder, 'defer' | 'deferUpdate' | 'fill'>;
  readonly locale: (interaction: AnswerableInteraction) => Promise<Locale>;
  readonly log: Log;
}

export function createDeferredReplies({ responder, locale, log }: Deps): DeferredReplies {
  async function fill(...[interaction, make]: Parameters<DeferredReplies['whisper']>): Promise<void> {
    try {
      const { card, file } = await make();
      await responder.fill(interaction, card, file);
    } catch (error) {
      const known = toUserError(error, interaction, log);
      await responder.fill(interaction, drawUserError(known, await locale(interaction)));
    }
  }

  return {
    async whisper(interaction, make) {
      await responder.defer(interaction, { private: true });
      await fill(interaction, make);
    },
    async update(interaction, make) {
      await responder.deferUpdate(interaction);
      await fill(interaction, make);
    },
  };
}
