import type { ImageRequest, Kind, VideoRequest } from '../../mps/generation-request.js';
import { formatShots, parseShots, type WrittenShots } from './shots.js';

/** What can be chosen by `--option value`, in Easel's words. */
export type Chosen = Partial<
  Pick<
    ImageRequest & Omit<VideoRequest, 'kind'>,
    | 'model'
    | 'negative'
    | 'aspectRatio'
    | 'size'
    | 'resolution'
    | 'duration'
    | 'audio'
    | 'music'
    | 'offPeak'
    | 'enhance'
    | 'format'
    | 'scene'
    | 'watermark'
  >
> & {
  /** How many results each model makes. */
  readonly count?: number;
  /** Models to compare, as written. */
  readonly compare?: readonly string[];
  /** Which of several results the follow-up animates, from 1. */
  readonly pick?: number;
  /** A style by name; `none` for no style, also if one goes without saying. */
  readonly style?: string;
  /** The follow-up as written: prompt and options of the video. */
  readonly thenAnimate?: string;
  /** Several shots of one clip. */
  readonly shots?: WrittenShots;
  /** Whether the sound of a clip that is changed stays. */
  readonly keepSound?: boolean;
  /** Go on from a clip rather than change it. */
  readonly extend?: boolean;
  /** What to make, if it is said outright. */
  readonly as?: Kind;
};

/** An option that can be written in a line. */
export interface Option {
  /** The first one is shown. */
  readonly names: readonly [string, ...string[]];
  /** Only one kind has it. */
  readonly kind?: Kind;
  /** An example value. Without one it is a switch. */
  readonly example?: string;
  /** The value extends to the next option, unless quoted. */
  readonly long?: true;
  /** The value names one model, or several with commas between them: a known name may have spaces and no quotes. */
  readonly models?: 'one' | 'several';
  /** The choice for a text (`yes` or `no` for a switch); undefined if invalid. */
  readonly read: (value: string) => Chosen | undefined;
  /** Formats it again; undefined if it wasn't chosen. */
  readonly write: (chosen: Chosen) => string | boolean | undefined;
}

const formats = ['png', 'jpeg'] as const;
const few = (text: string) => (/^[1-9]\d?$/.test(text) ? Number(text) : undefined);
const upTo = (seconds: string) => (/^\d{1,3}s?$/i.test(seconds) ? Number.parseInt(seconds, 10) : undefined);

/** The names are known from other bots and from the commands' own options, in English and Chinese. */
export const options: readonly Option[] = [
  {
    names: ['model', 'm', '模型'],
    example: 'kling-3.0',
    models: 'one',
    read: (model) => ({ model }),
    write: ({ model }) => model,
  },
  {
    names: ['style', '风格'],
    example: 'ink',
    read: (style) => ({ style }),
    write: ({ style }) => style,
  },
  {
    names: ['duration', 'd', 'length', 'seconds', '时长'],
    kind: 'video',
    example: '10',
    read: (text) => ifRead(upTo(text), (duration) => ({ duration })),
    write: ({ duration }) => duration?.toString(),
  },
  {
    names: ['ar', 'aspect', 'aspect-ratio', 'ratio', '宽高比', '比例'],
    example: '9:16',
    read: (text) => (/^\d{1,2}:\d{1,2}$/.test(text) ? { aspectRatio: text } : undefined),
    write: ({ aspectRatio }) => aspectRatio,
  },
  {
    names: ['size', '尺寸'],
    kind: 'image',
    example: '1024x1024',
    read: (size) => ({ size }),
    write: ({ size }) => size,
  },
  {
    names: ['then', 'then-animate', '接着生成视频'],
    kind: 'image',
    example: '"the camera circles"',
    long: true,
    read: (thenAnimate) => ({ thenAnimate }),
    write: ({ thenAnimate }) => thenAnimate,
  },
  {
    names: ['count', '张数', '数量'],
    kind: 'image',
    example: '4',
    read: (text) => ifRead(few(text), (count) => ({ count })),
    write: ({ count }) => count?.toString(),
  },
  {
    names: ['compare', '对比', '比较'],
    example: 'hunyuan-3.0,kling-3.0',
    models: 'several',
    read: (text) => ifRead(modelsIn(text), (compare) => ({ compare })),
    write: ({ compare }) => compare?.join(','),
  },
  {
    names: ['pick', '选第几张'],
    kind: 'image',
    example: '2',
    read: (text) => ifRead(few(text), (pick) => ({ pick })),
    write: ({ pick }) => pick?.toString(),
  },
  {
    names: ['shots', '镜头'],
    kind: 'video',
    example: '"a fox wakes | 3s: it runs"',
    long: true,
    read: (text) => ifRead(parseShots(text), (shots) => ({ shots })),
    write: ({ shots }) => shots && formatShots(shots),
  },
  {
    names: ['resolution', 'res', '分辨率'],
    example: '1080P',
    read: (text) => ({ resolution: text.toUpperCase() }),
    write: ({ resolution }) => resolution,
  },
  toggle(
    ['audio', 'sound', '声音'],
    'video',
    (audio) => ({ audio }),
    ({ audio }) => audio,
  ),
  toggle(
    ['music', '音乐'],
    'video',
    (music) => ({ music }),
    ({ music }) => music,
  ),
  toggle(
    ['off-peak', '错峰'],
    'video',
    (offPeak) => ({ offPeak }),
    ({ offPeak }) => offPeak,
  ),
  {
    names: ['negative', 'no', '排除内容'],
    example: '"rain, people"',
    long: true,
    read: (negative) => ({ negative }),
    write: ({ negative }) => negative,
  },
  toggle(
    ['enhance', '润色描述'],
    undefined,
    (enhance) => ({ enhance }),
    ({ enhance }) => enhance,
  ),
  {
    names: ['format', '格式'],
    kind: 'image',
    example: 'png',
    read: (text) =>
      ifRead(
        formats.find((format) => format === text.toLowerCase().replace(/^jpg$/, 'jpeg')),
        (format) => ({ format }),
      ),
    write: ({ format }) => format,
  },
  toggle(
    ['extend', '续拍'],
    'video',
    (extend) => ({ extend }),
    ({ extend }) => extend,
  ),
  toggle(
    ['keep-sound', '保留声音'],
    'video',
    (keepSound) => ({ keepSound }),
    ({ keepSound }) => keepSound,
  ),
  only(['image', 'picture', '图片'], 'image'),
  only(['clip', 'video', '视频'], 'video'),
  {
    names: ['scene', '场景'],
    example: '3d_panorama',
    read: (scene) => ({ scene }),
    write: ({ scene }) => scene,
  },
  toggle(
    ['watermark', '水印'],
    undefined,
    (watermark) => ({ watermark }),
    ({ watermark }) => watermark,
  ),
];

/** Models with commas between them; undefined if there are none. */
export function modelsIn(text: string): string[] | undefined {
  const names = text.split(/[,，、]/).map((name) => name.trim());
  const named = names.filter((name) => name !== '');
  return named.length > 0 ? named : undefined;
}

/** All options as they are written. */
export const optionNames: readonly string[] = options.map(({ names: [name] }) => `--${name}`);

/** A switch that says what to make: `--image` in a reply to a picture changes it, which would be animated otherwise. */
function only(names: Option['names'], kind: Kind): Option {
  return {
    names,
    kind,
    read: (text) => (text === 'yes' ? { as: kind } : undefined),
    write: ({ as }) => (as === kind ? true : undefined),
  };
}

function toggle(
  names: Option['names'],
  kind: Kind | undefined,
  choose: (on: boolean) => Chosen,
  write: (chosen: Chosen) => boolean | undefined,
): Option {
  return { names, ...(kind && { kind }), read: (text) => choose(text === 'yes'), write };
}

function ifRead<T>(value: T | undefined, choose: (value: T) => Chosen): Chosen | undefined {
  return value === undefined ? undefined : choose(value);
}
