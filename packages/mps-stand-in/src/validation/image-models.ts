/**
 * What each image model accepts, transcribed independently from the product's facts: a second opinion beside the
 * bot's catalogue. Omitted values are open in the sources: they are accepted, and noted as undocumented.
 */
export interface ImageRule {
  /** Most reference images; more are accepted, and the task fails. */
  readonly references: number;
  /** AdditionalParameters.size, WxH in pixels. */
  readonly size?: { readonly side?: readonly [number, number]; readonly pixels: readonly [number, number] };
  readonly ratios?: readonly string[];
  /** Of OutputImageCount: made as asked, or not looked at; without, more than 1 is refused. */
  readonly count?: 'made' | 'ignored';
  /** Makes so many images whatever is requested. */
  readonly always?: number;
  /** Takes neither Resolution nor AspectRatio: they are part of its prompt. */
  readonly promptOnly?: true;
  /** Fetches references by links without a query only. */
  readonly plainLinks?: true;
  /** The one scene it is for. */
  readonly scene?: string;
  /** Available although no public list has it. */
  readonly isUnlisted?: true;
}

const wide = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'];
const many = { references: 20, isUnlisted: true } as const;
const midjourney: ImageRule = {
  references: 3,
  always: 4,
  count: 'ignored',
  promptOnly: true,
  plainLinks: true,
  isUnlisted: true,
};

/** Version by version, `Model version` → rule; the later ones answer though no public list has them. */
export const imageRules: Readonly<Record<string, ImageRule>> = {
  'Hunyuan 3.0': {
    references: 3,
    size: { side: [512, 2048], pixels: [512 * 512, 1024 * 1024] },
    count: 'ignored',
  },
  'Hunyuan 3d_2.0': { references: 0, count: 'ignored', scene: '3d_panorama' },
  'Qwen 0925': { references: 9, size: { pixels: [512 * 512, 2048 * 2048] } },
  'Vidu q2': { references: 7, ratios: wide },
  'Kling 2.1': { references: 4, ratios: wide },
  'Kling 3.0': { references: 4, ratios: wide },
  'Kling O1': { references: 10, ratios: wide },
  'Kling 3.0-Omni': { references: 10, ratios: wide },
  'OG image2_low': { ...many, count: 'made' },
  'OG image2_medium': { ...many, count: 'made' },
  'OG image2_high': { ...many, count: 'made' },
  'GEM 2.5': { ...many, count: 'ignored' },
  'GEM 3.0': { ...many, count: 'ignored' },
  'GEM 3.1': { ...many, count: 'ignored' },
  'Seedream 4.5': many,
  'Seedream 5.0-lite': many,
  'Seedream 5.0-pro': many,
  'MJ v7': midjourney,
  'MJ v8.1': midjourney,
  'MJ v8.2': midjourney,
};

export const imageScenes: Readonly<Record<string, readonly string[]>> = { Hunyuan: ['3d_panorama'] };
export const imageResolutions = ['720P', '1080P', '2K', '4K'];
