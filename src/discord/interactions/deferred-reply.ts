import type { Locale } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { AnswerableInteraction } from '../access/request-origin.js';
import { refusalOf } from '../rest/route-errors.js';
import { type AnyCard, asV2, drawUserError, isV2 } from '../views/message.js';
import type { Responder, TextFile } from './responder.js';
import { toUserError } from './user-errors.js';

/** An answer that takes longer than Discord waits, perhaps with a file. */
export interface DeferredReply {
  readonly card: AnyCard;
  /** The same without users' words, in case Discord refuses those (docs/discord-notes.md#refusals). */
  readonly wordless?: AnyCard;
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
  /** @param shown flags of the message that is replaced; 0 for a new answer. */
  async function fill(
    interaction: AnswerableInteraction,
    make: () => Promise<DeferredReply>,
    shown: number,
  ): Promise<void> {
    let mustBeV2 = isV2({ flags: shown });
    try {
      const { card, wordless, file } = await make();
      // Even if Discord seems to refuse it: perhaps only its confirmation got lost.
      mustBeV2 ||= isV2(card);
      const send = (drawn: AnyCard) => responder.fill(interaction, mustBeV2 ? asV2(drawn) : drawn, file);
      await send(card).catch((error: unknown) => {
        if (!wordless || refusalOf(error) !== 'words') throw error;
        return send(wordless);
      });
    } catch (error) {
      const known = drawUserError(toUserError(error, interaction, log), await locale(interaction));
      await responder.fill(interaction, mustBeV2 ? asV2(known) : known);
    }
  }

  return {
    async whisper(interaction, make) {
      await responder.defer(interaction, { private: true });
      await fill(interaction, make, 0);
    },
    async update(interaction, make) {
      await responder.deferUpdate(interaction);
      await fill(interaction, make, Number(interaction.message?.flags.valueOf() ?? 0));
    },
  };
}
