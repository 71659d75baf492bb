import { fill, type Words } from './texts.js';

const minute = 60_000;
const day = 24 * 60 * minute;

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** "Today at 10:07", "Yesterday at 10:07", "11/22/2026 10:07", as Discord writes it. */
export function momentOf(at: number, now: number, locale: string, words: Words): string {
  const clock = clockOf(at, locale);
  if (startOfDay(at) === startOfDay(now)) return fill(words.today, clock);
  if (startOfDay(at) === startOfDay(startOfDay(now) - 1)) return fill(words.yesterday, clock);
  return `${new Intl.DateTimeFormat(locale).format(at)} ${clock}`;
}

export function clockOf(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at);
}

const units = [
  ['day', day],
  ['hour', 60 * minute],
  ['minute', minute],
  ['second', 1_000],
] as const;

/** "in 40 seconds", "2 minutes ago". */
export function relativeTo(at: number, now: number, locale: string): string {
  const [unit, size] = units.find(([, each]) => Math.abs(at - now) >= each) ?? ['second', 1_000];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round((at - now) / size), unit);
}

const styles: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

/** A timestamp of a message, `<t:…:f>`; `R` is for `relativeTo`. */
export function styled(at: number, style: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, styles[style] ?? styles.f).format(at);
}

/** 23456 → "22.9 KB". */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
