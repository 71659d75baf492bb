import type { APIAttachment, APIMessage } from 'discord.js';
import type { Parcel } from '../../../tasks/delivery/parcels.js';
import type { Member, SetMembers } from '../../../tasks/delivery/set-members.js';
import { isBeingMade, isOver } from '../../../tasks/model/state-machine.js';
import type { Route, Task } from '../../../tasks/model/task.js';
import { sourcesOf } from '../../../tasks/sources/source-images.js';
import type { NamedFile } from '../../rest/uploads.js';
import { lineStart } from '../../views/sets/set-view.js';
import { nameFiles } from '../message-body.js';

/** A result's place in the message: its number, and a letter if MPS made more than expected (`3b`). */
interface Place {
  readonly number: number;
  readonly extra: string;
}

/** A file of a set with its place. */
export interface SetFile {
  readonly place: Place;
  readonly file: NamedFile;
}

const letters = 'bcdefghij';

/** A file for each parcel that has one, named by its number in the message. */
export function filesOf(task: Task, { first, count }: Member, parcels: readonly Parcel[]): SetFile[] {
  const placeOf = (index: number): Place =>
    index < count
      ? { number: first + index, extra: '' }
      : { number: first + count - 1, extra: letters[index - count] ?? '' };
  const name = (index: number) => inWords(placeOf(index));
  return nameFiles(task, parcels, name).map((file) => ({ file, place: placeIn(file.name) ?? placeOf(0) }));
}

function inWords({ number, extra }: Place): string {
  return `${number}${extra}`;
}

/** Where an attachment belongs, by the name that Easel gave it; undefined if it isn't a result. */
function placeIn(name: string): Place | undefined {
  const [, number, extra = ''] = /-(\d{1,3})([b-j]?)\.[a-z0-9]+$/.exec(name) ?? [];
  return number === undefined ? undefined : { number: Number(number), extra };
}

function byPlace(one: Place, other: Place): number {
  return one.number - other.number || one.extra.localeCompare(other.extra);
}

/** A result that is in a message. */
export interface Present {
  readonly id: string;
  readonly place: Place;
}

/** The results that a message holds, in the order of their numbers; not the source images that it hosts for MPS. */
export function presentIn(
  message: Pick<APIMessage, 'attachments'> | undefined,
  set: SetMembers,
): readonly Present[] {
  const hosted = new Set(hostedBy(set));
  return (message?.attachments ?? [])
    .flatMap(({ id, filename, size }: APIAttachment) => {
      const place = placeIn(filename);
      // Discord may accept an attachment and keep none of its bytes.
      return place && size > 0 && !hosted.has(id) ? [{ id, place }] : [];
    })
    .sort((one, other) => byPlace(one.place, other.place));
}

/** Source images in the message that a part still needs; an edit drops what it doesn't list. */
export function neededIn(
  message: Pick<APIMessage, 'attachments'> | undefined,
  set: SetMembers,
  posted: ReadonlySet<string>,
): readonly string[] {
  const isWanted = set.members.some(({ id, task }) => !posted.has(id) && task && isBeingMade(task.state));
  if (!isWanted) return [];
  const hosted = new Set(hostedBy(set));
  return (message?.attachments ?? []).flatMap(({ id }) => (hosted.has(id) ? [id] : []));
}

function hostedBy({ members }: SetMembers): string[] {
  return members.flatMap(({ task }) =>
    task ? sourcesOf(task.request).flatMap(({ hostedAs }) => hostedAs ?? []) : [],
  );
}

/**
 * What an edit lists: the results that stay, with the new ones in their places, and the source images last. A result that
 * comes again takes the place of the earlier one, so that none is doubled.
 */
export function listing(
  present: readonly Present[],
  needed: readonly string[],
  files: readonly SetFile[],
): { readonly attachments: { id: string }[]; readonly files: NamedFile[] } {
  const fresh = new Set(files.map(({ place }) => inWords(place)));
  const kept = present.filter(({ place }) => !fresh.has(inWords(place)));
  const before = (place: Place) => kept.filter((one) => byPlace(one.place, place) < 0).length;
  return {
    attachments: [...kept.map(({ id }) => ({ id })), ...needed.map((id) => ({ id }))],
    files: [...files]
      .sort((one, other) => byPlace(one.place, other.place))
      .map(({ file, place }) => ({ ...file, after: before(place) })),
  };
}

/** The files of these that a message doesn't hold. */
export function missingFrom(present: readonly Present[], files: readonly SetFile[]): readonly SetFile[] {
  const there = new Set(present.map(({ place }) => inWords(place)));
  return files.filter(({ place }) => !there.has(inWords(place)));
}

/** True if a message shows a member's outcome: the files that were sent, or its line if there are none. */
export function shows(message: APIMessage, task: Task, member: Member, set: SetMembers): boolean {
  const { first, count } = member;
  const sent = task.state.name === 'delivering' ? (task.results?.sent ?? []) : [];
  const wanted = sent
    .slice(0, count)
    .flatMap(({ how }, at) => (how === 'link' || how === 'withheld' ? [] : [first + at]));
  const there = new Set(presentIn(message, set).map(({ place }) => place.number));
  if (wanted.length > 0) return wanted.every((number) => there.has(number));
  if (task.state.name === 'delivering' && sent.length === 0 && there.has(first)) return true;
  return (message.content ?? '').split('\n').some((line) => line.startsWith(lineStart(member)));
}

/** Outcomes that an earlier post has put into the message, and whose record doesn't say so yet. */
export function arrivedIn(message: APIMessage | undefined, route: Route, set: SetMembers): Task[] {
  return set.members.flatMap((member) => {
    const { task } = member;
    if (!task || !message || isOver(task.state) || !('handover' in task.state)) return [];
    const { handover } = task.state;
    const isStarted = handover.route === route && handover.tries > 0;
    return isStarted && shows(message, task, member, set) ? [task] : [];
  });
}
