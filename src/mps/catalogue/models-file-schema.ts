import { z } from 'zod';
import { clipScenes, type ImageRules, type VideoRules } from './model-rules.js';
import { readPrice, resolutionForm } from './models-file-prices.js';

/*
 * What an operator may write about models (MODELS_FILE). Each complaint's message says what is allowed; what was found
 * and where it stands is told by models-file.ts.
 */

const flag = z.boolean({ error: 'true or false' });
const ratio = text(/^[1-9]\d?:[1-9]\d?$/, 'a ratio such as "16:9"');
const resolution = text(resolutionForm, 'a resolution such as "1080P" or "4K"');
const pixels = whole(1, 100_000, 'pixels');

const sceneVersionsError = 'ModelVersions by SceneType, such as { "3d_panorama": "3d_2.0" }';

const common = {
  name: text(/^\S(.{0,28}\S)?$/, 'MPS\'s ModelName, such as "Kling"'),
  version: text(/^\S(.{0,28}\S)?$/, 'MPS\'s ModelVersion, such as "3.0"'),
  hidden: flag,
  references: whole(0, 20, 'pictures'),
  subjects: flag,
  aspectRatios: list(ratio, 'a list of ratios, each once, such as ["16:9", "1:1"]'),
  resolutions: list(resolution, 'a list of resolutions, each once, lowest first, such as ["720P", "1080P"]'),
  watermark: flag,
  scenes: list(
    text(/^\w{1,50}$/, 'a SceneType, such as "3d_panorama"'),
    'a list of SceneTypes, each once, such as ["3d_panorama"]',
  ),
  sceneVersions: z.record(
    z.string().regex(/^\w{1,50}$/, { error: sceneVersionsError }),
    text(/^\S(.{0,28}\S)?$/, sceneVersionsError),
    { error: sceneVersionsError },
  ),
  negative: flag,
  promptLimit: whole(1, 20_000, 'characters'),
  sourceMinSide: pixels,
  namesSources: flag,
  price: z.unknown().transform(readPrice),
};

const sizeError = 'bounds of a size in pixels: maxPixels, and if need be minPixels, minSide, maxSide';
const size = z
  .strictObject({ maxPixels: whole(1, 100_000_000, 'pixels') }, { error: sizeError })
  .extend(
    z
      .strictObject({ minSide: pixels, maxSide: pixels, minPixels: whole(1, 100_000_000, 'pixels') })
      .exactPartial().shape,
  );

/** The words a file may say of a model: all of its rules, what hides it, and no more. */
type Words<R> = Record<Exclude<keyof R, 'kind' | 'unlisted'> | 'hidden', z.ZodType>;

const entryError = 'an object of rules, such as { "references": 3 }';
const imageWords = {
  ...common,
  size,
  pictures: whole(1, 10, 'pictures'),
  ratioInPrompt: flag,
  publicReferences: flag,
  refusedOptions: list(
    text(/^--[a-z]{1,30}$/, 'an option such as "--niji"'),
    'a list of options, each once, such as ["--niji"]',
  ),
} satisfies Words<ImageRules>;
const seconds = list(whole(1, 600, 'seconds'), 'a list of seconds, each once, such as [5, 10]').transform(
  (list) => list.toSorted((a, b) => a - b),
);
const notAtError = 'lists of seconds by resolution, such as { "1080P": [10] }';
const clipsError =
  'what it takes of clips, such as { "seconds": [[3, 10]], "images": 4 }: least and most seconds of one clip (then of each of two), and images beside it';
const clips = z.strictObject(
  {
    seconds: z
      .array(
        z
          .tuple([whole(1, 600, 'seconds'), whole(1, 600, 'seconds')], { error: clipsError })
          .refine(([least, most]) => least <= most, { error: clipsError }),
        { error: clipsError },
      )
      .min(1, { error: clipsError })
      .max(5, { error: clipsError }),
    images: whole(0, 20, 'pictures'),
  },
  { error: clipsError },
);
const videoWords = {
  ...common,
  text: flag,
  firstFrame: flag,
  durations: seconds,
  durationsNotAt: z.record(z.string().regex(resolutionForm, { error: notAtError }), seconds, {
    error: notAtError,
  }),
  fixedDuration: whole(1, 600, 'seconds'),
  defaultDuration: whole(1, 600, 'seconds'),
  defaultResolution: resolution,
  ratioWithReferences: flag,
  lastFrame: z.enum(['yes', 'at-1080P', 'no'], { error: '"yes", "at-1080P" or "no"' }),
  lastFrameAlone: flag,
  framesWithReferences: flag,
  audio: z.union([flag, z.enum(['from-1080P', 'always'])], {
    error: 'true, false, "from-1080P" or "always"',
  }),
  lastFrameSilent: flag,
  music: flag,
  offPeak: flag,
  clips,
  shots: flag,
  clipScenes: list(
    z.enum(clipScenes, { error: 'motion_control or avatar_i2v' }),
    'a list of motion_control and avatar_i2v, each once',
  ),
} satisfies Words<VideoRules>;

/** What is said of one model. */
export const entrySchemas = {
  image: z.strictObject(imageWords, { error: entryError }).exactPartial(),
  video: z.strictObject(videoWords, { error: entryError }).exactPartial(),
};

const entries = z.record(z.string(), z.unknown(), {
  error: 'an object of models by their ids, such as { "kling-3.0": { … } }',
});

/** The file as a whole; what its entries say is judged by themselves. */
export const fileSchema = z
  .strictObject(
    {
      $schema: z.string(),
      currency: text(/^[A-Z]{3}$/, 'three capital letters, such as "CNY"'),
      image: entries,
      video: entries,
    },
    { error: 'an object with currency, image and video' },
  )
  .exactPartial();

/** The file as far as it can be understood: something wrong in one place must not hide what is wrong in others. */
export const outlineSchema = z
  .object({ currency: z.unknown().optional(), image: entries.catch({}), video: entries.catch({}) })
  .catch({ currency: undefined, image: {}, video: {} });

function text(pattern: RegExp, allowed: string) {
  return z.string({ error: allowed }).regex(pattern, { error: allowed });
}

function whole(least: number, most: number, unit: string) {
  const error = `a whole number from ${least} to ${most} (${unit})`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function list<T extends z.ZodType>(item: T, error: string) {
  return z.array(item, { error }).refine((items) => new Set(items).size === items.length, { error });
}
