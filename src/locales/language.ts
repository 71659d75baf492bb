import { z } from 'zod';

/** The languages of Discord's clients (Discord docs: Reference, Locales). */
export const discordLocales = [
  'id',
  'da',
  'de',
  'en-GB',
  'en-US',
  'es-ES',
  'es-419',
  'fr',
  'hr',
  'it',
  'lt',
  'hu',
  'nl',
  'no',
  'pl',
  'pt-BR',
  'ro',
  'fi',
  'sv-SE',
  'vi',
  'tr',
  'cs',
  'el',
  'bg',
  'ru',
  'uk',
  'hi',
  'th',
  'zh-CN',
  'ja',
  'zh-TW',
  'ko',
] as const;

/** `language.json`: what is known of a language besides its texts. The folder is named by its tag. */
export const languageSchema = z.strictObject({
  /** In the language itself, as menus list it: `Português (Brasil)`. */
  name: z.string().min(1).max(50),
  /** Discord locales in which command names and descriptions are registered. Discord docs: Reference, Locales. */
  discordLocales: z.array(z.enum(discordLocales)).min(1),
  /** Matches a message that is certainly written in this language. Left out if its letters alone do not tell. */
  script: z
    .string()
    .refine(isPattern, 'a regular expression')
    .transform((pattern) => new RegExp(pattern, 'su'))
    .optional(),
});

export interface Language extends z.infer<typeof languageSchema> {
  /** BCP 47, such as `pt-BR`. It is stored in settings and orders, so it never changes. */
  readonly tag: string;
  /** Its texts by key, as they are written: with placeholders, and each plural form by itself. */
  readonly texts: Readonly<Record<string, string>>;
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'su').source !== '';
  } catch {
    return false;
  }
}
