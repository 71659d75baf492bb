import { isTextKey, type Locale, locales, text } from '../locales/index.js';
import { nameKey, type PresetWords } from './preset.js';

/** A style that ships with Easel: its name is its id, and shown in the reader's language. */
interface BuiltIn extends PresetWords {
  readonly name: BuiltInId;
}

export type BuiltInId = (typeof builtInIds)[number];

export const builtInIds = [
  ...(['ink', 'watercolor', 'oil', 'sketch', 'comic'] as const),
  ...(['anime', 'pixel', 'clay', 'cinema', 'neon'] as const),
] as const;

/** Both kinds, with no options: models and ratios differ too much between operators. */
const both = { image: {}, video: {} } as const;

/** In English, because all models read it best; off in a server until a manager switches them on. */
export const builtIns: readonly BuiltIn[] = [
  {
    name: 'ink',
    before: 'Traditional Chinese ink wash painting of',
    after: 'loose expressive brush strokes, graded black ink on rice paper, generous empty space',
    negative: 'photo, 3D render, frame',
    ...both,
  },
  {
    name: 'watercolor',
    before: 'Watercolor painting of',
    after: 'translucent washes, soft wet edges, visible paper texture, light palette',
    negative: 'photo, 3D render, frame',
    ...both,
  },
  {
    name: 'oil',
    before: 'Oil painting of',
    after: 'rich impasto brushwork, deep color, canvas texture, dramatic classical light',
    negative: 'photo, 3D render, frame',
    ...both,
  },
  {
    name: 'sketch',
    before: 'Detailed pencil sketch of',
    after: 'fine graphite hatching, soft shading, white paper, no color',
    negative: 'color, photo, frame',
    ...both,
  },
  {
    name: 'comic',
    before: 'Comic book illustration of',
    after: 'bold ink outlines, flat vivid colors, halftone dots, dynamic composition',
    negative: 'photo, speech bubbles, text',
    ...both,
  },
  {
    name: 'anime',
    before: 'Anime illustration of',
    after: 'clean line art, cel shading, expressive eyes, painted background, bright light',
    negative: 'photo, 3D render, text',
    ...both,
  },
  {
    name: 'pixel',
    before: 'Pixel art of',
    after: '16-bit video game style, crisp square pixels, limited palette, clear silhouette',
    negative: 'blur, photo, text',
    ...both,
  },
  {
    name: 'clay',
    before: 'Stop-motion clay animation scene of',
    after: 'handmade plasticine figures with fingerprints, miniature set, soft studio light',
    negative: 'photo of real people, text',
    ...both,
  },
  {
    name: 'cinema',
    before: 'Cinematic film still of',
    after: 'anamorphic lens, shallow depth of field, natural film grain, moody color grading',
    negative: 'cartoon, illustration, text, watermark',
    ...both,
  },
  {
    name: 'neon',
    before: 'Night scene of',
    after: 'neon lights reflected on wet streets, cyberpunk city, haze, magenta and cyan glow',
    negative: 'daylight, text',
    ...both,
  },
];

/** Its name in a language. */
export function builtInName(id: string, locale: Locale): string {
  const key = `preset.${id}`;
  return isTextKey(key) ? text(locale, key) : id;
}

/** A style's name as a reader of the language knows it; not escaped. */
export function nameIn({ name, of }: { readonly name: string; readonly of: string }, locale: Locale): string {
  return of === 'builtIn' ? builtInName(name, locale) : name;
}

/** By its id, or its name in any language. */
export function findBuiltIn(name: string): BuiltIn | undefined {
  const wanted = nameKey(name);
  return builtIns.find(
    ({ name: id }) => id === wanted || locales.some((locale) => nameKey(builtInName(id, locale)) === wanted),
  );
}

/** The words that mean no style, in all languages. */
export function isNone(name: string): boolean {
  const wanted = nameKey(name);
  return wanted === 'none' || locales.some((locale) => nameKey(text(locale, 'style.none')) === wanted);
}
