/** A part of a command as it is registered: the command, an option or a choice. */
interface Part {
  readonly name?: string | undefined;
  readonly type?: number | undefined;
  readonly name_localizations?: Localized | undefined;
  readonly description_localizations?: Localized | undefined;
  readonly options?: readonly Part[] | undefined;
  readonly choices?: readonly Part[] | undefined;
}
type Localized = Readonly<Record<string, string | null | undefined>> | null | undefined;

/** A text of a command that Discord would refuse: it takes none of the commands then. */
export interface Refused {
  /** Discord's locale. */
  readonly locale: string;
  /** Such as `/imagine prompt`. */
  readonly of: string;
  readonly words: string;
  readonly why: string;
}

/** Discord docs: Application commands, "Application Command Naming"; and the sum of all texts of a command. */
const most = { name: 32, description: 100, choice: 100, menu: 32, command: 8000 } as const;
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
/** Of a command in a slash menu; types 2 and 3 are in the menus of users and messages. */
const slash = 1;

/** Translated names and descriptions that Discord would refuse. */
export function refusedTexts(commands: readonly Part[]): readonly Refused[] {
  return commands.flatMap((command) => {
    const isSlash = (command.type ?? slash) === slash;
    const path = `${isSlash ? '/' : ''}${command.name}`;
    const total = weightOf(command);
    const heavy =
      total < most.command ? [] : [{ locale: 'all', of: path, words: '', why: `${total} characters` }];
    return [...refusedIn(command, path, isSlash ? 'name' : 'menu'), ...heavy];
  });
}

function refusedIn(part: Part, of: string, kind: 'name' | 'menu' | 'choice'): readonly Refused[] {
  const names = localized(part.name_localizations).flatMap(([locale, words]) => {
    const isRight = kind === 'name' ? isName(words) : words.length <= most[kind];
    const why = kind === 'name' ? 'no name of up to 32 lower-case letters' : `over ${most[kind]} characters`;
    return isRight ? [] : [{ locale, of, words, why }];
  });
  const descriptions = localized(part.description_localizations).flatMap(([locale, words]) =>
    words.length <= most.description
      ? []
      : [{ locale, of, words, why: `over ${most.description} characters` }],
  );
  const below = [
    ...(part.options ?? []).flatMap((one) => refusedIn(one, `${of} ${one.name}`, 'name')),
    ...(part.choices ?? []).flatMap((one) => refusedIn(one, `${of} ${one.name}`, 'choice')),
  ];
  return [...names, ...descriptions, ...namesakes(part.options ?? [], of), ...below];
}

function isName(words: string): boolean {
  return namePattern.test(words) && words === words.toLowerCase();
}

/** Options of one command that a language calls the same. */
function namesakes(options: readonly Part[], of: string): readonly Refused[] {
  return options.flatMap((option, index) =>
    localized(option.name_localizations).flatMap(([locale, words]) => {
      const same = options.slice(0, index).some((other) => other.name_localizations?.[locale] === words);
      return same ? [{ locale, of: `${of} ${option.name}`, words, why: 'the name of two options' }] : [];
    }),
  );
}

function localized(texts: Localized): readonly (readonly [string, string])[] {
  return Object.entries(texts ?? {}).flatMap(([locale, words]) => (words ? [[locale, words] as const] : []));
}

/** Characters that Discord counts: names, descriptions and values, each in its longest language, choices included. */
export function weightOf(part: object): number {
  return Object.entries(part).reduce((sum, [key, value]) => {
    if (key === 'options' || key === 'choices')
      return sum + value.reduce((all: number, one: object) => all + weightOf(one), 0);
    if (['name', 'description'].includes(key)) {
      const others = Object.values((part as Record<string, Localized>)[`${key}_localizations`] ?? {});
      return sum + Math.max(String(value).length, ...others.map((words) => String(words ?? '').length));
    }
    return key === 'value' ? sum + String(value).length : sum;
  }, 0);
}
