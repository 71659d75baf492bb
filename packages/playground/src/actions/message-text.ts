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

/** The whole text of a message, in Discord's markdown. */
export function textOf({ content, components }: Pick<MessageView, 'content' | 'components'>): string {
  return [content, ...textsOf(components)].filter((part) => part !== '').join('\n');
}

/** The whole text of a message, as shown in a terminal. */
export function plainTextOf(message: Pick<MessageView, 'content' | 'components'>, names: Names): string {
  return textOf(message)
    .split('\n')
    .map((line) => plain(line, names))
    .join('\n')
    .trim();
}

/** A message's own sentence, on one line: without quotes and leading emoji. */
export function sentenceOf(message: Pick<MessageView, 'content' | 'components'>, names: Names): string {
  return textOf(message)
    .split('\n')
    .filter((line) => !line.startsWith('> '))
    .map((line) => plain(line, names).replace(/^(\p{Extended_Pictographic}|\u{FE0F}|\s)+/u, ''))
    .join(' ')
    .trim();
}

export interface Names {
  /** A user's name by id. */
  user(id: string): string | undefined;
  /** A channel's name by id. */
  channel(id: string): string | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

/** A line of Discord's markdown as it reads: marks taken off, escapes resolved, mentions and times in words. */
export function plain(line: string, names: Names): string {
  const text = line
    .replace(/^(> |-# |#{1,3} )/, '')
    .replaceAll(/<@!?(\d+)>/g, (_, id: string) => `@${names.user(id) ?? 'unknown-user'}`)
    .replaceAll(/<#(\d+)>/g, (_, id: string) => `#${names.channel(id) ?? 'unknown'}`)
    .replaceAll(/<\/([^:>]+):\d+>/g, '/$1')
    .replaceAll(/<t:(-?\d+)(?::([tTdDfFR]))?>/g, (_, seconds: string, style = 'f') =>
      momentIn(Number(seconds) * 1000, style, names.now),
    )
    // A backslash keeps the sign behind it; pairs of signs are marks.
    .replaceAll(
      /\\([\p{P}\p{S}])|(\*\*\*|\*\*|__|~~|\|\||`+)/gu,
      (_, kept: string | undefined) => kept ?? '',
    );
  // Nothing that a terminal would obey.
  return text.replaceAll(/\p{Cc}/gu, '');
}

/** Discord docs: Reference, "Timestamp Styles". */
const styles: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

/** A moment as Discord shows it in English, in this machine's time zone. */
function momentIn(at: number, style: string, now: number): string {
  return style === 'R' ? relative(at - now) : new Intl.DateTimeFormat('en', styles[style]).format(at);
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
