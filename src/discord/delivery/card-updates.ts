import type { Log } from '../../log.js';
import type { Delivery } from '../../tasks/delivery/delivery-port.js';
import type { Task } from '../../tasks/model/task.js';
import { answerableUntil } from '../../tasks/model/task-record.js';
import type { Rests } from '../rest/clients.js';
import { classify, refusalOf } from '../rest/route-errors.js';
import { sourceName } from '../views/file-names.js';
import type { PanelCard } from '../views/message.js';
import type { Answers } from './answer-message.js';
import type { ChainedAnswers } from './chained-answers.js';
import type { Edits } from './edit-throttle.js';
import type { SetDrawings } from './sets/set-drawings.js';
import type { TaskAnswers } from './task-answers.js';

interface Deps {
  readonly rests: Pick<Rests, 'guard'>;
  readonly edits: Edits;
  readonly answers: Answers;
  readonly taskAnswers: TaskAnswers;
  readonly pairs: Pick<ChainedAnswers, 'isEarly'>;
  readonly sets: Pick<SetDrawings, 'membersOf' | 'mayRedraw' | 'note'>;
  readonly log: Log;
  readonly now: () => number;
}

/** Where the first card of a task isn't an edit of its answer, but the answer itself. */
export interface FirstCards {
  /**
   * Has the first card sent as the answer to the task's interaction; cards that follow it are edits.
   * @throws what `send` throws; StoreError
   */
  open<R>(task: Task, send: (card: PanelCard) => Promise<R>): Promise<R>;
}

/** What the answer shows until a task is done. */
export function createCardUpdates(deps: Deps): Pick<Delivery, 'show' | 'introduce' | 'host'> & FirstCards {
  const { rests, edits, answers, taskAnswers, pairs, sets, log, now } = deps;

  const open: FirstCards['open'] = (task, send) =>
    edits.make(task.origin.eventId, async () => {
      const set = await sets.membersOf(task);
      const sent = await send(await taskAnswers.draw(task, 'answer'));
      // One that was refused or lost is none of those that a set may have.
      if (set) sets.mayRedraw(set, task.origin.eventId);
      return sent;
    });

  return {
    open,
    async show(task, progress) {
      // A card is only cosmetic: it is the first thing to skip.
      sets.note(task.id, progress);
      if (answerableUntil(task.origin) <= now() || !rests.guard.hasRoom()) return;
      try {
        await edits.draw(task.origin.eventId, async () => {
          const set = await sets.membersOf(task);
          if (!set && (await pairs.isEarly(task))) return undefined;
          const card = await taskAnswers.draw(task, 'answer', progress);
          const look = JSON.stringify(card);
          if (set && !sets.mayRedraw(set, task.origin.eventId)) return undefined;
          return { look, edit: () => taskAnswers.redraw(task, card) };
        });
      } catch (error) {
        log.debug({ task: task.id, err: error }, 'a card could not be drawn');
      }
    },
    async introduce(task) {
      try {
        // Without a list of attachments: a repeated order refers to images hosted by another answer.
        await open(task, (card) => answers.edit(task.origin, card, []));
        return true;
      } catch (error) {
        log.info({ task: task.id, err: error }, 'a first card could not be drawn');
        return refusalOf(error) !== 'words';
      }
    },
    async host(task, images) {
      const named = images.map((file, at) => ({
        file,
        name: sourceName(file.type, at + 1),
        description: '',
      }));
      try {
        const message = await edits.make(task.origin.eventId, () => taskAnswers.host(task, named));
        if (message.attachments.length < images.length)
          throw new Error('Discord accepted an answer without the images it should host.');
        // Discord lists what was there before, then what is new.
        return message.attachments.slice(-images.length).map(({ id, url }) => ({ url, hostedAs: id }));
      } catch (error) {
        throw classify(error);
      }
    },
  };
}
