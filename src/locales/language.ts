/** A language as it is registered in languages.ts. Its texts are the JSON files of the folder named by its tag. */
export interface Language {
  /** BCP 47, such as `pt-BR`. It is stored in settings and orders, so it never changes. */
  readonly tag: string;
  /** In the language itself, as menus list it: `Português (Brasil)`. */
  readonly name: string;
  /** Discord locales in which command names and descriptions are registered. Discord docs: Reference, Locales. */
  readonly discordLocales: readonly string[];
  /** Matches a message that is certainly written in this language. Left out if its letters alone do not tell. */
  readonly script?: RegExp;
}
