import type { enUS } from './en-US/index.js';

/** The plural categories of Unicode (CLDR); English has `one` and `other`, Chinese only `other`. */
type Category = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';
type EnglishKey = keyof typeof enUS.texts;
type PluralKey = EnglishKey extends infer Key
  ? Key extends `${infer Base}_${Category}`
    ? Base
    : never
  : never;
type PlainKey = Exclude<EnglishKey, `${string}_${Category}`>;

/** The name of a text, such as `failure.moderation`; a text with plural forms goes by its name without `_one`, `_other`. */
export type TextKey = PlainKey | PluralKey;

/** Every text, by name; of one with plural forms all that the language's grammar has, `_other` in any case. */
type Texts = Readonly<
  Record<PlainKey | `${PluralKey}_other`, string> & Partial<Record<`${PluralKey}_${Category}`, string>>
>;

/** A language as its folder exports it. */
export interface Language {
  /** BCP 47, such as `pt-BR`. It is stored in settings and orders, so it never changes. */
  readonly tag: string;
  /** In the language itself, as menus list it: `Português (Brasil)`. */
  readonly name: string;
  /** Discord locales in which command names and descriptions are registered. Discord docs: Reference, Locales. */
  readonly discordLocales: readonly string[];
  /** Matches a message that is certainly written in this language. Left out if its letters alone do not tell. */
  readonly script?: RegExp;
  readonly texts: Texts;
}
