import { createHash, createHmac } from 'node:crypto';

/** A Tencent Cloud key pair; `sessionToken` comes with temporary keys. */
export interface Credentials {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

/** What is signed: always a POST to `/` without a query. */
export interface Signable {
  /** Host name without its port. */
  readonly host: string;
  /** The body exactly as it is sent. */
  readonly body: string;
}

export interface SignedHeaders {
  readonly authorization: string;
  readonly 'content-type': string;
  readonly 'x-tc-timestamp': string;
  readonly 'x-tc-token'?: string;
}

const algorithm = 'TC3-HMAC-SHA256';
const contentType = 'application/json';
/** The API's name in the signature: always `mps`, whatever host MPS_ENDPOINT names. */
const service = 'mps';
/**
 * Only what the official SDK signs: every server has to accept these two, and neither is ambiguous, unlike the
 * lower-cased x-tc-action of the guide.
 */
const signedHeaders = 'content-type;host';

/**
 * Signs a request with TC3-HMAC-SHA256 (Tencent Cloud docs: "Signature v3").
 *
 * @param now the server's time, ms since the epoch; signed in whole seconds
 * @returns the headers that carry the signature and all that was signed, but for `host`
 */
export function sign(request: Signable, credentials: Credentials, now: number): SignedHeaders {
  const timestamp = String(Math.floor(now / 1000));
  const date = new Date(now).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const canonical = [
    'POST',
    '/',
    '',
    `content-type:${contentType}\nhost:${request.host}\n`,
    signedHeaders,
    sha256(request.body),
  ].join('\n');
  const toSign = [algorithm, timestamp, scope, sha256(canonical)].join('\n');
  const key = [date, service, 'tc3_request'].reduce<string | Buffer>(hmac, `TC3${credentials.secretKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return {
    authorization: `${algorithm} Credential=${credentials.secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    'content-type': contentType,
    'x-tc-timestamp': timestamp,
    ...(credentials.sessionToken && { 'x-tc-token': credentials.sessionToken }),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
