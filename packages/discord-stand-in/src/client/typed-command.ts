import type { CommandOption } from '../body-schemas.js';
import { optionTypes } from '../interactions/command-rules.js';

/** Parses `/name sub …`; undefined for a line that is not a command. */
export function parseCommandName(line: string): { words: string[]; rest: string } | undefined {
  const match = /^\/(\S+)\s*([\s\S]*)$/.exec(line);
  return match ? { words: [match[1] ?? ''], rest: match[2] ?? '' } : undefined;
}

/** Takes leading words of `rest` that are sub-commands. */
export function takeSubcommands(
  options: readonly CommandOption[],
  rest: string,
): { path: string[]; rest: string } {
  const word = /^(\S+)\s*([\s\S]*)$/.exec(rest);
  const found = options.find(({ name, type }) => type <= optionTypes.subcommandGroup && name === word?.[1]);
  if (!found || !word) return { path: [], rest };
  const further = takeSubcommands(found.options ?? [], word[2] ?? '');
  return { path: [found.name, ...further.path], rest: further.rest };
}

/**
 * `prompt:a red fox image:./fox.png` as the composer reads it: an option runs up to the next one that the command has.
 * Text without an option goes to the first one. Quotes around a whole value are taken off.
 */
export function parseOptions(options: readonly CommandOption[], rest: string): Record<string, string> {
  const names = options.map(({ name }) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const values: Record<string, string> = {};
  if (names.length === 0) return rest.trim() === '' ? values : { [rest.trim()]: '' };
  const marks = [...rest.matchAll(new RegExp(`(?<=^|\\s)(${names.join('|')}):`, 'gu'))];
  const lead = rest.slice(0, marks[0]?.index ?? rest.length).trim();
  const stray = /^([\p{L}\p{N}_-]+):/u.exec(lead)?.[1];
  if (stray !== undefined) values[stray] = lead.slice(stray.length + 1).trim();
  else if (lead !== '') values[options[0]?.name ?? ''] = unquoted(lead);
  for (const [index, mark] of marks.entries()) {
    const start = mark.index + mark[0].length;
    values[mark[1] ?? ''] = unquoted(rest.slice(start, marks[index + 1]?.index ?? rest.length).trim());
  }
  return values;
}

function unquoted(value: string): string {
  return /^"[^"]*"$/.test(value) ? value.slice(1, -1) : value;
}
