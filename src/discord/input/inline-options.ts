import type { Sentence } from '../../errors.js';
import type { GenerationRequest, ImageRequest, Kind, SetWish } from '../../mps/generation-request.js';
import { lowerCased } from '../../util/lower-case.js';
import { type ForeignOption, foreignOption } from './foreign-options.js';
import { modelsAt, nameAt, type Value, wordAt } from './model-values.js';
import { type Chosen, type Option, optionNames, options } from './option-table.js';
import { writtenShots } from './shots.js';

export type { Chosen } from './option-table.js';

/** A line as written: `she turns --duration 10 --audio`. */
export interface Written {
  /** The rest without the options: the prompt. */
  readonly words: string;
  readonly chosen: Chosen;
  /** What could not be parsed, and what could. */
  readonly faults: readonly Sentence[];
}

/** Whether a text is the name of one. */
export type IsName = (text: string, of: 'model' | 'style') => boolean;

/** The start of an option: two hyphens, or the dash that phones make of them. */
const mark = /(?<=^|\s)(--|—)(\p{L}[\p{L}_-]*)(=?)/gu;
/** Quotation marks of every language that Easel speaks; after a closing ' or ’ must come a space, as both are apostrophes, too. */
const quoted =
  /\s*(?:"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|「([^」]*)」|『([^』]*)』|'([^']*)'(?!\S)|‘([^’]*)’(?!\S))/y;
const oneWord = /\s*((?!--|—)\S+)/y;
const manyWords = /\s*((?:(?!(?:^|\s)(?:--|—)\p{L}).)+)/suy;

/**
 * Parses a line. Pure, never throws: problems are in `faults`.
 * @param isName whether a text names a model, or a style: such a name may have spaces and no quotes.
 */
export function parseWritten(line: string, isName: IsName = () => false): Written {
  const faults: Sentence[] = [];
  const kept: string[] = [];
  let chosen: Chosen = {};
  let at = 0;
  for (const found of line.matchAll(mark)) {
    const [whole, dash, name = ''] = found;
    const known = find(name);
    // Prose has dashes, too. And nothing inside an earlier option's value is an option.
    const foreign = known ? undefined : foreignOption(name);
    const isProse = dash === '—' && !known && !(foreign && isNumber(line, found.index + whole.length));
    if (found.index < at || isProse) continue;
    kept.push(line.slice(at, found.index));
    at = found.index + whole.length;
    if (!known) {
      if (foreign?.value) at = wordAt(line, at)?.end ?? at;
      faults.push(unknown(name, foreign));
      continue;
    }
    const { option, negated } = known;
    if (option.example === undefined) {
      chosen = { ...chosen, ...option.read(negated ? 'no' : 'yes') };
      continue;
    }
    const value = valueAt(line, at, option, isName);
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
  return { words, chosen, faults: onePerKey(faults) };
}

/** The choices as one line that parses to the same: `--duration 10 --audio`. */
export function formatChosen(chosen: Chosen): string {
  return options
    .flatMap(({ names: [name], write }) => {
      const value = write(chosen);
      if (value === undefined) return [];
      if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
      return [`--${name} ${/^[^\s"“„«「『'‘—-]\S*$/u.test(value) ? value : inQuotes(value)}`];
    })
    .join(' ');
}

/** The parts of a request that can be written as options. */
export function chosenIn(request: GenerationRequest): Chosen {
  const { model, negative, aspectRatio, resolution, scene, watermark, enhance } = request;
  const own =
    request.kind === 'image'
      ? { size: request.size, format: request.format, thenAnimate: writtenNext(request) }
      : {
          duration: request.duration,
          audio: request.audio,
          music: request.music,
          offPeak: request.offPeak,
          shots: writtenShots(request),
          keepSound: request.clips?.[0]?.keepSound,
        };
  const all = {
    model,
    negative,
    aspectRatio,
    resolution,
    scene,
    watermark,
    enhance,
    style: request.preset?.name,
    ...own,
    ...(request.set && chosenOf(request.set)),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Options that the model shows, or that have a field of their own, stay; others that the style gave go with it. */
const shownAnyway: ReadonlySet<string> = new Set(['model', 'duration', 'size', 'aspectRatio', 'enhance']);

/** Without what the request's style gave: it gives that again, and another style does not. */
export function withoutGiven(chosen: Chosen, { preset }: Pick<GenerationRequest, 'preset'>): Chosen {
  const gave = (preset?.gave ?? []).filter((name) => !shownAnyway.has(name));
  return Object.fromEntries(Object.entries(chosen).filter(([name]) => !gave.includes(name)));
}

function chosenOf({ count, compare, pick }: SetWish): Chosen {
  const models = compare?.map(({ model }) => model);
  return { ...(count > 1 && { count }), ...(models && { compare: models }), ...(pick && { pick }) };
}

/** The follow-up video as one line, including its model. */
function writtenNext({ thenAnimate }: ImageRequest): string | undefined {
  if (!thenAnimate) return undefined;
  const { enhance, ...chosen } = withoutGiven(chosenIn(thenAnimate), thenAnimate);
  const options = formatChosen({ ...chosen, ...(enhance && { enhance }) });
  return [thenAnimate.prompt.trim(), options].filter((part) => part !== '').join(' ');
}

/** The kinds implied by the options: only images have a size, only videos a duration. */
export function kindsMeant(chosen: Chosen): ReadonlySet<Kind> {
  const meant = options.flatMap(({ kind, write }) => (write(chosen) !== undefined && kind ? [kind] : []));
  return new Set(meant);
}

function find(written: string): { option: Option; negated: boolean } | undefined {
  const name = lowerCased(written).replaceAll('_', '-');
  const option = options.find(({ names }) => names.includes(name));
  if (option) return { option, negated: false };
  const positive = name.startsWith('no-') ? name.slice(3) : undefined;
  const off = options.find(
    ({ names, example }) => example === undefined && positive !== undefined && names.includes(positive),
  );
  return off && { option: off, negated: true };
}

/** Known options that Easel doesn't have are answered with what to use here, others with the list. */
function unknown(name: string, foreign: ForeignOption | undefined): Sentence {
  if (foreign) return { key: foreign.key, params: { option: `--${name}` } };
  return { key: 'grammar.unknown', params: { asked: `--${name}`, options: optionNames } };
}

/** What several options share is said once. */
function onePerKey(faults: readonly Sentence[]): Sentence[] {
  const isForeign = ({ key }: Sentence) => key.startsWith('grammar.other.');
  return faults.filter((one, at) => !isForeign(one) || faults.findIndex(({ key }) => key === one.key) === at);
}

function isNumber(line: string, at: number): boolean {
  return /^\s*\d/.test(line.slice(at));
}

function valueAt(
  line: string,
  at: number,
  { names: [name], models, long }: Option,
  isName: IsName,
): Value | undefined {
  const isModel = (text: string) => isName(text, 'model');
  const isStyle = (text: string) => isName(text, 'style');
  const isOne = models === 'one' ? isModel : name === 'style' ? isStyle : undefined;
  const named = isOne && nameAt(line, at, isOne);
  if (named) return named;
  for (const pattern of [quoted, long ? manyWords : oneWord]) {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    const text = match?.slice(1).find((part) => part !== undefined);
    if (match && text !== undefined) return { text: text.trim(), end: at + match[0].length };
    if (models === 'several') return modelsAt(line, at, isModel);
  }
  return undefined;
}

function misread({ names: [name], example = '' }: Option, asked: string | undefined): Sentence {
  const option = `--${name}`;
  if (asked === undefined) return { key: 'grammar.missing', params: { option, example } };
  return { key: 'grammar.value', params: { option, asked, example } };
}

function inQuotes(value: string): string {
  return value.includes('"') ? `“${value.replaceAll('”', '"')}”` : `"${value}"`;
}
