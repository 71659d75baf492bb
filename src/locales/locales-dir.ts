import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Problem, shown } from '../config/config-error.js';
import { type LanguageFile, readAbout, readTexts } from './folder-faults.js';
import type { Language } from './language.js';
import { aboutFile } from './language-folder.js';

const variable = 'LOCALES_DIR';
const folderAllowed =
  'a folder that holds one folder of JSON files per language, named by its tag, such as ja';
/** Discord takes 25 choices of an option, one of which stands for each member's own language. */
const mostLanguages = 24;

interface Dropped {
  readonly languages: readonly Language[];
  /** Each with its file, line and key. Nothing of the folder is used if there are any. */
  readonly problems: readonly Problem[];
  /** What the operator should know though nothing is wrong with it, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The languages that an operator adds or corrects.
 * @param path LOCALES_DIR
 * @param known the languages that come with Easel, English among them.
 */
export function readLocalesDir(path: string, known: readonly Language[]): Dropped {
  const entries = listed(path);
  if (entries === undefined)
    return {
      languages: [],
      problems: [problem('a folder that cannot be read', folderAllowed, path)],
      warnings: [],
    };
  const read = entries.filter(({ isFolder }) => isFolder).map(({ name }) => readFolder(path, name, known));
  const stray = entries.filter(({ name, isFolder }) => !isFolder && name.endsWith('.json'));
  const languages = read.flatMap(({ language }) => language ?? []);
  const problems = [
    ...stray.map(({ name }) => problem('a file beside the folders', folderAllowed, join(path, name))),
    ...read.flatMap((one) => one.problems),
    ...together(path, known, languages),
  ];
  return { languages, problems, warnings: languages.flatMap((language) => lacks(language, known)) };
}

interface ReadFolder {
  readonly language?: Language;
  readonly problems: readonly Problem[];
}

function readFolder(parent: string, tag: string, known: readonly Language[]): ReadFolder {
  const folder = join(parent, tag);
  if (!isTag(tag)) return { problems: [problem(shown(tag), 'a tag of BCP 47, such as ja or pt-BR', folder)] };
  const base = known.find((language) => language.tag === tag);
  const english = known.find((language) => language.tag === 'en-US')?.texts ?? {};
  const names = (listed(folder) ?? []).flatMap(({ name }) => (name.endsWith('.json') ? [name] : []));
  const files = names.map((name) => fileAt(folder, name));
  const about = files.find(({ name }) => name === join(folder, aboutFile));
  if (!about && !base)
    return { problems: [problem('no language.json', '{ "name": "…", "discordLocales": ["…"] }', folder)] };
  const head = about ? readAbout(about, base === undefined) : { value: {}, problems: [] };
  const texts = files
    .filter((file) => file !== about)
    .map((file) => ({ file, ...readTexts(file, tag, english) }));
  const problems = [...head.problems, ...texts.flatMap((one) => one.problems), ...doubles(texts)];
  if (problems.length > 0) return { problems };
  const own = Object.assign({}, ...texts.map(({ value }) => value)) as Record<string, string>;
  const language = { ...base, ...head.value, tag, texts: { ...base?.texts, ...own } } as Language;
  return { language, problems };
}

interface Texts {
  readonly file: LanguageFile;
  readonly value: Readonly<Record<string, string>>;
}

/** Keys in more than one file: only one of the texts would count. */
function doubles(texts: readonly Texts[]): readonly Problem[] {
  return texts.flatMap(({ file, value }, index) =>
    Object.keys(value).flatMap((key) => {
      const earlier = texts.slice(0, index).find((one) => key in one.value);
      if (!earlier) return [];
      return [problem(`the key ${key} again`, `each key once: ${earlier.file.name} has it`, file.name)];
    }),
  );
}

/** What is wrong with several languages together. */
function together(
  path: string,
  known: readonly Language[],
  dropped: readonly Language[],
): readonly Problem[] {
  const all = [...known.filter(({ tag }) => dropped.every((one) => one.tag !== tag)), ...dropped];
  const many =
    all.length > mostLanguages
      ? [problem(`${all.length} languages with Easel's own`, `at most ${mostLanguages}`, path)]
      : [];
  const taken = dropped.flatMap(({ tag, discordLocales }) =>
    discordLocales.flatMap((locale) => {
      const other = all.find((one) => one.tag !== tag && one.discordLocales.some((each) => each === locale));
      if (!other) return [];
      return [
        problem(
          `the locale ${locale}, which ${other.tag} has`,
          'each locale once',
          join(path, tag, aboutFile),
        ),
      ];
    }),
  );
  return [...many, ...taken];
}

/** A sentence for a language that lacks texts. */
function lacks({ tag, texts }: Language, known: readonly Language[]): readonly string[] {
  const english = Object.keys(known.find((language) => language.tag === 'en-US')?.texts ?? {});
  const missing = english.filter((key) => !(key in texts) && !/^name\.|_one$/.test(key));
  if (missing.length === 0) return [];
  const some = missing.slice(0, 3).join(', ');
  const more = missing.length > 3 ? ', …' : '';
  return [`LOCALES_DIR: ${tag} lacks ${missing.length} texts, which are shown in English: ${some}${more}`];
}

function problem(found: string, allowed: string, where: string): Problem {
  return { variable, found, allowed, where };
}

function fileAt(folder: string, name: string): LanguageFile {
  const path = join(folder, name);
  return { name: path, text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') };
}

/** Undefined if it is no folder, or can't be read. Hidden files are left out. */
function listed(path: string): readonly { readonly name: string; readonly isFolder: boolean }[] | undefined {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    const seen = entries.filter(({ name }) => !name.startsWith('.'));
    return seen.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() })).sort(byName);
  } catch {
    return undefined;
  }
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}
