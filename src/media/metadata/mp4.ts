import type { FileHandle } from 'node:fs/promises';
import { type Box, boxesIn, type Place, readBody, toBytes, walkFile } from '../formats/mp4-boxes.js';
import { aiGenerated, dateOf, findLabel, type Notes } from './provenance-notes.js';
import type { Splice } from './splice.js';
import { writeXmp } from './xmp.js';

const maxMovie = 16_000_000;
/** Where the offsets of samples are, counted from the file's beginning (ISO/IEC 14496-12, 8.7.5). */
const path = ['trak', 'mdia', 'minf', 'stbl'];

async function movieOf(file: FileHandle): Promise<(Place & { readonly body: Buffer }) | undefined> {
  const place = (await walkFile(file)).find(({ type }) => type === 'moov');
  return place && place.length <= maxMovie ? { ...place, body: await readBody(file, place) } : undefined;
}

/**
 * Where a video speaks of itself: user data, metadata (ISO/IEC 14496-12, 8.10.1, 8.11.1), and XMP in a box with an
 * id.
 */
const isSpeech = ({ type }: { readonly type: string }) =>
  type === 'udta' || type === 'meta' || type === 'uuid';

/** What a video says of itself. */
export interface Speech {
  /** Beside its header, in it, and in those of its tracks. */
  readonly beside: readonly Box[];
  readonly inMovie: readonly Box[];
  readonly inTracks: readonly Box[];
}

export async function speechOf(file: FileHandle): Promise<Speech> {
  const movie = await movieOf(file);
  const inside = movie ? boxesIn(movie.body) : [];
  return {
    beside: await besideMovie(file),
    inMovie: inside.filter(isSpeech),
    inTracks: inside.flatMap(({ type, body }) => (type === 'trak' ? boxesIn(body).filter(isSpeech) : [])),
  };
}

async function besideMovie(file: FileHandle): Promise<Box[]> {
  const boxes: Box[] = [];
  let room = maxMovie;
  for (const place of (await walkFile(file)).filter(isSpeech)) {
    // What is longer than all that a video can have to say is something else under that name.
    if (place.length > room) continue;
    room -= place.length;
    boxes.push({ type: place.type, body: await readBody(file, place) });
  }
  return boxes;
}

const textOf = ({ body }: Box) => body.toString('utf8');
const isLabelled = (box: Box) => findLabel(textOf(box)) !== undefined;

/**
 * Boxes beside a header which may change its length: none of them says where in the file something is, or it is said in
 * `stco` and `co64`, which move along. Others do (`moof`, `sidx`, `mfra`, an `iloc` in `meta`): beside one of those
 * nothing may move.
 */
const movable = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'udta', 'uuid', 'pdin']);
/** The same in the header: fragments follow, auxiliary data lies elsewhere, or all of it is packed. */
const fixing = ['mvex', 'saio', 'cmov', 'iloc'] as const;

/** Whether the header may become longer without breaking what the file says of places in itself. */
async function mayGrow(file: FileHandle): Promise<boolean> {
  const places = await walkFile(file);
  const movie = await movieOf(file);
  return (
    movie !== undefined &&
    places.every(({ type }) => movable.has(type)) &&
    !fixing.some((type) => movie.body.includes(type, 0, 'latin1'))
  );
}

/**
 * Moves the header before the samples, so that the video plays while it loads; all else stays byte for byte.
 * Undefined if it is there already, or says of places what does not move along.
 */
export async function moveHeaderFirst(file: FileHandle): Promise<Splice[] | undefined> {
  const places = await walkFile(file);
  const movie = await movieOf(file);
  const samples = places.find(({ type }) => type === 'mdat');
  const isLast = places.findLast(({ type }) => type === 'mdat' || type === 'moov')?.type === 'moov';
  if (!movie || !samples || !isLast || !(await mayGrow(file))) return undefined;
  const boxes = boxesIn(movie.body);
  // Written with a short length, whatever it had.
  const shift = toBytes({ type: 'moov', body: Buffer.concat(boxes.map(toBytes)) }).length;
  const moved = boxes.map((box) => moveSamples(box, samples.at, shift, path));
  const insert = toBytes({ type: 'moov', body: Buffer.concat(moved.map(toBytes)) });
  return [
    { at: samples.at, remove: 0, insert },
    { at: movie.at, remove: movie.length, insert: Buffer.alloc(0) },
  ];
}

/** XMP in an MP4 (XMP specification, part 3, "MPEG-4"). */
const xmpId = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');

/**
 * Boxes between the last sample and the end, if nothing moves: before `mfra`, which players look for at the very end.
 * Undefined if the last box has no end of its own.
 */
async function appended(file: FileHandle, boxes: readonly Box[]): Promise<Splice[] | undefined> {
  const places = await walkFile(file);
  const { size } = await file.stat();
  const last = places.at(-1);
  if (!last || last.isOpen || last.at + last.length !== size) return undefined;
  const at = last.type === 'mfra' ? last.at : size;
  return [{ at, remove: 0, insert: Buffer.concat(boxes.map(toBytes)) }];
}

/**
 * Puts the notes into the video's user data; into an XMP box of their own if its header must stay as long as it is,
 * as that of a fragmented video. Undefined if there is no place for them: then the file stays as it is.
 */
export async function noteMp4(file: FileHandle, notes: Notes): Promise<Splice[] | undefined> {
  if (!(await mayGrow(file)))
    return appended(file, [{ type: 'uuid', body: Buffer.concat([xmpId, Buffer.from(writeXmp(notes))]) }]);
  const own = (await speechOf(file)).inMovie.find(({ type }) => type === 'udta');
  // A list of boxes may end with four zero bytes (QuickTime File Format, "User Data Atoms").
  const before = own ? Buffer.concat(boxesIn(own.body).map(toBytes)) : Buffer.alloc(0);
  const udta = { type: 'udta', body: Buffer.concat([before, ...textsOf(notes)]) };
  return replaced(file, [udta], ({ type }) => type === 'udta');
}

/**
 * Puts another video's user data in the place of this one's, and its label of AI content where that stands in a box
 * of another kind; the rest of those is true of its own bytes alone (checksums, places in it).
 */
export async function carrySpeech(file: FileHandle, speech: Speech): Promise<Splice[] | undefined> {
  const isUserData = ({ type }: Box) => type === 'udta' || type === 'meta';
  const inMovie = speech.inMovie.filter((box) => isUserData(box) || isLabelled(box));
  const movie = await replaced(file, inMovie, isUserData);
  const { size } = await file.stat();
  const insert = Buffer.concat(speech.beside.filter(isLabelled).map(toBytes));
  return movie && [...movie, { at: size, remove: 0, insert }];
}

function textsOf(notes: Notes): Buffer[] {
  const { model, prompt, taskId, label } = notes;
  const texts: [string, string | undefined][] = [
    ['\xa9swr', model],
    ['\xa9day', dateOf(notes) || undefined],
    ['\xa9cmt', model === undefined ? undefined : aiGenerated],
    ['\xa9des', prompt],
    ['\xa9src', taskId],
    ['AIGC', label],
  ];
  return texts.flatMap(([type, text]) =>
    text === undefined ? [] : [toBytes({ type, body: international(type, text) })],
  );
}

/** Length, language (none in particular), text; a label is its text alone. */
function international(type: string, text: string): Buffer {
  const words = Buffer.from(text);
  if (type === 'AIGC') return words;
  const head = Buffer.alloc(4);
  head.writeUInt16BE(Math.min(words.length, 0xffff));
  head.writeUInt16BE(0x55c4, 2);
  return Buffer.concat([head, words.subarray(0, 0xffff)]);
}

/** The video's header with boxes of its own in place of those that `goes` names. */
async function replaced(
  file: FileHandle,
  boxes: readonly Box[],
  goes: (box: Box) => boolean,
): Promise<Splice[] | undefined> {
  const movie = await movieOf(file);
  if (!movie) return undefined;
  const kept = boxesIn(movie.body).filter((box) => !goes(box));
  const draft = toBytes({ type: 'moov', body: Buffer.concat([...kept, ...boxes].map(toBytes)) });
  const shift = draft.length - movie.length;
  const moved = kept.map((box) => moveSamples(box, movie.at, shift, path));
  const insert = toBytes({ type: 'moov', body: Buffer.concat([...moved, ...boxes].map(toBytes)) });
  return [{ at: movie.at, remove: movie.length, insert }];
}

/** What lies behind the header moves with its length. */
function moveSamples(box: Box, from: number, shift: number, [type, ...inside]: readonly string[]): Box {
  if (box.type === 'stco' || box.type === 'co64') return { ...box, body: moveOffsets(box, from, shift) };
  if (type === undefined || box.type !== type) return box;
  const body = Buffer.concat(
    boxesIn(box.body).map((each) => toBytes(moveSamples(each, from, shift, inside))),
  );
  return { ...box, body };
}

function moveOffsets({ type, body }: Box, from: number, shift: number): Buffer {
  const moved = Buffer.from(body);
  const count = body.readUInt32BE(4);
  for (let index = 0; index < count; index++) {
    const at = 8 + index * (type === 'stco' ? 4 : 8);
    const offset = type === 'stco' ? body.readUInt32BE(at) : Number(body.readBigUInt64BE(at));
    const next = offset > from ? offset + shift : offset;
    if (type === 'stco') moved.writeUInt32BE(next, at);
    else moved.writeBigUInt64BE(BigInt(next), at);
  }
  return moved;
}

/** All that a video, or an image in boxes as a video's, says in words. */
export async function readMp4(file: FileHandle): Promise<string> {
  const { beside, inMovie, inTracks } = await speechOf(file);
  return [...beside, ...inMovie, ...inTracks].map(textOf).join('\n');
}
