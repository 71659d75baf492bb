import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { CosRefusal } from './cos-error.js';

/*
 * COS's own signature (q-sign-algorithm=sha1), in both directions: made for links, and made again from the raw request to
 * be compared. Tencent's documents: "Request Signature" of COS; the official Node SDK's `getAuth` is the same in code.
 */

export interface KeyPair {
  readonly secretId: string;
  readonly secretKey: string;
  /** With temporary keys: the required x-cos-security-token. */
  readonly token?: string | undefined;
}

/** The signed parts of a request. */
export interface Signable {
  readonly method: string;
  /** With its leading slash, percent signs undone. */
  readonly path: string;
  /** Decoded; without the signature's own parameters, or with them: only those listed count. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A signature as received, in a header or in the query. */
export interface Claim {
  readonly secretId: string;
  /** `start;end`, Unix seconds. */
  readonly signTime: string;
  readonly keyTime: string;
  /** Names that were signed, in lower case. */
  readonly headerList: readonly string[];
  readonly parameterList: readonly string[];
  readonly signature: string;
}

const parameterNames = [
  'q-sign-algorithm',
  'q-ak',
  'q-sign-time',
  'q-key-time',
  'q-header-list',
  'q-url-param-list',
  'q-signature',
] as const;

export const tokenName = 'x-cos-security-token';

/**
 * The query that signs a request: `q-sign-algorithm=sha1&q-ak=…`, ready for a URL.
 * @param from Unix seconds, as is `until`
 */
export function signQuery(
  request: Signable,
  { secretId, secretKey }: KeyPair,
  from: number,
  until: number,
): string {
  const time = `${Math.floor(from)};${Math.floor(until)}`;
  const headerList = Object.keys(request.headers).sort();
  const parameterList = [...new Set(request.query.map(([name]) => encode(name).toLowerCase()))].sort();
  const claim = { secretId, signTime: time, keyTime: time, headerList, parameterList };
  const values = [
    'sha1',
    secretId,
    time,
    time,
    headerList.join(';'),
    parameterList.join(';'),
    sign(request, claim, secretKey),
  ];
  return parameterNames.map((name, index) => `${name}=${values[index]}`).join('&');
}

/**
 * The claim that an Authorization header or a query makes; undefined if neither makes one: an anonymous request.
 * @throws CosRefusal for one that is not whole
 */
export function claimOf({ query, headers }: Signable): Claim | undefined {
  const header = headers.authorization;
  if (header === undefined && !query.some(([name]) => name === 'q-signature' || name === 'q-sign-algorithm'))
    return undefined;
  const pairs = header === undefined ? query : pairsOf(header);
  const values = Object.fromEntries(pairs);
  for (const name of parameterNames)
    if (values[name] === undefined)
      throw new CosRefusal(403, 'AccessDenied', `Authorization is malformed: ${name} is missing.`);
  if (values['q-sign-algorithm'] !== 'sha1')
    throw new CosRefusal(403, 'AccessDenied', 'Authorization is malformed: q-sign-algorithm must be sha1.');
  const list = (name: string) => (values[name] ?? '').split(';').filter((item) => item !== '');
  return {
    secretId: values['q-ak'] ?? '',
    signTime: values['q-sign-time'] ?? '',
    keyTime: values['q-key-time'] ?? '',
    headerList: list('q-header-list'),
    parameterList: list('q-url-param-list'),
    signature: values['q-signature'] ?? '',
  };
}

function pairsOf(text: string): [string, string][] {
  return text.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
}

/**
 * Checks key, time, token and signature, in this order.
 * @param now the server's clock, ms since the epoch
 * @throws CosRefusal for the first that fails
 */
export function verify(request: Signable, claim: Claim, keys: KeyPair, now: number): void {
  if (claim.secretId !== keys.secretId)
    throw new CosRefusal(
      403,
      'InvalidAccessKeyId',
      'The access key Id you provided does not exist in our records.',
    );
  checkTime(claim, now);
  const token =
    request.headers[tokenName] ?? request.query.find(([name]) => name.toLowerCase() === tokenName)?.[1];
  if ((token ?? '') !== (keys.token ?? ''))
    throw new CosRefusal(403, 'InvalidToken', 'The security token you provided is invalid.');
  const unsorted = [claim.headerList, claim.parameterList].some((list) => list.some(isUnordered));
  if (unsorted || !isSame(sign(request, claim, keys.secretKey), claim.signature))
    throw new CosRefusal(
      403,
      'SignatureDoesNotMatch',
      'The Signature you specified is invalid.',
      // COS returns the string that it signed, the best hint at the difference.
      { StringToSign: stringToSign(request, claim), FormatString: formatString(request, claim) },
    );
}

/** Lists must be in lower case and in the order of the alphabet. */
function isUnordered(name: string, index: number, list: readonly string[]): boolean {
  const before = list[index - 1];
  return name !== name.toLowerCase() || (before !== undefined && before > name);
}

function checkTime({ signTime, keyTime }: Claim, now: number): void {
  const seconds = Math.floor(now / 1000);
  for (const time of [signTime, keyTime]) {
    const [, start, end] = /^(\d{1,12});(\d{1,12})$/.exec(time)?.map(Number) ?? [];
    if (start === undefined || end === undefined || end < start)
      throw new CosRefusal(403, 'AccessDenied', 'Authorization is malformed: the time is not START;END.');
    const ServerTime = new Date(now).toISOString();
    if (seconds > end) throw new CosRefusal(403, 'AccessDenied', 'Request has expired', { ServerTime });
    if (seconds < start)
      throw new CosRefusal(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        { ServerTime },
      );
  }
}

function sign(request: Signable, claim: Omit<Claim, 'signature'>, secretKey: string): string {
  const key = hmac(secretKey, claim.keyTime);
  return hmac(key, stringToSign(request, claim));
}

function stringToSign(request: Signable, claim: Omit<Claim, 'signature'>): string {
  const digest = createHash('sha1').update(formatString(request, claim)).digest('hex');
  return `sha1\n${claim.signTime}\n${digest}\n`;
}

function formatString(
  { method, path, query, headers }: Signable,
  { headerList, parameterList }: Omit<Claim, 'signature'>,
): string {
  const parameters = query
    .map(([name, value]): [string, string] => [encode(name).toLowerCase(), encode(value)])
    .filter(([name]) => parameterList.includes(name));
  const signed = headerList.map((name): [string, string] => [name, encode(headers[decoded(name)] ?? '')]);
  const lines = [parameters, signed].map((pairs) =>
    pairs
      .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
      .map((pair) => pair.join('='))
      .join('&'),
  );
  return `${method.toLowerCase()}\n${path}\n${lines.join('\n')}\n`;
}

/** Percent-encoding as COS signs it: all but letters, digits and `-_.~`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Undoes percent signs; text with broken ones as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function hmac(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex');
}

function isSame(left: string, right: string): boolean {
  const [one, two] = [Buffer.from(left), Buffer.from(right)];
  return one.length === two.length && timingSafeEqual(one, two);
}
