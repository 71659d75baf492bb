import type { CommandBody, CommandOption } from '../body-schemas.js';
import { optionTypes } from '../interactions/command-rules.js';
import type { Upload } from '../messages/cdn.js';
import { characters } from '../messages/message-rules.js';
import type { Json, JsonObject } from '../types.js';
import { ClientRefusal } from './client-refusal.js';
import type { Resolved } from './resolved-data.js';

/** The option values of a user; users, channels and roles by name or id. */
export type OptionValue = string | number | boolean | Upload;
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** The options that `/name sub …` takes. Throws ClientRefusal for an unknown or missing sub-command. */
export function leafOptions(command: CommandBody, path: readonly string[]): readonly CommandOption[] {
  let options = command.options ?? [];
  for (const name of path) {
    const next = options.find((option) => option.name === name && option.type <= optionTypes.subcommandGroup);
    if (!next) throw new ClientRefusal(`/${command.name} has no sub-command ${name}${known(options)}`);
    options = next.options ?? [];
  }
  if (options.some(({ type }) => type <= optionTypes.subcommandGroup))
    throw new ClientRefusal(`/${command.name} needs a sub-command${known(options)}`);
  return options;
}

/** The `options` of an interaction, checked as the client checks them. Throws ClientRefusal. */
export async function fillOptions(
  command: CommandBody,
  path: readonly string[],
  values: OptionValues,
  resolved: Resolved,
  focused?: string,
): Promise<JsonObject[]> {
  const options = leafOptions(command, path);
  const stray = Object.keys(values).find((name) => !options.some((option) => option.name === name));
  if (stray !== undefined)
    throw new ClientRefusal(`/${command.name} has no option ${stray}${known(options)}`);
  const filled: JsonObject[] = [];
  for (const option of options) {
    const value = values[option.name];
    if (value === undefined) {
      if (option.required && focused === undefined)
        throw new ClientRefusal(`/${command.name}: ${option.name} is required`);
      continue;
    }
    const isFocused = option.name === focused;
    const sent = isFocused ? String(value) : await checked(option, value, resolved);
    filled.push({ name: option.name, type: option.type, value: sent, focused: isFocused || undefined });
  }
  return wrapped(command, path, filled);
}

/** Puts options into their sub-command, and that into its group. */
function wrapped(command: CommandBody, path: readonly string[], filled: JsonObject[]): JsonObject[] {
  const [name, ...rest] = path;
  if (name === undefined) return filled;
  const option = command.options?.find((each) => each.name === name);
  const inner = option ? wrapped({ ...command, options: option.options }, rest, filled) : filled;
  return [{ name, type: option?.type, options: inner }];
}

async function checked(option: CommandOption, value: OptionValue, resolved: Resolved): Promise<Json> {
  const refuse = (why: string): never => {
    throw new ClientRefusal(`${option.name}: ${why}`);
  };
  switch (option.type) {
    case optionTypes.string:
      return checkedText(option, typeof value === 'object' ? refuse('takes text') : String(value), refuse);
    case optionTypes.integer:
    case optionTypes.number:
      return checkedNumber(option, typeof value === 'object' ? Number.NaN : Number(value), refuse);
    case optionTypes.boolean:
      if (typeof value === 'boolean') return value;
      return value === 'true' || value === 'false' ? value === 'true' : refuse('takes true or false');
    case optionTypes.attachment:
      return typeof value === 'object' ? resolved.attachment(value) : refuse('takes a file');
    case optionTypes.user:
    case optionTypes.mentionable:
      return resolved.user(String(value));
    case optionTypes.channel:
      return resolved.channel(String(value));
    case optionTypes.role:
      return resolved.role(String(value));
    default:
      return refuse(`is of an unknown type ${option.type}`);
  }
}

type Refuse = (why: string) => never;

function checkedText(option: CommandOption, text: string, refuse: Refuse): Json {
  const length = characters(text);
  if (text === '') refuse('is empty');
  if (option.choices?.length) return chosen(option, text, refuse);
  if (length > (option.max_length ?? 6000)) refuse(`is longer than ${option.max_length ?? 6000} characters`);
  if (length < (option.min_length ?? 0)) refuse(`is shorter than ${option.min_length} characters`);
  return text;
}

function checkedNumber(option: CommandOption, number: number, refuse: Refuse): Json {
  if (Number.isNaN(number) || (option.type === optionTypes.integer && !Number.isInteger(number)))
    return refuse(option.type === optionTypes.integer ? 'takes a whole number' : 'takes a number');
  if (option.choices?.length) return chosen(option, number, refuse);
  const { min_value: min, max_value: max } = option;
  if (min !== null && min !== undefined && number < min) refuse(`is less than ${min}`);
  if (max !== null && max !== undefined && number > max) refuse(`is more than ${max}`);
  return number;
}

/** A choice by its value, or by the name that the client shows. */
function chosen({ choices }: CommandOption, given: string | number, refuse: Refuse): Json {
  const choice = choices?.find(({ name, value }) => value === given || name === given);
  return choice
    ? choice.value
    : refuse(`offers ${choices?.map(({ value }) => value).join(', ')}, not ${given}`);
}

function known(options: readonly CommandOption[]): string {
  return options.length > 0 ? `; there are: ${options.map(({ name }) => name).join(', ')}` : '';
}
