import { z } from 'zod';
import type { ImageRequest, Kind, VideoRequest } from '../mps/generation-request.js';
import { lowerCased } from '../util/lower-case.js';

/** Most styles that a server has of its own, and as many of a user. */
export const mostPresets = 25;
/** Most characters (code points) of a name, and of each of the texts. */
export const longest = { name: 32, before: 500, after: 500, negative: 500, house: 500 } as const;

/** The options of a request that a style or a user's defaults can give. */
export interface OptionsByKind {
  readonly image: Partial<
    Pick<
      ImageRequest,
      'model' | 'aspectRatio' | 'size' | 'resolution' | 'format' | 'enhance' | 'scene' | 'watermark'
    >
  >;
  readonly video: Partial<
    Pick<
      VideoRequest,
      | 'model'
      | 'aspectRatio'
      | 'resolution'
      | 'duration'
      | 'audio'
      | 'music'
      | 'offPeak'
      | 'enhance'
      | 'scene'
      | 'watermark'
    >
  >;
}

/** What a style says, be it a server's or a user's. It serves the kinds whose options it has, be they empty. */
export interface PresetWords {
  readonly name: string;
  /** Words that go before the prompt, and after it. */
  readonly before?: string;
  readonly after?: string;
  /** What it should not show; a member's own replaces it. */
  readonly negative?: string;
  readonly image?: OptionsByKind['image'];
  readonly video?: OptionsByKind['video'];
}

/** A stored style of a server or a user. */
export interface Preset extends PresetWords {
  /** Names it in forms that are open while it is renamed: 1 to 999, unique among its neighbours. */
  readonly no: number;
  /** The message that shows its example picture. */
  readonly example?: { readonly channelId: string; readonly messageId: string };
}

const id = z.string().regex(/^\d{17,20}$/, 'an id of Discord');
const word = z.string().min(1).max(100);
const words = (most: number) =>
  z
    .string()
    .min(1)
    .max(most * 2);
const shared = {
  model: z.exactOptional(word),
  aspectRatio: z.exactOptional(word),
  resolution: z.exactOptional(word),
  enhance: z.exactOptional(z.boolean()),
  scene: z.exactOptional(word),
  watermark: z.exactOptional(z.boolean()),
};

export const imageOptions = z.strictObject({
  ...shared,
  size: z.exactOptional(word),
  format: z.exactOptional(z.enum(['png', 'jpeg'])),
});
export const videoOptions = z.strictObject({
  ...shared,
  duration: z.exactOptional(z.int().min(1).max(600)),
  audio: z.exactOptional(z.boolean()),
  music: z.exactOptional(z.boolean()),
  offPeak: z.exactOptional(z.boolean()),
});

/** What a file of exported styles says of each, and a row too. Lengths are in UTF-16 units: roomier than `longest`. */
export const presetWords = {
  name: words(longest.name),
  before: z.exactOptional(words(longest.before)),
  after: z.exactOptional(words(longest.after)),
  negative: z.exactOptional(words(longest.negative)),
  image: z.exactOptional(imageOptions),
  video: z.exactOptional(videoOptions),
};

export const presetSchema = z.strictObject({
  ...presetWords,
  no: z.int().min(1).max(999),
  example: z.exactOptional(z.strictObject({ channelId: id, messageId: id })),
});

/** By it names are compared: `INK`, `ｉｎｋ` and ` ink ` are one, and so are `Işık` and `ışık`. */
export function nameKey(name: string): string {
  return lowerCased(name.normalize('NFKC')).replace(/\s+/g, ' ').trim();
}

/** Signs that would end a name in a line of options, or can't be seen. */
const unfit = /["“”\p{Cc}\p{Bidi_Control}]|[\uFFF9-\uFFFB]/gu;

/** A name as it is kept. */
export function cleanName(name: string): string {
  return name.replace(/\s+/g, ' ').replace(unfit, '').trim();
}

/** True if it serves the kind. */
export function serves(preset: PresetWords, kind: Kind): boolean {
  return preset[kind] !== undefined;
}

/** Code points. */
export function lengthOf(words: string): number {
  return [...words.trim()].length;
}
