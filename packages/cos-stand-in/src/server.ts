import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StandInClock } from '@easel/stand-in-kit';
import {
  type Claim,
  CosRefusal,
  claimOf,
  commonHeaders,
  contentOf,
  type KeyPair,
  type Signable,
  send,
  sendRefusal,
  tokenName,
  verify,
} from '@easel/stand-in-kit/object-store';
import type { BucketSettings, Right } from './bucket-settings.js';
import type { ArmedCosFaults } from './faults.js';
import type { Objects } from './object-table.js';
import { type Answer, type Asked, perform, rightFor } from './operations.js';
import { type BucketName, readTarget, type Target } from './request-target.js';

/** The signer of a request: the account's key, MPS's role, or no one. */
export type Signer = 'account' | 'service' | 'anonymous';

/** One request to the bucket and its outcome. */
export interface CosRequestRecord {
  /** ms since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly right?: Right;
  /** The key; of a listing its prefix. */
  readonly key: string;
  readonly signer: Signer;
  readonly status: number;
  /** `OK`, an error code, or `reset`. */
  readonly code: string;
}

interface Deps {
  readonly name: BucketName;
  readonly keys: KeyPair;
  readonly serviceKeys: KeyPair;
  readonly clock: StandInClock;
  readonly objects: Objects;
  readonly settings: BucketSettings;
  readonly faults: ArmedCosFaults;
  readonly record: (record: CosRequestRecord) => void;
}

/** A connection that is reset in an answer's stead. */
class Reset extends Error {}

/** Serves the bucket: authenticates, authorizes, then executes. Every request ends in one record. */
export function createBucketServer(deps: Deps) {
  const { name, clock, objects, settings, record } = deps;
  const authorizer = createAuthorizer(deps);

  async function answer(request: IncomingMessage, seen: Seen): Promise<{ answer: Answer; at: Place }> {
    const { method = 'GET', headers, url = '/' } = request;
    const target = readTarget(url, headers.host ?? '', name);
    seen.key = target.key;
    const signer = authorizer.identify(request, target);
    seen.signer = signer;
    const query = new Map(target.query);
    const right = rightFor({ method, key: target.key, query });
    seen.right = right;
    if (right === 'cos:GetBucket') seen.key = query.get('prefix') ?? '';
    const at: Place = { right, key: seen.key, signer };
    authorizer.authorize(at);
    const body = await readBody(request, settings.current.largestObject);
    await misbehave(deps, at, 'before');
    const asked: Asked = { method, key: target.key, query, headers, body };
    const result = perform(asked, right, objects, name.bucket);
    await misbehave(deps, at, 'after');
    return { answer: result, at };
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const seen: Seen = { key: '', signer: 'anonymous' };
    const note = (status: number, code: string) =>
      record({ at: clock.now(), method: request.method ?? '', ...seen, status, code });
    try {
      const { answer: result, at } = await answer(request, seen);
      note(result.status, 'OK');
      await reply(deps, response, result, at);
    } catch (error) {
      if (error instanceof Reset) {
        note(0, 'reset');
        request.socket.resetAndDestroy();
        return;
      }
      if (!(error instanceof CosRefusal)) throw error;
      note(error.status, error.code);
      // A refused upload is read to its end, so that its sender gets to read why.
      request.resume();
      const resource = (request.url ?? '/').split('?')[0] ?? '/';
      sendRefusal(response, { method: request.method, resource, now: clock.server() }, error);
    }
  };
}

/** Faults are for the account's key alone. */
async function misbehave({ faults }: Deps, at: Place, when: 'before' | 'after'): Promise<void> {
  if (at.signer === 'service') return;
  if (when === 'before') {
    const delay = faults.strike('delay', at);
    if (delay) await sleep(delay.ms, undefined, { ref: false });
  }
  if (faults.strike('reset', { ...at, when })) throw new Reset();
  const error = faults.strike('error', { ...at, when });
  if (error) throw new CosRefusal(error.status, error.code, error.message);
}

async function reply(
  { clock, faults }: Deps,
  response: ServerResponse,
  { status, headers, body, isObject }: Answer,
  at: Place,
): Promise<void> {
  const common = commonHeaders(clock.server());
  const length = body !== undefined && !isObject ? { 'Content-Length': body.length } : {};
  response.writeHead(status, { ...common, ...headers, ...length });
  if (!body || !isObject || at.signer === 'service') return void response.end(body);
  const pace = {
    bytesPerSecond: faults.strike('slow', at)?.bytesPerSecond,
    breaksAfter: faults.strike('truncate', at)?.part,
    stallsAfter: faults.strike('stall', at)?.part,
  };
  await send(response, contentOf(body, ''), { from: 0, to: body.length }, pace);
}

interface Place {
  readonly right: Right;
  readonly key: string;
  readonly signer: Signer;
}

interface Seen {
  key: string;
  signer: Signer;
  right?: Right;
}

/** Authenticates and authorizes requests. */
function createAuthorizer({ keys, serviceKeys, clock, settings }: Deps) {
  let listings: number[] = [];

  return {
    /** Throws a `CosRefusal` for a signature that is not good. */
    identify(request: IncomingMessage, { path, query }: Target): Signer {
      const headers = singleHeaders(request);
      const signable: Signable = { method: request.method ?? 'GET', path, query, headers };
      const claim = claimOf(signable);
      if (!claim) return 'anonymous';
      const isService = claim.secretId === serviceKeys.secretId;
      verify(signable, claim, isService ? serviceKeys : keys, clock.server());
      if (settings.current.signEverything) checkAllSigned(claim, query);
      return isService ? 'service' : 'account';
    },
    /** Throws a `CosRefusal` for a missing right, and above the listing rate. */
    authorize({ right, key, signer }: Place): void {
      const isReading = right === 'cos:GetObject' || right === 'cos:HeadObject';
      if (signer === 'anonymous' && !(settings.current.publicRead && isReading)) throw accessDenied();
      const lacks = settings.current.denied.some(
        (each) => each.right === right && key.startsWith(each.prefix),
      );
      if (signer === 'account' && lacks) throw accessDenied();
      if (right !== 'cos:GetBucket') return;
      const now = clock.monotonic();
      listings = listings.filter((at) => now - at < 1000);
      if (listings.length >= settings.current.listingsPerSecond)
        throw new CosRefusal(503, 'SlowDown', 'Reduce your request rate.');
      listings.push(now);
    },
  };
}

function accessDenied(): CosRefusal {
  return new CosRefusal(403, 'AccessDenied', 'Access Denied.');
}

function checkAllSigned({ headerList, parameterList }: Claim, query: Target['query']): void {
  const unsigned = query
    .map(([parameter]) => parameter.toLowerCase())
    .find((each) => !each.startsWith('q-') && each !== tokenName && !parameterList.includes(each));
  if (unsigned === undefined && headerList.includes('host')) return;
  throw new CosRefusal(403, 'AccessDenied', `Not signed: ${unsigned ?? 'host'}.`);
}

function singleHeaders({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}

/** Throws a `CosRefusal` for more bytes than an object may have. */
async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const tooLarge = () =>
    new CosRefusal(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // By events: leaving a `for await` early would destroy the connection before the refusal is sent.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) return reject(tooLarge());
      chunks.push(chunk);
    });
    request
      .on('end', resolve)
      .on('error', reject)
      .on('close', () => reject(new Reset()));
  });
  return Buffer.concat(chunks);
}
