import type { Sentence } from '../../errors.js';
import type { GenerationRequest, ImageRequest, Kind, VideoRequest } from '../../mps/generation-request.js';

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
  /** The follow-up as written: prompt and options of the video. */
  readonly thenAnimate?: string;
};

/** A line as written: `she turns --duration 10 --audio`. */
export interface Written {
  /** The rest without the options: the prompt. */
  readonly words: string;
  readonly chosen: Chosen;
  /** What could not be parsed, and what could. */
  readonly faults: readonly Sentence[];
}

interface Option {
  /** The first one is shown. */
  readonly names: readonly [string, ...string[]];
  /** Only one kind has it. */
  readonly kind?: Kind;
  /** An example value. Without one it is a switch. */
  readonly example?: string;
  /** The value extends to the next option, unless quoted. */
  readonly long?: true;
  /** The choice for a text (`yes` or `no` for a switch); undefined if invalid. */
  readonly read: (value: string) => Chosen | undefined;
  /** Formats it again; undefined if it wasn't chosen. */
  readonly write: (chosen: Chosen) => string | boolean | undefined;
}

const formats = ['png', 'jpeg'] as const;
const upTo = (seconds: string) => (/^\d{1,3}s?$/i.test(seconds) ? Number.parseInt(seconds, 10) : undefined);

/** The names are known from other bots and from the commands' own options. */
const options: readonly Option[] = [
  {
    names: ['model', 'm'],
    example: 'kling-3.0',
    read: (model) => ({ model }),
    write: ({ model }) => model,
  },
  {
    names: ['duration', 'd', 'length', 'seconds'],
    kind: 'video',
    example: '10',
    read: (text) => ifRead(upTo(text), (duration) => ({ duration })),
    write: ({ duration }) => duration?.toString(),
  },
  {
    names: ['ar', 'aspect', 'aspect-ratio', 'ratio'],
    example: '9:16',
    read: (text) => (/^\d{1,2}:\d{1,2}$/.test(text) ? { aspectRatio: text } : undefined),
    write: ({ aspectRatio }) => aspectRatio,
  },
  {
    names: ['size'],
    kind: 'image',
    example: '1024x1024',
    read: (size) => ({ size }),
    write: ({ size }) => size,
  },
  {
    names: ['then', 'then-animate'],
    kind: 'image',
    example: '"the camera circles"',
    long: true,
    read: (thenAnimate) => ({ thenAnimate }),
    write: ({ thenAnimate }) => thenAnimate,
  },
  {
    names: ['resolution', 'res'],
    example: '1080P',
    read: (text) => ({ resolution: text.toUpperCase() }),
    write: ({ resolution }) => resolution,
  },
  toggle(
    ['audio', 'sound'],
    'video',
    (audio) => ({ audio }),
    ({ audio }) => audio,
  ),
  toggle(
    ['music'],
    'video',
    (music) => ({ music }),
    ({ music }) => music,
  ),
  toggle(
    ['off-peak'],
    'video',
    (offPeak) => ({ offPeak }),
    ({ offPeak }) => offPeak,
  ),
  {
    names: ['negative', 'no'],
    example: '"rain, people"',
    long: true,
    read: (negative) => ({ negative }),
    write: ({ negative }) => negative,
  },
  toggle(
    ['enhance'],
    undefined,
    (enhance) => ({ enhance }),
    ({ enhance }) => enhance,
  ),
  {
    names: ['format'],
    kind: 'image',
    example: 'png',
    read: (text) =>
      ifRead(
        formats.find((format) => format === text.toLowerCase().replace(/^jpg$/, 'jpeg')),
        (format) => ({ format }),
      ),
    write: ({ format }) => format,
  },
  { names: ['scene'], example: '3d_panorama', read: (scene) => ({ scene }), write: ({ scene }) => scene },
  toggle(
    ['watermark'],
    undefined,
    (watermark) => ({ watermark }),
    ({ watermark }) => watermark,
  ),
];

/** The start of an option: two hyphens, or the dash that phones make of them. */
const mark = /(?<=^|\s)(--|—)(\p{L}[\p{L}_-]*)(=?)/gu;
const quoted = /\s*(?:"([^"]*)"|“([^”]*)”|'([^']*)'(?!\S))/y;
const oneWord = /\s*((?!--|—)\S+)/y;
const manyWords = /\s*((?:(?!(?:^|\s)(?:--|—)\p{L}).)+)/suy;

/** Parses a line. Pure, never throws: problems are in `faults`. */
export function parseWritten(line: string): Written {
  const faults: Sentence[] = [];
  const kept: string[] = [];
  let chosen: Chosen = {};
  let at = 0;
  for (const found of line.matchAll(mark)) {
    const [whole, dash, name = ''] = found;
    const known = find(name);
    // Prose has dashes, too. And nothing inside an earlier option's value is an option.
    if (found.index < at || (!known && dash === '—')) continue;
    kept.push(line.slice(at, found.index));
    at = found.index + whole.length;
    if (!known) {
      faults.push({ key: 'grammar.unknown', params: { asked: `--${name}`, options: optionNames } });
      continue;
    }
    const { option, negated } = known;
    if (option.example === undefined) {
      chosen = { ...chosen, ...option.read(negated ? 'no' : 'yes') };
      continue;
    }
    const value = valueAt(line, at, option);
    at = value?.end ?? at;
    const text = value?.text || undefined;
    const read = text && option.read(text);
    if (read) chosen = { ...chosen, ...read };
    else faults.push(misread(option, text));
  }
  kept.push(line.slice(at));
  const words = kept
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
  return { words, chosen, faults };
}

/** The choices as one line that parses to the same: `--duration 10 --audio`. */
export function formatChosen(chosen: Chosen): string {
  return options
    .flatMap(({ names: [name], write }) => {
      const value = write(chosen);
      if (value === undefined) return [];
      if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
      return [`--${name} ${/^[^\s"“'—-]\S*$/u.test(value) ? value : inQuotes(value)}`];
    })
    .join(' ');
}

/** The parts of a request that can be written as options. */
export function chosenIn(request: GenerationRequest): Chosen {
  const { model, negative, aspectRatio, resolution, scene, watermark, enhance } = request;
  const own =
    request.kind === 'image'
      ? { size: request.size, format: request.format, thenAnimate: writtenNext(request) }
      : { duration: request.duration, audio: request.audio, music: request.music, offPeak: request.offPeak };
  const all = { model, negative, aspectRatio, resolution, scene, watermark, enhance, ...own };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The follow-up video as one line, including its model. */
function writtenNext({ thenAnimate }: ImageRequest): string | undefined {
  if (!thenAnimate) return undefined;
  const { enhance, ...chosen } = chosenIn(thenAnimate);
  const options = formatChosen({ ...chosen, ...(enhance && { enhance }) });
  return [thenAnimate.prompt.trim(), options].filter((part) => part !== '').join(' ');
}

/** The kinds implied by the options: only images have a size, only videos a duration. */
export function kindsMeant(chosen: Chosen): ReadonlySet<Kind> {
  const meant = options.flatMap(({ kind, write }) => (write(chosen) !== undefined && kind ? [kind] : []));
  return new Set(meant);
}

/** All options as they are written. */
export const optionNames: readonly string[] = options.map(({ names: [name] }) => `--${name}`);

function find(written: string): { option: Option; negated: boolean } | undefined {
  const name = written.toLowerCase().replaceAll('_', '-');
  const option = options.find(({ names }) => names.includes(name));
  if (option) return { option, negated: false };
  const positive = name.startsWith('no-') ? name.slice(3) : undefined;
  const off = options.find(
    ({ names, example }) => example === undefined && positive !== undefined && names.includes(positive),
  );
  return off && { option: off, negated: true };
}

function valueAt(line: string, at: number, { long }: Option): { text: string; end: number } | undefined {
  for (const pattern of [quoted, long ? manyWords : oneWord]) {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    const text = match?.slice(1).find((part) => part !== undefined);
    if (match && text !== undefined) return { text: text.trim(), end: at + match[0].length };
  }
  return undefined;
}

function misread({ names: [name], example = '' }: Option, asked: string | undefined): Sentence {
  const option = `--${name}`;
  if (asked === undefined) return { key: 'grammar.missing', params: { option, example } };
  return { key: 'grammar.value', params: { option, asked, example } };
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

function inQuotes(value: string): string {
  return value.includes('"') ? `“${value.replaceAll('”', '"')}”` : `"${value}"`;
}
