import { readFileSync } from 'node:fs';
import { placesIn } from '../../src/locales/folder-faults.js';
import { baseOf, formOf } from '../../src/locales/plural-forms.js';
import { enUS, type languages } from './languages.js';
import { rulesOf, scripts } from './typography.js';

type Language = (typeof languages)[number];

export const isPlural = (key: string) => formOf(key) !== undefined;
export { placesIn };

const english: Readonly<Record<string, string>> = enUS.texts;
const englishKeys = Object.keys(english);
/** What users type: only languages that translate names have these. */
const isName = (key: string) => key.startsWith('name.');

/** The plural forms that whole numbers up to a thousand have, and fractions: the others never occur. */
function formsOf(tag: string): readonly string[] {
  const rules = new Intl.PluralRules(tag);
  const amounts = [...Array.from({ length: 1001 }, (_, count) => count), 0.5, 1.5];
  return [...new Set(amounts.map((amount) => rules.select(amount)))];
}

function* entriesOf({ texts }: Language): Generator<readonly [key: string, words: string]> {
  yield* Object.entries(texts);
}

/** Keys that a language lacks or has too many of, plural forms included. */
function keysOf(language: Language): readonly string[] {
  const own = new Set(Object.keys(language.texts));
  const forms = formsOf(language.tag);
  // A language names all commands and options, or none.
  const hasNames = own.has('name.imagine');
  const wanted = englishKeys
    .filter((key) => hasNames || !isName(key))
    .flatMap((key) => {
      if (!key.endsWith('_one')) return [key];
      // A form for one thing in English: the number matters to the sentence, so every form is needed.
      return forms.map((form) => `${baseOf(key)}_${form}`);
    });
  const bases = new Set(englishKeys.map(baseOf));
  const allowed = [
    ...forms,
    ...new Intl.PluralRules(language.tag).resolvedOptions().pluralCategories,
    'zero',
  ];
  const isSpare = (key: string) =>
    !bases.has(baseOf(key)) ||
    (isPlural(key) ? !allowed.includes(formOf(key) ?? '') : !englishKeys.includes(key));
  return [
    ...[...new Set(wanted)].filter((key) => !own.has(key)).map((key) => `${key}: missing`),
    ...[...own]
      .filter(isSpare)
      .map((key) => `${key}: English has no such text, or the language no such form`),
  ];
}

/** Texts that are empty or whose placeholders differ from the English ones; a plural form can omit the number. */
function placeholdersOf(language: Language): readonly string[] {
  return [...entriesOf(language)].flatMap(([key, words]) => {
    if (words.trim() === '') return [`${key}: empty`];
    const wanted = placesIn(english[key] ?? english[`${baseOf(key)}_other`] ?? '');
    const own = placesIn(words);
    const all = placesIn(english[`${baseOf(key)}_other`] ?? english[key] ?? '');
    const isRight = isPlural(key) ? own.every((one) => all.includes(one)) : `${own}` === `${wanted}`;
    return isRight ? [] : [`${key}: has ${own.join(' ') || 'none'}, needs ${wanted.join(' ') || 'none'}`];
  });
}

/** What Discord lists of commands and options; those of other files are checked in test/unit/commands. */
const described = new Set(
  Object.keys(
    JSON.parse(readFileSync(new URL('../../src/locales/en-US/commands.json', import.meta.url), 'utf8')),
  ),
);

/** Discord's limits, by key; what a command registers is checked as a whole in test/unit/commands. */
const limits: readonly (readonly [keys: RegExp, most: number])[] = [
  // Numbers and values are filled in: Discord takes 80.
  [/^button\./, 70],
  [/^menu\./, 32],
  [/^form\.[\w.]+\.hint$/, 100],
  [/^form\.(title|prompt|model|measure|options|files)(\.\w+)?$/, 45],
  [/^form\.asWritten$|^(option|\w+)\.description$/, 100],
  [/^directory\.short\./, 400],
];

function lengthsOf(language: Language): readonly string[] {
  return [...entriesOf(language)].flatMap(([key, words]) => {
    const [, most] = limits.find(([keys]) => keys.test(key)) ?? [undefined, described.has(key) ? 100 : 2000];
    const tags = key.startsWith('directory.tags.')
      ? words.split(/, |、|，/).filter((tag) => tag.length > 20)
      : [];
    if (words.length > most) return [`${key}: ${words.length} characters, at most ${most}`];
    return tags.map((tag) => `${key}: "${tag}" has more than 20 characters`);
  });
}

/** What is no prose of the language: placeholders, commands, options, variables, addresses, times and ratios. */
const tokens =
  /\{"key": "value"\}|\$t\([^)]*\)|<t:[^>]*>|\]\(<[^>]*>\)|\{\{\w+\}\}|--\w+(?: (?:[A-Z][\w.]*(?: \d[\d.]*)?|[\w.:,x-]+|"[^"]*"))?|(?<![\p{L}\d])\/\w+(?: \w+_\w+)?|\b[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/\S*\w)?|\bcos:\w+|\b[A-Z]+_[A-Z]\w*(?:=\S+\w)?|"?\d+:"?(?![\p{L}\s])|\d+:(?=\s[»”])|"\d+:"|\d+(?:[:x.]\d+)+|\b[a-z]+(?:_[a-z]+)+\b|（[a-z]+）/gu;
const proseOf = (words: string) => words.replace(tokens, '•');

/** Texts that break a rule of how the language is written. */
/** Separators; and what members say, who write as they like. */
const unruled = /^(?:list|model)\.comma$|^talk\./;

function typographyOf(language: Language): readonly string[] {
  const rules = rulesOf(language.tag);
  return [...entriesOf(language)]
    .filter(([key]) => !isName(key) && !unruled.test(key))
    .flatMap(([key, words]) =>
      rules
        .filter(({ wrong }) => wrong.test(proseOf(words)))
        .map(({ what, wrong }) => `${key}: ${what}, at ${JSON.stringify(around(proseOf(words), wrong))}`),
    );
}

function around(words: string, wrong: RegExp): string {
  const at = wrong.exec(words)?.index ?? 0;
  return words.slice(Math.max(0, at - 12), at + 12);
}

/** English words that stay as they are: names of products, formats and units, and what members type. */
const untranslated = new Set(
  `Easel Discord Tencent Cloud MPS COS AutoMod Hunyuan Kling Hailuo Redis JPEG JPG PNG GIF WebP JSON CSV DNS API URL IP IDs HD MB GB KB
  Asia Shanghai Europe Berlin doctor auto or cos Developer Portal Bot Apps hunyuan kling hailuo DM DMs UTC CDN MP4 MOV WebM HEVC AAC FFmpeg`.split(
    /\s+/,
  ),
);

const optionNames = new Set(englishKeys.filter(isName).map((key) => english[key] ?? ''));

/** Words that no language but English has. */
const functionWords =
  /(?<![\p{L}’'])(the|and|your|this|that|with|isn't|can't|you|please|have|been|which)(?![\p{L}’'])/iu;

/** Texts in which English was left. */
function leftoversOf(language: Language): readonly string[] {
  if (language.tag === 'en-US') return [];
  const isLatin = scripts[language.tag] === undefined;
  return [...entriesOf(language)]
    .filter(([key]) => !isName(key))
    .flatMap(([key, words]) => {
      const latin = proseOf(words).match(/[A-Za-z][A-Za-z_'’-]{2,}/g) ?? [];
      // An option goes by its English name if the English text names it.
      const named = english[key]?.match(/[a-z_]{3,}/g)?.filter((word) => optionNames.has(word)) ?? [];
      const strange = latin.filter((word) => !untranslated.has(word) && !named.includes(word));
      if (!isLatin) return strange.map((word) => `${key}: "${word}"`);
      const found = functionWords.exec(proseOf(words));
      if (found) return [`${key}: "${found[0]}"`];
      // A sentence that is word for word the English one was forgotten; a word or two can be the same in both.
      return words === english[key] && strange.length > 2 ? [`${key}: the same as in English`] : [];
    });
}

/** Texts with formatting, mentions or links of their own: all of these come in through placeholders. */
function markdownOf(language: Language): readonly string[] {
  return [...entriesOf(language)].flatMap(([key, words]) =>
    /\*\*|__|~~|`|<[@#:]|@everyone|https?:/.test(words.replace(/\{"key": "value"\}/g, ''))
      ? [`${key}: has formatting, a mention or a link`]
      : [],
  );
}

/** What is looked at in each language: a list of complaints, each of which begins with a key. */
export const checks: Readonly<Record<string, (language: Language) => readonly string[]>> = {
  'have the same keys as in English, in every plural form of the language': keysOf,
  'have the same placeholders': placeholdersOf,
  'keep to Discord’s lengths': lengthsOf,
  'are written as the language is': typographyOf,
  'leave no English': leftoversOf,
  'contain no markdown, no mention and no link of their own': markdownOf,
};
