import { MessageFlags, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import type { Delivery } from '../../tasks/delivery/delivery-port.js';
import type { SetMembers } from '../../tasks/delivery/set-members.js';
import { endsInWords } from '../../tasks/model/state-machine.js';
import type { Origin, Route, Task } from '../../tasks/model/task.js';
import { answerableUntil } from '../../tasks/model/task-record.js';
import type { Rests } from '../rest/clients.js';
import type { SetCards } from '../views/sets/set-card.js';
import type { SetView } from '../views/sets/set-view.js';
import type { Cards } from '../views/task-card.js';
import { drawReason } from '../views/task-ending.js';
import type { Edits } from './edit-throttle.js';
import { ping, pingMessage } from './message-body.js';
import type { SetDrawings } from './sets/set-drawings.js';
import type { TaskAnswers } from './task-answers.js';
import type { TaskMessages } from './task-messages.js';

interface Deps {
  readonly rests: Pick<Rests, 'answers' | 'bot'>;
  readonly cards: Cards;
  readonly edits: Edits;
  readonly taskAnswers: TaskAnswers;
  readonly messages: Pick<TaskMessages, 'send'>;
  readonly sets: Pick<SetDrawings, 'membersOf' | 'view'>;
  readonly setCards: Pick<SetCards, 'drawReasons'>;
  readonly log: Log;
  readonly now: () => number;
}

/** Notifies a user beside the outcome itself: that it is there, why there is none, or that it takes long. */
export function createNotices(deps: Deps): Pick<Delivery, 'notify' | 'explain' | 'tellLate'> {
  const { rests, cards, edits, taskAnswers, messages, sets, setCards, log, now } = deps;
  const late = createOnce();
  return {
    async notify(task, posted) {
      const { applicationId, token, channelId } = task.origin;
      try {
        const results = resultsIn(await sets.membersOf(task));
        if (token)
          await rests.answers.post(Routes.webhook(applicationId, token), {
            body: ping(task, posted, results),
            auth: false,
          });
        else
          await rests.bot.post(Routes.channelMessages(channelId), {
            body: pingMessage(task, posted, results),
          });
      } catch (error) {
        log.info({ task: task.id, err: error }, 'a user could not be notified that their task is done');
      }
    },
    async explain(task, { ping: isPinged }) {
      const { applicationId, token, locale } = task.origin;
      if (!token) return;
      try {
        const set = await sets.membersOf(task);
        const card = set
          ? setCards.drawReasons(endOf(set, task, sets), locale, isPinged)
          : drawReason(task, locale, isPinged);
        const body = { ...card, flags: card.flags | MessageFlags.Ephemeral };
        await rests.answers.post(Routes.webhook(applicationId, token), { body, auth: false });
      } catch (error) {
        log.info({ task: task.id, err: error }, 'the reason for a failure could not be sent to its user');
      }
    },
    async tellLate(task) {
      const { origin } = task;
      try {
        const set = await sets.membersOf(task);
        if (set && (isTold(set, task) || !late.isFirst(origin.eventId))) return;
        if (answerableUntil(origin) <= now())
          return void (await messages.send(
            set?.lead ? { ...task, id: set.lead.id } : task,
            laterRoute(origin),
            {
              card: cards.draw(task),
              kind: 'n',
            },
          ));
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

/** The set as its last part leaves it: all of it is in the answer. */
function endOf(set: SetMembers, { origin }: Task, { view }: Pick<SetDrawings, 'view'>): SetView {
  const ended = set.members.flatMap(({ task }) => (task && endsInWords(task.state) ? [task] : []));
  return view({ set, route: 'answer', messageId: origin.messageId, posting: ended });
}

/** How many results a set has; undefined if the task belongs to none, or nothing came of it. */
function resultsIn(set: SetMembers | undefined): number | undefined {
  const results = set?.members.filter(({ task }) => task && !endsInWords(task.state)).length;
  return results === 0 ? undefined : results;
}

/** True if another part has taken too long before this one: its user was told then, perhaps by an earlier process. */
function isTold({ members }: SetMembers, late: Task): boolean {
  const earlier = createdOf(late);
  return members.some(({ id, task }) => {
    if (!task || id === late.id || task.release) return false;
    return createdOf(task) < earlier;
  });
}

/** When a late task was created at MPS, ms since the epoch. An off-peak one takes long by nature. */
function createdOf({ state, request }: Task): number {
  const isOffPeak = request.kind === 'video' && request.offPeak;
  return state.name === 'running' && state.letGo && !isOffPeak ? state.createdAt : Number.POSITIVE_INFINITY;
}

/** Lets each key pass once; the last ones are remembered. */
function createOnce(most = 2_000) {
  const known = new Set<string>();
  return {
    isFirst(key: string): boolean {
      if (known.has(key)) return false;
      known.add(key);
      for (const oldest of known) if (known.size > most) known.delete(oldest);
      return true;
    },
  };
}
