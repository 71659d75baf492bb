import type { Component } from '../body-schemas.js';
import { type InteractionRecord, interactionTypes } from '../interactions/interactions.js';
import type { Upload } from '../messages/cdn.js';
import { componentTypes, numbered } from '../messages/components.js';
import { characters } from '../messages/message-rules.js';
import type { JsonObject } from '../types.js';
import { type ClientContext, resolvedFor, start, type UserContext } from './client-context.js';
import { ClientRefusal } from './client-refusal.js';
import { chooseValues } from './component-clicks.js';
import type { Invocation } from './invocation.js';
import type { Resolved } from './resolved-data.js';

/** A user's input, by custom id; omitted fields keep their values. */
export type ModalFields = Readonly<Record<string, string | boolean | readonly string[] | readonly Upload[]>>;

/** Submits the modal that an interaction opened. Throws ClientRefusal for input that the client would not send. */
export async function submitModal(
  context: ClientContext,
  userContext: UserContext,
  opened: InteractionRecord,
  fields: ModalFields,
): Promise<Invocation> {
  const { modal } = opened;
  if (!modal) throw new ClientRefusal('no modal is open');
  const resolved = resolvedFor(context, userContext);
  const used = new Set<string>();
  const components: JsonObject[] = [];
  for (const component of numbered(modal.components))
    components.push(await filled(component, fields, resolved, used));
  const stray = Object.keys(fields).find((id) => !used.has(id));
  if (stray !== undefined)
    throw new ClientRefusal(`the modal has no field ${stray}; there are: ${[...used].join(', ')}`);
  const message = context.messages.find(opened.sourceMessageId ?? '');
  return start(context, userContext, draftOf(opened), {
    data: { custom_id: modal.custom_id, components, resolved: resolved.json() ?? {} },
    message: message && context.json.show(message),
  }).invocation;
}

function draftOf({ owners, sourceMessageId }: InteractionRecord) {
  return { type: interactionTypes.modalSubmit, name: undefined, owners, sourceMessageId };
}

async function filled(
  component: Component,
  fields: ModalFields,
  resolved: Resolved,
  used: Set<string>,
): Promise<JsonObject> {
  const { type, id, component: inner, components } = component;
  if (inner) return { type, id, component: await filled(inner, fields, resolved, used) };
  if (components) {
    const parts: JsonObject[] = [];
    for (const part of components) parts.push(await filled(part, fields, resolved, used));
    return { type, id, components: parts };
  }
  const customId = component.custom_id;
  if (!customId) return { type, id };
  used.add(customId);
  return { type, id, custom_id: customId, ...(await fieldValue(component, fields[customId], resolved)) };
}

type Given = ModalFields[string] | undefined;

async function fieldValue(component: Component, given: Given, resolved: Resolved): Promise<JsonObject> {
  switch (component.type) {
    case componentTypes.textInput:
      return { value: checkedText(component, typeof given === 'string' ? given : (component.value ?? '')) };
    case componentTypes.checkbox:
      return { value: typeof given === 'boolean' ? given : component.default === true };
    case componentTypes.radioGroup:
      return { value: checkedRadio(component, given) };
    case componentTypes.fileUpload:
      return { values: await checkedFiles(component, given, resolved) };
    default:
      return { values: checkedValues(component, given, resolved) };
  }
}

const isRequired = ({ required }: Component): boolean => required ?? true;

function checkedText(component: Component, text: string): string {
  const { custom_id: id, min_length: min, max_length: max } = component;
  if (text === '' && isRequired(component)) throw new ClientRefusal(`${id} is required`);
  if (characters(text) > (max ?? 4000))
    throw new ClientRefusal(`${id} is longer than ${max ?? 4000} characters`);
  if (text !== '' && characters(text) < (min ?? 0))
    throw new ClientRefusal(`${id} is shorter than ${min} characters`);
  return text;
}

function checkedRadio(component: Component, given: Given): string | null {
  const chosen =
    typeof given === 'string' ? given : component.options?.find((option) => option.default)?.value;
  if (chosen === undefined && isRequired(component))
    throw new ClientRefusal(`${component.custom_id} is required`);
  if (chosen !== undefined && !component.options?.some(({ value }) => value === chosen))
    throw new ClientRefusal(`${component.custom_id} does not offer ${chosen}`);
  return chosen ?? null;
}

async function checkedFiles(component: Component, given: Given, resolved: Resolved): Promise<string[]> {
  const uploads = Array.isArray(given) ? given.filter((each) => typeof each === 'object') : [];
  const [min, max] = [component.min_values ?? 1, component.max_values ?? 1];
  if (uploads.length === 0 && !isRequired(component)) return [];
  if (uploads.length < min || uploads.length > max)
    throw new ClientRefusal(`${component.custom_id} takes ${min} to ${max} files`);
  const ids: string[] = [];
  for (const upload of uploads) ids.push(await resolved.attachment(upload));
  return ids;
}

function checkedValues(component: Component, given: Given, resolved: Resolved): string[] {
  const offered = (component.options ?? []).filter((option) => option.default).map(({ value }) => value);
  const asked =
    typeof given === 'string'
      ? [given]
      : Array.isArray(given)
        ? given.filter((each) => typeof each === 'string')
        : offered;
  if (asked.length === 0 && !isRequired(component)) return [];
  return chooseValues(component, asked, resolved);
}
