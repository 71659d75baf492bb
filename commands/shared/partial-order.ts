import type { AutocompleteInteraction } from 'discord.js';
import type { Model } from '../../src/mps/catalogue/catalogue.js';
import type { GenerationRequest, Kind, Reference } from '../../src/mps/generation-request.js';
import type { ProblemCode } from '../../src/mps/parameters/problems.js';
import { problemsOf } from '../../src/mps/parameters/validation.js';
import { referenceNames } from './option-builders.js';
import { given } from './option-readers.js';

/** An order being typed: some options are set, others may follow. Without a model it has the default one. */
export type OrderSoFar = GenerationRequest;

/** Problems the user may still fix by adding something: no reason to hide a suggestion. */
const mayFollow: ReadonlySet<ProblemCode> = new Set(['prompt.missing', 'lastImage.alone', 'scene.needsClip']);
/** The same, once a model is chosen. */
const mayFollowModel: ReadonlySet<ProblemCode> = new Set([
  ...mayFollow,
  'image.missing',
  'image.orReferences',
  'references.missing',
]);

/**
 * Placeholder for an uploaded image: while an order is being typed, Discord sends only its id, and its link has a
 * query.
 */
const uploaded = { url: 'https://cdn.discordapp.com/attachments/picture?ex=0', name: 'picture' } as const;

/**
 * The order so far, without the option being typed. Discord hasn't validated it yet: a value of the wrong type counts
 * as unset.
 */
export function orderSoFar(kind: Kind, { options }: AutocompleteInteraction, typed: string): OrderSoFar {
  const { words, flag, seconds, picture } = readerOf((name) =>
    name === typed ? undefined : options.get(name)?.value,
  );
  const subject = words('reference_type');
  const references: Reference[] = referenceNames
    .flatMap((name) => picture(name) ?? [])
    .map((reference, at) => ({ ...reference, ...(at === 0 && subject && { subject }) }));
  const common = {
    prompt: words('prompt') ?? '',
    model: words('model') ?? '',
    enhance: true,
    ...given({
      negative: words('negative'),
      references: references.length > 0 ? references : undefined,
      aspectRatio: words('aspect_ratio')?.replace(/\s/g, ''),
      resolution: words('resolution')?.toUpperCase(),
      scene: words('scene'),
      watermark: flag('watermark'),
    }),
  };
  if (kind === 'image') return { kind, ...common, ...given({ size: words('size') }) };
  const [image, lastImage] = [picture('image'), picture('last_image')];
  const shots = words('shots') === undefined ? undefined : ('auto' as const);
  const choices = { audio: flag('audio'), music: flag('music'), offPeak: flag('off_peak'), shots };
  const subcommand = options.getSubcommand(false);
  if (subcommand === 'extend')
    return { kind, ...common, image: uploaded, ...given({ duration: seconds('duration') }) };
  if (subcommand === 'motion_control' || subcommand === 'avatar')
    return { kind, ...common, scene: subcommand === 'avatar' ? 'avatar_i2v' : subcommand };
  const clips = picture('video') && [{ ...uploaded, refer: 'base' as const }];
  return {
    kind,
    ...common,
    ...given({ clips, image, lastImage, duration: seconds('duration'), ...choices }),
  };
}

function readerOf(valueAt: (name: string) => unknown) {
  return {
    words(name: string) {
      const value = valueAt(name);
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
    },
    flag(name: string) {
      const value = valueAt(name);
      return typeof value === 'boolean' ? value : undefined;
    },
    seconds(name: string) {
      const value = Number(valueAt(name) ?? Number.NaN);
      return Number.isInteger(value) ? value : undefined;
    },
    picture: (name: string) => (valueAt(name) === undefined ? undefined : uploaded),
  };
}

/** The order with one more option, as its command would read it. */
export function withOption(order: OrderSoFar, name: string, value: string | number): OrderSoFar {
  if (name === 'duration' && order.kind === 'video') return { ...order, duration: Number(value) };
  if (name === 'size' && order.kind === 'image') return { ...order, size: String(value) };
  if (name === 'resolution') return { ...order, resolution: String(value) };
  if (name === 'aspect_ratio') return { ...order, aspectRatio: String(value) };
  return name === 'scene' ? { ...order, scene: String(value) } : order;
}

/**
 * True if the model accepts the order so far.
 * @param chosen the model was chosen explicitly, whatever follows.
 */
export function takesSoFar(order: OrderSoFar, model: Model, chosen: boolean): boolean {
  const may = chosen ? mayFollowModel : mayFollow;
  return problemsOf(order, model).every(({ code }) => may.has(code));
}
