/** Why a text is not taken: a phrase that follows what was found, as in `"x", which is no number`. */
export class Refusal {
  readonly because: string | undefined;
  constructor(because?: string) {
    this.because = because;
  }
}

/** One environment variable: how its text becomes a value, and what to tell who got it wrong. */
export interface Variable<T> {
  readonly name: string;
  readonly read: (text: string) => T | Refusal;
  /** The value where the variable is unset. A required one has it only to keep the types whole: no Config carries it. */
  readonly fallback: T;
  readonly required?: boolean;
  /** Never shown, only counted. */
  readonly secret?: boolean;
  readonly allowed: string;
  /** Where a right value is to be had. */
  readonly where: string;
}

const example = '.env.example explains it';

/** A required key or token. Its looks are the issuer's affair, so only what no key can contain is refused. */
export function secret(name: string, what: string, where: string): Variable<string> {
  return { name, read: readSecret, fallback: '', required: true, secret: true, allowed: what, where };
}

/** A key that may be left out. */
export function optionalSecret(name: string, what: string, where: string): Variable<string | undefined> {
  return { name, read: readSecret, fallback: undefined, secret: true, allowed: what, where };
}

function readSecret(text: string): string | Refusal {
  if (/^Bot\s/i.test(text)) return new Refusal('with "Bot " before the token: leave that out');
  return /^[\x21-\x7e]+$/.test(text) ? text : new Refusal('with a space or a character no key has');
}

/** A text of the given form. */
export function text<F extends string | undefined>(
  name: string,
  options: { fallback: F; pattern: RegExp; allowed: string; where?: string; hint?: (text: string) => string },
): Variable<string | F> {
  const { fallback, pattern, allowed, where = example, hint } = options;
  const read = (value: string) => (pattern.test(value) ? value : new Refusal(hint?.(value)));
  return { name, read, fallback, allowed, where };
}

/** A whole number within `range`, ends included. */
export function integer<F extends number | undefined>(
  name: string,
  options: { fallback: F; range: readonly [number, number]; unit?: string; hint?: string },
): Variable<number | F> {
  const [least, most] = options.range;
  const unit = options.unit ? ` (${options.unit})` : '';
  const read = (value: string) => {
    if (!/^[+-]?\d+$/.test(value)) return new Refusal('which is no whole number');
    const number = Number(value);
    if (number < least) return new Refusal(`which is too small${options.hint ? `: ${options.hint}` : ''}`);
    return number > most ? new Refusal('which is too big') : number;
  };
  return {
    name,
    read,
    fallback: options.fallback,
    allowed: `a whole number from ${least} to ${most}${unit}`,
    where: example,
  };
}

/** An amount of money, not below zero, in the operator's currency. Unset: no limit. */
export function money(name: string): Variable<number | undefined> {
  const read = (value: string) => {
    const amount = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    return amount <= 1e6 ? amount : new Refusal('which is no such amount');
  };
  return {
    name,
    read,
    fallback: undefined,
    allowed: 'an amount from 0 to 1000000, such as 12.50',
    where: example,
  };
}

const flags = new Map([
  ...['true', '1', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off'].map((word) => [word, false] as const),
]);

/** On or off. */
export function flag(name: string, fallback: boolean): Variable<boolean> {
  const read = (value: string) => flags.get(value.toLowerCase()) ?? new Refusal();
  return { name, read, fallback, allowed: 'true or false (also 1/0, yes/no, on/off)', where: example };
}

/** One of a few words. */
export function choice<const T extends string>(name: string, fallback: T, words: readonly T[]): Variable<T> {
  const read = (value: string) => words.find((word) => word === value.toLowerCase()) ?? new Refusal();
  return { name, read, fallback, allowed: words.join(', '), where: example };
}

/** A service's address: https, or plain http on this machine itself. Read without its `ending`. */
export function address(
  name: string,
  fallback: string,
  refuse: (url: URL) => string | undefined,
  ending: RegExp = /\/+$/,
): Variable<string> {
  const read = (value: string) => {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
      return new Refusal('without a scheme: put https:// before it');
    if (!URL.canParse(value)) return new Refusal('which is no address');
    const url = new URL(value);
    const because = refuseAddress(url) ?? refuse(url);
    return because ? new Refusal(because) : url.href.replace(ending, '');
  };
  const allowed = `an https address such as ${fallback} (http only on this machine itself)`;
  return { name, read, fallback, allowed, where: example };
}

function refuseAddress(url: URL): string | undefined {
  if (url.username || url.password) return 'with a user name or password in it';
  if (url.search || url.hash) return 'with a ? or # part';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return `whose scheme is ${url.protocol.slice(0, -1)}`;
  return isLoopback(url)
    ? undefined
    : 'which is plain http to another machine: requests would travel unencrypted';
}

/** Whether `url` leads to this machine itself: localhost, 127.0.0.0/8 or ::1. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname);
}
