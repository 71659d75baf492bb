import { type APIMessage, ComponentType, MessageFlags, Routes } from 'discord.js';
import type { SetMembers } from '../../../tasks/delivery/set-members.js';
import type { Posted, Route, Task, TaskId } from '../../../tasks/model/task.js';
import { eventOf, leadId } from '../../../tasks/model/task-set.js';
import type { Rests } from '../../rest/clients.js';
import { codeOf } from '../../rest/errors.js';
import { isClosed } from '../../rest/route-errors.js';
import { type NamedFile, type UploadBody, upload } from '../../rest/uploads.js';
import type { PanelCard } from '../../views/message.js';
import type { Answers } from '../answer-message.js';
import { posted } from '../delivery-lookup.js';
import { search, windowOfPost } from '../history-search.js';
import { ownMessage } from '../message-body.js';
import type { TaskMessages } from '../task-messages.js';
import { shows } from './set-files.js';

/** The one message of a set on a route. */
export interface SetPlace {
  /** As it is now; undefined if there is none yet. */
  readonly message: APIMessage | undefined;
  /** Edits it; it drops the attachments that the body doesn't list. */
  edit(body: PanelCard & UploadBody, files: readonly NamedFile[]): Promise<APIMessage>;
  /** Posts it, if there is none. */
  open(card: PanelCard, files: readonly NamedFile[]): Promise<APIMessage>;
}

/** Finds the message that a set fills: the answer, or the one message of its own that was opened later. */
export interface SetPlaces {
  /**
   * To fill it. All throw what Discord's REST API does.
   * @param own the tasks that are about to be posted: no earlier post of theirs is looked for.
   */
  at(task: Task, route: Route, set: SetMembers, own: ReadonlySet<TaskId>): Promise<SetPlace>;
  /** To look for an outcome in it, also if it can't be edited any more. */
  look(task: Task, route: Route, set: SetMembers): Promise<APIMessage | undefined>;
}

interface Deps {
  readonly rests: Pick<Rests, 'bot' | 'uploads'>;
  readonly answers: Answers;
  readonly messages: Pick<TaskMessages, 'channelOf'>;
}

/** An edit that changes nothing: Easel suppresses embeds everywhere. */
const untouched: object = { flags: MessageFlags.SuppressEmbeds };
/** Discord's codes for a message that was deleted, and for one that may not be read. */
const unknownMessage = 10_008;
const unreadable: readonly unknown[] = [50_001, 50_013];
/** How many opened messages are remembered: the last ones. */
const mostOpened = 2_000;

export function createSetPlaces(deps: Deps): SetPlaces {
  const { answers } = deps;
  const own = createOwnMessages(deps);

  const atAnswer = ({ origin }: Task) =>
    readOrTouch(
      () => answers.fetch(origin),
      () => answers.edit(origin, untouched, []),
    );

  return {
    async at(task, route, set, posting) {
      if (route !== 'answer') return own.at(task, route, set, posting);
      const message = await atAnswer(task);
      const edit: SetPlace['edit'] = (body, files) => answers.edit(task.origin, body, files);
      return { message, edit, open: edit };
    },
    async look(task, route, set) {
      const { origin } = task;
      if (route !== 'answer') return own.find(task, route, set);
      try {
        return await atAnswer(task);
      } catch (error) {
        if (!isClosed(error)) throw error;
      }
      // An answer outlives its token: one posted at the last moment is still visible in the channel.
      if (origin.private || !origin.messageId || !origin.mayReadHistory) return undefined;
      return own.read({ channelId: origin.channelId, messageId: origin.messageId });
    },
  };
}

/** Without the channel's history a message can't be read; an edit that changes nothing answers with it. */
async function readOrTouch(read: () => Promise<APIMessage>, touch: () => Promise<APIMessage>) {
  return read().catch((error: unknown) => {
    if (unreadable.includes(codeOf(error))) return touch();
    throw error;
  });
}

/** The messages of sets that aren't the answer: the bot's own, in the channel or a direct one. */
function createOwnMessages({ rests, messages }: Deps) {
  const opened = createOpened();
  const read = (message: Posted) => readOwn(rests.bot, message);

  /** Known to this process, to another part's record, or found in the channel. */
  async function find(task: Task, route: Route, set: SetMembers, posting?: ReadonlySet<TaskId>) {
    const known = opened.get(task, route) ?? recordedAt(route, set);
    const message = known && (await read(known));
    const started = message ? [] : startedOn(route, set).filter(({ id }) => !posting?.has(id));
    if (started.length === 0) return message;
    if (route === 'channel' && !task.origin.mayReadHistory) return undefined;
    const channelId = await messages.channelOf(task, route);
    for (const other of started) {
      const found = await search(rests.bot, channelId, windowOfPost(other), (one) => isOfSet(one, task, set));
      if (found) return found;
    }
    return undefined;
  }

  async function open(task: Task, route: Route, card: PanelCard, files: readonly NamedFile[]) {
    const channelId = await messages.channelOf(task, route);
    // One nonce for the whole set: for some minutes it gives back the message that an earlier process opened.
    const body = ownMessage({ ...task, id: leadId(task.id) }, channelId, card, 'r');
    const path = Routes.channelMessages(channelId);
    const message = (await (files.length > 0
      ? upload(body, files, (request) => rests.uploads.post(path, request))
      : rests.bot.post(path, { body }))) as APIMessage;
    opened.add(task, route, posted(message));
    return message;
  }

  async function at(
    task: Task,
    route: Route,
    set: SetMembers,
    posting: ReadonlySet<TaskId>,
  ): Promise<SetPlace> {
    const message = await find(task, route, set, posting);
    let there = message && posted(message);
    return {
      message,
      async open(card, files) {
        const first = await open(task, route, card, files);
        there = posted(first);
        return first;
      },
      async edit(body, files) {
        if (!there) throw new Error('The message of a set was to be edited before it was posted.');
        return editOwn(rests, task, there, body, files);
      },
    };
  }

  return { at, find, read };
}

/** One of the bot's own messages; undefined if it was deleted. */
async function readOwn(
  bot: Deps['rests']['bot'],
  { channelId, messageId }: Posted,
): Promise<APIMessage | undefined> {
  const path = Routes.channelMessage(channelId, messageId);
  try {
    return await readOrTouch(
      async () => (await bot.get(path)) as APIMessage,
      async () => (await bot.patch(path, { body: untouched })) as APIMessage,
    );
  } catch (error) {
    if (codeOf(error) === unknownMessage) return undefined;
    throw error;
  }
}

/** Edits one of the bot's own messages, which begins with the mention of its user. */
async function editOwn(
  rests: Deps['rests'],
  task: Task,
  { channelId, messageId }: Posted,
  body: PanelCard & UploadBody,
  files: readonly NamedFile[],
) {
  const path = Routes.channelMessage(channelId, messageId);
  const edited = { ...body, content: `<@${task.origin.userId}>\n${body.content}` };
  return (await (files.length > 0
    ? upload(edited, files, (request) => rests.uploads.patch(path, request))
    : rests.bot.patch(path, { body: edited }))) as APIMessage;
}

/** Messages that this process opened, by event and route. */
function createOpened() {
  const opened = new Map<string, Posted>();
  const keyOf = ({ origin }: Task, route: Route) => `${origin.eventId} ${route}`;
  return {
    get: (task: Task, route: Route) => opened.get(keyOf(task, route)),
    add(task: Task, route: Route, message: Posted): void {
      opened.delete(keyOf(task, route));
      opened.set(keyOf(task, route), message);
      for (const oldest of opened.keys()) if (opened.size > mostOpened) opened.delete(oldest);
    },
  };
}

function recordedAt(route: Route, { members }: SetMembers): Posted | undefined {
  for (const { task } of members) {
    if (!task || task.origin.collected) continue;
    const { state } = task;
    const at =
      state.name === 'delivered' ? state.route : 'handover' in state ? state.handover.route : undefined;
    if (at === route && 'posted' in state && state.posted?.messageId) return state.posted;
  }
  return undefined;
}

/** Parts whose post on the route was started, perhaps by an earlier process, and whose end isn't known. */
function startedOn(route: Route, { members }: SetMembers): Task[] {
  return members.flatMap(({ task }) => {
    if (!task || task.origin.collected || !('handover' in task.state)) return [];
    const { handover } = task.state;
    const isKnown = 'told' in task.state && task.state.told;
    return handover.route === route && handover.tries > 0 && !isKnown ? [task] : [];
  });
}

/** True if a message of Easel's shows an outcome of this set; a note that it takes long doesn't. */
function isOfSet(message: APIMessage, { id }: Task, set: SetMembers): boolean {
  // Not that of the origin: the set is that of the event that asked, if another one accepted an offer.
  const mark = `:${eventOf(id)}:`;
  const isMarked = (message.components ?? []).some(
    (row) =>
      row.type === ComponentType.ActionRow &&
      row.components.some((one) => 'custom_id' in one && one.custom_id.includes(mark)),
  );
  return (
    isMarked && (set.members.some((one) => one.task && shows(message, one.task, one, set)) || isEnd(message))
  );
}

/** A set without any result ends in a message like that of an order of one: with Delete, and without numbered lines. */
export function isEnd({ components, content }: APIMessage): boolean {
  const ids = JSON.stringify(components ?? []);
  return ids.includes('v1:delete:') && !ids.includes('v1:pick:') && !/^-# \d/m.test(content);
}
