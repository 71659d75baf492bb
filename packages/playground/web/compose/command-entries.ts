import type { Command, CommandOption } from '../../src/page/wire.js';
import { localDescription, localName } from '../localized-names.js';

/** Discord docs: Application Commands, "Application Command Option Type". */
export const optionTypes = {
  subcommand: 1,
  group: 2,
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

/** A command that can be called: sub-commands are entries of their own. */
export interface Entry {
  /** `quota show`, as it is sent. */
  readonly name: string;
  /** As it is shown. */
  readonly label: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
}

/** A command being filled in, with text typed or files dropped before. */
export interface Call {
  readonly entry: Entry;
  readonly values: Readonly<Record<string, string>>;
  readonly files: readonly File[];
}

/** All that `/` offers, in the user's language. */
export function entriesOf(commands: readonly Command[], locale: string): readonly Entry[] {
  return commands.filter(({ type }) => type === 1).flatMap((command) => branch(command, '', '', locale));
}

function branch(
  node: Command | CommandOption,
  names: string,
  labels: string,
  locale: string,
): readonly Entry[] {
  const name = `${names} ${node.name}`.trim();
  const label = `${labels} ${localName(node, locale)}`.trim();
  const options = node.options ?? [];
  const inner = options.filter(({ type }) => type <= optionTypes.group);
  if (inner.length > 0) return inner.flatMap((each) => branch(each, name, label, locale));
  return [{ name, label, description: localDescription(node, locale), options }];
}

/** Entries matching the text after the slash: those that start with it first. */
export function matching(entries: readonly Entry[], typed: string): readonly Entry[] {
  const wanted = typed.toLowerCase().trimStart();
  const begins = (entry: Entry): boolean =>
    [entry.name, entry.label].some((text) => text.toLowerCase().startsWith(wanted));
  const holds = (entry: Entry): boolean =>
    [entry.name, entry.label].some((text) => text.toLowerCase().includes(wanted.trim()));
  const first = entries.filter(begins);
  return [...first, ...entries.filter((entry) => !first.includes(entry) && holds(entry))];
}

/** The entry that a line names in full, with the rest of the line: `/imagine a red fox`. */
export function called(entries: readonly Entry[], line: string): { entry: Entry; rest: string } | undefined {
  const typed = line.slice(1);
  for (const entry of [...entries].sort((a, b) => b.name.length - a.name.length))
    for (const text of [entry.name, entry.label])
      if (typed.startsWith(text) && /^\s/.test(typed.slice(text.length)))
        return { entry, rest: typed.slice(text.length).trimStart() };
  return undefined;
}

/**
 * `prompt:a red fox aspect_ratio:16:9` by option, in any order; options are recognised by their names in any language. Words before
 * the first name go to the first option. Quotes around a whole value are taken off, as at the terminal.
 */
export function valuesIn({ options }: Entry, rest: string): Readonly<Record<string, string>> {
  const byName = new Map(
    options.flatMap(({ name, name_localizations: others }) =>
      [name, ...Object.values(others ?? {})].map((each) => [each, name] as const),
    ),
  );
  const [first] = options;
  if (!first || rest.trim() === '') return {};
  const marks = [...rest.matchAll(/(?<=^|\s)([\p{L}\p{N}_-]+)[:：]/gu)].filter(([, name]) =>
    byName.has(name ?? ''),
  );
  const lead = rest.slice(0, marks[0]?.index ?? rest.length).trim();
  const values: Record<string, string> = lead === '' ? {} : { [first.name]: unquoted(lead) };
  for (const [index, mark] of marks.entries()) {
    const end = marks[index + 1]?.index ?? rest.length;
    values[byName.get(mark[1] ?? '') ?? ''] = unquoted(rest.slice(mark.index + mark[0].length, end).trim());
  }
  return values;
}

function unquoted(value: string): string {
  return /^"[^"]*"$/.test(value) ? value.slice(1, -1) : value;
}
