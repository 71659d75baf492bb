import { z } from 'zod';

/** `language.json`: what is known of a language besides its texts. The folder is named by its tag. */
export const languageSchema = z.strictObject({
  /** In the language itself, as menus list it: `Português (Brasil)`. */
  name: z.string().min(1).max(50),
  /** Discord locales in which command names and descriptions are registered. Discord docs: Reference, Locales. */
  discordLocales: z.array(z.string().min(2)).min(1),
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
