import { type APIMessage, Routes } from 'discord.js';
import { RouteClosedError } from '../../../tasks/delivery/delivery-port.js';
import type { SetMembers } from '../../../tasks/delivery/set-members.js';
import type { Posted, Route, Task } from '../../../tasks/model/task.js';
import type { Rests } from '../../rest/clients.js';
import { isClosed } from '../../rest/route-errors.js';
import type { UploadBody } from '../../rest/uploads.js';
import type { PanelCard } from '../../views/message.js';
import type { Answers } from '../answer-message.js';
import type { Edits } from '../edit-throttle.js';
import type { SetDrawings } from './set-drawings.js';
import { arrivedIn, neededIn, presentIn } from './set-files.js';
import { otherThan } from './set-outcomes.js';

/** Takes single results out of the messages of sets. */
export interface SetRemovals {
  /**
   * Removes the file of a delivered part's result from its message; the others stay.
   * @returns whether that was the part's last file.
   * @throws RouteClosedError if the message can't be edited any more; DiscordAPIError.
   */
  removeResult(task: Task, number: number): Promise<boolean>;
}

interface Deps {
  readonly rests: Pick<Rests, 'bot'>;
  readonly answers: Answers;
  readonly drawings: Pick<SetDrawings, 'membersOf' | 'draw'>;
  readonly edits: Pick<Edits, 'make'>;
}

export function createSetRemovals({ rests, answers, drawings, edits }: Deps): SetRemovals {
  /** By the token while it lives, which also reaches what the bot itself can't; else as the bot's own message. */
  async function reached<T>(byToken: () => Promise<T>, asBot: () => Promise<T>, route: Route): Promise<T> {
    try {
      if (route === 'answer') return await byToken();
    } catch (error) {
      if (!isClosed(error) && !(error instanceof RouteClosedError)) throw error;
    }
    return asBot().catch((error: unknown) => {
      throw isClosed(error)
        ? new RouteClosedError('The message can be edited no more.', { cause: error })
        : error;
    });
  }

  async function remove(task: Task, at: Where, set: SetMembers, number: number): Promise<boolean> {
    const { route, posted } = at;
    const { origin } = task;
    const path = Routes.channelMessage(posted.channelId, posted.messageId);
    const message = await reached(
      () => answers.fetch(origin),
      async () => (await rests.bot.get(path)) as APIMessage,
      route,
    );
    const left = presentIn(message, set).filter(({ place }) => place.number !== number);
    const { first = 0, count = 0 } = set.members.find(({ id }) => id === task.id) ?? {};
    const isGone = !left.some(({ place }) => place.number >= first && place.number < first + count);
    const body = {
      ...drawings.draw(drawingOf({ ...task, ...(isGone && { removed: true }) }, at, set, message)),
      attachments: [...left.map(({ id }) => id), ...neededIn(message, set, new Set())].map((id) => ({ id })),
    } satisfies PanelCard & UploadBody;
    const mention = route === 'answer' ? '' : `<@${origin.userId}>\n`;
    await reached<unknown>(
      () => answers.edit(origin, body, []),
      () => rests.bot.patch(path, { body: { ...body, content: `${mention}${body.content}` } }),
      route,
    );
    return isGone;
  }

  return {
    removeResult: (task, number) =>
      // In line with what fills the message: an edit drops the files that it doesn't list.
      edits.make(task.origin.eventId, async () => {
        const { state } = task;
        const set = await drawings.membersOf(task);
        if (!set || state.name !== 'delivered' || state.route === 'kept')
          throw new RouteClosedError('It is in no message of a set.');
        return remove(task, { route: state.route, posted: state.posted }, set, number);
      }),
  };
}

interface Where {
  readonly route: Route;
  readonly posted: Posted;
}

function drawingOf(task: Task, { route, posted }: Where, set: SetMembers, message: APIMessage) {
  const restIn = route === 'answer' ? otherThan(posted, set) : undefined;
  const posting = [task, ...arrivedIn(message, route, set)];
  return { set, route, messageId: posted.messageId, posting, ...(restIn && { restIn }) };
}
