import type { Kind } from '../generation-request.js';

/** A model's names and capabilities. A rule lists what is offered: undocumented means unsupported. */
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
  /** SceneType: scenes that need nothing beyond what a request can contain. */
  readonly scenes?: readonly string[];
  /** Scenes made by another ModelVersion, by that version. Such a scene only takes a prompt and has its own size. */
  readonly sceneVersions?: Readonly<Record<string, string>>;
  /** Code points in a prompt at most; else `promptLimits`. */
  readonly promptLimit?: number;
  /** Pixels that each side of a source image must have at least. */
  readonly sourceMinSide?: number;
  /** It works although it isn't (or no longer) on Tencent's public list: off until an operator enables it. */
  readonly unlisted?: boolean;
  /** What MPS bills per image or per second of video. Only an operator knows it: prices differ by contract. */
  readonly price?: readonly Rate[];
}

/** A price and its conditions; without a condition it applies to all cases. In the catalogue's currency. */
export interface Rate {
  readonly amount: number;
  /** One of the model's; of a model that takes a size, how much that is: `1K`, `2K`, `4K` (see `tierOf`). */
  readonly resolution?: string;
  readonly sound?: boolean;
  /** Reference images go with it. */
  readonly references?: boolean;
  /** With a video as input. */
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
  /** Set for models that take `1024x1024` instead of an aspect ratio. */
  readonly size?: SizeRule;
  /**
   * Images that one order always makes and bills.
   * @default 1
   */
  readonly pictures?: number;
  /** The aspect ratio is written into the prompt as `--ar 16:9`; the API has no field for it. */
  readonly ratioInPrompt?: boolean;
  /** References only by links that anyone can open and that have no query. */
  readonly publicReferences?: boolean;
  /** Prompt options that it rejects: `--niji`. */
  readonly refusedOptions?: readonly string[];
}

export interface VideoRules extends ModelRules {
  readonly kind: 'video';
  /** It can start from a prompt alone. */
  readonly text: boolean;
  /** It can start from an image. */
  readonly firstFrame: boolean;
  /** Seconds; empty if the model sets the length itself. */
  readonly durations: readonly number[];
  /** Lengths it doesn't support at a resolution: `{ '1080P': [10] }`. */
  readonly durationsNotAt?: Readonly<Record<string, readonly number[]>>;
  readonly defaultDuration?: number;
  /** Seconds that a model without `durations` makes. */
  readonly fixedDuration?: number;
  /** What MPS makes by default. */
  readonly defaultResolution?: string;
  /** Whether an aspect ratio works with reference images; with a first frame it never does. */
  readonly ratioWithReferences: boolean;
  /** `at-1080P`: only at that resolution, which then has to be asked for. */
  readonly lastFrame: 'yes' | 'at-1080P' | 'no';
  /** A last frame works without a first one. */
  readonly lastFrameAlone?: boolean;
  /** The sources do not say that a frame and references go together, so no row has it; an operator may. */
  readonly framesWithReferences?: boolean;
  /** Generated sound (EnableAudio): never, on request, on request from 1080P up, or always. */
  readonly audio: boolean | 'from-1080P' | 'always';
  /** No sound with a last frame. */
  readonly lastFrameSilent?: boolean;
  /** Background music (EnableBgm): documented for "some models" without naming them. */
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
