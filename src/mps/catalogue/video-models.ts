import type { ClipRules, VideoRules } from './model-rules.js';

const wide = ['16:9', '9:16', '1:1'] as const;

const kling = {
  kind: 'video',
  name: 'Kling',
  text: true,
  firstFrame: true,
  durations: [5, 10],
  defaultDuration: 5,
  resolutions: ['720P', '1080P'],
  defaultResolution: '720P',
  aspectRatios: wide,
  ratioWithReferences: false,
  lastFrame: 'at-1080P',
  references: 0,
  audio: false,
  offPeak: false,
  watermark: true,
  // "Image pixel is invalid" for 256; Kling's own manual asks for 300.
  sourceMinSide: 300,
} as const satisfies Partial<VideoRules>;

/** Kling's clips as input. */
const klingClips = { seconds: [[3, 10]], images: 4 } as const satisfies ClipRules;

const kling3 = {
  ...kling,
  durations: seconds(3, 15),
  resolutions: ['720P', '1080P', '4K'],
  lastFrame: 'yes',
  audio: true,
} as const satisfies Partial<VideoRules>;

const vidu = {
  kind: 'video',
  name: 'Vidu',
  text: true,
  firstFrame: true,
  durations: seconds(1, 10),
  defaultDuration: 5,
  resolutions: ['540P', '720P', '1080P'],
  defaultResolution: '720P',
  aspectRatios: wide,
  ratioWithReferences: true,
  lastFrame: 'no',
  references: 7,
  subjects: true,
  audio: false,
  negative: false,
  offPeak: true,
  watermark: true,
} as const satisfies Partial<VideoRules>;

const vidu3 = { ...vidu, durations: seconds(3, 16), audio: true } as const satisfies Partial<VideoRules>;
/** Those Vidu models that work from text and frames alone. */
const withoutReferences = { references: 0, subjects: false, ratioWithReferences: false } as const;
/** Those that work from references alone: "only supports reference generation". */
const referencesOnly = { text: false, firstFrame: false, lastFrame: 'no' } as const;

const hailuo = {
  kind: 'video',
  name: 'Hailuo',
  text: true,
  firstFrame: true,
  // Any other length it drops without a word, and makes six seconds.
  durations: [6, 10],
  durationsNotAt: { '1080P': [10] },
  defaultDuration: 6,
  resolutions: ['768P', '1080P'],
  defaultResolution: '768P',
  aspectRatios: [],
  ratioWithReferences: false,
  lastFrame: 'no',
  references: 0,
  audio: false,
  negative: false,
  offPeak: false,
  watermark: true,
} as const satisfies Partial<VideoRules>;

const pixverse = {
  kind: 'video',
  name: 'PixVerse',
  text: true,
  firstFrame: true,
  durations: seconds(1, 15),
  defaultDuration: 5,
  resolutions: ['540P', '720P', '1080P'],
  defaultResolution: '720P',
  aspectRatios: ['16:9', '9:16', '4:3', '3:4', '1:1', '2:3', '3:2', '21:9'],
  ratioWithReferences: true,
  lastFrame: 'yes',
  // It takes 1–7, each with a `Text` that the typed API has no field for.
  references: 0,
  audio: true,
  offPeak: false,
  watermark: false,
} as const satisfies Partial<VideoRules>;

/** Videos. */
export const videoModels = [
  { ...kling3, version: '3.0', shots: true, clipScenes: ['motion_control', 'avatar_i2v'] },
  { ...kling3, version: '3.0-Omni', references: 7, namesSources: true, shots: true, clips: klingClips },
  { ...kling, version: '2.6', audio: 'from-1080P', lastFrameSilent: true, clipScenes: ['motion_control'] },
  {
    ...kling,
    version: 'O1',
    durations: seconds(3, 10),
    lastFrame: 'yes',
    references: 7,
    namesSources: true,
    clips: klingClips,
  },
  { ...kling, version: '2.5' },
  { ...kling, version: '2.1' },
  { ...kling, version: '2.0', lastFrame: 'yes' },
  { ...kling, version: '1.6', references: 4, namesSources: true },
  { ...vidu3, version: 'q3', ...referencesOnly },
  { ...vidu3, version: 'q3-mix', ...referencesOnly, resolutions: ['720P', '1080P'], subjects: false },
  { ...vidu3, version: 'q3-turbo', lastFrame: 'yes' },
  { ...vidu3, version: 'q3-pro', ...withoutReferences, lastFrame: 'yes' },
  { ...vidu, version: 'q2', firstFrame: false, aspectRatios: ['16:9', '9:16', '4:3', '3:4', '1:1'] },
  {
    ...vidu,
    version: 'q2-pro',
    text: false,
    lastFrame: 'yes',
    // One of 8 s or two of 5 s.
    clips: {
      seconds: [
        [1, 8],
        [1, 5],
      ],
      images: 7,
    },
  },
  {
    ...vidu,
    version: 'q2-turbo',
    ...withoutReferences,
    text: false,
    lastFrame: 'yes',
    // With a first frame, without which it does not begin, no ratio can be chosen.
    aspectRatios: [],
  },
  {
    kind: 'video',
    name: 'H2',
    version: '1.0',
    text: true,
    firstFrame: true,
    durations: seconds(3, 15),
    defaultDuration: 5,
    resolutions: ['720P', '1080P'],
    defaultResolution: '1080P',
    aspectRatios: ['16:9', '9:16', '4:3', '3:4', '4:5', '5:4', '1:1', '21:9', '9:21'],
    ratioWithReferences: true,
    lastFrame: 'no',
    references: 9,
    audio: true,
    // No source says whether it heeds one (docs/mps-api.md#createaigcimagetask).
    negative: false,
    offPeak: false,
    watermark: true,
    // How long a clip may be isn't documented: as long as those it makes.
    clips: { seconds: [[3, 15]], images: 5 },
  },
  { ...hailuo, version: '2.3' },
  { ...hailuo, version: '2.3-fast', text: false },
  { ...hailuo, version: '02', lastFrame: 'yes' },
  { ...pixverse, version: 'v6' },
  { ...pixverse, version: 'c1' },
  {
    ...pixverse,
    version: 'v5.6',
    durations: [5, 8, 10],
    durationsNotAt: { '1080P': [10] },
    aspectRatios: ['16:9', '9:16', '4:3', '3:4', '1:1'],
    audio: false,
  },
  {
    kind: 'video',
    name: 'Hunyuan',
    version: '1.5',
    text: true,
    firstFrame: true,
    // Whether it heeds a negative prompt, no source says.
    negative: false,
    // It makes 5 s at 1280×720, whatever is asked.
    durations: [],
    fixedDuration: 5,
    resolutions: [],
    aspectRatios: [],
    ratioWithReferences: false,
    lastFrame: 'no',
    references: 0,
    audio: false,
    offPeak: false,
    watermark: false,
  },
] as const satisfies readonly VideoRules[];

/** What is not listed is not described either: of it only what was seen is offered. */
const unlisted = {
  kind: 'video',
  text: true,
  firstFrame: false,
  durations: [],
  resolutions: [],
  aspectRatios: [],
  ratioWithReferences: false,
  lastFrame: 'no',
  references: 0,
  audio: false,
  offPeak: false,
  watermark: false,
  unlisted: true,
} as const satisfies Partial<VideoRules>;
/** Veo: its API has `negativePrompt` (Google Gen AI SDK: GenerateVideosConfig). */
const gv = {
  ...unlisted,
  name: 'GV',
  durations: [4, 8],
  defaultDuration: 4,
  resolutions: ['720P', '1080P'],
  aspectRatios: ['16:9', '9:16'],
  references: 3,
} as const satisfies Partial<VideoRules>;

/** Video models that MPS accepts without listing them (docs/mps-api.md#createaigcvideotask); offered if an operator names them. */
export const unlistedVideoModels = [
  {
    ...unlisted,
    name: 'Hailuo',
    version: 'H3',
    firstFrame: true,
    lastFrame: 'yes',
    lastFrameAlone: true,
    references: 9,
    // Any other length it makes 5.17 s of, without a word.
    durations: seconds(4, 15),
    defaultDuration: 5,
    // It makes 2560×1440; nothing but 4K changes that.
    resolutions: ['4K'],
    defaultResolution: '2K',
    audio: 'always',
    watermark: true,
  },
  { ...gv, version: '3.1' },
  { ...gv, version: '3.1-fast' },
  {
    ...unlisted,
    name: 'OS',
    version: '2.0',
    // Sora's API has no field for one (Microsoft Learn: "Generate video from a prompt").
    negative: false,
    // It refuses images with faces in them, so it is given none.
    durations: [4, 8, 12],
    defaultDuration: 4,
    resolutions: ['720P'],
    defaultResolution: '720P',
  },
  // Its size goes into AdditionalParameters; whether it heeds a negative prompt, no source says.
  { ...unlisted, name: 'Mingmou', version: '1.0', negative: false },
] as const satisfies readonly VideoRules[];

/** Every whole second from `first` to `last`. */
function seconds(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
