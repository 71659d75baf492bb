/**
 * What each model takes, read from the tables of the product's facts on its own: a second opinion beside the bot's
 * catalogue. `undefined` is a cell the sources leave open (–): it is accepted, and noted as a doubt.
 */
export interface ImageRule {
  /** Most reference images. */
  readonly references: number;
  /** AdditionalParameters.size, WxH in pixels. */
  readonly size?: { readonly side?: readonly [number, number]; readonly pixels: readonly [number, number] };
  readonly ratios?: readonly string[];
}

export interface VideoRule {
  /** Seconds a clip may last. */
  readonly seconds?: readonly number[];
  readonly resolutions?: readonly string[];
  readonly ratios?: readonly string[];
  /** Whether AspectRatio is also taken with reference images; never with frames. */
  readonly ratioWithReferences?: true;
  /** Whether LastImageUrl is taken: always, never, or only where Resolution says 1080P. */
  readonly lastFrame: boolean | '1080P';
  /** Most reference images. */
  readonly references?: number;
  readonly audio?: boolean;
}

const range = (least: number, most: number): number[] =>
  Array.from({ length: most - least + 1 }, (_, index) => least + index);

const wide = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'];
const klingImage = { ratios: wide };

/** Version by version, `Model version` → rule. */
export const imageRules: Readonly<Record<string, ImageRule>> = {
  'Hunyuan 3.0': { references: 3, size: { side: [512, 2048], pixels: [512 * 512, 1024 * 1024] } },
  'Qwen 0925': { references: 1, size: { pixels: [512 * 512, 2048 * 2048] } },
  'Vidu q2': { references: 7, ratios: wide },
  'Kling 2.1': { ...klingImage, references: 4 },
  'Kling 3.0': { ...klingImage, references: 1 },
  'Kling O1': { ...klingImage, references: 10 },
  'Kling 3.0-Omni': { ...klingImage, references: 10 },
};

const basic = ['16:9', '9:16', '1:1'];
const classic = ['16:9', '9:16', '4:3', '3:4', '1:1'];
const cinema = [...classic, '2:3', '3:2', '21:9'];
const withReferences = true as const;

const hailuo = { seconds: [6], resolutions: ['768P', '1080P'], audio: false };
const kling = { seconds: [5, 10], resolutions: ['720P', '1080P'], ratios: basic };
const kling3 = { seconds: range(3, 15), resolutions: ['720P', '1080P', '4K'], ratios: basic, audio: true };
const small = ['540P', '720P', '1080P'];
const viduQ2 = { seconds: range(1, 10), resolutions: small, ratios: basic, audio: false };
const viduQ3 = { seconds: range(3, 16), resolutions: small, ratios: basic, audio: true };
const viduQ3References = { ...viduQ3, ratioWithReferences: withReferences, references: 7 };
const pixVerse = { resolutions: small, ratioWithReferences: withReferences, references: 7, audio: true };

export const videoRules: Readonly<Record<string, VideoRule>> = {
  'Hunyuan 1.5': { lastFrame: false, audio: false },
  'Hailuo 02': { ...hailuo, lastFrame: true },
  'Hailuo 2.3': { ...hailuo, lastFrame: false },
  'Hailuo 2.3-fast': { ...hailuo, lastFrame: false },
  'Kling 1.6': { ...kling, lastFrame: '1080P', references: 4 },
  'Kling 2.0': { ...kling, lastFrame: true },
  'Kling 2.1': { ...kling, lastFrame: '1080P', audio: false },
  'Kling 2.5': { ...kling, lastFrame: '1080P', audio: false },
  'Kling 2.6': { ...kling, lastFrame: '1080P', audio: true },
  'Kling O1': { ...kling, seconds: range(3, 10), lastFrame: true, references: 7 },
  'Kling 3.0': { ...kling3, lastFrame: true },
  'Kling 3.0-Omni': { ...kling3, lastFrame: true, references: 7 },
  'Vidu q2': {
    ...viduQ2,
    ratios: classic,
    ratioWithReferences: withReferences,
    lastFrame: false,
    references: 7,
  },
  'Vidu q2-pro': { ...viduQ2, ratioWithReferences: withReferences, lastFrame: true, references: 7 },
  'Vidu q2-turbo': { ...viduQ2, lastFrame: true },
  'Vidu q3-pro': { ...viduQ3, lastFrame: true },
  'Vidu q3-turbo': { ...viduQ3References, lastFrame: true },
  'Vidu q3': { ...viduQ3References, lastFrame: false },
  'Vidu q3-mix': { ...viduQ3References, lastFrame: false },
  'PixVerse v5.6': { ...pixVerse, seconds: [5, 8, 10], ratios: classic, lastFrame: true },
  'PixVerse v6': { ...pixVerse, seconds: range(1, 15), ratios: cinema, lastFrame: true },
  'PixVerse c1': { ...pixVerse, seconds: range(1, 15), ratios: cinema, lastFrame: true },
  'H2 1.0': {
    seconds: range(3, 15),
    resolutions: ['720P', '1080P'],
    ratios: ['16:9', '9:16', '4:3', '3:4', '4:5', '5:4', '1:1', '21:9', '9:21'],
    ratioWithReferences: withReferences,
    lastFrame: false,
    references: 9,
    audio: true,
  },
};

/** Named by one source without versions or tables: taken as they come, with a doubt. */
export const undocumented = { image: ['Wan', 'MJ'], video: ['Mingmou'] } as const;

export const imageScenes: Readonly<Record<string, readonly string[]>> = { Hunyuan: ['3d_panorama'] };
export const videoScenes: Readonly<Record<string, readonly string[]>> = {
  Kling: ['motion_control', 'avatar_i2v', 'lip_sync'],
  Vidu: ['template_effect'],
  Mingmou: ['land2port'],
  Hunyuan: ['3d_scene'],
};

export const imageResolutions = ['720P', '1080P', '2K', '4K'];
/** Said to work beyond the table. */
export const extraVideoResolutions = ['2K', '4K'];
/** Seconds named with a condition nobody explains (Hailuo's std mode). */
export const extraSeconds: Readonly<Record<string, readonly number[]>> = { Hailuo: [10] };
export const watermarked = ['Hailuo', 'Kling', 'Vidu', 'H2'];
export const offPeak = ['Vidu'];

/** Who takes a reference video, how many images beside it at most, and for how many seconds. */
export const withVideo: Readonly<Record<string, { images?: number; seconds?: readonly number[] }>> = {
  'Kling O1': { images: 4 },
  'Kling 3.0-Omni': { images: 4, seconds: range(3, 10) },
  'Vidu q2-pro': {},
  'H2 1.0': { images: 5 },
};
/** Kling's default for ReferType: the video is the one to edit, so that no frame goes with it. */
export const baseByDefault = ['Kling'];
