import { flag, integer, list, named, text } from './variable-types.js';

export const imageVariables = named({
  IMAGE_ENABLED: flag({ fallback: true, description: 'Whether users can generate images.' }),
  IMAGE_MODEL: text({
    fallback: 'hunyuan-3.0',
    pattern: /./,
    allowed: 'an image model, such as hunyuan-3.0',
    description: 'The model if the user names none. "Kling 3.0" works as well as kling-3.0.',
    example: 'kling-3.0',
  }),
  MAX_IMAGE_TASKS: integer({
    fallback: 2,
    range: [1, 1000],
    description:
      'Image tasks in progress at the same time, across all processes, 1 to 1000; further ones wait in the queue.',
  }),
});

export const videoVariables = named({
  VIDEO_ENABLED: flag({ fallback: true, description: 'Whether users can generate videos.' }),
  VIDEO_MODEL: text({
    fallback: 'kling-3.0',
    pattern: /./,
    allowed: 'a video model, such as kling-3.0',
    description: 'The model if the user names none.',
    example: 'vidu-q3-pro',
  }),
  VIDEO_DURATION: integer({
    fallback: undefined,
    range: [1, 60],
    unit: 'seconds',
    description:
      'The length of a video, in seconds, if the user names none; VIDEO_MODEL must support it. Videos are billed by the second.',
    example: '10',
    defaultNote: '5, or the shortest length of a model that has no 5',
  }),
  VIDEO_AUDIO: flag({
    fallback: true,
    description: 'Whether videos have sound, with models that can, unless the user says otherwise.',
  }),
  EXTEND_MAX_SECONDS: integer({
    fallback: 60,
    range: [2, 600],
    unit: 'seconds',
    description:
      'The longest video that extending may lead to, in seconds, 2 to 600. Extending needs ffmpeg (FFMPEG_PATH), which joins the parts.',
    example: '30',
  }),
  MAX_VIDEO_TASKS: integer({
    fallback: 1,
    range: [1, 1000],
    description:
      'Video tasks in progress at the same time, across all processes, 1 to 1000; further ones wait in the queue.',
  }),
});

export const modelVariables = named({
  MODELS_FILE: text({
    fallback: undefined,
    pattern: /./,
    allowed: 'the path of a JSON file such as models.jsonc',
    description:
      'A JSON file (comments allowed) that adds, changes, hides or prices models; see models.example.jsonc. Mistakes in it are reported with their line. Prices are shown next to the models.',
    example: 'models.jsonc',
  }),
  EXTRA_MODELS: list({
    pattern: /^[^,\s][^,]*(,[^,]*[^,\s][^,]*)*$/,
    allowed: 'ids of models with commas between them, such as hailuo-h3,mj-v8.1',
    description:
      "Models that MPS accepts although Tencent's public list doesn't name them: ids separated by commas. Videos: hailuo-h3, gv-3.1, gv-3.1-fast, os-2.0, mingmou-1.0. Images: og-image2-low, og-image2-medium, og-image2-high, gem-2.5, gem-3.0, gem-3.1, seedream-4.5, seedream-5.0-lite, seedream-5.0-pro, mj-v7, mj-v8.1, mj-v8.2 (an MJ order makes and bills four images). They may disappear without notice. Naming one in MODELS_FILE has the same effect.",
    example: 'hailuo-h3,mj-v8.1',
  }),
  EXPERIMENTAL_SCENES: list({
    pattern: /^(motion_control|avatar_i2v)(\s*,\s*(motion_control|avatar_i2v))*$/,
    allowed: 'motion_control, avatar_i2v, or both with a comma between them',
    description:
      'Scenes that take a video or a sound, as subcommands of /clip: motion_control (an image moves like a video), avatar_i2v (an image speaks). How MPS wants them is not documented for certain, so they are off unless named here.',
    example: 'motion_control,avatar_i2v',
  }),
  ADDITIONAL_PARAMETERS: flag({
    fallback: false,
    description:
      "Adds the option `additional`, which takes MPS's AdditionalParameters as JSON for settings without an option of their own. What users enter there is passed on unchecked.",
  }),
});
