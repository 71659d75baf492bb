import type { APIMessage } from 'discord.js';
import type { Log } from '../../../log.js';
import type { SetMembers } from '../../../tasks/delivery/set-members.js';
import { endsInWords } from '../../../tasks/model/state-machine.js';
import type { Posted, Route, Task } from '../../../tasks/model/task.js';
import { animatedIn } from '../../../tasks/model/task-set.js';
import { isClosed } from '../../rest/route-errors.js';
import { hereIn } from '../../views/sets/set-view.js';
import { posted } from '../delivery-lookup.js';
import type { StaleCards } from '../stale-cards.js';
import type { SetDrawings } from './set-drawings.js';
import { arrivedIn, neededIn, presentIn, shows } from './set-files.js';
import { isEnd, type SetPlaces } from './set-places.js';

/** Outcomes of sets that are in Discord already. */
export interface SetOutcomes {
  /** The outcome of a task in its set's message on a route; undefined if it isn't there, or can't be seen. */
  seek(task: Task, route: Route, set: SetMembers): Promise<Posted | undefined>;
  /** A part's own file in the message: the one that its clip animates. */
  fileIn(message: APIMessage, task: Task, set: SetMembers): string | undefined;
  /** Says on the answer where the rest of the set is. Best effort, never throws. */
  tidy(task: Task, at: Posted, set: SetMembers): Promise<void>;
}

interface Deps {
  readonly places: SetPlaces;
  readonly drawings: SetDrawings;
  readonly stale: StaleCards;
  readonly log: Log;
}

/** How many tidied answers are remembered: the last ones. */
const mostTidied = 2_000;

export function createSetOutcomes({ places, drawings, stale, log }: Deps): SetOutcomes {
  /** How they were left: each later outcome would make the same edit again. */
  const tidied = new Map<string, string>();

  /** Redraws the later message of the set, unless it is true: what is in the answer is no longer to come. */
  async function refresh(task: Task, set: SetMembers, at: Posted): Promise<void> {
    const route = at.channelId === task.origin.channelId ? 'channel' : 'direct';
    const place = await places.at(task, route, set, new Set());
    const { message } = place;
    const card = message && drawings.draw({ set, route, messageId: message.id });
    if (card && !message.content.endsWith(card.content.trim())) await place.edit(card, []);
  }

  return {
    async seek(task, route, set) {
      const member = set.members.find(({ id }) => id === task.id);
      if (!member) return undefined;
      try {
        const message = await places.look(task, route, set);
        if (!message) return undefined;
        const isIn = shows(message, task, member, set) || (endsInWords(task.state) && isEnd(message));
        return isIn ? posted(message) : undefined;
      } catch (error) {
        if (isClosed(error)) return undefined;
        throw error;
      }
    },
    fileIn(message, task, set) {
      const member = set.members.find(({ id }) => id === task.id);
      if (!member) return undefined;
      const number = member.first + animatedIn(task, task.results?.urls.length);
      const present = presentIn(message, set).find(({ place }) => place.number === number);
      return message.attachments.find(({ id }) => id === present?.id)?.url;
    },
    async tidy(task, at, set) {
      const { messageId, eventId } = task.origin;
      const other = otherThan(at, set);
      const restIn = at.messageId === messageId ? other : at;
      if (messageId === undefined || !restIn) return;
      try {
        if (other) await refresh(task, set, restIn);
        const message = await places.look(task, 'answer', set).catch(() => undefined);
        const posting = arrivedIn(message, 'answer', set);
        const drawing = { set, route: 'answer', messageId, restIn, posting } as const;
        const kept = keptIn(message, set);
        // What an outcome that isn't recorded yet, or is no longer, has put there stays; and what MPS is yet to fetch.
        if (hereIn(drawings.view(drawing)).length === 0 && kept.attachments?.length === 0) {
          const isTidy = tidied.get(eventId) === restIn.messageId;
          keep(tidied, eventId, restIn.messageId);
          return isTidy ? undefined : await stale.tidy(task, restIn);
        }
        const body = { ...drawings.draw(drawing), ...kept };
        const look = JSON.stringify(body);
        if (tidied.get(eventId) === look) return;
        keep(tidied, eventId, look);
        await stale.edit(task, body);
      } catch (error) {
        log.info(
          { task: task.id, err: error },
          'the answer to a set could not be updated; the rest is elsewhere',
        );
      }
    },
  };
}

/** The attachments to keep: the source images go with the last part. None listed, which keeps all, if it can't be read. */
function keptIn(message: APIMessage | undefined, set: SetMembers): { attachments?: { id: string }[] } {
  if (!message) return {};
  const ids = [...presentIn(message, set).map(({ id }) => id), ...neededIn(message, set, new Set())];
  return { attachments: ids.map((id) => ({ id })) };
}

/** The message of outcomes that aren't in this one. */
export function otherThan({ messageId }: Posted, { members }: SetMembers): Posted | undefined {
  for (const { task } of members) {
    const at = task && !task.origin.collected && 'posted' in task.state ? task.state.posted : undefined;
    if (at?.messageId && at.messageId !== messageId) return at;
  }
  return undefined;
}

function keep(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) if (map.size > mostTidied) map.delete(oldest);
}
