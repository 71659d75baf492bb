import { MessageFlags, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import type { Delivery } from '../../tasks/delivery/delivery-port.js';
import type { Origin, Route } from '../../tasks/model/task.js';
import { answerableUntil } from '../../tasks/model/task-record.js';
import type { Rests } from '../rest/clients.js';
import type { Cards } from '../views/task-card.js';
import { drawReason } from '../views/task-ending.js';
import type { Edits } from './edit-throttle.js';
import { ping, pingMessage } from './message-body.js';
import type { TaskAnswers } from './task-answers.js';
import type { TaskMessages } from './task-messages.js';

interface Deps {
  readonly rests: Pick<Rests, 'answers' | 'bot'>;
  readonly cards: Cards;
  readonly edits: Edits;
  readonly taskAnswers: TaskAnswers;
  readonly messages: Pick<TaskMessages, 'send'>;
  readonly log: Log;
  readonly now: () => number;
}

/** Notifies a user beside the outcome itself: that it is there, why there is none, or that it takes long. */
export function createNotices(deps: Deps): Pick<Delivery, 'notify' | 'explain' | 'tellLate'> {
  const { rests, cards, edits, taskAnswers, messages, log, now } = deps;
  return {
    async notify(task, posted) {
      const { applicationId, token, channelId } = task.origin;
      try {
        if (token)
          await rests.answers.post(Routes.webhook(applicationId, token), {
            body: ping(task, posted),
            auth: false,
          });
        else await rests.bot.post(Routes.channelMessages(channelId), { body: pingMessage(task, posted) });
      } catch (error) {
        log.info({ task: task.id, err: error }, 'a user could not be notified that their task is done');
      }
    },
    async explain(task, { ping: isPinged }) {
      const { applicationId, token, locale } = task.origin;
      if (!token) return;
      const card = drawReason(task, locale, isPinged);
      const body = { ...card, flags: card.flags | MessageFlags.Ephemeral };
      try {
        await rests.answers.post(Routes.webhook(applicationId, token), { body, auth: false });
      } catch (error) {
        log.info({ task: task.id, err: error }, 'the reason for a failure could not be sent to its user');
      }
    },
    async tellLate(task) {
      const { origin } = task;
      try {
        if (answerableUntil(origin) <= now())
          return void (await messages.send(task, laterRoute(origin), { card: cards.draw(task), kind: 'n' }));
        await edits.make(origin.eventId, async () =>
          taskAnswers.redraw(task, await taskAnswers.draw(task, 'answer')),
        );
      } catch (error) {
        log.warn({ task: task.id, err: error }, 'a user could not be notified that their task takes long');
      }
    },
  };
}

function laterRoute(origin: Origin): Route {
  return !origin.private && origin.mayPostLater ? 'channel' : 'direct';
}
