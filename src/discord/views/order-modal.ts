import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import { type Locale, type TextKey, text } from '../../locales/index.js';
import type { Price } from '../../mps/catalogue/pricing.js';
import type { Kind } from '../../mps/generation-request.js';
import { clip } from './markdown.js';

/** A form for an order, always of the same five fields. */
export interface Form {
  readonly customId: string;
  readonly kind: Kind;
  /** What becomes of a clip that is there; absent: an order from scratch. */
  readonly about?: 'changeclip' | 'extend';
  /**
   * Of a clip that is extended: how long it is, if that is known, how long it may become, what is added if nothing else
   * is said, at which price, and who goes on if another model does.
   */
  readonly length?: {
    readonly seconds?: number;
    readonly max: number;
    readonly added: { readonly seconds: number; readonly price?: Price };
    readonly model?: string;
  };
  readonly title: TextKey;
  /** What is filled in already. */
  readonly prompt: string;
  readonly promptRequired: boolean;
  /** The longest prompt any available model accepts; the chosen model can still change. */
  readonly promptLimit: number;
  /** At most 24; the first that is chosen is shown. */
  readonly models: readonly { readonly id: string; readonly line: string; readonly chosen: boolean }[];
  /** Seconds, or a size or ratio. */
  readonly measure: string;
  readonly options: string;
}

/** The fields' customIds. */
export const formFields = {
  prompt: 'prompt',
  model: 'model',
  measure: 'measure',
  options: 'options',
  files: 'files',
} as const;
/** The model named in the options, or the default. */
export const asWritten = 'as-written';
/** Most characters in a field, by Discord. */
const maxText = 4000;
/** Rows of a select, one of which is `asWritten`. */
export const maxModels = 24;

/** The form as Discord opens it. Pure. */
export function drawForm(form: Form, locale: Locale): APIModalInteractionResponseCallbackData {
  return {
    custom_id: form.customId,
    title: clip(text(locale, form.title), 45),
    components: [
      prompt(form, locale),
      model(form, locale),
      ...lines(form, locale),
      ...(form.about === 'extend' ? [] : [files(form, locale)]),
    ],
  };
}

function prompt(form: Form, locale: Locale): APILabelComponent {
  const { prompt: value, promptRequired, kind } = form;
  const about = form.about ?? kind;
  const most = Math.min(form.promptLimit, maxText);
  return label(locale, `form.prompt.${about}`, {
    type: ComponentType.TextInput,
    custom_id: formFields.prompt,
    style: TextInputStyle.Paragraph,
    required: promptRequired,
    max_length: most,
    ...(value && { value: clip(value, most) }),
  });
}

function model({ models }: Form, locale: Locale): APILabelComponent {
  const chosen = models.find((one) => one.chosen);
  const rows = models.slice(0, maxModels).map(({ id, line }) => ({
    label: clip(line, 100),
    value: id,
    default: id === chosen?.id,
  }));
  const written = { label: text(locale, 'form.asWritten'), value: asWritten, default: !chosen };
  return label(locale, 'form.model', {
    type: ComponentType.StringSelect,
    custom_id: formFields.model,
    options: [...rows, written],
  });
}

function lines(form: Form, locale: Locale): APILabelComponent[] {
  const { kind, length, measure, options } = form;
  const about = form.about ?? kind;
  const line = (custom_id: string, value: string, max_length: number) =>
    ({
      type: ComponentType.TextInput,
      custom_id,
      style: TextInputStyle.Short,
      required: false,
      max_length,
      ...(value && { value: clip(value, max_length) }),
    }) as const;
  return [
    {
      ...label(locale, `form.measure.${about}`, line(formFields.measure, measure, 20)),
      ...(length && { description: clip(lengthHint(length, locale), 100) }),
    },
    label(locale, `form.options.${kind}`, line(formFields.options, options, maxText)),
  ];
}

function lengthHint({ model, seconds, max, added }: NonNullable<Form['length']>, locale: Locale): string {
  const length = text(locale, 'card.seconds', { seconds: added.seconds });
  const price = added.price && text(locale, 'details.money', { ...added.price });
  const adds = price ? text(locale, 'extend.adds', { length, price }) : length;
  if (seconds === undefined) return text(locale, 'form.measure.extend.unknown', { max, adds });
  return model === undefined
    ? text(locale, 'form.measure.extend.hint', { seconds, max, adds })
    : text(locale, 'form.measure.extend.other', { seconds, max, adds, model });
}

function files({ kind, about }: Form, locale: Locale): APILabelComponent {
  return label(locale, about === 'changeclip' ? 'form.files.changeclip' : `form.files.${kind}`, {
    type: ComponentType.FileUpload,
    custom_id: formFields.files,
    required: false,
    // Clients offer pictures alone; what comes is checked all the same.
    file_types: ['image'],
    min_values: 0,
    max_values: about === 'changeclip' ? 4 : kind === 'video' ? 2 : 10,
  });
}

type Field =
  | ('form.model' | 'form.files.changeclip')
  | `form.${'prompt' | 'measure' | 'options' | 'files'}.${Kind}`
  | `form.${'prompt' | 'measure'}.${'changeclip' | 'extend'}`;

function label(locale: Locale, key: Field, component: APILabelComponent['component']): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: clip(text(locale, key), 45),
    description: clip(text(locale, `${key}.hint`), 100),
    component,
  };
}
