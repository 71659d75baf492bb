import type { AutocompleteInteraction } from 'discord.js';
import type { Choice, Offer } from '../src/discord/command.js';
import { type Locale, nearestLocale, text } from '../src/locales/index.js';
import type { Kind } from '../src/mps/generation.js';
import { type Catalogue, type Model, summarise } from '../src/mps/models.js';
import { formatSize, largestSize, parseRatio } from '../src/mps/sizes.js';
import { chosenModel } from './options.js';

/** Ratios that sizes are suggested for. */
const usualRatios = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '21:9'];

/** Rows under the option that is being typed; which ones depends on the model that was chosen before. */
export function complete(kind: Kind, interaction: AutocompleteInteraction, offer: Offer): readonly Choice[] {
  const { name, value } = interaction.options.getFocused(true);
  const locale = nearestLocale(interaction.locale);
  const typed = value.trim().toLowerCase();
  if (name === 'model') return completeModel(offer.catalogue, kind, typed, locale);
  const { model } = chosenModel(kind, interaction, offer);
  const rows = model ? rowsOf(name, model, locale) : [];
  return rows.filter((row) => row.name.toLowerCase().includes(typed));
}

/** One line for each model whose name has what was typed: "Kling 3.0: 3–15 s, sound, 4K". */
function completeModel(catalogue: Catalogue, kind: Kind, typed: string, locale: Locale): Choice[] {
  const models: readonly Model[] = catalogue.list(kind);
  return models
    .filter(({ id, label }) => id.includes(typed) || label.toLowerCase().includes(typed))
    .map((model) => ({ name: modelLine(model, locale), value: model.id }));
}

/** A model with what sets it apart, in one line of at most 100 characters. */
export function modelLine(model: Model, locale: Locale): string {
  const { label, seconds, sound, best, references, lastFrame } = summarise(model);
  const facts = [
    seconds && text(locale, 'card.seconds', { seconds }),
    sound && text(locale, 'card.sound'),
    best,
    references > 0 && text(locale, 'model.references', { count: references }),
    lastFrame && text(locale, 'model.lastFrame'),
  ].filter((fact) => fact !== undefined && fact !== false && fact !== '');
  const line =
    facts.length > 0
      ? text(locale, 'model.line', { label, facts: facts.join(text(locale, 'model.comma')) })
      : label;
  return line.slice(0, 100);
}

function rowsOf(option: string, model: Model, locale: Locale): Choice[] {
  if (option === 'duration' && model.kind === 'video') {
    return model.durations.map((value) => ({
      name: text(locale, 'card.seconds', { seconds: value }),
      value,
    }));
  }
  return valuesOf(option, model).map((value) => ({ name: value, value }));
}

function valuesOf(option: string, model: Model): readonly string[] {
  if (option === 'resolution') return model.resolutions;
  if (option === 'aspect_ratio') return model.aspectRatios;
  if (option === 'scene') return model.scenes ?? [];
  return model.kind === 'image' && option === 'size' ? sizesOf(model) : [];
}

function sizesOf({ size }: Extract<Model, { kind: 'image' }>): string[] {
  if (!size) return [];
  const sizes = usualRatios.map((ratio) => largestSize(parseRatio(ratio) ?? 1, size));
  return [...new Set(sizes.filter((found) => found !== undefined).map(formatSize))];
}
