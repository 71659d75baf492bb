import type { AutocompleteInteraction } from 'discord.js';
import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { modelsIn } from '../../src/discord/input/option-table.js';
import type { Choice } from '../../src/discord/interactions/command.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { type Locale, text } from '../../src/locales/index.js';
import {
  type Catalogue,
  type ImageModel,
  type Model,
  type ModelSummary,
  summarise,
} from '../../src/mps/catalogue/catalogue.js';
import { chineseLabel, nameKey } from '../../src/mps/catalogue/model-names.js';
import { sizeOf } from '../../src/mps/catalogue/modes.js';
import { priceRange } from '../../src/mps/catalogue/pricing.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { ratiosFor } from '../../src/mps/parameters/image-validation.js';
import { lowerCased } from '../../src/util/lower-case.js';
import { completeCompare } from './compare-autocomplete.js';
import { chosenModel } from './option-readers.js';
import { type OrderSoFar, orderSoFar, takesSoFar, withOption } from './partial-order.js';
import { completeStyle } from './style-autocomplete.js';

/**
 * Suggestions for the option being typed: only values that fit everything chosen so far, so that none leads to an
 * order the model refuses. Missing parts (a prompt, a first image) may still follow; for suggesting a model the
 * images must be there, since the possible models depend on them.
 */
export async function complete(
  kind: Kind,
  interaction: AutocompleteInteraction,
  { guilds }: Uses<'guilds'>,
): Promise<readonly Choice[]> {
  const [offer, locale] = await Promise.all([guilds.offer(interaction), guilds.locale(interaction)]);

  const { name, value } = interaction.options.getFocused(true);
  const typed = lowerCased(value.trim());
  if (name === 'style' && offer.styles) return completeStyle(offer.styles, value, locale, kind);
  const order = orderSoFar(kind, interaction, name);
  const models: readonly Model[] = offer.catalogue.list(kind);
  if (name === 'model' || name === 'compare') {
    const possible = models.filter((model) => takesSoFar(order, model, false));
    if (name === 'compare') return completeCompare(possible, typed);
    return completeModel(possible, typed, locale, offer.catalogue);
  }
  const [model, ...others] = modelsMeant(order, interaction, offer);
  if (!model) return [];
  return rowsOf(name, model, locale)
    .filter(({ value: row }) =>
      [model, ...others].every((one) => takesSoFar(withOption(order, name, row), one, true)),
    )
    .filter((row) => lowerCased(row.name).includes(typed));
}

/** Those that are compared, else the one that was chosen or goes without saying. */
function modelsMeant(
  order: OrderSoFar,
  { options }: AutocompleteInteraction,
  offer: Offer,
): readonly Model[] {
  const compared = options.get('compare')?.value;
  const named = [
    ...(order.model ? [order.model] : []),
    ...(typeof compared === 'string' ? (modelsIn(compared) ?? []) : []),
  ];
  const known = named.flatMap((name) => offer.catalogue.find(order.kind, name) ?? []);
  if (typeof compared === 'string' && known.length > 0) return known;
  const { model } = chosenModel(order.kind, order.model || undefined, offer, order);
  return model ? [model] : [];
}

/** One line per model whose name matches the input: "Kling 3.0: 3–15 s, sound, 4K, ≈ 0.6–3 CNY/s". */
export function completeModel(
  models: readonly Model[],
  typed: string,
  locale: Locale,
  prices: Pick<Catalogue, 'currency'>,
): Choice[] {
  return models
    .filter(({ id, label }) => lowerCased(label).includes(typed) || isLike(id, typed))
    .map((model) => ({ name: modelLine(model, locale, prices), value: model.id }));
}

/** Whether a model's id begins like the input or contains it, however it is written: `可灵3`. */
export function isLike(id: string, typed: string): boolean {
  return nameKey(id).includes(nameKey(typed));
}

/** Most characters in a suggestion. */
const maxRow = 100;

/**
 * A model and what sets it apart, in at most 100 characters: if that is too few, the price stays and the last facts
 * are dropped.
 */
export function modelLine(model: Model, locale: Locale, prices: Pick<Catalogue, 'currency'> = {}): string {
  const label = labelIn(model, locale);
  const facts = factsOf(summarise(model), locale);
  const price = priceLine(model, locale, prices);
  for (let kept = facts.length; ; kept--) {
    const shown = [...facts.slice(0, kept), ...(price ? [price] : [])].join(text(locale, 'model.comma'));
    const line = shown ? text(locale, 'model.line', { label, facts: shown }) : label;
    if (line.length <= maxRow || kept === 0) return line.slice(0, maxRow);
  }
}

/** A model's name as users of the language know it. */
export function labelIn(model: Model, locale: Locale): string {
  return locale === 'zh-CN' ? chineseLabel(model) : model.label;
}

/** Most important first. */
function factsOf(summary: ModelSummary, locale: Locale): readonly string[] {
  const { needs, seconds, fewer, sound, soundFrom, best, references, lastFrame, lastFrameAt } = summary;
  const { pictures, unlisted } = summary;
  const length = fewer
    ? text(locale, 'model.seconds', {
        seconds: seconds ?? [],
        fewer: fewer.seconds,
        resolution: fewer.resolution,
      })
    : seconds && text(locale, 'card.seconds', { seconds });
  const last = lastFrameAt
    ? text(locale, 'model.lastFrameAt', { resolution: lastFrameAt })
    : lastFrame && text(locale, 'model.lastFrame');
  const facts = [
    unlisted && text(locale, 'model.unlisted'),
    needs && text(locale, `model.needs.${needs}`),
    length,
    soundFrom
      ? text(locale, 'model.soundFrom', { resolution: soundFrom })
      : sound && text(locale, 'card.sound'),
    best && text(locale, 'model.best', { resolution: best }),
    pictures !== undefined && text(locale, 'model.pictures', { count: pictures }),
    references > 0 && text(locale, 'model.references', { count: references }),
    last,
  ];
  return facts.filter((fact): fact is string => typeof fact === 'string' && fact !== '');
}

/** "≈ 0.6–3 CNY/s", from lowest to highest; undefined if no price is known. */
function priceLine(
  model: Model,
  locale: Locale,
  { currency }: Pick<Catalogue, 'currency'>,
): string | undefined {
  const range = priceRange(model);
  if (!range || currency === undefined) return undefined;
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  const amount = [...new Set([range.least, range.most].map((value) => number.format(value)))].join('–');
  return text(locale, `model.price.${model.kind}`, { amount, currency });
}

function rowsOf(option: string, model: Model, locale: Locale): Choice[] {
  if (option === 'duration' && model.kind === 'video') {
    return model.durations.map((value) => ({
      name: text(locale, 'card.seconds', { seconds: value }),
      value,
    }));
  }
  if (option === 'aspect_ratio' && model.kind === 'image') return rowsOfRatios(model);
  return valuesOf(option, model).map((value) => ({ name: value, value }));
}

function valuesOf(option: string, model: Model): readonly string[] {
  if (option === 'resolution') return model.resolutions;
  if (option === 'aspect_ratio') return model.aspectRatios;
  if (option === 'scene') return model.scenes ?? [];
  return model.kind === 'image' && option === 'size' ? sizesOf(model) : [];
}

/** A ratio, and the size that stands for it on a model that takes sizes: "16:9 (1360x768)". */
function rowsOfRatios(model: ImageModel): Choice[] {
  return ratiosFor(model).map((value) => {
    const size = sizeOf(model, { aspectRatio: value });
    return { name: size === undefined ? value : `${value} (${size})`, value };
  });
}

function sizesOf(model: ImageModel): string[] {
  if (!model.size) return [];
  return ratiosFor(model).flatMap((aspectRatio) => sizeOf(model, { aspectRatio }) ?? []);
}
