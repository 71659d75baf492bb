import type { MessageView } from '@easel/discord-stand-in';
import { componentTypes, textsOf, walk } from '@easel/discord-stand-in';

export interface ButtonView {
  readonly label: string;
  readonly customId: string;
}

/** The buttons of a message, in order. */
export function buttonsOf({ components }: Pick<MessageView, 'components'>): readonly ButtonView[] {
  return walk(components)
    .map(({ component }) => component)
    .filter(({ type }) => type === componentTypes.button)
    .map(({ label, custom_id: id }) => ({ label: label ?? '', customId: id ?? '' }));
}

/** All that a message says, in Discord's markdown. */
export function textOf({ content, components }: Pick<MessageView, 'content' | 'components'>): string {
  return [content, ...textsOf(components)].filter((part) => part !== '').join('\n');
}

/** What a message says in its own words, on one line: neither what it quotes, nor signs at the beginning. */
export function sentenceOf(message: Pick<MessageView, 'content' | 'components'>): string {
  return textOf(message)
    .split('\n')
    .filter((line) => !line.startsWith('> '))
    .map((line) => plain(line).replace(/^(\p{Extended_Pictographic}|\u{FE0F}|\s)+/u, ''))
    .join(' ')
    .trim();
}

export interface Names {
  /** A person's name by id. */
  user(id: string): string | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

const nobody: Names = { user: () => undefined, now: 0 };

/** A line of Discord's markdown as it reads: marks taken off, escapes resolved, mentions and times in words. */
export function plain(line: string, names: Names = nobody): string {
  const text = line
    .replace(/^(> |-# |#{1,3} )/, '')
    .replaceAll(/<@!?(\d+)>/g, (mention, id: string) => `@${names.user(id) ?? mention}`)
    .replaceAll(/<t:(\d+)(?::\w)?>/g, (_, seconds: string) => relative(Number(seconds) * 1000 - names.now))
    // A backslash keeps the sign behind it; pairs of signs are marks.
    .replaceAll(
      /\\([\p{P}\p{S}])|(\*\*\*|\*\*|__|~~|\|\||`+)/gu,
      (_, kept: string | undefined) => kept ?? '',
    );
  // Nothing that a terminal would obey.
  return text.replaceAll(/\p{Cc}/gu, '');
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "in 40 seconds", "2 minutes ago". */
function relative(ms: number): string {
  const [unit, size] = units.find(([, each]) => Math.abs(ms) >= each) ?? ['second', 1_000];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(ms / size), unit);
}

/** A refusal, `prompt is required`, as a sentence. */
export function asSentence(text: string): string {
  const begun = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
