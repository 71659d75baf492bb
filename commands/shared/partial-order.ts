import type { AutocompleteInteraction } from 'discord.js';
import type { Model } from '../../src/mps/catalogue/catalogue.js';
import type { GenerationRequest, Kind, Reference } from '../../src/mps/generation-request.js';
import type { ProblemCode } from '../../src/mps/parameters/problems.js';
import { problemsOf } from '../../src/mps/parameters/validation.js';
import { given, referenceNames } from './option-builders.js';

/** An order of which some options are filled in, and others may follow; without a model it has the usual one. */
export type OrderSoFar = GenerationRequest;

/** What a person may still add: no reason to hide anything from them. */
const mayFollow: ReadonlySet<ProblemCode> = new Set(['prompt.missing', 'lastImage.alone']);
/** The same, once a model is chosen. */
const mayFollowModel: ReadonlySet<ProblemCode> = new Set([
  ...mayFollow,
  'image.missing',
  'image.orReferences',
  'references.missing',
]);

/** Stands for a picture that was uploaded: while an order is typed Discord sends its id alone, and its link has a query. */
const uploaded = { url: 'https://cdn.discordapp.com/attachments/picture?ex=0', name: 'picture' } as const;

/**
 * What an order has so far, without the option that is being typed. Nothing of it has been checked by Discord yet: a value
 * of another type than the option's counts as none.
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
  const choices = { audio: flag('audio'), music: flag('music'), offPeak: flag('off_peak') };
  return { kind, ...common, ...given({ image, lastImage, duration: seconds('duration'), ...choices }) };
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

/** Whether the model takes the order as far as it goes. @param chosen it is this one that was chosen, whatever may follow. */
export function takesSoFar(order: OrderSoFar, model: Model, chosen: boolean): boolean {
  const may = chosen ? mayFollowModel : mayFollow;
  return problemsOf(order, model).every(({ code }) => may.has(code));
}
