import type { ImageRules } from './model-rules.js';

const eight = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'] as const;

/**
 * The API lists Resolution's values without saying which models accept them. Models with a size don't need it, so it
 * is offered for those with an aspect ratio.
 */
const imageResolutions = ['720P', '1080P', '2K', '4K'] as const;
/** "Image pixel is invalid" for 256; Kling's own manual asks for 300. */
const klingMinSide = 300;
const sized = { kind: 'image', aspectRatios: [], resolutions: [], watermark: true } as const;
const shaped = {
  kind: 'image',
  aspectRatios: eight,
  resolutions: imageResolutions,
  watermark: true,
} as const;
const kling = { ...shaped, name: 'Kling', sourceMinSide: klingMinSide, namesSources: true } as const;
/**
 * Undocumented means unsupported, but for the ratio: it is sent in the API's own field, and MPS says if a model doesn't
 * take it, at no charge.
 */
const unlisted = {
  kind: 'image',
  aspectRatios: eight,
  resolutions: [],
  watermark: false,
  references: 20,
  negative: false,
  unlisted: true,
} as const satisfies Partial<ImageRules>;
const midjourney = {
  ...unlisted,
  name: 'MJ',
  ratioInPrompt: true,
  references: 3,
  publicReferences: true,
  pictures: 4,
  refusedOptions: ['--niji'],
} as const satisfies Partial<ImageRules>;

/** Image models. The newest of a family comes first: in lists, and as the first suggestion. */
export const imageModels = [
  {
    ...sized,
    name: 'Hunyuan',
    version: '3.0',
    references: 3,
    size: { minSide: 512, maxSide: 2048, maxPixels: 1024 * 1024 },
    scenes: ['3d_panorama'],
    sceneVersions: { '3d_panorama': '3d_2.0' },
  },
  { ...kling, version: '3.0', references: 4 },
  { ...kling, version: '3.0-Omni', references: 10 },
  { ...kling, version: 'O1', references: 10 },
  { ...kling, version: '2.1', references: 4 },
  { ...shaped, name: 'Vidu', version: 'q2', references: 7, subjects: true, negative: false },
  {
    ...sized,
    name: 'Qwen',
    version: '0925',
    references: 9,
    size: { minPixels: 512 * 512, maxPixels: 2048 * 2048 },
  },
] as const satisfies readonly ImageRules[];

/**
 * Image models that MPS accepts without listing them (docs/mps-api.md#createaigcimagetask); offered if an operator
 * enables them.
 */
export const unlistedImageModels = [
  { ...unlisted, name: 'OG', version: 'image2_low' },
  { ...unlisted, name: 'OG', version: 'image2_medium' },
  { ...unlisted, name: 'OG', version: 'image2_high' },
  { ...unlisted, name: 'GEM', version: '2.5' },
  { ...unlisted, name: 'GEM', version: '3.0' },
  { ...unlisted, name: 'GEM', version: '3.1' },
  { ...unlisted, name: 'Seedream', version: '4.5' },
  { ...unlisted, name: 'Seedream', version: '5.0-lite' },
  { ...unlisted, name: 'Seedream', version: '5.0-pro' },
  { ...midjourney, version: 'v7' },
  { ...midjourney, version: 'v8.1' },
  { ...midjourney, version: 'v8.2' },
] as const satisfies readonly ImageRules[];
