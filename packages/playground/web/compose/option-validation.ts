import type { Choice, CommandOption, Surroundings } from '../../src/page/wire.js';
import type { OptionValue } from '../api.js';
import { localName } from '../localized-names.js';
import { fill, type Words } from '../texts.js';
import { optionTypes } from './command-entries.js';

/** The value in an option's field. */
export interface Filled {
  readonly text: string;
  /** For a selected row. */
  readonly value?: string | number | boolean;
  readonly file?: File;
}

export const empty: Filled = { text: '' };

export interface Row {
  readonly label: string;
  readonly value: string | number | boolean;
}

/** An option's built-in choices: its own, yes and no, users, channels, roles. Undefined for free text. */
export function rowsOf(
  option: CommandOption,
  world: Surroundings,
  guildId: string | undefined,
  words: Words,
): readonly Row[] | undefined {
  const server = world.servers.find(({ id }) => id === guildId);
  const users = world.users.map(({ id, name }) => ({ label: `@${name}`, value: id }));
  const roles = (server?.roles ?? []).map(({ id, name }) => ({ label: `@${name}`, value: id }));
  switch (option.type) {
    case optionTypes.boolean:
      return [
        { label: words.yes, value: true },
        { label: words.no, value: false },
      ];
    case optionTypes.user:
      return users;
    case optionTypes.role:
      return roles;
    case optionTypes.mentionable:
      return [...users, ...roles];
    case optionTypes.channel:
      return (server?.places ?? []).map(({ id, name }) => ({ label: `#${name}`, value: id }));
    default:
      return option.choices?.length ? choiceRows(option.choices, world.me.locale) : undefined;
  }
}

export function choiceRows(choices: readonly Choice[], locale: string): readonly Row[] {
  return choices.map((choice) => ({ label: localName(choice, locale), value: choice.value }));
}

export interface Checked {
  readonly value?: OptionValue | File | undefined;
  readonly problem?: string | undefined;
}

/** The value to send, or the error in it; neither for an omitted option. */
export function check(
  option: CommandOption,
  filled: Filled,
  rows: readonly Row[] | undefined,
  words: Words,
): Checked {
  if (option.type === optionTypes.attachment) {
    if (filled.file) return { value: filled.file };
    // The file behind a value may still be uploading.
    if (filled.text !== '') return { problem: words.dropFile };
    return option.required ? { problem: words.required } : {};
  }
  const text = filled.text.trim();
  if (filled.value === undefined && text === '') return option.required ? { problem: words.required } : {};
  if (filled.value !== undefined) return { value: filled.value };
  if (rows) {
    const row = rows.find(({ label, value }) => same(label, text) || same(String(value), text));
    return row ? { value: row.value } : { problem: words.oneOf };
  }
  if (option.type === optionTypes.string) return checkText(option, text, words);
  return checkNumber(option, Number(text), words);
}

const same = (one: string, other: string): boolean =>
  one.replace(/^[@#]/, '').toLowerCase() === other.replace(/^[@#]/, '').toLowerCase();

function checkText(
  { min_length: least, max_length: most }: CommandOption,
  text: string,
  words: Words,
): Checked {
  const { length } = [...text];
  if (most && length > most) return { problem: fill(words.tooLong, most) };
  if (least && length < least) return { problem: fill(words.tooShort, least) };
  return { value: text };
}

function checkNumber(
  { type, min_value: least, max_value: most }: CommandOption,
  value: number,
  words: Words,
): Checked {
  if (Number.isNaN(value))
    return { problem: type === optionTypes.integer ? words.wholeNumber : words.anyNumber };
  if (type === optionTypes.integer && !Number.isInteger(value)) return { problem: words.wholeNumber };
  if (typeof least === 'number' && value < least) return { problem: fill(words.atLeast, least) };
  if (typeof most === 'number' && value > most) return { problem: fill(words.atMost, most) };
  return { value };
}
