/**
 * The files of the English texts, from which the compiler knows every key. A new file needs its line here; the texts
 * themselves are read from the folder.
 */
type EnglishFile =
  | typeof import('./en-US/buttons.json')
  | typeof import('./en-US/cards.json')
  | typeof import('./en-US/clip-orders.json')
  | typeof import('./en-US/clips.json')
  | typeof import('./en-US/commands.json')
  | typeof import('./en-US/errors.json')
  | typeof import('./en-US/failures.json')
  | typeof import('./en-US/forms.json')
  | typeof import('./en-US/help.json')
  | typeof import('./en-US/lists.json')
  | typeof import('./en-US/moderation.json')
  | typeof import('./en-US/names.json')
  | typeof import('./en-US/operator.json')
  | typeof import('./en-US/preferences.json')
  | typeof import('./en-US/presets.json')
  | typeof import('./en-US/privacy.json')
  | typeof import('./en-US/problems.json')
  | typeof import('./en-US/quota.json')
  | typeof import('./en-US/review.json')
  | typeof import('./en-US/settings.json')
  | typeof import('./en-US/showcase.json')
  | typeof import('./en-US/small-talk.json');

type KeyIn<File> = File extends object ? Exclude<keyof File, 'default'> : never;

/** A key of the English texts as it is written; plural forms have a key each. */
export type EnglishKey = KeyIn<EnglishFile>;

/** The plural categories of Unicode (CLDR); English has `one` and `other`, Chinese only `other`. */
type Category = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';

/** The name of a text, such as `failure.moderation`; a text with plural forms goes by its name without `_one`, `_other`. */
export type TextKey = EnglishKey extends infer Key
  ? Key extends `${infer Base}_${Category}`
    ? Base
    : Key
  : never;
