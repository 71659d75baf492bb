import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { missingParameter, mistypedParameter, Refusal } from './api-error.js';

const algorithm = 'TC3-HMAC-SHA256';
const service = 'mps';
/** How far a request's timestamp may be from the server's clock, in seconds. */
const tolerance = 300;

export interface Credentials {
  readonly secretId: string;
  readonly secretKey: string;
  /** Only temporary credentials have one. */
  readonly token?: string | undefined;
}

/** A request as received: header names in lower case, the exact bytes of the body. */
export interface RawRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Checks timestamp, key, token and signature of a request, in this order, and throws the `Refusal` of the first that fails.
 * @param now the server's clock, ms since the epoch
 */
export function authenticate(request: RawRequest, credentials: Credentials, now: number): void {
  const timestamp = timestampOf(request.headers);
  if (Math.abs(Math.floor(now / 1000) - timestamp) > tolerance) {
    throw new Refusal(
      'AuthFailure.SignatureExpire',
      `The provided credentials have expired. Server time is ${Math.floor(now / 1000)}, the request's ${timestamp}.`,
      `签名过期。服务器时间为 ${Math.floor(now / 1000)}，请求时间为 ${timestamp}。`,
    );
  }
  const claim = parseAuthorization(request.headers.authorization);
  if (claim.secretId !== credentials.secretId) {
    throw new Refusal(
      'AuthFailure.SecretIdNotFound',
      'The SecretId is not found.',
      '密钥不存在，请检查 SecretId。',
    );
  }
  if ((single(request.headers, 'x-tc-token') ?? '') !== (credentials.token ?? '')) {
    throw new Refusal('AuthFailure.TokenFailure', 'The token is invalid.', 'token 错误。');
  }
  const expected = sign(request, claim, credentials.secretKey, timestamp);
  if (!sameText(expected, claim.signature) || claim.scope !== scopeAt(timestamp)) throw signatureFailure();
}

interface Claim {
  readonly secretId: string;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization(header: string | undefined): Claim {
  const form =
    /^TC3-HMAC-SHA256 Credential=([^/,\s]+)\/([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/;
  const [, secretId, scope, names, signature] = form.exec(header ?? '') ?? [];
  if (!secretId || !scope || !names || !signature) {
    throw new Refusal(
      'AuthFailure.InvalidAuthorization',
      'The Authorization header is missing or malformed.',
      '请求头部的 Authorization 不符合腾讯云标准。',
    );
  }
  return { secretId, scope, signedHeaders: names.split(';'), signature };
}

function timestampOf(headers: IncomingHttpHeaders): number {
  const text = single(headers, 'x-tc-timestamp');
  if (!text) throw missingParameter('X-TC-Timestamp');
  if (!/^\d{1,12}$/.test(text)) throw mistypedParameter('X-TC-Timestamp', 'Integer (Unix seconds)');
  return Number(text);
}

function scopeAt(timestamp: number): string {
  return `${new Date(timestamp * 1000).toISOString().slice(0, 10)}/${service}/tc3_request`;
}

function sign(request: RawRequest, claim: Claim, secretKey: string, timestamp: number): string {
  const names = [...claim.signedHeaders].sort();
  if (!names.includes('content-type') || !names.includes('host')) throw signatureFailure();
  const canonical = [
    'POST',
    '/',
    '',
    ...names.map((name) => `${name}:${canonicalValue(request.headers, name)}`),
    '',
    names.join(';'),
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
  const scope = scopeAt(timestamp);
  const text = [algorithm, timestamp, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `TC3${secretKey}`);
  return hmac(key, text).toString('hex');
}

/** Values are signed trimmed and in lower case; the host without its port. */
function canonicalValue(headers: IncomingHttpHeaders, name: string): string {
  const value = single(headers, name);
  if (value === undefined) throw signatureFailure();
  return (name === 'host' ? value.replace(/:\d+$/, '') : value).trim().toLowerCase();
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function single(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function sameText(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

function signatureFailure(): Refusal {
  return new Refusal(
    'AuthFailure.SignatureFailure',
    'The provided credentials could not be validated. Please check your signature is correct.',
    '签名错误。签名计算错误，请检查签名方法文档。',
  );
}
