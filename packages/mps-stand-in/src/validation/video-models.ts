/**
 * The inputs of each video model's versions, transcribed independently from the product's facts. What is left
 * out of `ratios` the sources leave open: it is accepted, and noted as undocumented.
 */
export interface VideoRule {
  /** The possible starts of a clip; `open`: undocumented. */
  readonly text: boolean;
  readonly first: boolean | 'open';
  /** A first and a last frame; `1080P`: at that resolution only. */
  readonly last: boolean | 'open' | '1080P';
  /** A last frame can be given alone. */
  readonly lastAlone?: true;
  /** Most reference images, 0 for none; more are accepted, and the task fails. */
  readonly references: number;
  /** Seconds of a clip, the default first; without, `fixed` is the length. */
  readonly seconds?: readonly number[];
  readonly defaultSeconds?: number;
  /** For a length outside the list: refused at Create, silently dropped, or undocumented. */
  readonly lengths: 'refused' | 'dropped' | 'open';
  /** Seconds that 1080P does not go with. */
  readonly not1080P?: readonly number[];
  readonly resolutions?: readonly string[];
  readonly defaultResolution: string;
  /** Accepted beyond the list, according to an unreliable source. */
  readonly extraResolutions?: readonly string[];
  /** Other resolutions are silently ignored. */
  readonly dropsResolution?: true;
  readonly ratios?: readonly string[];
  /** Whether AspectRatio is also taken with reference images; never with frames. */
  readonly ratioWithReferences?: true;
  /** `1080P`: from there up. */
  readonly sound: boolean | 'always' | '1080P';
  /** Sound and a last frame exclude each other. */
  readonly silentLast?: true;
  readonly noSubjects?: true;
}

const range = (least: number, most: number): number[] =>
  Array.from({ length: most - least + 1 }, (_, index) => least + index);

const basic = ['16:9', '9:16', '1:1'];
const classic = ['16:9', '9:16', '4:3', '3:4', '1:1'];
const cinema = [...classic, '2:3', '3:2', '21:9'];
const ratioWithReferences = true as const;

const hailuo = {
  text: true,
  first: true,
  last: false,
  references: 0,
  sound: false,
  seconds: [6, 10],
  lengths: 'dropped',
  not1080P: [10],
  resolutions: ['768P', '1080P'],
  defaultResolution: '768P',
} as const satisfies VideoRule;

const kling: VideoRule = {
  text: true,
  first: true,
  last: '1080P',
  references: 0,
  sound: false,
  seconds: [5, 10],
  lengths: 'refused',
  ratios: basic,
  resolutions: ['720P', '1080P'],
  extraResolutions: ['2K', '4K'],
  defaultResolution: '720P',
};
const kling3: VideoRule = {
  ...kling,
  last: true,
  sound: true,
  seconds: range(3, 15),
  defaultSeconds: 5,
  resolutions: ['720P', '1080P', '4K'],
  extraResolutions: ['2K'],
};

const viduQ2: VideoRule = {
  text: false,
  first: true,
  last: true,
  references: 7,
  sound: false,
  seconds: range(1, 10),
  defaultSeconds: 5,
  lengths: 'refused',
  ratios: basic,
  resolutions: ['540P', '720P', '1080P'],
  defaultResolution: '720P',
  ratioWithReferences,
};
const viduQ3: VideoRule = { ...viduQ2, text: true, seconds: range(3, 16), sound: true };
const viduReferences: VideoRule = { ...viduQ3, text: false, first: false, last: false };

const pixVerse: VideoRule = {
  text: true,
  first: true,
  last: true,
  references: 7,
  sound: true,
  seconds: range(1, 15),
  defaultSeconds: 5,
  lengths: 'refused',
  ratios: cinema,
  ratioWithReferences,
  resolutions: ['540P', '720P', '1080P'],
  extraResolutions: ['2K', '4K'],
  defaultResolution: '720P',
};

const gv: VideoRule = {
  text: true,
  first: 'open',
  last: 'open',
  references: 3,
  sound: false,
  seconds: [8, 4],
  lengths: 'open',
  ratios: ['16:9', '9:16'],
  resolutions: ['720P', '1080P'],
  defaultResolution: '720P',
};

export const videoRules: Readonly<Record<string, VideoRule>> = {
  'Hunyuan 1.5': {
    text: true,
    first: true,
    last: false,
    references: 0,
    sound: false,
    defaultSeconds: 5,
    lengths: 'dropped',
    defaultResolution: '720P',
    dropsResolution: true,
  },
  'Hailuo 02': { ...hailuo, last: true },
  'Hailuo 2.3': hailuo,
  'Hailuo 2.3-fast': { ...hailuo, text: false },
  'Kling 1.6': { ...kling, references: 4 },
  'Kling 2.0': { ...kling, last: true },
  'Kling 2.1': kling,
  'Kling 2.5': kling,
  'Kling 2.6': { ...kling, sound: '1080P', silentLast: true },
  'Kling O1': { ...kling, last: true, references: 7, seconds: range(3, 10), defaultSeconds: 5 },
  'Kling 3.0': kling3,
  'Kling 3.0-Omni': { ...kling3, references: 7 },
  'Vidu q2': { ...viduQ2, text: true, first: false, last: false, ratios: classic },
  'Vidu q2-pro': viduQ2,
  'Vidu q2-turbo': { ...viduQ2, references: 0 },
  'Vidu q3-pro': { ...viduQ3, references: 0 },
  'Vidu q3-turbo': viduQ3,
  'Vidu q3': viduReferences,
  'Vidu q3-mix': { ...viduReferences, resolutions: ['720P', '1080P'], noSubjects: true },
  'PixVerse v5.6': { ...pixVerse, seconds: [5, 8, 10], not1080P: [10], ratios: classic, sound: false },
  'PixVerse v6': pixVerse,
  'PixVerse c1': pixVerse,
  'H2 1.0': {
    text: true,
    first: true,
    last: false,
    references: 9,
    sound: true,
    ratioWithReferences,
    seconds: range(3, 15),
    defaultSeconds: 5,
    lengths: 'open',
    resolutions: ['720P', '1080P'],
    defaultResolution: '1080P',
    ratios: ['16:9', '9:16', '4:3', '3:4', '4:5', '5:4', '1:1', '21:9', '9:21'],
  },
  // These answer though no public list has them.
  'Hailuo H3': {
    text: true,
    first: true,
    last: true,
    lastAlone: true,
    references: 9,
    sound: 'always',
    seconds: range(4, 15),
    defaultSeconds: 5.17,
    lengths: 'dropped',
    resolutions: ['4K'],
    defaultResolution: '2K',
    dropsResolution: true,
  },
  'GV 3.1': gv,
  'GV 3.1-fast': gv,
  'OS 2.0': {
    text: true,
    first: 'open',
    last: 'open',
    references: 0,
    sound: false,
    seconds: [4, 8, 12],
    lengths: 'open',
    resolutions: ['720P'],
    defaultResolution: '720P',
  },
  'Mingmou 1.0': {
    text: true,
    first: 'open',
    last: 'open',
    references: 0,
    sound: false,
    defaultSeconds: 5,
    lengths: 'open',
    defaultResolution: '720P',
  },
};

export const videoScenes: Readonly<Record<string, readonly string[]>> = {
  Kling: ['motion_control', 'avatar_i2v', 'lip_sync'],
  Vidu: ['template_effect'],
  Mingmou: ['land2port'],
  Hunyuan: ['3d_scene'],
};

export const watermarked = ['Hailuo', 'Kling', 'Vidu', 'H2'];
export const offPeak = ['Vidu'];
/** Characters a prompt may have with the model behind MPS; a longer one is accepted, and the task fails. */
export const longestPrompt: Readonly<Record<string, number>> = { Kling: 2500, Vidu: 5000 };

/** Models that take input clips: how many, how many images beside them at most, and for how many seconds. */
export const withVideo: Readonly<
  Record<
    string,
    {
      readonly clips: number;
      readonly images: number;
      readonly seconds?: readonly number[];
      /** Least and most seconds of each clip: of one alone, of each of two. */
      readonly lengths?: readonly (readonly [number, number])[];
    }
  >
> = {
  'Kling O1': { clips: 1, images: 4, seconds: range(3, 10), lengths: [[3, 10]] },
  'Kling 3.0-Omni': { clips: 1, images: 4, seconds: range(3, 10), lengths: [[3, 10]] },
  'Vidu q2-pro': {
    clips: 2,
    images: 7,
    lengths: [
      [0, 8],
      [0, 5],
    ],
  },
  'H2 1.0': { clips: 1, images: 5 },
};
/** Kling's default for ReferType: the clip is the one to edit, so that no frame goes with it. */
export const baseByDefault = ['Kling'];
/** Models that make several shots in one clip. */
export const withShots = ['Kling 3.0', 'Kling 3.0-Omni'];
