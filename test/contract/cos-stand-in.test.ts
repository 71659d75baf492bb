import { createHash } from 'node:crypto';
import type { CosStandIn } from '@easel/cos-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import {
  authorize,
  closeBuckets,
  codeIn,
  createCosSdk,
  type RawAnswer,
  raw,
  type Signing,
  startBucket,
} from './cos-stand-in-kit.js';

afterEach(closeBuckets);

const key = "easel/狐狸 & co/a+b (1)~*'!.png";
const fox = Buffer.from('a red fox');
const named = ({ bucket, region }: CosStandIn) => ({ Bucket: bucket, Region: region });

/** A path-style request on loopback, signed by the official SDK's own code. */
function signed(
  standIn: CosStandIn,
  method: string,
  path: string,
  { body, more = {}, ...signing }: Signing & { body?: Buffer; more?: Record<string, string> } = {},
): Promise<RawAnswer> {
  const authorization = authorize(standIn, method, path, signing);
  const query = new URLSearchParams(signing.query).toString();
  const target = `/${path.split('/').map(encodeURIComponent).join('/')}${query && `?${query}`}`;
  return raw(standIn, method, target, {
    headers: { ...signing.headers, ...more, authorization },
    ...(body && { body }),
  });
}

async function code(...call: Parameters<typeof signed>): Promise<string> {
  return codeIn(await signed(...call));
}

describe('the official COS SDK against the stand-in', () => {
  it.each([
    ['its usual host', {}],
    ['the newer host', { Domain: '{Bucket}.cos.{Region}.tencentcos.cn' }],
    ['signatures without the host', { ForceSignHost: false }],
  ])('puts, reads, lists and deletes by %s', async (_, options) => {
    const standIn = await startBucket();
    const sdk = createCosSdk(standIn, options);
    const at = { ...named(standIn), Key: key };
    const put = await sdk.putObject({
      ...at,
      Body: fox,
      ContentType: 'image/png',
      'x-cos-meta-task': '7',
    } as never);
    const etag = createHash('md5').update(fox).digest('hex');
    expect(put).toMatchObject({ statusCode: 200, ETag: `"${etag}"` });
    expect(standIn.objects.get(key)?.bytes).toEqual(fox);
    const got = await sdk.getObject(at);
    expect(got.Body).toEqual(fox);
    expect(got.headers).toMatchObject({
      'content-type': 'image/png',
      'x-cos-meta-task': '7',
      'accept-ranges': 'bytes',
    });
    expect(got.headers?.['x-cos-request-id']).toMatch(/^[\w+/=]{20,}$/);
    expect((await sdk.getObject({ ...at, Range: 'bytes=2-4' })).Body.toString()).toBe('red');
    expect((await sdk.headObject(at)).headers?.['content-length']).toBe('9');
    const { Contents, IsTruncated } = await sdk.getBucket({ ...named(standIn), Prefix: 'easel/狐狸' });
    expect({ Contents, IsTruncated }).toMatchObject({
      Contents: [{ Key: key, Size: '9', StorageClass: 'STANDARD' }],
      IsTruncated: 'false',
    });
    expect(await sdk.deleteObject(at)).toMatchObject({ statusCode: 204 });
    await expect(sdk.headObject(at)).rejects.toMatchObject({ statusCode: 404 });
    await expect(sdk.getObject(at)).rejects.toMatchObject({ code: 'NoSuchKey' });
  });

  it('walks a listing page by page, and by folders', async () => {
    const standIn = await startBucket();
    const keys = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'c', 'ä', '中'];
    for (const each of [...keys].reverse()) standIn.put(each, fox);
    const sdk = createCosSdk(standIn);
    const seen: string[] = [];
    for (let Marker = '', more = true; more; ) {
      const page = await sdk.getBucket({ ...named(standIn), MaxKeys: 3, Marker, EncodingType: 'url' });
      seen.push(...page.Contents.map(({ Key }) => decodeURIComponent(Key)));
      more = page.IsTruncated === 'true';
      Marker = decodeURIComponent(page.NextMarker ?? '');
    }
    expect(seen).toEqual(keys);
    const folders = await sdk.getBucket({ ...named(standIn), Delimiter: '/' });
    expect(folders.CommonPrefixes.map(({ Prefix }) => Prefix)).toEqual(['a/', 'b/']);
    expect(folders.Contents.map(({ Key }) => Key)).toEqual(['c', 'ä', '中']);
  });

  it('opens a private object by a signed link, until it expires', async () => {
    let now = Date.now();
    const standIn = await startBucket({ now: () => now });
    standIn.put(key, fox);
    const sdk = createCosSdk(standIn);
    const link = new URL(
      sdk.getObjectUrl({ ...named(standIn), Key: key, Sign: true, Expires: 60 }, () => {}),
    );
    const open = () =>
      raw(standIn, 'GET', `${link.pathname}${link.search}`, { headers: { host: link.host } });
    expect((await open()).body).toEqual(fox);
    const bare = await raw(standIn, 'GET', link.pathname, { headers: { host: link.host } });
    expect([bare.status, codeIn(bare)]).toEqual([403, 'AccessDenied']);
    now += 61_000;
    const dead = await open();
    expect([dead.status, codeIn(dead)]).toEqual([403, 'AccessDenied']);
    expect(dead.body.toString()).toContain('<Message>Request has expired</Message>');
  });

  it('works with temporary credentials, and only with their token', async () => {
    const standIn = await startBucket({ token: 'temporary' });
    const list = (options: object) => createCosSdk(standIn, options).getBucket(named(standIn));
    expect(await list({ SecurityToken: 'temporary' })).toMatchObject({ Contents: [] });
    await expect(list({})).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  it('reports a wrong key, a wrong bucket and a wrong region', async () => {
    const standIn = await startBucket();
    const list = (options: object, more = {}) =>
      createCosSdk(standIn, options).getBucket({ ...named(standIn), ...more });
    await expect(list({ SecretKey: 'wrong' })).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
    await expect(list({ SecretId: 'AKIDwrong' })).rejects.toMatchObject({ code: 'InvalidAccessKeyId' });
    await expect(list({}, { Bucket: 'other-1250000000' })).rejects.toMatchObject({ code: 'NoSuchBucket' });
    await expect(list({}, { Region: 'ap-beijing' })).rejects.toMatchObject({ code: 'NoSuchBucket' });
  });
});

describe('the bucket verifies a signature', () => {
  it('over method, key, host, and all listed parameters and headers', async () => {
    const standIn = await startBucket();
    const host = `127.0.0.1:${standIn.port}`;
    expect(await code(standIn, 'PUT', 'a', { body: fox })).toBe('OK');
    expect(await code(standIn, 'GET', 'a')).toBe('OK');
    expect(await code(standIn, 'GET', '', { query: { prefix: 'a b&c=d', 'max-keys': '5' } })).toBe('OK');
    const authorization = authorize(standIn, 'GET', 'a');
    const replay = (method: string, path: string, headers = {}) =>
      raw(standIn, method, path, { headers: { host, authorization, ...headers } }).then(codeIn);
    expect(await replay('GET', '/a')).toBe('OK');
    expect(await replay('DELETE', '/a')).toBe('SignatureDoesNotMatch');
    expect(await replay('GET', '/b')).toBe('SignatureDoesNotMatch');
    expect(await replay('GET', '/a', { host: `localhost:${standIn.port}` })).toBe('SignatureDoesNotMatch');
    const query = { query: { prefix: 'a/' } };
    const listing = authorize(standIn, 'GET', '', query);
    const other = await raw(standIn, 'GET', '/?prefix=b/', { headers: { authorization: listing } });
    expect(codeIn(other)).toBe('SignatureDoesNotMatch');
    const headers = { host, 'content-type': 'image/png' };
    const put = authorize(standIn, 'PUT', 'a', { headers });
    const changed = { authorization: put, 'content-type': 'text/html' };
    expect(codeIn(await raw(standIn, 'PUT', '/a', { headers: changed, body: 'x' }))).toBe(
      'SignatureDoesNotMatch',
    );
    expect(standIn.objects.get('a')?.bytes).toEqual(fox);
  });

  it('against its own clock', async () => {
    const standIn = await startBucket();
    standIn.put('a', fox);
    const seconds = Math.floor(Date.now() / 1000);
    const at = (from: number, to: number) =>
      code(standIn, 'GET', 'a', { keyTime: `${seconds + from};${seconds + to}` });
    expect(await at(-10, 60)).toBe('OK');
    expect(await at(-600, -60)).toBe('AccessDenied');
    expect(await at(600, 1200)).toBe('RequestTimeTooSkewed');
    standIn.clock.skew(900_000);
    expect(await at(-10, 60)).toBe('AccessDenied');
    expect(await at(600, 1200)).toBe('OK');
  });

  it.each([
    ['nothing', ''],
    ['words', 'Bearer x'],
    ['a part', 'q-sign-algorithm=sha1&q-ak=AKID'],
    [
      'another algorithm',
      'q-sign-algorithm=md5&q-ak=A&q-sign-time=1;2&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=x',
    ],
  ])('and refuses one that is %s', async (_, authorization) => {
    const standIn = await startBucket();
    const answer = await raw(standIn, 'GET', '/a', { headers: { authorization } });
    expect([answer.status, codeIn(answer)]).toEqual([403, 'AccessDenied']);
  });

  it('more strictly if configured', async () => {
    const standIn = await startBucket({ settings: { signEverything: true } });
    standIn.put('a', fox);
    expect(await code(standIn, 'GET', 'a')).toBe('OK');
    expect(await code(standIn, 'GET', 'a', { headers: {} })).toBe('AccessDenied');
    const { headers } = { headers: { authorization: authorize(standIn, 'GET', '') } };
    expect(codeIn(await raw(standIn, 'GET', '/?prefix=a', { headers }))).toBe('AccessDenied');
  });
});

describe('an object', () => {
  it('is checked against its digest, its size and an existing key', async () => {
    const standIn = await startBucket({ settings: { largestObject: 9 } });
    const put = (more: Record<string, string>, body = fox) => code(standIn, 'PUT', 'a', { body, more });
    expect(await put({ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' })).toBe('BadDigest');
    expect(await put({ 'content-md5': 'no' })).toBe('InvalidDigest');
    expect(await put({}, Buffer.alloc(10))).toBe('EntityTooLarge');
    expect(standIn.objects.size).toBe(0);
    expect(await put({ 'x-cos-forbid-overwrite': 'true' })).toBe('OK');
    expect(await put({ 'x-cos-forbid-overwrite': 'true' })).toBe('FileAlreadyExists');
    expect(await code(standIn, 'PUT', 'k'.repeat(851), { body: fox })).toBe('KeyTooLong');
  });

  it('is sent in ranges, and unless the client already has it', async () => {
    const standIn = await startBucket();
    const { etag } = standIn.put('a', fox);
    const get = (more: Record<string, string>) => signed(standIn, 'GET', 'a', { more });
    const part = await get({ range: 'bytes=-3' });
    expect([part.status, part.body.toString(), part.headers['content-range']]).toEqual([
      206,
      'fox',
      'bytes 6-8/9',
    ]);
    expect((await get({ range: 'bytes=9-' })).status).toBe(416);
    expect((await get({ range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
    expect((await get({ 'if-none-match': `"${etag}"` })).status).toBe(304);
    expect((await get({ 'if-match': '"other"' })).status).toBe(412);
  });

  it('is not confused with unsupported operations', async () => {
    const standIn = await startBucket();
    standIn.put('a', fox);
    expect(await code(standIn, 'GET', 'a', { query: { acl: '' } })).toBe('NotImplemented');
    expect(await code(standIn, 'POST', 'a', { query: { uploads: '' } })).toBe('NotImplemented');
    expect(await code(standIn, 'POST', 'a')).toBe('MethodNotAllowed');
    expect(await code(standIn, 'DELETE', '')).toBe('MethodNotAllowed');
    expect(await code(standIn, 'GET', '', { query: { 'max-keys': 'many' } })).toBe('InvalidArgument');
    expect(codeIn(await raw(standIn, 'GET', '/%zz'))).toBe('InvalidURI');
  });
});

describe('tests can configure', () => {
  it('rights, one by one and below a prefix; MPS keeps its own', async () => {
    const standIn = await startBucket();
    standIn.put('easel/a', fox);
    const all = () =>
      Promise.all([
        code(standIn, 'PUT', 'easel/b', { body: fox }),
        code(standIn, 'GET', 'easel/a'),
        signed(standIn, 'HEAD', 'easel/a').then(({ status }) => status),
        code(standIn, 'GET', '', { query: { prefix: 'easel/' } }),
        code(standIn, 'DELETE', 'easel/b'),
      ]);
    expect(await all()).toEqual(['OK', 'OK', 200, 'OK', 'OK']);
    standIn.settings.update({ denied: [{ right: 'cos:GetBucket' }, { right: 'cos:DeleteObject' }] });
    expect(await all()).toEqual(['OK', 'OK', 200, 'AccessDenied', 'AccessDenied']);
    standIn.settings.update({
      denied: [
        { right: 'cos:PutObject', prefix: 'easel/' },
        { right: 'cos:GetObject', prefix: 'x/' },
      ],
    });
    expect(await all()).toEqual(['AccessDenied', 'OK', 200, 'OK', 'OK']);
    expect(await code(standIn, 'PUT', 'other', { body: fox })).toBe('OK');
    const service = createCosSdk(standIn, {
      SecretId: standIn.serviceKeys.secretId,
      SecretKey: standIn.serviceKeys.secretKey,
    });
    const put = await service.putObject({ ...named(standIn), Key: 'easel/c', Body: fox });
    expect(put.statusCode).toBe(200);
  });

  it('how late a listing reflects writes and deletions, while the object itself is there at once', async () => {
    const standIn = await startBucket({ settings: { listingDelayMs: 60_000 } });
    const listed = async () => {
      const { body } = await signed(standIn, 'GET', '', { query: { prefix: '' } });
      return [...body.toString().matchAll(/<Key>(.*?)<\/Key>/g)].map(([, found]) => found);
    };
    await signed(standIn, 'PUT', 'a', { body: fox });
    expect(await code(standIn, 'GET', 'a')).toBe('OK');
    expect(await listed()).toEqual([]);
    standIn.clock.advance(60_000);
    expect(await listed()).toEqual(['a']);
    await signed(standIn, 'DELETE', 'a');
    expect(await code(standIn, 'GET', 'a')).toBe('NoSuchKey');
    expect(await listed()).toEqual(['a']);
    standIn.clock.advance(60_000);
    expect(await listed()).toEqual([]);
  });

  it('errors, lost answers and broken transfers', async () => {
    const standIn = await startBucket();
    const put = () => code(standIn, 'PUT', 'a', { body: fox });
    standIn.faults.add({ kind: 'error', status: 503, code: 'ServiceUnavailable', count: 1 });
    expect(await put()).toBe('ServiceUnavailable');
    expect(standIn.objects.size).toBe(0);
    standIn.faults.add({ kind: 'reset', when: 'after', right: 'cos:PutObject', count: 1 });
    await expect(put()).rejects.toThrow();
    expect(standIn.objects.get('a')?.bytes).toEqual(fox);
    standIn.faults.add({ kind: 'truncate', part: 0.5, count: 1 });
    await expect(signed(standIn, 'GET', 'a')).rejects.toThrow();
    standIn.faults.add({ kind: 'error', right: 'cos:GetBucket' });
    expect(await code(standIn, 'GET', 'a')).toBe('OK');
    expect(await code(standIn, 'GET', '')).toBe('InternalError');
    expect(standIn.records.map(({ code: each }) => each)).toEqual([
      ...['ServiceUnavailable', 'reset', 'OK', 'OK', 'InternalError'],
    ]);
  });

  it('all of it over HTTP too', async () => {
    const standIn = await startBucket();
    const control = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${standIn.url}/_control/${path}`, {
        method,
        ...(body && { body: JSON.stringify(body) }),
      });
      return response.status === 204 ? undefined : response.json();
    };
    expect(await control('GET', 'bucket')).toMatchObject({ bucket: standIn.bucket, region: standIn.region });
    expect(await control('PATCH', 'settings', { listingDelayMs: 5 })).toMatchObject({
      listingDelayMs: 5,
      publicRead: false,
    });
    expect(await control('PATCH', 'settings', { publicRead: true })).toMatchObject({
      listingDelayMs: 5,
      publicRead: true,
    });
    expect(await control('PATCH', 'settings', { nonsense: true })).toHaveProperty('error');
    await control('POST', 'objects', { key: 'a', bytes: fox.toString('base64') });
    expect(codeIn(await raw(standIn, 'GET', '/a'))).toBe('OK');
    await control('DELETE', 'settings');
    expect(codeIn(await raw(standIn, 'GET', '/a'))).toBe('AccessDenied');
    expect(await control('GET', 'objects?prefix=a')).toMatchObject([{ key: 'a', size: 9 }]);
    expect(await control('POST', 'faults', { kind: 'delay', ms: 1 })).toEqual({ id: 1 });
    expect(await control('GET', 'faults')).toMatchObject([{ kind: 'delay', struck: 0 }]);
    expect(await control('GET', 'records')).toMatchObject([
      { status: 200 },
      { status: 403, signer: 'anonymous' },
    ]);
    expect(await control('POST', 'clock', { advance: 1, skew: 2 })).toHaveProperty('skew', 2);
  });
});
