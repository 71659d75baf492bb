import type { Kind } from './generation.js';

/** What every model is known by and can be asked for. A rule says what is offered: silence of the sources means "not". */
interface ModelRules {
  /** ModelName on the wire. */
  readonly name: string;
  /** ModelVersion on the wire. */
  readonly version: string;
  /** How many reference images it takes at most. */
  readonly references: number;
  /** Whether a reference may carry a subject id (ReferenceType). */
  readonly subjects?: boolean;
  readonly aspectRatios: readonly string[];
  readonly resolutions: readonly string[];
  readonly watermark: boolean;
  /** SceneType: those that need nothing but what a request can hold. */
  readonly scenes?: readonly string[];
  /** What MPS bills for a picture, or for each second of a clip. Only an operator knows it: prices differ by contract. */
  readonly price?: readonly Rate[];
}

/** A price and when it holds; what it does not name, it holds for all of. In the catalogue's currency. */
export interface Rate {
  readonly amount: number;
  readonly resolution?: string;
  readonly sound?: boolean;
}

/** Bounds of a freely chosen size, in pixels. */
export interface SizeRule {
  readonly minSide?: number;
  readonly maxSide?: number;
  readonly minPixels?: number;
  readonly maxPixels: number;
}

export interface ImageRules extends ModelRules {
  readonly kind: 'image';
  /** Set for models that take `1024x1024` rather than a ratio. */
  readonly size?: SizeRule;
}

export interface VideoRules extends ModelRules {
  readonly kind: 'video';
  /** Seconds; empty for a model that sets its own length. */
  readonly durations: readonly number[];
  readonly defaultDuration?: number;
  /** What MPS makes where none is asked for. */
  readonly defaultResolution?: string;
  /** A ratio may also be asked for with reference images; with a first frame it never may. */
  readonly ratioWithReferences: boolean;
  /** `at-1080P`: only at that resolution, which then has to be asked for. */
  readonly lastFrame: 'yes' | 'at-1080P' | 'no';
  /** The sources do not say that a frame and references go together, so no row has it; an operator may. */
  readonly framesWithReferences?: boolean;
  /** A sound track made with the clip (EnableAudio). */
  readonly audio: boolean;
  /** Background music (EnableBgm): "some models", and nobody says which. */
  readonly music?: boolean;
  readonly offPeak: boolean;
}

export type Rules = ImageRules | VideoRules;

/** What MPS takes as a source image: types by magic bytes; the size must stay *under* `maxBytes`. */
export const sourceRules = {
  image: { types: ['jpeg', 'png', 'webp'], maxBytes: 7_000_000 },
  video: { types: ['jpeg', 'png'], maxBytes: 10_000_000 },
} as const satisfies Record<Kind, { types: readonly string[]; maxBytes: number }>;

/** Code points in a prompt at most: what a person counts as characters, an emoji being one. The guide names no unit. */
export const promptLimits = { image: 1000, video: 2000 } as const satisfies Record<Kind, number>;
