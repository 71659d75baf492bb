import { z } from 'zod';

/** What an operator reads about a variable. */
interface Documentation {
  /** Full sentences, for `.env.example` and docs/configuration.md. */
  readonly description: string;
  readonly example?: string;
  /** Lines to copy, printed as they are. */
  readonly snippet?: readonly string[];
  /** What an unset variable means, if the default's text doesn't say it. */
  readonly defaultNote?: string;
}

/** One environment variable without its name: how its text becomes a value, and what to tell an operator about it. */
export interface Definition<T> extends Documentation {
  readonly type: 'secret' | 'text' | 'integer' | 'amount' | 'boolean' | 'choice' | 'list' | 'URL';
  /**
   * Text → value. An issue's message is a phrase that follows the text that was found, as in `"x", which is no number`;
   * empty if there is nothing to add.
   */
  readonly schema: z.ZodType<T, string>;
  /** The value if the variable is unset. A required one has it only for the types: no Config carries it. */
  readonly fallback: T;
  readonly required?: boolean;
  /** Its text is never shown, only counted. */
  readonly secret?: boolean;
  readonly allowed: string;
  /** Where to get a right value. */
  readonly where: string;
}

export interface Variable<T> extends Definition<T> {
  readonly name: string;
}

type Definitions = Readonly<Record<string, Definition<unknown>>>;
type Named<D extends Definitions> = {
  readonly [N in keyof D]: D[N] & { readonly name: N & string };
};

/** Variables by their names. */
export function named<const D extends Definitions>(definitions: D): Named<D> {
  const entries = Object.entries(definitions).map(([name, definition]) => [name, { ...definition, name }]);
  return Object.fromEntries(entries);
}

const example = '.env.example explains it';

const secretText = z
  .string()
  .regex(/^(?!Bot\s)/i, { error: 'with "Bot " before the token: leave that out' })
  .regex(/^[\x21-\x7e]+$/, { error: 'with a space or a character no key has' });

interface Secret extends Documentation {
  /** What is wrong with a text that has the characters of a key. */
  readonly hint?: (text: string) => string | undefined;
  readonly allowed: string;
  readonly where: string;
}

/** A required key or token. Its form is up to its issuer, so only what no key can contain is refused. */
export function secret({ hint, ...options }: Secret): Definition<string> {
  const schema = secretText.superRefine((text, context) => {
    const because = hint?.(text);
    if (because !== undefined) context.addIssue(because);
  });
  return { ...options, type: 'secret', schema, fallback: '', required: true, secret: true };
}

/** A key that may be left out. */
export function optionalSecret(options: Secret): Definition<string | undefined> {
  return { ...options, type: 'secret', schema: secretText, fallback: undefined, secret: true };
}

interface Text<F> extends Documentation {
  readonly fallback: F;
  readonly pattern: RegExp;
  readonly allowed: string;
  readonly where?: string;
  readonly hint?: (text: string) => string;
}

/** A text of the given form. */
export function text<F extends string | undefined>(options: Text<F>): Definition<string | F> {
  const { pattern, hint, where = example, ...rest } = options;
  const error = ({ input }: { readonly input?: unknown }) => hint?.(String(input)) ?? '';
  return { ...rest, type: 'text', schema: z.string().regex(pattern, { error }), where };
}

/** Texts with commas between them; none if unset. @param pattern of the whole. */
export function list(options: Omit<Text<undefined>, 'fallback' | 'hint'>): Definition<readonly string[]> {
  const { pattern, where = example, ...rest } = options;
  const schema = z
    .string()
    .regex(pattern, { error: '' })
    .transform((all) => all.split(',').map((one) => one.trim()))
    .transform((all) => all.filter((one) => one !== ''));
  return { ...rest, type: 'list', schema, fallback: [], where };
}

interface Integer<F> extends Documentation {
  readonly fallback: F;
  /** Both ends included. */
  readonly range: readonly [number, number];
  readonly unit?: string;
  /** Why it must not be smaller. */
  readonly hint?: string;
}

/** A whole number within a range. */
export function integer<F extends number | undefined>(options: Integer<F>): Definition<number | F> {
  const { range, unit, hint, ...rest } = options;
  const [least, most] = range;
  const schema = z
    .string()
    .regex(/^[+-]?\d+$/, { error: 'which is no whole number' })
    .transform(Number)
    .pipe(
      z
        .number()
        .min(least, { error: `which is too small${hint ? `: ${hint}` : ''}` })
        .max(most, { error: 'which is too big' }),
    );
  const allowed = `a whole number from ${least} to ${most}${unit ? ` (${unit})` : ''}`;
  return { ...rest, type: 'integer', schema, allowed, where: example };
}

/** An amount of money, not below zero, in the operator's currency. Unset: no limit. */
export function money(options: Documentation): Definition<number | undefined> {
  const error = 'which is no such amount';
  const schema = z
    .string()
    .regex(/^\d+(\.\d+)?$/, { error })
    .transform(Number)
    .pipe(z.number({ error }).max(1e6, { error }));
  const allowed = 'an amount from 0 to 1000000, such as 12.50';
  return { ...options, type: 'amount', schema, fallback: undefined, allowed, where: example };
}

const switchWords = { truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] };

/** On or off. */
export function flag(options: Documentation & { readonly fallback: boolean }): Definition<boolean> {
  const schema = z.stringbool({ ...switchWords, error: '' });
  const allowed = 'true or false (also 1/0, yes/no, on/off)';
  return { ...options, type: 'boolean', schema, allowed, where: example };
}

/** On or off, or as Easel finds it. */
export function flagOrAuto(options: Documentation): Definition<boolean | 'auto'> {
  const schema = z
    .string()
    .toLowerCase()
    .pipe(z.union([z.literal('auto'), z.stringbool(switchWords)], { error: '' }));
  const allowed = 'auto, true or false (also 1/0, yes/no, on/off)';
  return { ...options, type: 'choice', schema, fallback: 'auto', allowed, where: example };
}

/** One of a few words, in any case. */
export function choice<const T extends string>(
  options: Documentation & { readonly fallback: T; readonly words: readonly T[] },
): Definition<T> {
  const { words, ...rest } = options;
  const schema = z
    .string()
    .toLowerCase()
    .pipe(z.enum(words, { error: '' }));
  return { ...rest, type: 'choice', schema, allowed: words.join(', '), where: example };
}

interface Address<F> extends Documentation {
  readonly fallback: F;
  /** Shown as an example of what is allowed. */
  readonly such: string;
  /** Why an https address is refused all the same. */
  readonly refuse: (url: URL) => string | undefined;
  /** Left out of the value. */
  readonly ending?: RegExp;
}

/** A service's address: https, or plain http on this machine itself. */
export function address<F extends string | undefined>(options: Address<F>): Definition<string | F> {
  const { such, refuse, ending = /\/+$/, ...rest } = options;
  const schema = z
    .string()
    .regex(/^[a-z][a-z0-9+.-]*:\/\//i, { error: 'without a scheme: put https:// before it' })
    .refine((value) => URL.canParse(value), { error: 'which is no address' })
    .transform((value) => new URL(value))
    .superRefine((url, context) => {
      const because = refuseAddress(url) ?? refuse(url);
      if (because !== undefined) context.addIssue(because);
    })
    .transform((url) => url.href.replace(ending, ''));
  const allowed = `an https address such as ${such} (http only on this machine itself)`;
  return { ...rest, type: 'URL', schema, allowed, where: example };
}

/** Discord takes no longer one for a button. */
const longestLink = 512;

/** A public page that members are led to: https alone. */
export function page(options: Omit<Documentation, 'defaultNote'>): Definition<string | undefined> {
  const schema = z
    .string()
    .refine((value) => /^https:\/\//i.test(value) && URL.canParse(value), {
      error: 'which is no https address',
    })
    .transform((value) => new URL(value))
    .refine(({ username, password }) => !username && !password, {
      error: 'with a user name or password in it',
    })
    .transform(({ href }) => href)
    .refine(({ length }) => length <= longestLink, {
      error: `which is longer than ${longestLink} characters`,
    });
  const allowed = 'the https address of a page, such as https://example.com/easel';
  return {
    ...options,
    type: 'URL',
    schema,
    fallback: undefined,
    allowed,
    where: example,
    defaultNote: 'none',
  };
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
