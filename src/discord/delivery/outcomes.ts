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
import { type DeliveryLookup, posted } from './delivery-lookup.js';
import type { Edits } from './edit-throttle.js';
import { nameFiles, replyMessage } from './message-body.js';
import { inMessages, type OverflowMessages } from './overflow-messages.js';
import type { SetDrawings } from './sets/set-drawings.js';
import type { SetOutcomes } from './sets/set-outcomes.js';
import type { SetPosts } from './sets/set-posts.js';
import type { TaskAnswers } from './task-answers.js';
import type { TaskMessages } from './task-messages.js';

/** Discord remembers a nonce for "a few minutes"; ms that are safely within. */
const nonceLifeMs = minute;

interface Deps {
  readonly rests: Pick<Rests, 'bot'>;
  readonly limits: Pick<UploadLimits, 'of' | 'refused'>;
  readonly edits: Edits;
  readonly taskAnswers: TaskAnswers;
  readonly messages: TaskMessages;
  readonly further: OverflowMessages;
  readonly seeker: DeliveryLookup;
  readonly sets: Pick<SetDrawings, 'membersOf'> &
    Pick<SetPosts, 'post'> &
    Pick<SetOutcomes, 'seek' | 'fileIn'>;
  readonly log: Log;
  readonly now: () => number;
}

/** Posts outcomes, and finds those that an interrupted post may have left. */
export function createOutcomes(
  deps: Deps,
): Pick<Delivery, 'limitOf' | 'post' | 'copy' | 'seek' | 'answered'> {
  const { rests, limits, edits, seeker, sets, log } = deps;
  return {
    limitOf: ({ origin }, route) => limits.of(origin, route),
    async post(task, route, parcels) {
      try {
        if (await sets.membersOf(task)) return await sets.post(task, route, parcels);
        return await edits.make(task.origin.eventId, () => postBy(task, route, parcels, deps));
      } catch (error) {
        const known = classify(error);
        const largest = Math.max(0, ...parcels.map(({ file }) => file?.bytes ?? 0));
        if (known instanceof TooLargeError && largest > 0) await limits.refused(task.origin, route, largest);
        throw known;
      }
    },
    async copy(task) {
      const { id, state } = task;
      if (state.name !== 'delivered') return undefined;
      const { channelId, messageId } = state.posted;
      try {
        const message = (await rests.bot.get(Routes.channelMessage(channelId, messageId))) as APIMessage;
        const set = await sets.membersOf(task);
        return set ? sets.fileIn(message, task, set) : message.attachments[0]?.url;
      } catch (error) {
        log.info({ task: id, err: error }, 'an image could not be found in Discord again');
        return undefined;
      }
    },
    async seek(task, route) {
      const set = await sets.membersOf(task);
      return set ? sets.seek(task, route, set) : seeker.outcome(task, route);
    },
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
async function openReply(task: Task, { rests, taskAnswers, seeker, now }: Deps): Promise<Posted> {
  const earlier = now() - receivedAt(task) > nonceLifeMs ? await seeker.reply(task) : undefined;
  if (earlier) return earlier;
  const body = replyMessage(task, await taskAnswers.draw(task, 'answer'));
  return posted(
    (await rests.bot.post(Routes.channelMessages(task.origin.channelId), { body })) as APIMessage,
  );
}
