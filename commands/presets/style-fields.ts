import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { clip, withoutControls } from '../../src/discord/views/markdown.js';
import { UserError } from '../../src/errors.js';
import { type Locale, text } from '../../src/locales/index.js';
import { isNone } from '../../src/presets/built-in.js';
import { cleanName, lengthOf, longest, nameKey, type PresetWords } from '../../src/presets/preset.js';
import { given } from '../shared/option-readers.js';
import { readStyleOptions, writeStyleOptions } from './style-options.js';

type FieldName = 'name' | 'before' | 'after' | 'negative' | 'options' | 'house.words';

interface Field {
  readonly name: FieldName;
  readonly value: string;
  readonly style: TextInputStyle;
  readonly required?: true;
  /** UTF-16 units, as Discord counts: twice the code points that are kept, which may be of two units each. */
  readonly most: number;
}

/** The form of a style, with what it says. */
export function drawStyleForm(
  customId: string,
  preset: PresetWords | undefined,
  locale: Locale,
): APIModalInteractionResponseCallbackData {
  const { Short, Paragraph } = TextInputStyle;
  const words = (name: 'before' | 'after' | 'negative'): Field => ({
    name,
    value: preset?.[name] ?? '',
    style: Paragraph,
    most: longest[name] * 2,
  });
  return {
    custom_id: customId,
    title: clip(text(locale, preset ? 'style.form.edit' : 'style.form.add'), 45),
    components: [
      {
        name: 'name' as const,
        value: preset?.name ?? '',
        style: Short,
        required: true as const,
        most: longest.name * 2,
      },
      words('before'),
      words('after'),
      words('negative'),
      {
        name: 'options' as const,
        value: preset ? writeStyleOptions(preset) : '',
        style: Paragraph,
        most: 1000,
      },
    ].map((field) => drawField(field, locale)),
  };
}

/** The form of what a server excludes. */
export function drawHouseForm(
  customId: string,
  house: string,
  locale: Locale,
): APIModalInteractionResponseCallbackData {
  const field: Field = {
    name: 'house.words',
    value: house,
    style: TextInputStyle.Paragraph,
    most: longest.house * 2,
  };
  return {
    custom_id: customId,
    title: clip(text(locale, 'style.form.house'), 45),
    components: [drawField(field, locale)],
  };
}

function drawField({ name, value, style, required, most }: Field, locale: Locale): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: clip(text(locale, `style.form.${name}`), 45),
    description: clip(text(locale, `style.form.${name}.hint`), 100),
    component: {
      type: ComponentType.TextInput,
      custom_id: idOf(name),
      style,
      required: required ?? false,
      max_length: most,
      ...(value && { value: clip(value, most) }),
    },
  };
}

/** What Discord knows a field by. */
function idOf(name: FieldName): string {
  return name === 'house.words' ? 'words' : name;
}

/** @throws UserError for a field that can't be read, or an empty style. */
export function readStyleForm({ fields }: ModalSubmitInteraction, offer: Offer): PresetWords {
  const value = (name: FieldName) => fields.getTextInputValue(idOf(name));
  return checked({
    name: value('name'),
    before: value('before'),
    after: value('after'),
    negative: value('negative'),
    ...readStyleOptions(value('options'), offer),
  });
}

/** @throws UserError if it is too long. */
export function readHouseForm({ fields }: ModalSubmitInteraction): string {
  return fitting('house', fields.getTextInputValue(idOf('house.words'))) ?? '';
}

/** A style as it can be kept. @throws UserError saying what is wrong with it. */
export function checked({ name: typed, before, after, negative, image, video }: PresetWords): PresetWords {
  const name = cleanName(typed);
  const length = lengthOf(name);
  if (length === 0) throw new UserError({ key: 'style.name.empty' });
  if (length > longest.name)
    throw new UserError({ key: 'style.name.long', params: { length, max: longest.name } });
  if (isNone(name) || nameKey(name) === 'all' || /^(?:-|—)/u.test(name))
    throw new UserError({ key: 'style.name.reserved', params: { name } });
  const preset = {
    name,
    ...given({
      before: fitting('before', before),
      after: fitting('after', after),
      negative: fitting('negative', negative),
      image,
      video,
    }),
  };
  const isPlain = Object.keys({ ...image, ...video }).length === 0;
  if (isPlain && !preset.before && !preset.after && !preset.negative)
    throw new UserError({ key: 'style.empty' });
  return preset;
}

function fitting(field: 'before' | 'after' | 'negative' | 'house', typed = ''): string | undefined {
  const words = withoutControls(typed.replace(/\s+/g, ' ')).trim();
  const [length, max] = [lengthOf(words), longest[field]];
  if (length > max) throw new UserError({ key: `style.long.${field}`, params: { length, max } });
  return words === '' ? undefined : words;
}
