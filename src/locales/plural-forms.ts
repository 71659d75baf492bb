const form = /_(zero|one|two|few|many|other)$/;

/** Plural forms: `limits.set_one` and `limits.set_other` are one text, `limits.set`. */
export function baseOf(key: string): string {
  return key.replace(form, '');
}

/** The form that a key is for, such as `one`; undefined if the text has no forms. */
export function formOf(key: string): string | undefined {
  return form.exec(key)?.[1];
}

/**
 * The texts with every form of the language's grammar: one that is missing is read as `_other`. Otherwise i18next reads
 * English instead, for French in millions (`_many`) as for a Russian text that needs no forms.
 */
export function inAllForms(
  texts: Readonly<Record<string, string>>,
  tag: string,
): Readonly<Record<string, string>> {
  const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
  const whole = Object.entries(texts).filter(([key]) => key.endsWith('_other'));
  const filled = whole.flatMap(([key, words]) =>
    pluralCategories.map((category) => [`${baseOf(key)}_${category}`, words] as const),
  );
  return { ...Object.fromEntries(filled), ...texts };
}
