import { setTimeout as sleep } from 'node:timers/promises';
import type { APIMessage } from 'discord.js';
import type { Log } from '../../../log.js';
import { withParcels } from '../../../tasks/delivery/attachments.js';
import { RouteClosedError } from '../../../tasks/delivery/delivery-port.js';
import type { Parcel } from '../../../tasks/delivery/parcels.js';
import type { Member, SetMembers } from '../../../tasks/delivery/set-members.js';
import { endsInWords } from '../../../tasks/model/state-machine.js';
import type { Posted, Route, Task } from '../../../tasks/model/task.js';
import type { Rests } from '../../rest/clients.js';
import { classify, refusalOf } from '../../rest/route-errors.js';
import { posted } from '../delivery-lookup.js';
import type { Edits } from '../edit-throttle.js';
import { deleteOwn, mostRepairs } from '../missing-attachments.js';
import type { OverflowMessages } from '../overflow-messages.js';
import type { SetDrawings } from './set-drawings.js';
import {
  arrivedIn,
  filesOf,
  listing,
  missingFrom,
  neededIn,
  presentIn,
  type SetFile,
  shows,
} from './set-files.js';
import { isEnd, type SetPlace, type SetPlaces } from './set-places.js';

/** Fills the messages of sets. */
export interface SetPosts {
  /**
   * Adds an outcome to its set's message. Outcomes that wait at the same time are added by one edit; if Discord refuses
   * it, each is added alone, so that the right one is blamed.
   * @throws what Discord refuses this outcome with.
   */
  post(task: Task, route: Route, parcels: readonly Parcel[]): Promise<Posted>;
}

interface Deps {
  readonly rests: Pick<Rests, 'bot'>;
  readonly places: SetPlaces;
  readonly drawings: SetDrawings;
  readonly edits: Pick<Edits, 'make'>;
  readonly further: OverflowMessages;
  readonly log: Log;
  /** ms that the first of several outcomes waits for others. */
  readonly togetherMs: number;
}

/** An outcome that waits to be added. */
interface Waiting {
  readonly task: Task;
  readonly route: Route;
  readonly parcels: readonly Parcel[];
  readonly resolve: (posted: Posted) => void;
  readonly reject: (error: unknown) => void;
}

/** Attachments of a message at most. */
const mostFiles = 10;
/** Bytes of one request with several outcomes; one alone may have as much as its files may. */
const mostBytes = 25 * 1024 * 1024;

export function createSetPosts(deps: Deps): SetPosts {
  const { edits, togetherMs } = deps;
  const waiting = new Map<string, Waiting[]>();

  /** Edits of one answer are sequential: whatever has come by the time of this one goes with it. */
  async function flush(key: string, eventId: string): Promise<void> {
    await edits.make(eventId, async () => {
      if (togetherMs > 0) await sleep(togetherMs);
      const all = waiting.get(key) ?? [];
      waiting.delete(key);
      await addAll(deps, all).catch((error: unknown) => {
        for (const one of all) one.reject(error);
      });
    });
  }

  return {
    post: (task, route, parcels) =>
      new Promise((resolve, reject) => {
        const { eventId } = task.origin;
        const key = `${eventId} ${route}`;
        const others = waiting.get(key);
        const one: Waiting = { task, route, parcels, resolve, reject };
        waiting.set(key, [...(others ?? []), one]);
        if (!others) flush(key, eventId).catch(reject);
      }),
  };
}

/** Adds outcomes of one set, in as few edits as there is room for. Settles each of them. */
async function addAll(deps: Deps, all: readonly Waiting[]): Promise<void> {
  let left = all;
  while (left.length > 0) {
    const [first] = left;
    const set = first && (await deps.drawings.membersOf(first.task));
    if (!first || !set) throw new Error('The set of an outcome is gone.');
    const place = await deps.places.at(first.task, first.route, set, new Set(all.map(({ task }) => task.id)));
    const batch = chosen(left, set, place);
    left = left.filter((one) => !batch.includes(one));
    await addTogether(deps, batch, { set, place });
  }
}

interface Into {
  readonly set: SetMembers;
  readonly place: SetPlace;
}

/** Those that one edit has room for, by number; at least one. */
function chosen(all: readonly Waiting[], set: SetMembers, { message }: SetPlace): readonly Waiting[] {
  const numbered = set.members.flatMap(({ id }) => all.filter(({ task }) => task.id === id));
  const own = new Set(all.map(({ task }) => task.id));
  let files = presentIn(message, set).length + neededIn(message, set, own).length;
  let bytes = 0;
  const batch: Waiting[] = [];
  for (const one of numbered) {
    files += one.parcels.filter(({ file }) => file).length;
    bytes += one.parcels.reduce((sum, { file }) => sum + (file?.bytes ?? 0), 0);
    if (batch.length > 0 && (files > mostFiles || bytes > mostBytes)) break;
    batch.push(one);
  }
  return batch;
}

async function addTogether(deps: Deps, batch: readonly Waiting[], into: Into): Promise<void> {
  try {
    const { message, missing } = await fill(deps, batch, into);
    for (const one of batch) {
      if (missing.has(one.task.id))
        one.reject(new RouteClosedError('Discord drops the files of this outcome.'));
      else one.resolve(posted(message));
    }
  } catch (error) {
    const known = classify(error);
    if (batch.length === 1 || !isBlamed(error)) {
      for (const one of batch) one.reject(known);
      return;
    }
    deps.log.info(
      { tasks: batch.map(({ task }) => task.id), err: error },
      'posting the outcomes of a set one by one',
    );
    for (const one of batch) await addAll(deps, [one]).catch(one.reject);
  }
}

/** True if a refusal may be due to one of several outcomes. A dead token refuses all of them alike. */
function isBlamed(error: unknown): boolean {
  const refusal = refusalOf(error);
  if (refusal === 'closed')
    return typeof error === 'object' && error !== null && 'status' in error && error.status === 400;
  return refusal !== undefined && refusal !== 'later';
}

/** What is posted of one outcome. */
interface Sent {
  readonly task: Task;
  readonly member: Member;
  readonly files: readonly SetFile[];
}

/** Edits or opens the message; resolves with the outcomes that Discord dropped files of after all. */
async function fill(deps: Deps, batch: readonly Waiting[], { set, place }: Into) {
  const sent = batch.flatMap(({ task, parcels }): Sent[] => {
    const member = set.members.find(({ id }) => id === task.id);
    return member
      ? [{ task: withParcels(task, parcels), member, files: filesOf(task, member, parcels) }]
      : [];
  });
  const [first] = batch;
  if (!first) throw new Error('No outcome of a set was to be posted.');
  const tasks = sent.map(({ task }) => task);
  const posting = [...tasks, ...arrivedIn(place.message, first.route, set)];
  const drawing = { set, route: first.route, posting };
  const cardFor = (message: APIMessage | undefined) =>
    deps.drawings.draw({ ...drawing, messageId: message?.id });
  const own = new Set(tasks.map(({ id }) => id));
  const { within, beyond } = shared(sent, place.message, set, own);
  const edit = (message: APIMessage, files: readonly SetFile[]) => {
    const listed = listing(presentIn(message, set), neededIn(message, set, own), files);
    return place.edit({ ...cardFor(message), attachments: listed.attachments }, listed.files);
  };
  const { message } = place;
  let latest = message
    ? await edit(message, within)
    : await place.open(cardFor(undefined), listing([], [], within).files);
  for (let repairs = 0; repairs < mostRepairs && !isComplete(latest, sent, within, set); repairs++) {
    deps.log.warn(
      { message: latest.id, wanted: within.length },
      'Discord accepted a message without all of its files',
    );
    latest = await edit(latest, missingFrom(presentIn(latest, set), within));
  }
  const missing = new Set(
    sent.filter((one) => !isThere(latest, one, within, set)).map(({ task }) => task.id),
  );
  // The next route posts its own message: an empty one here would only confuse. By its nonce it may be one that isn't.
  const isEmpty = missing.size === sent.length && presentIn(latest, set).length === 0;
  if (!message && first.route !== 'answer' && isEmpty)
    await deleteOwn(deps.rests)(latest).catch((err: unknown) =>
      deps.log.info({ err }, 'an empty message was left'),
    );
  await postBeyond(deps, first, latest, beyond);
  return { message: latest, missing };
}

/** Files that the message has room for, and those beyond. Source images that are still needed come first. */
function shared(
  sent: readonly Sent[],
  message: APIMessage | undefined,
  set: SetMembers,
  own: ReadonlySet<string>,
) {
  const files = sent.flatMap((one) => one.files);
  const needed = neededIn(message, set, own).length;
  const present = presentIn(message, set);
  const room = mostFiles - needed - listing(present, [], files).attachments.length;
  if (room < files.length && needed > 0)
    throw new Error('The source images of other parts still take up the message.');
  return { within: files.slice(0, room), beyond: files.slice(Math.max(0, room)) };
}

async function postBeyond({ further }: Deps, first: Waiting, message: APIMessage, files: readonly SetFile[]) {
  if (files.length === 0) return;
  await further.post(first.task, first.route, posted(message), [files.map(({ file }) => file)]);
}

function isThere(
  message: APIMessage,
  { task, member, files }: Sent,
  within: readonly SetFile[],
  set: SetMembers,
) {
  const mine = files.filter((file) => within.includes(file));
  if (mine.length > 0) return missingFrom(presentIn(message, set), mine).length === 0;
  return shows(message, task, member, set) || (endsInWords(task.state) && isEnd(message));
}

function isComplete(
  message: APIMessage,
  sent: readonly Sent[],
  within: readonly SetFile[],
  set: SetMembers,
): boolean {
  return sent.every((one) => isThere(message, one, within, set));
}
