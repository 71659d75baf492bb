import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import {
  type Chosen,
  kindsMeant,
  parseWritten,
  type Written,
} from '../../src/discord/input/inline-options.js';
import type { NumberedPicture } from '../../src/discord/input/numbered-results.js';
import { spreadShots } from '../../src/discord/input/shots.js';
import { UserError } from '../../src/errors.js';
import { type Given, usualSeconds, usualSound } from '../../src/mps/catalogue/modes.js';
import type {
  Extension,
  GenerationRequest,
  Kind,
  SetWish,
  SourceClip,
  SourceImage,
  VideoRequest,
} from '../../src/mps/generation-request.js';
import { isNone } from '../../src/presets/built-in.js';
import { given, usualModel } from './option-readers.js';
import { setOf, withUsualSeconds } from './set-options.js';
import { finished, type Styled, styledFor } from './styled.js';

/** What a user wrote: prompt, options and the images that go with them. */
export interface Writing {
  readonly words: string;
  readonly chosen: Chosen;
  /** A video starts from the first; an image resembles all of them. */
  readonly pictures: readonly SourceImage[];
  readonly lastImage?: SourceImage;
  /** Reference images of a video. */
  readonly references?: readonly SourceImage[];
  /** Clips that a new one is made of. */
  readonly clips?: readonly SourceClip[];
  /** The clip that a new one continues. */
  readonly extends?: Extension;
  /** Parameters without their own option. */
  readonly additional?: string;
  /** The order that is edited. */
  readonly before?: GenerationRequest;
}

/** A line with options; models that are offered may be named without quotes. */
export function parseLine(line: string, { catalogue, styles }: Offer): Written {
  const isModel = (text: string) =>
    (catalogue.find('image', text) ?? catalogue.find('video', text)) !== undefined;
  return parseWritten(line, (text, of) =>
    of === 'model' ? isModel(text) : styles?.find(text) !== undefined,
  );
}

/** @throws UserError for an unknown option, listing the known ones. */
export function readWriting(line: string, offer: Offer): Pick<Writing, 'words' | 'chosen'> {
  const { words, chosen, faults } = parseLine(line, offer);
  if (faults.length > 0) throw new UserError(faults);
  return { words, chosen };
}

/**
 * The kind that is meant: decided by the options (only videos have a duration), else an image is animated and a
 * prompt alone is painted.
 * @throws UserError if the options contradict each other.
 */
export function kindOf({ chosen, pictures }: Pick<Writing, 'chosen' | 'pictures'>): Kind {
  if (chosen.thenAnimate !== undefined) return 'image';
  const [kind, other] = kindsMeant(chosen);
  if (other) throw new UserError({ key: 'grammar.mixed' });
  return kind ?? (pictures.length > 0 ? 'video' : 'image');
}

/**
 * The request that was written; omitted options get their defaults.
 * @param toCome images that don't exist yet but will by then.
 */
export function requestOf(kind: Kind, writing: Writing, offer: Offer, toCome: Given = {}): GenerationRequest {
  const { words, pictures, additional } = writing;
  const { chosen, next } = parted(writing.chosen);
  const { model: one, count, compare, pick, style, ...others } = forKind(kind, chosen);
  const styled = styledFor(kind, style, offer, writing.before);
  const here = styled.offer;
  const { model: named, set } = setOf(kind, given({ model: one, count, compare, pick }), here);
  const {
    enhance = styled.defaults.enhance ?? kind === 'image',
    thenAnimate,
    as: _as,
    shots: _shots,
    keepSound: _keepSound,
    extend: _extend,
    ...rest
  } = others;
  const asked = named ?? usualModel(kind, here, { ...picturesIn(kind, writing), ...toCome });
  const model = here.catalogue.find(kind, asked)?.id ?? asked;
  const common = { prompt: words, model, enhance, ...rest, ...given({ additional, set }) };
  if (kind === 'video') {
    const isOpen = {
      duration: (chosen.duration ?? chosen.shots) === undefined,
      audio: chosen.audio === undefined,
    };
    const open = (['duration', 'audio'] as const).filter((name) => isOpen[name]);
    const clip = { kind, ...common, ...forClip(writing, model, styled, set) };
    const frame = writing.extends && { image: frameToCome };
    return finished(clip, styled, { open, toCome: { ...frame, ...toCome } });
  }
  const picture = { kind, ...common, ...(pictures.length > 0 && { references: pictures }) };
  if (thenAnimate === undefined) return finished(picture, styled);
  const clip = clipOf(thenAnimate, offer, { ...next, ...styleOfNext(style, offer) }, writing.before);
  return finished({ ...picture, thenAnimate: clip }, styled);
}

/** The style of a picture is that of its clip too, if it serves clips. */
export function styleOfNext(style: string | undefined, { styles }: Offer): Pick<Chosen, 'style'> {
  const isShared = style !== undefined && (isNone(style) || styles?.find(style)?.video !== undefined);
  return isShared ? { style } : {};
}

/**
 * The follow-up video of an image: a prompt with its own options (`the camera circles --duration 10`).
 * @throws UserError for an unknown option, or one that only images have.
 */
export function clipOf(
  line: string,
  offer: Offer,
  chosen: Chosen = {},
  before?: GenerationRequest,
): VideoRequest {
  const read = readWriting(line, offer);
  const earlier = before?.kind === 'image' ? before.thenAnimate : undefined;
  const writing = {
    words: read.words,
    chosen: { ...chosen, ...read.chosen },
    pictures: [],
    ...given({ before: earlier }),
  };
  // It starts from the image that is painted first.
  const request = requestOf('video', writing, offer, { image: { url: '', name: '' } });
  if (request.set) throw new UserError({ key: 'problem.set.clip' });
  if (request.kind !== 'video') throw new UserError({ key: 'grammar.mixed' });
  return request;
}

/** With `--then`, options that only videos have belong to the video. */
function parted(chosen: Chosen): { readonly chosen: Chosen; readonly next: Chosen } {
  if (chosen.thenAnimate === undefined) return { chosen, next: {} };
  const { duration, audio, music, offPeak, shots, ...rest } = chosen;
  return { chosen: rest, next: given({ duration, audio, music, offPeak, shots }) };
}

function forClip(writing: Writing, id: string, { offer, defaults }: Styled, set: SetWish | undefined) {
  const { catalogue, config } = offer;
  const { duration, audio, resolution = defaults.resolution, shots } = writing.chosen;
  const pictures = picturesIn('video', writing);
  const model = catalogue.find('video', id);
  const usual = model && usualSeconds(model, resolution, config.video.duration);
  const cut = shots === undefined ? {} : spreadShots(shots, duration, usual);
  if (set)
    return {
      ...pictures,
      ...given({ extends: writing.extends }),
      ...cut,
      set: (cut.duration ?? duration) ? set : withUsualSeconds(set, resolution, offer),
    };
  const asked = { ...pictures, ...given({ resolution }) };
  const { image, ...others } = pictures;
  return given({
    ...others,
    // The first frame of one that continues another is taken while it is prepared.
    ...(writing.extends ? { extends: writing.extends } : given({ image })),
    ...cut,
    // A clip that is changed stays as long as it is.
    duration: cut.duration ?? duration ?? (isChange(writing) ? undefined : usual),
    audio: audio ?? (model && usualSound(model, asked, config.video.audio)),
  });
}

/** The role of the images in the request. */
function picturesIn(kind: Kind, writing: Writing): Given {
  const { pictures, lastImage, references, clips, extends: before } = writing;
  if (kind === 'image') return pictures.length > 0 ? { references: pictures } : {};
  if (before) return { image: frameToCome };
  const [image] = pictures;
  const heard = clips?.map((clip) => ({
    ...clip,
    ...given({ keepSound: keepsSound(clip, writing.chosen) }),
  }));
  return given({ image, lastImage, references: references?.length ? references : undefined, clips: heard });
}

/** Stands for the last frame of the clip that is continued. */
const frameToCome = { url: 'https://easel.invalid/last-frame', name: 'last-frame.png' } as const;

/** A clip that is changed keeps its sound unless its user says otherwise. */
function keepsSound({ refer, keepSound }: SourceClip, chosen: Chosen): boolean | undefined {
  return chosen.keepSound ?? keepSound ?? (refer === 'base' ? true : undefined);
}

function isChange({ clips = [] }: Writing): boolean {
  return clips.some(({ refer }) => refer === 'base');
}

/** The first of several images, or the one whose number the prompt starts with: `2: she turns`. */
export function picked(words: string, pictures: readonly NumberedPicture[]) {
  const [whole = '', digits] = /^(\d{1,2})(?::(?=\s|$)|：)\s*/.exec(words) ?? [];
  const numbers = pictures.flatMap(({ number }) => number ?? []);
  const isSet = numbers.length > 0;
  if (digits === undefined || (pictures.length < 2 && !isSet))
    return { line: words, pictures: pictures.slice(0, 1).map(withoutNumber) };
  const asked = Number(digits);
  const picture = isSet ? pictures.find(({ number }) => number === asked) : pictures[asked - 1];
  if (picture) return { line: words.slice(whole.length), pictures: [withoutNumber(picture)] };
  throw new UserError(
    isSet
      ? { key: 'reply.noSuchResult', params: { asked, numbers: numbers.map(String) } }
      : { key: 'reply.noSuchPicture', params: { count: pictures.length, asked } },
  );
}

function withoutNumber({ number: _, ...picture }: NumberedPicture): SourceImage {
  return picture;
}

/**
 * Without options that only the other kind has.
 * @throws UserError if one was chosen.
 */
function forKind(kind: Kind, chosen: Chosen): Chosen {
  if ([...kindsMeant(chosen)].some((meant) => meant !== kind)) throw new UserError({ key: 'grammar.mixed' });
  return chosen;
}
