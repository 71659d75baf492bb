import { type APIMessage, Routes } from 'discord.js';
import type { Log } from '../../log.js';
import { withParcels } from '../../tasks/delivery/attachments.js';
import {
  type Delivery,
  RouteClosedError,
  TooLargeError,
  WordsRefusedError,
} from '../../tasks/delivery/delivery-port.js';
import type { Parcel } from '../../tasks/delivery/parcels.js';
import type { Posted, Route, Task } from '../../tasks/model/task.js';
import { receivedAt } from '../../tasks/model/task-record.js';
import { minute } from '../../util/time.js';
import type { Rests } from '../rest/clients.js';
import { classify } from '../rest/route-errors.js';
import type { UploadLimits } from '../rest/upload-limits.js';
import type { Cards } from '../views/task-card.js';
import { type DeliveryLookup, posted } from './delivery-lookup.js';
import type { Edits } from './edit-throttle.js';
import { nameFiles, replyMessage } from './message-body.js';
import { inMessages, type OverflowMessages } from './overflow-messages.js';
import type { TaskAnswers } from './task-answers.js';
import type { TaskMessages } from './task-messages.js';

/** Discord remembers a nonce for "a few minutes"; ms that are safely within. */
const nonceLifeMs = minute;

interface Deps {
  readonly rests: Pick<Rests, 'bot'>;
  readonly limits: Pick<UploadLimits, 'of' | 'refused'>;
  readonly cards: Cards;
  readonly edits: Edits;
  readonly taskAnswers: TaskAnswers;
  readonly messages: TaskMessages;
  readonly further: OverflowMessages;
  readonly seeker: DeliveryLookup;
  readonly log: Log;
  readonly now: () => number;
}

/** Posts outcomes, and finds those that an interrupted post may have left. */
export function createOutcomes(
  deps: Deps,
): Pick<Delivery, 'limitOf' | 'post' | 'copy' | 'seek' | 'answered'> {
  const { rests, limits, edits, seeker, log } = deps;
  return {
    limitOf: ({ origin }, route) => limits.of(origin, route),
    async post(task, route, parcels) {
      try {
        return await edits.make(task.origin.eventId, () => postBy(task, route, parcels, deps));
      } catch (error) {
        const known = classify(error);
        const largest = Math.max(0, ...parcels.map(({ file }) => file?.bytes ?? 0));
        if (known instanceof TooLargeError && largest > 0) await limits.refused(task.origin, route, largest);
        throw known;
      }
    },
    async copy({ id, state }) {
      if (state.name !== 'delivered') return undefined;
      const { channelId, messageId } = state.posted;
      try {
        const message = (await rests.bot.get(Routes.channelMessage(channelId, messageId))) as APIMessage;
        return message.attachments[0]?.url;
      } catch (error) {
        log.info({ task: id, err: error }, 'an image could not be found in Discord again');
        return undefined;
      }
    },
    seek: (task, route) => seeker.outcome(task, route),
    async answered(task) {
      try {
        if (task.origin.replyAs === undefined) return await seeker.answer(task);
        return await openReply(task, deps).catch((error: unknown) => {
          throw classify(error);
        });
      } catch (error) {
        if (error instanceof RouteClosedError || error instanceof WordsRefusedError) throw error;
        log.warn({ task: task.id, err: error }, 'looking for an answer failed');
        return undefined;
      }
    },
  };
}

async function postBy(
  task: Task,
  route: Route,
  parcels: readonly Parcel[],
  { taskAnswers, messages, further }: Deps,
): Promise<Posted> {
  const card = await taskAnswers.draw(withParcels(task, parcels), route);
  const [files, ...more] = inMessages(nameFiles(task, parcels));
  const outcome =
    route === 'answer'
      ? posted(await taskAnswers.fill(task, card, files))
      : await messages.send(task, route, { card, files, kind: parcels.length > 0 ? 'r' : 'f' });
  await further.post(task, route, outcome, more);
  return outcome;
}

/**
 * Replies to the mention. If sent twice within minutes, the nonce makes it one message; later it is searched for
 * first.
 */
async function openReply(task: Task, { rests, cards, seeker, now }: Deps): Promise<Posted> {
  const earlier = now() - receivedAt(task) > nonceLifeMs ? await seeker.reply(task) : undefined;
  if (earlier) return earlier;
  const body = replyMessage(task, cards.draw(task));
  return posted(
    (await rests.bot.post(Routes.channelMessages(task.origin.channelId), { body })) as APIMessage,
  );
}
