import type { FormIssue } from '../api-errors.js';
import type { CommandBody, CommandOption } from '../body-schemas.js';
import { characters } from '../messages/message-rules.js';

export const commandTypes = { chatInput: 1, user: 2, message: 3, primaryEntryPoint: 4 } as const;

export const optionTypes = {
  subcommand: 1,
  subcommandGroup: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

/** Languages that Discord supports. Discord docs: Reference, "Locales". */
export const locales: ReadonlySet<string> = new Set(
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(
    ' ',
  ),
);

/** Discord docs: Application Commands, "Application Command Naming". */
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

type Path = FormIssue['path'];

/** Rules for a command beyond its schema. */
export function commandIssues(command: CommandBody, path: Path = []): FormIssue[] {
  const type = command.type ?? commandTypes.chatInput;
  const found = localeIssues(command, path);
  if (type === commandTypes.chatInput) {
    found.push(...nameIssues(command, path));
    if (!command.description) found.push(required([...path, 'description']));
    found.push(...optionIssues(command.options ?? [], [...path, 'options']));
  } else {
    if (command.description && type !== commandTypes.primaryEntryPoint)
      found.push(
        issue(
          [...path, 'description'],
          'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET',
          'Context menu commands cannot have description',
        ),
      );
    if (command.options?.length)
      found.push(
        issue(
          [...path, 'options'],
          'APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_CANNOT_BE_SET',
          'Context menu commands cannot have options',
        ),
      );
  }
  if (size(command) > 8000)
    found.push(issue(path, 'APPLICATION_COMMAND_TOO_LARGE', 'Command exceeds maximum size (8000)'));
  return found;
}

/** Names of one kind must differ. */
export function duplicateIssues(commands: readonly CommandBody[]): FormIssue[] {
  const seen = new Set<string>();
  return commands.flatMap(({ type, name }, index) => {
    const key = `${type ?? 1} ${name}`;
    const again = seen.has(key);
    seen.add(key);
    return again
      ? [
          issue(
            [index, 'name'],
            'APPLICATION_COMMANDS_DUPLICATE_NAME',
            'Application command names must be unique',
          ),
        ]
      : [];
  });
}

interface Named {
  name: string;
  name_localizations?: Record<string, string | null> | null | undefined;
  description_localizations?: Record<string, string | null> | null | undefined;
}

function nameIssues({ name, name_localizations: translated }: Named, path: Path): FormIssue[] {
  const bad = (text: string): boolean => !namePattern.test(text) || text !== text.toLowerCase();
  const wrong = [...(bad(name) ? [[...path, 'name']] : [])];
  for (const [locale, text] of Object.entries(translated ?? {}))
    if (text !== null && bad(text)) wrong.push([...path, 'name_localizations', locale]);
  return wrong.map((where) => issue(where, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid'));
}

function localeIssues(
  { name_localizations: names, description_localizations: descriptions }: Named,
  path: Path,
): FormIssue[] {
  return Object.entries({ name_localizations: names, description_localizations: descriptions }).flatMap(
    ([field, texts]) =>
      Object.keys(texts ?? {})
        .filter((locale) => !locales.has(locale))
        .map((locale) =>
          issue([...path, field, locale], 'ENUM_TYPE_COERCE', `Value "${locale}" is not a valid enum value.`),
        ),
  );
}

function optionIssues(options: readonly CommandOption[], path: Path): FormIssue[] {
  const found: FormIssue[] = [];
  const names = new Set<string>();
  let optional = false;
  for (const [index, option] of options.entries()) {
    const where = [...path, index];
    found.push(...nameIssues(option, where), ...localeIssues(option, where), ...choiceIssues(option, where));
    if (names.has(option.name))
      found.push(
        issue([...where, 'name'], 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID', 'Option name already used'),
      );
    names.add(option.name);
    if (option.required && optional)
      found.push(
        issue(
          where,
          'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
          'Required options must be placed before non-required options',
        ),
      );
    if (option.type > optionTypes.subcommandGroup && !option.required) optional = true;
    found.push(...optionIssues(option.options ?? [], [...where, 'options']));
  }
  const nested = options.filter(({ type }) => type <= optionTypes.subcommandGroup).length;
  if (nested > 0 && nested < options.length)
    found.push(
      issue(
        path,
        'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
        'Sub-command and sub-command group option types are mutually exclusive to all other types',
      ),
    );
  return found;
}

function choiceIssues(option: CommandOption, path: Path): FormIssue[] {
  const found: FormIssue[] = [];
  const { choices, autocomplete, type } = option;
  if (autocomplete && choices?.length)
    found.push(
      issue(
        [...path, 'autocomplete'],
        'APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES',
        'Autocomplete cannot be used with choices',
      ),
    );
  const seen = new Set<string>();
  for (const [index, { name, value }] of (choices ?? []).entries()) {
    const where = [...path, 'choices', index];
    if (type === optionTypes.string && typeof value !== 'string')
      found.push(
        issue([...where, 'value'], 'STRING_TYPE_CONVERT', `Could not interpret "${value}" as string.`),
      );
    if (type !== optionTypes.string && typeof value !== 'number')
      found.push(issue([...where, 'value'], 'NUMBER_TYPE_COERCE', `Value "${value}" is not a number.`));
    if (seen.has(name))
      found.push(
        issue(where, 'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS', 'Option choice name already exists'),
      );
    seen.add(name);
  }
  return found;
}

/** Characters of names, descriptions and values; of translations only the longest counts. */
function size(
  command: Named & { description?: string | null | undefined; options?: CommandOption[] | null | undefined },
): number {
  const longest = (
    text: string | null | undefined,
    translated: Record<string, string | null> | null | undefined,
  ): number => Math.max(characters(text), ...Object.values(translated ?? {}).map(characters));
  const own =
    longest(command.name, command.name_localizations) +
    longest(command.description, command.description_localizations);
  return (command.options ?? []).reduce(
    (sum, option) =>
      sum +
      size(option) +
      (option.choices ?? []).reduce(
        (all, { name, value }) => all + characters(name) + characters(String(value)),
        0,
      ),
    own,
  );
}

function required(path: Path): FormIssue {
  return issue(path, 'BASE_TYPE_REQUIRED', 'This field is required');
}

function issue(path: Path, code: string, message: string): FormIssue {
  return { path, code, message };
}
