import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import type { Chosen } from '../../src/discord/input/inline-options.js';
import { UserError } from '../../src/errors.js';
import { usualSeconds } from '../../src/mps/catalogue/modes.js';
import type { ComparedModel, Kind, SetWish } from '../../src/mps/generation-request.js';
import { given } from './option-readers.js';

/** Fewest and most models of a comparison. */
export const fewestCompared = 2;
export const mostCompared = 4;

/** What was chosen about several results of one order. */
export type SetOptions = Pick<Chosen, 'model' | 'count' | 'compare' | 'pick'>;

/** Several results of one order, and the model that the order names for it. */
export interface SetChoice {
  /** The first of a comparison; absent if none was chosen. */
  readonly model?: string;
  readonly set?: SetWish;
}

/**
 * What is asked of a comparison, and how often. A model that is named besides those compared comes first.
 * @param options `model` only if the user named it.
 * @throws UserError unless two to four different models are compared.
 */
export function setOf(kind: Kind, { model, count = 1, compare, pick }: SetOptions, offer: Offer): SetChoice {
  if (!compare) {
    const set = count > 1 || (pick ?? 1) > 1 ? { count, ...given({ pick }) } : undefined;
    return given({ model, set });
  }
  const idOf = (name: string) => offer.catalogue.find(kind, name)?.id ?? name;
  const models = [...new Set([...(model === undefined ? [] : [model]), ...compare].map(idOf))];
  const [first] = models;
  if (first === undefined || models.length < fewestCompared || models.length > mostCompared)
    throw new UserError({
      key: 'problem.set.compare',
      params: { least: fewestCompared, most: mostCompared, example: exampleOf(kind, offer) },
    });
  return { model: first, set: { count, compare: models.map((id) => ({ model: id })), ...given({ pick }) } };
}

/** Two models that could be compared. */
function exampleOf(kind: Kind, { catalogue }: Offer): string {
  const models = [...catalogue.list(kind)].map(({ id }) => id);
  return models.slice(0, fewestCompared).join(', ');
}

/**
 * The same with the usual length of each compared model, since not all make clips of one length.
 * @param resolution that was asked for.
 */
export function withUsualSeconds(set: SetWish, resolution: string | undefined, offer: Offer): SetWish {
  if (!set.compare) return set;
  const compare = set.compare.map((one): ComparedModel => {
    const model = offer.catalogue.find('video', one.model);
    const duration = model && usualSeconds(model, resolution, offer.config.video.duration);
    return duration === undefined ? one : { ...one, use: { duration, ...one.use } };
  });
  return { ...set, compare };
}
