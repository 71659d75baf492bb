/** Every text a person reads, in English. The keys of this table are the keys of all languages. */
export const enUS = {
  'error.prompt.tooLong':
    'Your prompt has {{length}} characters; {{max}} is the most. Shorten it a little and send it again.',
} as const satisfies Record<string, string>;

/** The name of a text: `error.prompt.tooLong`. */
export type TextKey = keyof typeof enUS;
