import type { ImageRules } from './model.js';

const eight = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'] as const;

/**
 * The API lists Resolution's values without saying who takes them. Models whose pixels are set by a size do not need
 * it, so it is offered with those that take a ratio.
 */
const imageResolutions = ['720P', '1080P', '2K', '4K'] as const;
const sized = { kind: 'image', aspectRatios: [], resolutions: [], watermark: true } as const;
const shaped = {
  kind: 'image',
  aspectRatios: eight,
  resolutions: imageResolutions,
  watermark: true,
} as const;

/** Pictures. The newest of a family comes first: lists show it so, and it is the first to be suggested instead. */
export const imageModels = [
  {
    ...sized,
    name: 'Hunyuan',
    version: '3.0',
    references: 3,
    size: { minSide: 512, maxSide: 2048, maxPixels: 1024 * 1024 },
    scenes: ['3d_panorama'],
  },
  { ...shaped, name: 'Kling', version: '3.0', references: 1 },
  { ...shaped, name: 'Kling', version: '3.0-Omni', references: 10 },
  { ...shaped, name: 'Kling', version: 'O1', references: 10 },
  { ...shaped, name: 'Kling', version: '2.1', references: 4 },
  { ...shaped, name: 'Vidu', version: 'q2', references: 7, subjects: true },
  {
    ...sized,
    name: 'Qwen',
    version: '0925',
    references: 1,
    size: { minPixels: 512 * 512, maxPixels: 2048 * 2048 },
  },
] as const satisfies readonly ImageRules[];
