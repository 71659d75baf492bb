import type { Kind } from '../generation-request.js';

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
  /** Scenes that another ModelVersion makes, by that version. Such a scene is made from words alone, at its own size. */
  readonly sceneVersions?: Readonly<Record<string, string>>;
  /** Code points in a prompt at most; else `promptLimits`. */
  readonly promptLimit?: number;
  /** Pixels that each side of a source image must have at least. */
  readonly sourceMinSide?: number;
  /** It answers, though Tencent's public list no longer (or not yet) names it: off until an operator names it. */
  readonly unlisted?: boolean;
  /**
   * What MPS bills for an image, or for each second of a video. Only an operator knows it: prices differ by contract.
   */
  readonly price?: readonly Rate[];
}

/** A price and when it holds; what it does not name, it holds for all of. In the catalogue's currency. */
export interface Rate {
  readonly amount: number;
  /** One of the model's; of a model that takes a size, how much that is: `1K`, `2K`, `4K` (see `tierOf`). */
  readonly resolution?: string;
  readonly sound?: boolean;
  /** Reference images go with it. */
  readonly references?: boolean;
  /** A video goes with it, to be changed or followed. */
  readonly clip?: boolean;
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
  /** Images that one order makes and bills, whatever is asked; else one. */
  readonly pictures?: number;
  /** The ratio is written into the prompt as `--ar 16:9`; no field of the API says it. */
  readonly ratioInPrompt?: boolean;
  /** References only by links that anyone can open and that have no query. */
  readonly publicReferences?: boolean;
  /** Words that it refuses in a prompt, as options of its own: `--niji`. */
  readonly refusedOptions?: readonly string[];
}

export interface VideoRules extends ModelRules {
  readonly kind: 'video';
  /** It begins with words alone. */
  readonly text: boolean;
  /** It begins with an image. */
  readonly firstFrame: boolean;
  /** Seconds; empty for a model that sets its own length. */
  readonly durations: readonly number[];
  /** Seconds that it does not make at a resolution: `{ '1080P': [10] }`. */
  readonly durationsNotAt?: Readonly<Record<string, readonly number[]>>;
  readonly defaultDuration?: number;
  /** Seconds that a model without `durations` makes. */
  readonly fixedDuration?: number;
  /** What MPS makes if none is asked for. */
  readonly defaultResolution?: string;
  /** A ratio may also be asked for with reference images; with a first frame it never may. */
  readonly ratioWithReferences: boolean;
  /** `at-1080P`: only at that resolution, which then has to be asked for. */
  readonly lastFrame: 'yes' | 'at-1080P' | 'no';
  /** A last frame needs no first one. */
  readonly lastFrameAlone?: boolean;
  /** The sources do not say that a frame and references go together, so no row has it; an operator may. */
  readonly framesWithReferences?: boolean;
  /**
   * A sound track made with the video (EnableAudio): never, if asked for, the same but only from 1080P up, or always.
   */
  readonly audio: boolean | 'from-1080P' | 'always';
  /** No sound where there is a last frame. */
  readonly lastFrameSilent?: boolean;
  /** Background music (EnableBgm): "some models", and no one says which. */
  readonly music?: boolean;
  readonly offPeak: boolean;
}

export type Rules = ImageRules | VideoRules;

/** What MPS takes as a source image: types by magic bytes; the size must stay *under* `maxBytes`. */
export const sourceRules = {
  image: { types: ['jpeg', 'png', 'webp'], maxBytes: 7_000_000 },
  video: { types: ['jpeg', 'png'], maxBytes: 10_000_000 },
} as const satisfies Record<Kind, { types: readonly string[]; maxBytes: number }>;

/**
 * Code points in a prompt at most, unless a model's rules say otherwise: what a user counts as characters, an emoji
 * being one. The guide advises these, the API names none.
 */
export const promptLimits = { image: 1000, video: 2000 } as const satisfies Record<Kind, number>;
