import type { VideoRules } from './model.js';

const wide = ['16:9', '9:16', '1:1'] as const;

const kling = {
  kind: 'video',
  name: 'Kling',
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
} as const satisfies Partial<VideoRules>;

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
  offPeak: true,
  watermark: true,
} as const satisfies Partial<VideoRules>;

const vidu3 = { ...vidu, durations: seconds(3, 16), audio: true } as const satisfies Partial<VideoRules>;
/** Those Vidu models that work from text and frames alone. */
const withoutReferences = { references: 0, subjects: false, ratioWithReferences: false } as const;

const hailuo = {
  kind: 'video',
  name: 'Hailuo',
  // 10 s exist "in std mode", which no source names a parameter for.
  durations: [6],
  defaultDuration: 6,
  resolutions: ['768P', '1080P'],
  defaultResolution: '768P',
  aspectRatios: [],
  ratioWithReferences: false,
  lastFrame: 'no',
  references: 0,
  audio: false,
  offPeak: false,
  watermark: true,
} as const satisfies Partial<VideoRules>;

const pixverse = {
  kind: 'video',
  name: 'PixVerse',
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

/** Clips. */
export const videoModels = [
  { ...kling3, version: '3.0' },
  { ...kling3, version: '3.0-Omni', references: 7 },
  { ...kling, version: '2.6', audio: true },
  { ...kling, version: 'O1', durations: seconds(3, 10), lastFrame: 'yes', references: 7 },
  { ...kling, version: '2.5' },
  { ...kling, version: '2.1' },
  { ...kling, version: '2.0', lastFrame: 'yes' },
  { ...kling, version: '1.6', references: 4 },
  { ...vidu3, version: 'q3' },
  { ...vidu3, version: 'q3-mix' },
  { ...vidu3, version: 'q3-turbo', lastFrame: 'yes' },
  { ...vidu3, version: 'q3-pro', ...withoutReferences, lastFrame: 'yes' },
  { ...vidu, version: 'q2', aspectRatios: ['16:9', '9:16', '4:3', '3:4', '1:1'] },
  { ...vidu, version: 'q2-pro', lastFrame: 'yes' },
  { ...vidu, version: 'q2-turbo', ...withoutReferences, lastFrame: 'yes' },
  {
    kind: 'video',
    name: 'H2',
    version: '1.0',
    durations: seconds(3, 15),
    defaultDuration: 5,
    resolutions: ['720P', '1080P'],
    defaultResolution: '1080P',
    aspectRatios: ['16:9', '9:16', '4:3', '3:4', '4:5', '5:4', '1:1', '21:9', '9:21'],
    ratioWithReferences: true,
    lastFrame: 'no',
    references: 9,
    audio: true,
    offPeak: false,
    watermark: true,
  },
  { ...hailuo, version: '2.3' },
  { ...hailuo, version: '2.3-fast' },
  { ...hailuo, version: '02', lastFrame: 'yes' },
  { ...pixverse, version: 'v6' },
  { ...pixverse, version: 'c1' },
  {
    ...pixverse,
    version: 'v5.6',
    durations: [5, 8, 10],
    aspectRatios: ['16:9', '9:16', '4:3', '3:4', '1:1'],
  },
  {
    kind: 'video',
    name: 'Hunyuan',
    version: '1.5',
    durations: [],
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

/** Every whole second from `first` to `last`. */
function seconds(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
