import { createHash, createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '../http.js';
import { type AddressRule, ForbiddenAddressError, MisresolvedError } from './address.js';
import type { MediaType } from './sniff.js';

/** A key pair of Tencent Cloud; `sessionToken` goes with temporary keys. */
export interface CosCredentials {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

export interface CosRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Begins with `/`, not encoded. */
  readonly path: string;
  /** Those that are signed: the server must see them as they are here. */
  readonly headers: Readonly<Record<string, string>>;
}

/** From when and until when a signature counts, ms since the epoch; signed in whole seconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * Signs a request to COS (Tencent Cloud docs: COS › "Request Signature", XML API). Queries are not signed, since none
 * of our requests has one.
 * @returns the parameters of the Authorization header, or of a signed link, in their order.
 */
export function signCos(
  { method, path, headers }: CosRequest,
  { secretId, secretKey }: CosCredentials,
  { from, until }: Span,
): [name: string, value: string][] {
  const time = `${Math.floor(from / 1000)};${Math.floor(until / 1000)}`;
  const signed = Object.entries(headers)
    .map(([name, value]) => [encode(name).toLowerCase(), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = signed.map(([name, value]) => `${name}=${value}`).join('&');
  const http = `${method.toLowerCase()}\n${path}\n\n${pairs}\n`;
  const toSign = `sha1\n${time}\n${createHash('sha1').update(http).digest('hex')}\n`;
  return [
    ['q-sign-algorithm', 'sha1'],
    ['q-ak', secretId],
    ['q-sign-time', time],
    ['q-key-time', time],
    ['q-header-list', signed.map(([name]) => name).join(';')],
    ['q-url-param-list', ''],
    ['q-signature', hmac(hmac(secretKey, time), toSign)],
  ];
}

function hmac(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex');
}

/** As COS wants it: everything but letters, digits, `-`, `_`, `.` and `~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** COS did not do what it was asked. */
export class CosError extends Error {
  override readonly name = 'CosError';
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** COS's own word for it: `AccessDenied`, `NoSuchBucket`, `SignatureDoesNotMatch` … */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  constructor(
    method: string,
    answer: { status?: number; code?: string | undefined; requestId?: string | undefined },
    options?: ErrorOptions,
  ) {
    const { status, code, requestId } = answer;
    const said = status === undefined ? 'gave no answer' : `answered ${status} ${code ?? ''}`.trimEnd();
    super(`COS ${said} to a ${method}${requestId ? ` (request ${requestId})` : ''}.`, options);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** A bucket for files that MPS is to fetch. */
export interface CosBucket {
  /** Puts a file of a few megabytes there; tries again what may pass. @throws CosError; the signal's reason. */
  put(key: string, bytes: Uint8Array, options: { type: MediaType; signal: AbortSignal }): Promise<void>;
  /** Removes an object; one that is not there counts as removed. @throws CosError; the signal's reason. */
  remove(key: string, options: { signal: AbortSignal }): Promise<void>;
  /** A link to the object that anybody can open for `lifeMs`. */
  link(key: string, lifeMs: number): string;
  /** The key of the object a link of this bucket leads to; undefined for any other link. */
  keyOf(link: string): string | undefined;
}

export interface CosDeps {
  readonly bucket: string;
  readonly region: string;
  readonly credentials: CosCredentials;
  /** Where it may be spoken to, and by which connections. */
  readonly addresses: AddressRule;
  readonly now: () => number;
  /** The bucket's own address unless given: a stand-in's. */
  readonly endpoint?: string;
  /** First wait before another try, ms; doubles. */
  readonly retryMs?: number;
}

/** Clocks may differ by as much, ms. */
const slackMs = 10 * 60_000;
const tries = 4;
/** ms for the head of an answer, between two parts of it, and for one try as a whole. */
const stallMs = 15_000;
const timeoutMs = 60_000;

export function createCosBucket(deps: CosDeps): CosBucket {
  const { bucket, region, credentials, addresses, now, retryMs = 500 } = deps;
  const { sessionToken } = credentials;
  const base = new URL(deps.endpoint ?? `https://${bucket}.cos.${region}.myqcloud.com`);
  const span = (lifeMs: number): Span => ({ from: now() - slackMs, until: now() + lifeMs });

  async function once(
    method: 'PUT' | 'DELETE',
    key: string,
    headers: Record<string, string>,
    body: Uint8Array | null,
    signal: AbortSignal,
  ): Promise<void> {
    const path = `/${key}`;
    const signed = { ...headers, host: base.host };
    const parameters = signCos({ method, path, headers: signed }, credentials, span(slackMs));
    const answer = await request(addresses.check(new URL(path, base).href), {
      method,
      body,
      headers: {
        ...signed,
        authorization: parameters.map(([name, value]) => `${name}=${value}`).join('&'),
        ...(sessionToken && { 'x-cos-security-token': sessionToken }),
      },
      dispatcher: addresses.dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headersTimeout: stallMs,
      bodyTimeout: stallMs,
    });
    const said = await answer.body.text();
    if (answer.statusCode < 300) return;
    throw new CosError(method, {
      status: answer.statusCode,
      code: /<Code>([\w.-]{1,100})<\/Code>/.exec(said)?.[1],
      requestId: /<RequestId>([\w.=+/-]{1,100})<\/RequestId>/.exec(said)?.[1],
    });
  }

  async function persist(...[method, key, headers, body, signal]: Parameters<typeof once>): Promise<void> {
    for (let wait = retryMs, left = tries - 1; ; wait *= 2, left--) {
      try {
        return await once(method, key, headers, body, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (left === 0 || !mayPass(error)) {
          throw error instanceof CosError ? error : new CosError(method, {}, { cause: error });
        }
        await sleep(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  }

  return {
    async put(key, bytes, { type, signal }) {
      // COS compares it with what arrived, and takes nothing that was damaged on the way.
      const digest = createHash('md5').update(bytes).digest('base64');
      await persist('PUT', key, { 'content-type': type, 'content-md5': digest }, bytes, signal);
    },
    async remove(key, { signal }) {
      await persist('DELETE', key, {}, null, signal).catch((error: unknown) => {
        if (!(error instanceof CosError && error.status === 404)) throw error;
      });
    },
    link(key, lifeMs) {
      const path = `/${key}`;
      const link = new URL(path, base);
      const headers = { host: base.host };
      for (const [name, value] of signCos({ method: 'GET', path, headers }, credentials, span(lifeMs))) {
        link.searchParams.set(name, value);
      }
      if (sessionToken) link.searchParams.set('x-cos-security-token', sessionToken);
      return link.href;
    },
    keyOf(link) {
      const url = URL.canParse(link) ? new URL(link) : undefined;
      return url?.origin === base.origin ? url.pathname.slice(1) : undefined;
    },
  };
}

/** A break, a stall, a server out of breath: the same request, sent again, may go through. */
function mayPass(error: unknown): boolean {
  if (error instanceof ForbiddenAddressError) return error instanceof MisresolvedError;
  return !(error instanceof CosError) || error.status === 429 || (error.status ?? 0) >= 500;
}
