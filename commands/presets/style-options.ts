import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { type Chosen, formatChosen, kindsMeant } from '../../src/discord/input/inline-options.js';
import { UserError } from '../../src/errors.js';
import type { Kind } from '../../src/mps/generation-request.js';
import type { OptionsByKind, PresetWords } from '../../src/presets/preset.js';
import { given } from '../shared/option-readers.js';
import { readWriting } from '../shared/request-builder.js';
import { requirePossible } from './possible-options.js';

/** The kinds that a style serves, with its options for each. */
export type StyleOptions = Pick<PresetWords, 'image' | 'video'>;

const shared = ['aspectRatio', 'resolution', 'enhance', 'scene', 'watermark'] as const;
const taken = {
  image: [...shared, 'size', 'format'],
  video: [...shared, 'duration', 'audio', 'music', 'offPeak'],
} as const satisfies Record<Kind, readonly (keyof Chosen)[]>;
const known: ReadonlySet<string> = new Set([...taken.image, ...taken.video, 'model', 'as']);
const kinds = ['image', 'video'] as const;

/**
 * What a form's field says: options for both kinds, or a line for each that begins with `--image` or `--clip`. Without any
 * a style serves both.
 * @throws UserError naming what can't be read, or no style can set.
 */
export function readStyleOptions(text: string, offer: Offer): StyleOptions {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return { image: {}, video: {} };
  const read = lines.map((line) => readLine(line, offer));
  for (const kind of kinds)
    if (read.filter((one) => one[kind] !== undefined).length > 1) throw new UserError({ key: 'style.twice' });
  return Object.assign({}, ...read) as StyleOptions;
}

function readLine(line: string, offer: Offer): StyleOptions {
  const { words, chosen } = readWriting(line, offer);
  if (words !== '') throw new UserError({ key: 'style.stray', params: { words } });
  const stray = Object.keys(chosen).find((name) => !known.has(name));
  if (stray !== undefined)
    throw new UserError({
      key: 'style.option',
      params: { option: formatChosen({ [stray]: chosen[stray as keyof Chosen] } as Chosen) },
    });
  const { as, model } = chosen;
  if (as !== undefined && [...kindsMeant(chosen)].some((kind) => kind !== as))
    throw new UserError({ key: 'grammar.mixed' });
  requirePossible(as === undefined ? kinds : [as], chosen, offer);
  const models = model === undefined ? {} : modelsNamed(model, as, offer);
  const of = (kind: Kind) => ({ ...pick(chosen, taken[kind]), ...given({ model: models[kind] }) });
  return given({
    image: as === 'video' ? undefined : (of('image') as OptionsByKind['image']),
    video: as === 'image' ? undefined : (of('video') as OptionsByKind['video']),
  });
}

/** Its id as a model of each kind; a style for both kinds has it for those that know it. */
function modelsNamed(
  name: string,
  as: Kind | undefined,
  { catalogue }: Offer,
): Partial<Record<Kind, string>> {
  const models = given({
    image: as === 'video' ? undefined : catalogue.find('image', name)?.id,
    video: as === 'image' ? undefined : catalogue.find('video', name)?.id,
  });
  if (Object.keys(models).length === 0) throw new UserError({ key: 'style.model', params: { asked: name } });
  return models;
}

function pick(chosen: Chosen, names: readonly (keyof Chosen)[]): Chosen {
  return Object.fromEntries(Object.entries(chosen).filter(([name]) => names.some((one) => one === name)));
}

/** The field's text for a style's options; it reads as the same. */
export function writeStyleOptions({ image, video }: StyleOptions): string {
  if (image && video && Object.keys({ ...image, ...video }).length === 0) return '';
  return [
    ...(image ? [`--image ${optionsLine(image)}`] : []),
    ...(video ? [`--clip ${optionsLine(video)}`] : []),
  ]
    .map((line) => line.trim())
    .join('\n');
}

/** Options of one kind as they are written in an order. */
export function optionsLine(options: OptionsByKind[Kind]): string {
  return formatChosen(options as Chosen);
}
