import { readdir } from 'node:fs/promises';
import type { Choice, CommandBody, CommandOption } from '@easel/discord-stand-in';
import { optionTypes, parseCommandName, parseOptions, takeSubcommands } from '@easel/discord-stand-in';
import { atHome } from '../actions/local-files.js';

/** The candidates at the cursor. */
export interface Candidate {
  /** The inserted text. */
  readonly text: string;
  /** Its description. */
  readonly hint: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** The end of the line that a candidate replaces. */
  readonly typed: string;
}

export interface CompletionDeps {
  /** Slash commands as the user finds them. */
  readonly commands: () => readonly CommandBody[];
  /** The bot's choices for an option. May reject. */
  readonly choices: (
    command: string,
    options: Record<string, string>,
    focused: string,
  ) => Promise<readonly Choice[]>;
  /** Labels of the buttons that can be pressed. */
  readonly buttons: () => readonly string[];
  /** Commands in a message's menu. */
  readonly apps: () => readonly string[];
  /** The user's language, for hints. */
  readonly locale: string;
}

const none: Completion = { candidates: [], typed: '' };

/** Completes a line up to its cursor. */
export async function complete(line: string, deps: CompletionDeps): Promise<Completion> {
  const name = /^\/\S*$/.exec(line)?.[0];
  if (name !== undefined) return among(name, commandCandidates(deps));
  const parts = parseCommandName(line);
  if (!parts) return among(line, wordCandidates(deps));
  const [first = ''] = parts.words;
  const command = deps.commands().find((each) => each.name === first);
  return command ? completeOptions(command, parts.rest, deps) : none;
}

async function completeOptions(
  command: CommandBody,
  words: string,
  deps: CompletionDeps,
): Promise<Completion> {
  const { path, rest } = takeSubcommands(command.options ?? [], words);
  const options = optionsAt(command, path);
  const named = (list: readonly CommandOption[], mark: string): Candidate[] =>
    list.map((each) => ({ text: `${each.name}${mark}`, hint: describe(each, deps.locale) }));
  const subcommands = options.filter(({ type }) => type <= optionTypes.subcommandGroup);
  if (subcommands.length > 0) return among(rest, named(subcommands, ' '));
  const values = parseOptions(options, rest);
  const open = openOption(options, rest);
  if (open) {
    const full = [command.name, ...path].join(' ');
    const candidates = await valueCandidates(open, { command: full, values, options, deps });
    if (candidates.length > 0) return { candidates, typed: open.value };
  }
  // A value extends to the next option's name: the word at the cursor may be the start of one.
  const unused = options.filter(({ name }) => !(name in values));
  return among(/\S*$/.exec(rest)?.[0] ?? '', named(unused, ':'));
}

interface OpenOption {
  readonly option: CommandOption;
  readonly value: string;
}

/** The option whose value ends at the cursor, if there is no blank in between. */
function openOption(options: readonly CommandOption[], rest: string): OpenOption | undefined {
  const [last] = options
    .map((option) => ({ option, at: ` ${rest}`.lastIndexOf(` ${option.name}:`) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => b.at - a.at);
  if (!last) return undefined;
  const value = rest.slice(last.at + last.option.name.length + 1);
  return /\S\s+$/.test(value) ? undefined : { option: last.option, value: value.trimStart() };
}

interface ValueContext {
  /** With its sub-commands. */
  readonly command: string;
  readonly values: Readonly<Record<string, string>>;
  readonly options: readonly CommandOption[];
  readonly deps: CompletionDeps;
}

/** Values for an option; none for one that takes any text. */
async function valueCandidates(
  { option, value }: OpenOption,
  { command, values, options, deps }: ValueContext,
): Promise<readonly Candidate[]> {
  if (option.type === optionTypes.attachment) return files(value);
  if (option.type === optionTypes.boolean) return startingWith(value, [choice('true'), choice('false')]);
  if (option.choices?.length)
    return startingWith(
      value,
      option.choices.map(({ name, value: each }) => choice(each, name)),
    );
  if (!option.autocomplete) return [];
  const isFile = (name: string): boolean =>
    options.some((each) => each.name === name && each.type === optionTypes.attachment);
  const others = Object.entries(values).filter(([name, text]) => text !== '' && !isFile(name));
  try {
    const asked = { ...Object.fromEntries(others), [option.name]: value };
    const offered = await deps.choices(command, asked, option.name);
    return offered.map(({ name, value: each }) => choice(each, name));
  } catch {
    // Even if the bot can't answer, the user can still type.
    return [];
  }
}

function choice(value: string | number, name = ''): Candidate {
  return { text: `${value} `, hint: name === String(value) ? '' : name };
}

function optionsAt(command: CommandBody, path: readonly string[]): readonly CommandOption[] {
  return path.reduce<readonly CommandOption[]>(
    (options, name) => options.find((option) => option.name === name)?.options ?? [],
    command.options ?? [],
  );
}

function commandCandidates({ commands, locale }: Pick<CompletionDeps, 'commands' | 'locale'>): Candidate[] {
  return commands().map((command) => ({ text: `/${command.name} `, hint: describe(command, locale) }));
}

function wordCandidates({ apps, buttons, commands, locale }: CompletionDeps): Candidate[] {
  return [
    ...commandCandidates({ commands, locale }),
    ...buttons().map((label) => ({ text: `press:${label}`, hint: 'press that button' })),
    ...apps().map((name) => ({ text: `apps:${name} prompt:`, hint: 'on the newest picture' })),
    { text: 'reply:last @Easel ', hint: 'reply to the last result' },
    { text: 'help', hint: 'what can be typed' },
    { text: 'exit', hint: 'end' },
  ];
}

type Described = Pick<CommandBody, 'description' | 'description_localizations'>;

function describe({ description, description_localizations: translated }: Described, locale: string): string {
  return translated?.[locale] ?? description ?? '';
}

/** Paths that begin as typed, and `last`. */
async function files(typed: string): Promise<Candidate[]> {
  const [, folder = '', start = ''] = /^(.*\/)?([^/]*)$/s.exec(typed) ?? [];
  const entries = await readdir(atHome(folder || '.'), { withFileTypes: true }).catch(() => []);
  const shown = entries.filter(
    ({ name }) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')),
  );
  const paths = shown.map((entry) => ({
    text: `${folder}${entry.name}${entry.isDirectory() ? '/' : ' '}`,
    hint: '',
  }));
  const last = { text: 'last ', hint: 'the last picture that arrived' };
  return [...startingWith(typed, [last]), ...paths];
}

function among(typed: string, candidates: readonly Candidate[]): Completion {
  return { candidates: startingWith(typed, candidates), typed };
}

function startingWith(typed: string, candidates: readonly Candidate[]): Candidate[] {
  const start = typed.toLowerCase();
  return candidates.filter(({ text }) => text.toLowerCase().startsWith(start));
}
