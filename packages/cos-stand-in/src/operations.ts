import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { CosRefusal, rangeOf } from '@easel/stand-in-kit/object-store';
import type { Right } from './bucket-settings.js';
import { listingXml, pageOf, readWanted } from './listing.js';
import type { Objects, StoredObject } from './object-table.js';

/** An authorized request. */
export interface Asked {
  readonly method: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  /** A part of an object, or XML; undefined for an empty body. */
  readonly body?: Buffer;
  /** Bytes of an object, which faults may slow down or break. */
  readonly isObject?: true;
}

/** Subresources, which this bucket lacks: a request for one must not be mistaken for one about the object itself. */
const subresources = [
  'acl',
  'cors',
  'delete',
  'lifecycle',
  'location',
  'policy',
  'tagging',
  'torrent',
].concat([
  'uploads',
  'uploadId',
  'partNumber',
  'versioning',
  'versions',
  'versionId',
  'website',
  'object-lock',
]);

/** The right that a request needs. Throws a `CosRefusal` for unsupported operations. */
export function rightFor({ method, key, query }: Pick<Asked, 'method' | 'key' | 'query'>): Right {
  const other = subresources.find((name) => query.has(name));
  if (other !== undefined)
    throw new CosRefusal(501, 'NotImplemented', `The stand-in has no ${other}.`, { Resource: key });
  const needed: Readonly<Record<string, readonly [ofObject: Right, ofBucket?: Right]>> = {
    PUT: ['cos:PutObject'],
    GET: ['cos:GetObject', 'cos:GetBucket'],
    HEAD: ['cos:HeadObject', 'cos:HeadBucket'],
    DELETE: ['cos:DeleteObject'],
  };
  const right = needed[method]?.[key === '' ? 1 : 0];
  if (right) return right;
  throw new CosRefusal(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

/** Executes a request. Throws a `CosRefusal`. */
export function perform(asked: Asked, right: Right, objects: Objects, bucket: string): Answer {
  if (right === 'cos:PutObject') return put(asked, objects);
  if (right === 'cos:HeadBucket') return { status: 200, headers: {} };
  if (right === 'cos:GetBucket') {
    const wanted = readWanted(asked.query);
    const xml = listingXml(bucket, wanted, pageOf(objects.listed(), wanted));
    return { status: 200, headers: { 'Content-Type': 'application/xml' }, body: Buffer.from(xml) };
  }
  if (right === 'cos:DeleteObject') {
    // Also for a key without an object.
    objects.delete(asked.key);
    return { status: 204, headers: {} };
  }
  const object = objects.get(asked.key);
  if (!object) throw new CosRefusal(404, 'NoSuchKey', 'The specified key does not exist.');
  return read(asked, object);
}

function put({ key, headers, body }: Asked, objects: Objects): Answer {
  if (headers['x-cos-copy-source'] !== undefined)
    throw new CosRefusal(501, 'NotImplemented', 'The stand-in copies no objects.');
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
    throw new CosRefusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  checkDigest(headers['content-md5']?.toString(), body);
  if (headers['x-cos-forbid-overwrite'] === 'true' && objects.get(key))
    throw new CosRefusal(409, 'FileAlreadyExists', 'The object you specified already exists.');
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && isKept(name) ? [[name, value] as const] : [],
  );
  const type = headers['content-type'];
  const { etag } = objects.put({
    key,
    bytes: body,
    headers: Object.fromEntries(kept),
    ...(type !== undefined && { type }),
  });
  return { status: 200, headers: { ETag: `"${etag}"` } };
}

function checkDigest(given: string | undefined, body: Buffer): void {
  if (given === undefined) return;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(given))
    throw new CosRefusal(400, 'InvalidDigest', 'The Content-MD5 you specified is not valid.');
  if (createHash('md5').update(body).digest('base64') !== given)
    throw new CosRefusal(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
}

function isKept(name: string): boolean {
  return (
    name.startsWith('x-cos-meta-') ||
    ['cache-control', 'content-disposition', 'content-encoding', 'expires'].includes(name)
  );
}

/** GET and HEAD of an object, with its conditions and its range. */
function read({ method, query, headers }: Asked, object: StoredObject): Answer {
  const { bytes, etag, type, modifiedAt } = object;
  const ETag = `"${etag}"`;
  if (headers['if-match'] !== undefined && !matches(headers['if-match'], ETag))
    throw new CosRefusal(412, 'PreconditionFailed', 'Precondition Failed');
  if (headers['if-none-match'] !== undefined && matches(headers['if-none-match'], ETag))
    return { status: 304, headers: { ETag } };
  // A condition that does not hold makes the range void (RFC 9110, 13.1.5).
  const isCurrent = (headers['if-range'] ?? ETag) === ETag;
  const part = isCurrent ? rangeOf(headers.range, bytes.length) : undefined;
  const body = part ? bytes.subarray(part.from, part.to) : bytes;
  return {
    status: part ? 206 : 200,
    headers: {
      'Content-Type': type,
      ...object.headers,
      ...overrides(query),
      'Content-Length': body.length,
      'Accept-Ranges': 'bytes',
      ETag,
      'Last-Modified': new Date(modifiedAt).toUTCString(),
      ...(part && { 'Content-Range': `bytes ${part.from}-${part.to - 1}/${bytes.length}` }),
    },
    ...(method === 'GET' && { body, isObject: true as const }),
  };
}

/** `response-content-type=…` and its like: headers that a reader chooses. */
function overrides(query: ReadonlyMap<string, string>): Record<string, string> {
  const names = ['type', 'disposition', 'encoding', 'language'].map((name) => `content-${name}`);
  return Object.fromEntries(
    [...names, 'cache-control', 'expires'].flatMap((name) => {
      const value = query.get(`response-${name}`);
      // Values that no header can hold are omitted.
      return value !== undefined && /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? [[name, value]] : [];
    }),
  );
}

function matches(condition: string, etag: string): boolean {
  return condition
    .split(',')
    .map((item) => item.trim())
    .some((item) => item === '*' || item === etag);
}
