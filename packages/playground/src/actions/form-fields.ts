import type { Component } from '@easel/discord-stand-in';
import {
  ClientRefusal,
  componentTypes,
  type ModalFields,
  type ModalView,
  optionTypes,
  parseOptions,
  type Upload,
  walk,
} from '@easel/discord-stand-in';

/** A form's command and its fields: `Edit prompt:a blue fox` → `Edit` and `prompt:a blue fox`. */
export function takeFields(rest: string): { readonly name: string; readonly fields: string } {
  const [, name = '', fields = ''] = /^(.*?)(?:\s+([a-z_]+:.*))?$/s.exec(rest.trim()) ?? [];
  return { name, fields };
}

/** A form's fields, in order. */
export function fieldsOf({ components }: Pick<ModalView, 'components'>): readonly Component[] {
  return walk(components)
    .map(({ component }) => component)
    .filter(({ custom_id: id }) => typeof id === 'string');
}

/**
 * The typed fields of a form, `prompt:a blue fox files:last`, as the form takes them; omitted ones stay as they are.
 * Files are separated by blanks. Throws ClientRefusal for a field that the form does not have.
 */
export async function readFields(
  modal: Pick<ModalView, 'components'>,
  text: string,
  load: (reference: string) => Promise<Upload>,
): Promise<ModalFields> {
  const fields = fieldsOf(modal);
  const names = fields.map(({ custom_id: name }) => name ?? '');
  const options = names.map((name) => ({ type: optionTypes.string, name, description: '' }));
  const values: Record<string, string | readonly Upload[]> = {};
  for (const [name, value] of Object.entries(parseOptions(options, text))) {
    const field = fields.find(({ custom_id: id }) => id === name);
    if (!field) throw new ClientRefusal(`the form has no field ${name}; there are: ${names.join(', ')}`);
    const files = value.split(/\s+/).filter((reference) => reference !== '');
    values[name] =
      field.type === componentTypes.fileUpload
        ? await Promise.all(files.map((reference) => load(reference)))
        : value;
  }
  return values;
}
