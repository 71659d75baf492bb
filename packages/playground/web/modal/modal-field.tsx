import { useId } from 'preact/hooks';
import type { Component } from '../../src/page/wire.js';
import { componentTypes, selectTypes } from '../chat/message-components.js';
import { Select } from '../chat/select.js';
import { useClient, useWords } from '../client-context.js';
import { FilePicker } from '../compose/file-picker.js';
import { fill, type Words } from '../texts.js';

/** A field's value: text, a tick, values, or files. */
export type Given = string | boolean | readonly string[] | { readonly files: readonly File[] } | undefined;

export interface Field {
  readonly control: Component;
  readonly label: string;
  readonly description: string | undefined;
}

/** The fields of a modal, each in its label, or in a row as in earlier days. */
export function fieldsOf(components: readonly Component[]): readonly Field[] {
  return components.flatMap((part): readonly Field[] => {
    const { type, label, description, component } = part;
    if (type === componentTypes.label && component)
      return [{ control: component, label: label ?? '', description: description ?? undefined }];
    if (type === componentTypes.row) return fieldsOf(part.components ?? []);
    return part.custom_id ? [{ control: part, label: label ?? '', description: undefined }] : [];
  });
}

/** A field's initial value. */
export function startValue({ type, value, options, default: isSet, default_values: ids }: Component): Given {
  if (type === componentTypes.textInput) return value ?? '';
  if (type === componentTypes.checkbox) return isSet ?? false;
  if (type === componentTypes.file) return { files: [] };
  const chosen = (options ?? []).filter((option) => option.default).map((option) => option.value);
  return type === componentTypes.radio ? (chosen[0] ?? '') : [...chosen, ...(ids ?? []).map(({ id }) => id)];
}

export function isFiles(given: Given): given is { readonly files: readonly File[] } {
  return typeof given === 'object' && 'files' in given;
}

/** The error in a value; undefined if it is valid. */
export function problemOf(control: Component, given: Given, words: Words): string | undefined {
  const { type, required, min_length: least, max_length: most, min_values: fewest } = control;
  const count = isFiles(given) ? given.files.length : typeof given === 'boolean' ? 1 : (given?.length ?? 0);
  const isRequired = required ?? true;
  if (count === 0) return isRequired && (fewest ?? 1) > 0 ? words.fieldRequired : undefined;
  if (type !== componentTypes.textInput) return undefined;
  if (most && count > most) return fill(words.tooLong, most);
  return least && count < least ? fill(words.tooShort, least) : undefined;
}

interface Props {
  readonly field: Field;
  readonly value: Given;
  readonly problem: string | undefined;
  readonly onChange: (value: Given) => void;
}

/** One field with its label, its hint and its error. */
export function ModalField({ field: { control, label, description }, value, problem, onChange }: Props) {
  const id = useId();
  const isRequired = (control.required ?? true) && control.type !== componentTypes.checkbox;
  return (
    <div class={problem ? 'field field-bad' : 'field'}>
      <label class="field-label" id={`${id}label`} for={id}>
        {label}
        {isRequired && (
          <span class="field-star" aria-hidden="true">
            {' '}
            *
          </span>
        )}
      </label>
      {description && (
        <p class="field-hint" id={`${id}hint`}>
          {description}
        </p>
      )}
      <Control control={control} id={id} value={value} onChange={onChange} isBad={problem !== undefined} />
      {problem && (
        <p class="field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

interface ControlProps {
  readonly control: Component;
  readonly id: string;
  readonly value: Given;
  readonly isBad: boolean;
  readonly onChange: (value: Given) => void;
}

function Control(props: ControlProps) {
  const { control, id, value, onChange } = props;
  const client = useClient();
  const words = useWords();
  if (control.type === componentTypes.textInput) return <TextControl {...props} />;
  if (selectTypes.includes(control.type))
    return <Select component={control} onChange={onChange} labelledBy={`${id}label`} />;
  if (control.type === componentTypes.file)
    return (
      <FilePicker
        id={id}
        files={isFiles(value) ? value.files : []}
        most={control.max_values ?? 1}
        limit={client.place()?.uploadLimit ?? 0}
        label={words.dropFile}
        onChange={(files) => onChange({ files })}
      />
    );
  if (control.type === componentTypes.checkbox)
    return (
      <input
        id={id}
        type="checkbox"
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  return <Ticks {...props} />;
}

function TextControl({ control, id, value, isBad, onChange }: ControlProps) {
  const common = {
    id,
    value: typeof value === 'string' ? value : '',
    placeholder: control.placeholder ?? '',
    'aria-invalid': isBad,
    'aria-describedby': `${id}hint`,
  };
  if (control.style === 2)
    return <textarea {...common} rows={3} onInput={(event) => onChange(event.currentTarget.value)} />;
  return <input {...common} type="text" onInput={(event) => onChange(event.currentTarget.value)} />;
}

/** A radio group, or a group of checkboxes. */
function Ticks({ control, id, value, onChange }: ControlProps) {
  const isRadio = control.type === componentTypes.radio;
  const chosen = Array.isArray(value) ? value : [value];
  const tick = (one: string, on: boolean): void => {
    if (isRadio) onChange(one);
    else onChange([...chosen.filter((each) => each !== one), ...(on ? [one] : [])]);
  };
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a label
    <div class="ticks" role={isRadio ? 'radiogroup' : 'group'} aria-labelledby={`${id}label`}>
      {(control.options ?? []).map((option) => (
        <label key={option.value} class="tick">
          <input
            type={isRadio ? 'radio' : 'checkbox'}
            name={id}
            checked={chosen.includes(option.value)}
            onChange={(event) => tick(option.value, event.currentTarget.checked)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
