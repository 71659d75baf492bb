import type { Log } from '../../log.js';
import type { Delivery } from '../../tasks/delivery/delivery-port.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Rests } from '../rest/clients.js';
import type { UploadLimits } from '../rest/upload-limits.js';
import type { Cards } from '../views/task-card.js';
import { createAnswers } from './answer-message.js';
import { createCardUpdates } from './card-updates.js';
import { createChainedAnswers } from './chained-answers.js';
import { createDeliveryLookup } from './delivery-lookup.js';
import { createEdits } from './edit-throttle.js';
import { createNotices } from './notifications.js';
import { createOutcomes } from './outcomes.js';
import { createOverflowMessages } from './overflow-messages.js';
import { createStaleCards } from './stale-cards.js';
import { createTaskAnswers } from './task-answers.js';
import { createTaskMessages } from './task-messages.js';

interface Deps {
  readonly rests: Rests;
  readonly cards: Cards;
  readonly limits: Pick<UploadLimits, 'of' | 'refused'>;
  /** Finds the other part of a chained order. */
  readonly ledger: Pick<Ledger, 'find'>;
  readonly log: Log;
  readonly now: () => number;
  /** ms between two edits of the card on one answer. */
  readonly cardsApartMs?: number;
}

/** Delivers outcomes in Discord: by editing the answer, in the channel, or in a direct message. */
export function createDelivery(deps: Deps): Delivery {
  const { rests, cards, limits, ledger, log, now, cardsApartMs } = deps;
  const edits = createEdits({ now, ...(cardsApartMs !== undefined && { apartMs: cardsApartMs }) });
  const pairs = createChainedAnswers(ledger);
  const answers = createAnswers(rests);
  const taskAnswers = createTaskAnswers({ answers, cards, pairs, log });
  const messages = createTaskMessages({ rests, log });
  const further = createOverflowMessages(rests, log);
  const seeker = createDeliveryLookup({ rests, answers, channelOf: messages.channelOf });
  const tidy = createStaleCards({ rests, answers, log, now });
  return {
    ...createCardUpdates({ rests, edits, answers, taskAnswers, pairs, log, now }),
    ...createOutcomes({ rests, limits, cards, edits, taskAnswers, messages, further, seeker, log, now }),
    ...createNotices({ rests, cards, edits, taskAnswers, messages, log, now }),
    tidy: (task, at) => edits.make(task.origin.eventId, () => tidy(task, at)),
  };
}
