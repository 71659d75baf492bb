import type { Log } from '../../log.js';
import type { Delivery } from '../../tasks/delivery/delivery-port.js';
import type { SetMembers } from '../../tasks/delivery/set-members.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Posted } from '../../tasks/model/task.js';
import type { Rests } from '../rest/clients.js';
import type { UploadLimits } from '../rest/upload-limits.js';
import type { SetCards } from '../views/sets/set-card.js';
import type { Cards } from '../views/task-card.js';
import { createAnswers } from './answer-message.js';
import { createCardUpdates, type FirstCards } from './card-updates.js';
import { createChainedAnswers } from './chained-answers.js';
import { createDeliveryLookup } from './delivery-lookup.js';
import { createEdits } from './edit-throttle.js';
import { createNotices } from './notifications.js';
import { createOutcomes } from './outcomes.js';
import { createOverflowMessages } from './overflow-messages.js';
import { createSetDrawings } from './sets/set-drawings.js';
import { createSetOutcomes, otherThan } from './sets/set-outcomes.js';
import { createSetPlaces } from './sets/set-places.js';
import { createSetPosts } from './sets/set-posts.js';
import { createSetRemovals, type SetRemovals } from './sets/set-removals.js';
import { createStaleCards } from './stale-cards.js';
import { createTaskAnswers } from './task-answers.js';
import { createTaskMessages } from './task-messages.js';

interface Deps {
  readonly rests: Rests;
  readonly cards: Cards;
  readonly setCards: SetCards;
  readonly limits: Pick<UploadLimits, 'of' | 'refused'>;
  /** Finds the other parts of an order. */
  readonly ledger: Pick<Ledger, 'find'>;
  readonly log: Log;
  readonly now: () => number;
  /** ms between two edits of the card on one answer. */
  readonly cardsApartMs?: number;
  /**
   * ms that an outcome of a set waits for others, to be added by one edit.
   * @default 250
   */
  readonly togetherMs?: number;
}

/** Delivers outcomes in Discord: by editing the answer, in the channel, or in a direct message. */
export function createDelivery(deps: Deps): Delivery & FirstCards & SetRemovals {
  const { rests, cards, setCards, limits, ledger, log, now, cardsApartMs, togetherMs = 250 } = deps;
  const edits = createEdits({ now, ...(cardsApartMs !== undefined && { apartMs: cardsApartMs }) });
  const pairs = createChainedAnswers(ledger);
  const answers = createAnswers(rests);
  const drawings = createSetDrawings({ ledger, cards: setCards, now });
  const taskAnswers = createTaskAnswers({ answers, cards, pairs, sets: drawings, log });
  const messages = createTaskMessages({ rests, log });
  const further = createOverflowMessages(rests, log);
  const seeker = createDeliveryLookup({ rests, answers, channelOf: messages.channelOf });
  const stale = createStaleCards({ rests, answers, log, now });
  const places = createSetPlaces({ rests, answers, messages });
  const setPosts = createSetPosts({ rests, places, drawings, edits, further, togetherMs, log });
  const setOutcomes = createSetOutcomes({ places, drawings, stale, log });
  const common = { rests, edits, taskAnswers, log, now };
  const sets = { ...drawings, ...setPosts, ...setOutcomes };
  return {
    ...createCardUpdates({ ...common, answers, pairs, sets }),
    ...createOutcomes({ ...common, limits, messages, further, seeker, sets }),
    ...createSetRemovals({ rests, answers, drawings, edits }),
    ...createNotices({ ...common, cards, messages, sets, setCards }),
    async tidy(task, at) {
      // As recorded by now: the task in hand is still being delivered, and has the token.
      const recorded = () => ledger.find(task.id).then((latest) => drawings.membersOf(latest ?? task));
      const current = () => recorded().catch(() => undefined);
      if (at.messageId === task.origin.messageId && !isSplit(at, await current())) return;
      await edits.make(task.origin.eventId, async () => {
        const set = await current();
        await (set ? setOutcomes.tidy(task, at, set) : stale.tidy(task, at));
      });
    },
  };
}

/** Whether outcomes of a set are in another message than this one. */
function isSplit(at: Posted, set: SetMembers | undefined): boolean {
  return set !== undefined && otherThan(at, set) !== undefined;
}
