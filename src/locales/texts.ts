import { readdirSync, readFileSync } from 'node:fs';
import type { EnglishKey } from './keys.js';

/** The texts of a language by key, as they are written: with placeholders, and each plural form by itself. */
export type Texts = Readonly<Record<EnglishKey, string>>;

/**
 * Reads the texts of a language: all JSON files of its folder.
 * @throws {Error} if two files have the same key, since one of them would be lost
 */
export function readTexts(tag: string): Texts {
  const folder = new URL(`./${tag}/`, import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const entries = files
    .sort()
    .flatMap((name) => Object.entries(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));
  const texts = Object.fromEntries(entries);
  if (Object.keys(texts).length < entries.length) {
    const keys = entries.map(([key]) => key);
    const twice = keys.find((key, place) => keys.indexOf(key) < place);
    throw new Error(`src/locales/${tag}: two files have the key ${twice}`);
  }
  return texts as Texts;
}
