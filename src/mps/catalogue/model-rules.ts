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
  /**
   * Whether it heeds a negative prompt. If not, or if no source says so, what no result may show is said in the prompt.
   * Sources: docs/mps-api.md#createaigcimagetask.
   * @default true
   */
  readonly negative?: boolean;
  /** Code points in a prompt at most; else `promptLimits`. */
  readonly promptLimit?: number;
  /** A prompt can name the images and clips that go with it: `<<<image_1>>>`, written as `@1`. */
  readonly namesSources?: boolean;
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

/** Clips that a model takes as input (VideoInfos). */
export interface ClipRules {
  /** Least and most seconds of each clip: if one goes with an order, if two do, and so on; more it doesn't take. */
  readonly seconds: readonly (readonly [least: number, most: number])[];
  /** Reference images beside a clip at most. */
  readonly images: number;
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
  /** It edits a clip, or borrows its motion. */
  readonly clips?: ClipRules;
  /** Several shots in one clip (multi_shot). */
  readonly shots?: boolean;
  /** Scenes that take a clip or a sound, which commands of their own hold (EXPERIMENTAL_SCENES). */
  readonly clipScenes?: readonly ClipScene[];
}

/** A picture that moves as a clip does, and one that speaks. */
export const clipScenes = ['motion_control', 'avatar_i2v'] as const;
export type ClipScene = (typeof clipScenes)[number];

export type Rules = ImageRules | VideoRules;

/** What MPS takes as a source image: types by magic bytes; the size must stay *under* `maxBytes`. */
export const sourceRules = {
  image: { types: ['jpeg', 'png', 'webp'], maxBytes: 7_000_000 },
  video: { types: ['jpeg', 'png'], maxBytes: 10_000_000 },
} as const satisfies Record<Kind, { types: readonly string[]; maxBytes: number }>;

/** What MPS accepts of a clip as input, whatever the model (docs/mps-api.md#videos-as-input); sides in pixels. */
export const clipSourceRule = { maxBytes: 50_000_000, minSide: 256, maxSide: 5_760 } as const;

/** What MPS takes as a source clip (docs/mps-api.md#videos-as-input): containers and codecs by their bytes. */
export const clipFileRules = {
  containers: ['mp4', 'mov'],
  codecs: ['h264', 'hevc'],
  maxBytes: 50_000_000,
  /** Pixels. */
  minSide: 256,
  maxSide: 5760,
} as const;

/** What the scene `avatar_i2v` takes as a sound: by its bytes; seconds. */
export const soundFileRules = {
  types: ['mp3', 'wav', 'm4a', 'aac'],
  maxBytes: 5_000_000,
  seconds: [2, 300],
} as const;

/** Several shots in one clip: how many, and code points in the prompt of each. */
export const shotRules = { most: 6, promptLimit: 512 } as const;

/**
 * Code points in a prompt at most, unless a model's rules say otherwise: what a user counts as characters, an emoji
 * being one. The guide advises these, the API names none.
 */
export const promptLimits = { image: 1000, video: 2000 } as const satisfies Record<Kind, number>;
