import { createHash, createHmac } from 'node:crypto';

/** A Tencent Cloud key pair; `sessionToken` comes with temporary keys. */
export interface CosCredentials {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

export interface CosRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Begins with `/`, not encoded. */
  readonly path: string;
  /** All of it is signed. */
  readonly query?: Readonly<Record<string, string>>;
  /** Those that are signed: the server must see them as they are here. */
  readonly headers: Readonly<Record<string, string>>;
}

/** From when and until when a signature counts, ms since the epoch; signed in whole seconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * Signs a request to COS (Tencent Cloud docs: COS › "Request Signature", XML API).
 * @returns the parameters of the Authorization header, or of a signed link, in their order.
 */
export function signCos(
  { method, path, query = {}, headers }: CosRequest,
  { secretId, secretKey }: CosCredentials,
  { from, until }: Span,
): [name: string, value: string][] {
  const time = `${Math.floor(from / 1000)};${Math.floor(until / 1000)}`;
  const [asked, signed] = [pairsOf(query), pairsOf(headers)];
  const http = `${method.toLowerCase()}\n${path}\n${written(asked)}\n${written(signed)}\n`;
  const toSign = `sha1\n${time}\n${createHash('sha1').update(http).digest('hex')}\n`;
  return [
    ['q-sign-algorithm', 'sha1'],
    ['q-ak', secretId],
    ['q-sign-time', time],
    ['q-key-time', time],
    ['q-header-list', namesOf(signed)],
    ['q-url-param-list', namesOf(asked)],
    ['q-signature', hmac(hmac(secretKey, time), toSign)],
  ];
}

type ChainedAnswers = readonly (readonly [name: string, value: string])[];

/** As they are signed: encoded, the names in small letters, in the order of the alphabet. */
function pairsOf(fields: Readonly<Record<string, string>>): ChainedAnswers {
  return Object.entries(fields)
    .map(([name, value]) => [encode(name).toLowerCase(), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function written(pairs: ChainedAnswers): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function namesOf(pairs: ChainedAnswers): string {
  return pairs.map(([name]) => name).join(';');
}

function hmac(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex');
}

/** As COS wants it: everything but letters, digits, `-`, `_`, `.` and `~`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
