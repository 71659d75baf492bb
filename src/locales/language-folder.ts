import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, languageSchema } from './language.js';

/** The file of a folder that has no texts. */
export const aboutFile = 'language.json';

/**
 * Reads a language: `language.json`, and the texts in all other JSON files of its folder, which is named by its tag.
 * @throws {Error} if two files have the same key, since one of them would be lost
 */
export function readLanguage(parent: string, tag: string): Language {
  const folder = join(parent, tag);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== aboutFile);
  const texts: Record<string, string> = {};
  for (const name of files.sort())
    for (const [key, words] of Object.entries(read(name) as Record<string, string>)) {
      if (key in texts) throw new Error(`${join(folder, name)}: another file has the key ${key} as well`);
      texts[key] = words;
    }
  return { tag, ...languageSchema.parse(read(aboutFile)), texts };
}

/** The languages in a folder, those that come with Easel: one in each folder in it. */
export function readLanguages(parent: string): readonly Language[] {
  const folders = readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => readLanguage(parent, name)).sort(inMenus);
}

/** English first, then by tag. */
export function inMenus(one: Language, other: Language): number {
  const rank = ({ tag }: Language) => (tag === 'en-US' ? '' : tag);
  return rank(one) < rank(other) ? -1 : 1;
}
