import type { FetchedFile } from '../../src/media/files.js';
import { RouteClosedError } from '../../src/tasks/delivery/delivery-port.js';
import type { ReviewDesk } from '../../src/tasks/lifecycle/review/review-desk.js';
import type { Posted, Task } from '../../src/tasks/model/task.js';

/** Moderators of a server, and what they were asked; it outlives the process that asks. */
export interface FakeDesk extends ReviewDesk {
  /** Messages that ask, in order. */
  readonly messages: { readonly id: string; readonly task: string; readonly what: 'order' | 'result' }[];
  /** Messages that say what became of it. */
  readonly closed: string[];
  /** Decisions on record. */
  readonly notes: string[];
  /** How often managers were told that moderators can't be asked. */
  alerts: number;
  /** The moderators' channel; undefined: there is none. */
  channel: string | undefined;
  /** Whether results go to moderators now, whatever was so when they were ordered. */
  reviews: boolean;
  /** What the copies hold; undefined: they are gone. */
  copy: readonly FetchedFile[] | undefined;
}

export function createFakeDesk(): FakeDesk {
  const desk: FakeDesk = {
    messages: [],
    closed: [],
    notes: [],
    alerts: 0,
    channel: '5',
    reviews: true,
    copy: undefined,
    wants: async ({ review }) => desk.reviews || review?.after === true,
    async channelOf() {
      if (desk.channel === undefined) throw new RouteClosedError('There is no channel.');
      return desk.channel;
    },
    limitOf: async () => Number.POSITIVE_INFINITY,
    async post({ id, state }: Task, channelId) {
      const message = `m${desk.messages.length + 1}`;
      desk.messages.push({
        id: message,
        task: id,
        what: state.name === 'awaitingApproval' ? 'order' : 'result',
      });
      return { channelId, messageId: message };
    },
    async seek({ id, state }) {
      const what = state.name === 'awaitingApproval' ? 'order' : 'result';
      const found = desk.messages.find((message) => message.task === id && message.what === what);
      return found && toPosted(found.id);
    },
    isThere: async ({ messageId }) => desk.messages.some(({ id }) => id === messageId),
    async filesIn() {
      return desk.copy ?? [];
    },
    async close(_task, { messageId }) {
      desk.closed.push(messageId);
    },
    async note(task, { approved }) {
      desk.notes.push(`${task.id} ${approved}`);
    },
    unreachable() {
      desk.alerts += 1;
    },
  };
  return desk;
}

function toPosted(messageId: string): Posted {
  return { channelId: '5', messageId };
}
