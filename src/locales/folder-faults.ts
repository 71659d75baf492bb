import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Problem, shown } from '../config/config-error.js';
import { nearest } from '../config/spelling.js';
import { discordLocales, languageSchema } from './language.js';
import { baseOf, formOf } from './plural-forms.js';

const variable = 'LOCALES_DIR';

/** A file of a language that an operator has written. */
export interface LanguageFile {
  /** As the operator knows it, for messages: `locales/ja/cards.json`. */
  readonly name: string;
  readonly text: string;
}

/** What of a file can be used, and all that is wrong with it, each with its line and column. */
interface Read<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

type Entry = { readonly key: string; readonly at: Node; readonly value: unknown };

/** The parts of a JSON object, or the first slip in it: one causes others, so what follows can't be trusted. */
function entriesIn({ name, text }: LanguageFile): Read<readonly Entry[]> {
  const slips: ParseError[] = [];
  const tree = parseTree(text, slips, { disallowComments: true });
  const [slip] = slips;
  if (slip || tree?.type !== 'object') {
    const found = slip ? `no JSON (${printParseErrorCode(slip.error)})` : 'no JSON object';
    const where = `${name}:${placeOf(text, slip?.offset ?? 0)}`;
    return { value: [], problems: [{ variable, found, allowed: '{ "key": "text", … }', where }] };
  }
  const value = (tree.children ?? []).flatMap(({ children: [key, words] = [] }) =>
    key && words ? [{ key: String(key.value), at: key, value: contentOf(words) }] : [],
  );
  return { value, problems: [] };
}

function contentOf({ type, value, children = [] }: Node): unknown {
  return type === 'array' ? children.map(contentOf) : value;
}

/** `language.json`. @param required whether it has to be complete, because Easel has no such language itself. */
export function readAbout(file: LanguageFile, required: boolean): Read<ReturnType<typeof aboutSchema.parse>> {
  const { value: entries, problems } = entriesIn(file);
  if (problems.length > 0) return { value: {}, problems };
  const raw = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
  const { success, data, error } = (required ? languageSchema : aboutSchema).safeParse(raw);
  if (success) return { value: data, problems };
  return {
    value: {},
    problems: error.issues.map(({ path, message }) => ({
      variable,
      found: `${shown(String(path[0] ?? 'a name that is unknown here'))}: ${message}`,
      allowed: `"name", "discordLocales" (of ${discordLocales.join(', ')}) and, if it tells, "script"`,
      where: file.name,
    })),
  };
}

const aboutSchema = languageSchema.partial();

/**
 * The texts of a file, compared with the English ones: their keys, placeholders and plural forms.
 * @param tag of the language.
 */
export function readTexts(
  file: LanguageFile,
  tag: string,
  english: Readonly<Record<string, string>>,
): Read<Readonly<Record<string, string>>> {
  const { value: entries, problems } = entriesIn(file);
  const faults = entries.flatMap((entry, index) => {
    const again = entries.findIndex(({ key }) => key === entry.key) < index;
    const fault = again ? { found: 'the key again', allowed: 'each key once' } : faultOf(entry, tag, english);
    const where = `${file.name}:${placeOf(file.text, entry.at.offset)} (${entry.key})`;
    return fault ? [{ key: entry.key, problem: { variable, ...fault, where } }] : [];
  });
  const bad = new Set(faults.map(({ key }) => key));
  const good = entries.filter(({ key }) => !bad.has(key)).map(({ key, value }) => [key, value as string]);
  return {
    value: Object.fromEntries(good),
    problems: [...problems, ...faults.map(({ problem }) => problem)],
  };
}

type Fault = Pick<Problem, 'found' | 'allowed'>;

function faultOf(
  { key, value }: Entry,
  tag: string,
  english: Readonly<Record<string, string>>,
): Fault | undefined {
  const base = baseOf(key);
  const original = english[key] ?? english[`${base}_other`] ?? english[`${base}_one`];
  if (original === undefined) {
    const meant = nearest(key, Object.keys(english), 3);
    const found = `the key ${shown(key)}${meant ? `; did you mean ${meant}?` : ', which no text has'}`;
    return { found, allowed: 'the keys of src/locales/en-US' };
  }
  if (typeof value !== 'string' || value.trim() === '')
    return { found: 'no text', allowed: 'a text in quotes' };
  const form = formOf(key);
  const forms = [...new Intl.PluralRules(tag).resolvedOptions().pluralCategories, 'zero'];
  if (form !== undefined && !forms.includes(form as (typeof forms)[number]))
    return { found: `the plural form _${form}`, allowed: forms.map((one) => `_${one}`).join(', ') };
  const [own, wanted] = [placesIn(value), placesIn(original)];
  const isRight = form === undefined ? `${own}` === `${wanted}` : own.every((one) => wanted.includes(one));
  if (isRight) return undefined;
  return {
    found: `the placeholders ${own.join(' ') || '(none)'}`,
    allowed: wanted.join(' ') || 'no placeholder',
  };
}

/** The placeholders of a text, and other texts it names, each once, sorted. */
export function placesIn(words: string): readonly string[] {
  return [...new Set(words.match(/\{\{\w+\}\}|\$t\([^)]*\)/g))].sort();
}

/** Line and column of an offset, counted from 1: `4:17`. */
function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
