import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import { type Locale, type TextKey, text } from '../../locales/index.js';
import type { Kind } from '../../mps/generation-request.js';
import { clip } from './markdown.js';

/** A form for an order, always of the same five fields. */
export interface Form {
  readonly customId: string;
  readonly kind: Kind;
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
    components: [prompt(form, locale), model(form, locale), ...lines(form, locale), files(form.kind, locale)],
  };
}

function prompt(form: Form, locale: Locale): APILabelComponent {
  const { prompt: value, promptRequired, kind } = form;
  const most = Math.min(form.promptLimit, maxText);
  return label(locale, `form.prompt.${kind}`, {
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

function lines({ kind, measure, options }: Form, locale: Locale): APILabelComponent[] {
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
    label(locale, `form.measure.${kind}`, line(formFields.measure, measure, 20)),
    label(locale, `form.options.${kind}`, line(formFields.options, options, maxText)),
  ];
}

function files(kind: Kind, locale: Locale): APILabelComponent {
  return label(locale, `form.files.${kind}`, {
    type: ComponentType.FileUpload,
    custom_id: formFields.files,
    required: false,
    // Clients offer pictures alone; what comes is checked all the same.
    file_types: ['image'],
    min_values: 0,
    max_values: kind === 'video' ? 2 : 10,
  });
}

type Field = 'form.model' | `form.${'prompt' | 'measure' | 'options' | 'files'}.${Kind}`;

function label(locale: Locale, key: Field, component: APILabelComponent['component']): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: clip(text(locale, key), 45),
    description: clip(text(locale, `${key}.hint`), 100),
    component,
  };
}
