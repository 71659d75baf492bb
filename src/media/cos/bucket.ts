import { createHash } from 'node:crypto';
import { isLoopback } from '../../config/config.js';
import { request } from '../../util/http.js';
import { type NextAttempt, retry } from '../../util/retry.js';
import { minute } from '../../util/time.js';
import type { MediaType } from '../formats/magic-bytes.js';
import {
  type AddressRule,
  createAddressRule,
  ForbiddenAddressError,
  MisresolvedError,
} from '../http/url-guard.js';
import { CosError, readCosError } from './cos-error.js';
import { type CosObject, readPage } from './cos-listing.js';
import { type CosCredentials, type CosRequest, encode, type Span, signCos } from './cos-signature.js';

export { CosError, isRefusal } from './cos-error.js';
export type { CosObject } from './cos-listing.js';

/**
 * The operator's own bucket: MPS puts results there, and Easel images that MPS is to fetch. It is private, as a rule:
 * what names an object here is a bare link, and is signed again each time it is opened. A signed link is never kept and
 * never logged.
 */
export interface CosBucket {
  /** Puts a file of a few megabytes there; tries again what may pass. @throws CosError; the signal's reason. */
  put(key: string, bytes: Uint8Array, options: { type: MediaType; signal: AbortSignal }): Promise<void>;
  /** The first of an object's bytes, at most a few megabytes. @throws CosError; the signal's reason. */
  get(key: string, options: { signal: AbortSignal }): Promise<Uint8Array>;
  /** Removes an object; one that is not there counts as removed. @throws CosError; the signal's reason. */
  remove(key: string, options: { signal: AbortSignal }): Promise<void>;
  /**
   * Objects whose keys begin with `prefix`. What was just stored may be missing: it can prove that something is there,
   * never that nothing is. @throws CosError; the signal's reason.
   */
  list(prefix: string, options: { signal: AbortSignal }): Promise<readonly CosObject[]>;
  /** A link to the object that anyone can open for `lifeMs`. */
  link(key: string, lifeMs: number): string;
  /** The bare link that names the object. */
  address(key: string): string;
  /** The key of the object that a link into this bucket names, signed or not; undefined for any other link. */
  keyOf(link: string): string | undefined;
  /** A bare link into this bucket as it can be opened now and for `lifeMs`; undefined for any other link. */
  sign(link: string, lifeMs?: number): string | undefined;
  /** Where its objects are fetched from, and nothing else. */
  readonly addresses: AddressRule;
}

/** Where a bucket is. */
export interface CosPlace {
  /** With its APPID, `pictures-1250000000`. */
  readonly bucket: string;
  readonly region: string;
  /** COS_ENDPOINT: where it is reached; at Tencent's own address for it unless given. An object is at ENDPOINT/KEY. */
  readonly endpoint?: string;
}

export interface CosDeps extends CosPlace {
  readonly credentials: CosCredentials;
  /** Where it may be spoken to, and by which connections. */
  readonly addresses: AddressRule;
  readonly now: () => number;
  /** First wait before another try, ms; doubles. */
  readonly retryMs?: number;
}

/** Clocks may differ by as much, ms. */
const slackMs = 10 * minute;
const tries = 4;
/** ms for the head of an answer, between two parts of it, and for one try as a whole. */
const stallMs = 15_000;
const timeoutMs = minute;
/** A download that breaks off is begun again by a link of its own: ms that one lives. */
const openMs = 30 * minute;
/** Keys in one page of a listing, and pages read: a folder of Easel's own holds a handful. */
const pageLength = 1000;
const mostPages = 5;

/** The addresses under which Tencent Cloud reaches a bucket: the first is asked, all are its own. */
export function cosHosts({ bucket, region }: CosPlace): readonly [string, string] {
  return [`${bucket}.cos.${region}.myqcloud.com`, `${bucket}.cos.${region}.tencentcos.cn`];
}

/** Where requests to a bucket go. */
export function cosBase(place: CosPlace): URL {
  return new URL(place.endpoint ?? `https://${cosHosts(place)[0]}`);
}

/** Lets through what leads to this bucket alone; the loopback if that is where COS_ENDPOINT is. */
export function createCosAddresses(
  place: CosPlace,
  options: { readonly onMisresolved?: (host: string) => void } = {},
): AddressRule {
  const base = cosBase(place);
  const rule = createAddressRule(base.href, options);
  const hosts = new Set([base.host, ...(isLoopback(base) ? [] : cosHosts(place))]);
  return {
    ...rule,
    check(address) {
      const url = rule.check(address);
      if (!hosts.has(url.host)) throw new ForbiddenAddressError(`${url.hostname} is not the bucket's host.`);
      return url;
    },
  };
}

export function createCosBucket(deps: CosDeps): CosBucket {
  const { credentials, addresses, now } = deps;
  const { sessionToken } = credentials;
  const base = cosBase(deps);
  const hosts: ReadonlySet<string> = new Set(cosHosts(deps));
  const span = (lifeMs: number): Span => ({ from: now() - slackMs, until: now() + lifeMs });
  const address = (key: string) => new URL(`/${key.split('/').map(encode).join('/')}`, base).href;

  const persist = createRequests(deps, { base, address, span });

  function link(key: string, lifeMs: number): string {
    const url = new URL(address(key));
    const headers = { host: base.host };
    const asked = { method: 'GET', path: `/${key}`, headers } as const;
    for (const [name, value] of signCos(asked, credentials, span(lifeMs))) url.searchParams.set(name, value);
    if (sessionToken) url.searchParams.set('x-cos-security-token', sessionToken);
    return url.href;
  }

  const keyOf = (named: string) => keyIn(named, base, hosts);

  return {
    addresses,
    link,
    address,
    keyOf,
    async put(key, bytes, { type, signal }) {
      // COS compares it with what arrived, and takes nothing that was damaged on the way.
      const digest = createHash('md5').update(bytes).digest('base64');
      const headers = { 'content-type': type, 'content-md5': digest };
      await persist({ method: 'PUT', key, headers, body: bytes }, signal);
    },
    get: (key, { signal }) => persist({ method: 'GET', key }, signal),
    async remove(key, { signal }) {
      await persist({ method: 'DELETE', key }, signal).catch((error: unknown) => {
        if (!(error instanceof CosError && error.status === 404)) throw error;
      });
    },
    async list(prefix, { signal }) {
      const found: CosObject[] = [];
      for (let page = 0, marker = ''; page < mostPages; page++) {
        const query = { prefix, 'max-keys': String(pageLength), ...(marker && { marker }) };
        const said = readPage((await persist({ method: 'GET', key: '', query }, signal)).toString());
        found.push(...said.objects);
        if (said.next === undefined) break;
        marker = said.next;
      }
      return found;
    },
    sign(named, lifeMs = openMs) {
      const key = keyOf(named);
      return key === undefined || new URL(named).search !== '' ? undefined : link(key, lifeMs);
    },
  };
}

/** Over which protocol MPS names it says nothing: it is opened as the bucket is. */
function keyIn(named: string, base: URL, hosts: ReadonlySet<string>): string | undefined {
  const url = URL.canParse(named) ? new URL(named) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.host !== base.host && !hosts.has(url.host)) return undefined;
  try {
    return decodeURIComponent(url.pathname.slice(1)) || undefined;
  } catch {
    return undefined;
  }
}

interface Base {
  readonly base: URL;
  readonly address: (key: string) => string;
  readonly span: (lifeMs: number) => Span;
}

/** @returns sends a request, signed again for each try, until it succeeds. @throws CosError; the signal's reason */
function createRequests(deps: CosDeps, { base, address, span }: Base) {
  const { credentials, addresses, retryMs = 500 } = deps;
  const { sessionToken } = credentials;

  async function once(asked: Asked, signal: AbortSignal): Promise<Buffer> {
    const { method, key, query = {}, body = null } = asked;
    const headers = { ...asked.headers, host: base.host };
    const parameters = signCos({ method, path: `/${key}`, query, headers }, credentials, span(slackMs));
    const url = addresses.check(address(key));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const answer = await request(url, {
      method,
      body,
      headers: {
        ...headers,
        authorization: parameters.map(([name, value]) => `${name}=${value}`).join('&'),
        ...(sessionToken && { 'x-cos-security-token': sessionToken }),
      },
      dispatcher: addresses.dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headersTimeout: stallMs,
      bodyTimeout: stallMs,
    });
    const said = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode < 300) return said;
    throw readCosError(method, answer.statusCode, said.toString());
  }

  return async function persist(asked: Asked, signal: AbortSignal): Promise<Buffer> {
    const onFailure = (error: unknown, { left }: NextAttempt) => {
      if (left > 0 && mayPass(error)) return;
      throw error instanceof CosError ? error : new CosError(asked.method, {}, { cause: error });
    };
    return retry(() => once(asked, signal), { firstMs: retryMs, tries, signal, onFailure });
  };
}

interface Asked {
  readonly method: CosRequest['method'];
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Those that are signed beside the host. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** A break, a stall, a server out of breath: the same request, sent again, may go through. */
function mayPass(error: unknown): boolean {
  if (error instanceof ForbiddenAddressError) return error instanceof MisresolvedError;
  return !(error instanceof CosError) || error.status === 429 || (error.status ?? 0) >= 500;
}
