import { MessageFlags, Routes } from 'discord.js';
import { text } from '../../locales/index.js';
import type { Log } from '../../log.js';
import { endsInWords } from '../../tasks/model/state-machine.js';
import type { Posted, Task } from '../../tasks/model/task.js';
import { answerableUntil } from '../../tasks/model/task-record.js';
import type { Rests } from '../rest/clients.js';
import type { Answers } from './answer-message.js';

interface Deps {
  readonly rests: Pick<Rests, 'bot'>;
  readonly answers: Pick<Answers, 'edit'>;
  readonly log: Log;
  readonly now: () => number;
}

/** Answers whose outcome was delivered elsewhere, which would otherwise say "painting" forever. */
export interface StaleCards {
  /** Says where the outcome is. An answer with another result is left alone. Best effort, once, never throws. */
  tidy(task: Task, posted: Posted): Promise<void>;
  /**
   * Edits the answer by its token while that is valid, else as the bot's own message; a private one is unreachable then,
   * and left as it is.
   * @throws DiscordAPIError
   */
  edit(task: Task, body: object): Promise<void>;
}

export function createStaleCards({ rests, answers, log, now }: Deps): StaleCards {
  async function asBot({ origin }: Task, body: object): Promise<void> {
    const { channelId, messageId, guildId, guildInstalled, private: secret, replyAs } = origin;
    // Without the token only a member of the server or conversation can reach its message.
    if (secret || (guildId !== undefined && !guildInstalled && replyAs === undefined)) return;
    await rests.bot.patch(Routes.channelMessage(channelId, messageId ?? ''), { body });
  }

  async function edit(task: Task, body: object): Promise<void> {
    if (task.origin.token && answerableUntil(task.origin) > now())
      return void (await answers.edit(task.origin, body, []).catch(() => asBot(task, body)));
    await asBot(task, body);
  }

  return {
    edit,
    async tidy(task, posted) {
      const { id, origin, after, state } = task;
      // The answer of a video contains its image, which is a delivered result: never take it away.
      if (after !== undefined) return;
      const { channelId, messageId, guildId, locale } = origin;
      if (messageId === undefined || posted.messageId === messageId) return;
      const isHere = posted.channelId === channelId;
      const link = `https://discord.com/channels/${guildId ?? '@me'}/${posted.channelId}/${posted.messageId}`;
      const outcome = endsInWords(state) ? 'answer' : 'result';
      const body = {
        content: text(locale, `card.moved.${outcome}.${isHere ? 'here' : 'direct'}`, { link }),
        flags: MessageFlags.SuppressEmbeds,
        allowed_mentions: { parse: [] },
        components: [],
        attachments: [],
      };
      try {
        await edit(task, body);
      } catch (error) {
        log.info({ task: id, err: error }, 'a stale card could not be updated; its outcome is elsewhere');
      }
    },
  };
}
