import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CosDeps,
  CosError,
  createCosAddresses,
  createCosBucket,
  isRefusal,
} from '../../../../src/media/cos/bucket.js';
import { signCos } from '../../../../src/media/cos/cos-signature.js';
import {
  type AddressRule,
  createAddressRule,
  ForbiddenAddressError,
} from '../../../../src/media/http/url-guard.js';
import { createFakeClock } from '../../../support/clock.js';
import { type CosStandIn, startCos } from '../../../support/cos.js';
import { resolveTo } from '../../../support/names.js';
import { until } from '../../../support/until.js';

/** The key pair of the examples in Tencent's documentation. */
const credentials = {
  secretId: 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q',
  secretKey: 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz',
};
const seconds = (from: number, until: number) => ({ from: from * 1000, until: until * 1000 });
const key = 'easel-sources/1146000000000000023-1/d41d8cd98f00b204e9800998ecf8427e.jpg';
const host = 'pictures-1250000000.cos.ap-guangzhou.myqcloud.com';

describe('a signature', () => {
  it('matches the documentation’s example', () => {
    const headers = {
      Date: 'Thu, 16 May 2019 06:45:51 GMT',
      Host: 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com',
      'Content-Type': 'text/plain',
      'Content-Length': '13',
      'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==',
      'x-cos-acl': 'private',
      'x-cos-grant-read': 'uin="100000000011"',
    };
    const request = { method: 'PUT', path: '/exampleobject(腾讯云)', headers } as const;
    expect(signCos(request, credentials, seconds(1557989151, 1557996351))).toEqual([
      ['q-sign-algorithm', 'sha1'],
      ['q-ak', credentials.secretId],
      ['q-sign-time', '1557989151;1557996351'],
      ['q-key-time', '1557989151;1557996351'],
      ['q-header-list', 'content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read'],
      ['q-url-param-list', ''],
      ['q-signature', '3b8851a11a569213c17ba8fa7dcf2abec6935172'],
    ]);
  });

  // Made with util.getAuth of the official cos-nodejs-sdk-v5 3.0.0.
  it.each([
    [
      'PUT',
      { 'content-type': 'image/jpeg', 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==', host },
      '9b6e29d61c6f1aaf8c15c6cd1215152d65b7cce7',
    ],
    ['DELETE', { host }, '0e76e2a96db868075847c76a0812a375fbfd0fde'],
    ['GET', { host }, 'b0ccbc37b9b67966bea8e3eda0d2fd44dfdb2325'],
  ] as const)('of a %s is the official SDK’s', (method, headers, signature) => {
    const request = { method, path: `/${key}`, headers };
    const parameters = signCos(request, credentials, seconds(1768477800, 1768485600));
    expect(Object.fromEntries(parameters)).toMatchObject({
      'q-signature': signature,
      'q-header-list': Object.keys(headers).sort().join(';'),
    });
  });
});

describe('a bucket', () => {
  const clock = createFakeClock();
  const never = new AbortController().signal;
  const fox = Buffer.from('a red fox');
  const options = { type: 'image/jpeg', signal: never } as const;
  let cos: CosStandIn;
  let addresses: AddressRule;

  beforeEach(async () => {
    cos = await startCos({ ...credentials, now: clock.now });
    addresses = createAddressRule(cos.url);
  });
  afterEach(async () => {
    await addresses.close();
    await cos[Symbol.asyncDispose]();
  });

  const place = { bucket: 'pictures-1250000000', region: 'ap-guangzhou' };
  const open = (more: Partial<CosDeps> = {}) =>
    createCosBucket({
      ...place,
      credentials,
      addresses,
      now: clock.now,
      endpoint: cos.url,
      retryMs: 1,
      ...more,
    });

  it('stores a file, serves it to anyone with the link, and deletes it', async () => {
    const bucket = open();
    await bucket.put(key, fox, options);
    expect(cos.objects.get(key)).toEqual(fox);
    const link = bucket.link(key, 60_000);
    expect(Buffer.from(await (await fetch(link)).arrayBuffer())).toEqual(fox);
    await bucket.remove(key, options);
    expect((await fetch(link)).status).toBe(404);
    await bucket.remove(key, options);
    expect(cos.seen.filter((line) => line.startsWith('DELETE'))).toEqual([
      `DELETE /${key} 204`,
      `DELETE /${key} 404`,
    ]);
  });

  it('has links that expire on time, open one object only, and only for reading', async () => {
    const bucket = open();
    await bucket.put(key, fox, options);
    const link = bucket.link(key, 60_000);
    const other = new URL(link);
    other.pathname = '/easel-sources/another.jpg';
    expect((await fetch(other)).status).toBe(403);
    expect((await fetch(link, { method: 'DELETE' })).status).toBe(403);
    clock.pass(59_000);
    expect((await fetch(link)).status).toBe(200);
    clock.pass(2_000);
    expect((await fetch(link)).status).toBe(403);
  });

  it('tolerates a clock that is some minutes off', async () => {
    for (const minutes of [-9, 9]) {
      const bucket = open({ now: () => clock.now() + minutes * 60_000 });
      await bucket.put(key, fox, options);
      expect((await fetch(bucket.link(key, 30 * 60_000))).status).toBe(200);
    }
  });

  it('accepts temporary keys', async () => {
    const sessionToken = 'tok+en/==';
    const strict = await startCos({ ...credentials, sessionToken, now: clock.now });
    const bucket = open({ endpoint: strict.url, credentials: { ...credentials, sessionToken } });
    await bucket.put(key, fox, options);
    expect((await fetch(bucket.link(key, 60_000))).status).toBe(200);
    await strict[Symbol.asyncDispose]();
  });

  it('has its own address unless configured otherwise', () => {
    const bucket = createCosBucket({ ...place, credentials, addresses, now: clock.now });
    const link = new URL(bucket.link(key, 60_000));
    expect(link.origin + link.pathname).toBe(`https://${host}/${key}`);
    expect(bucket.keyOf(link.href)).toBe(key);
    expect(bucket.keyOf('https://cdn.discordapp.com/attachments/1/2/fox.png?ex=1')).toBeUndefined();
  });

  it('signs a bare link to its objects, under each of its host names, and no other link', async () => {
    const bucket = createCosBucket({ ...place, credentials, addresses, now: clock.now });
    for (const name of [host, 'pictures-1250000000.cos.ap-guangzhou.tencentcos.cn'])
      for (const scheme of ['https', 'http']) {
        const signed = new URL(bucket.sign(`${scheme}://${name}/a/fox%20(1).png`) ?? '');
        expect(signed.origin).toBe(`https://${host}`);
        expect(decodeURIComponent(signed.pathname)).toBe('/a/fox (1).png');
        expect(signed.searchParams.get('q-ak')).toBe(credentials.secretId);
      }
    for (const other of [
      `https://${host}/a.png?q-sign-algorithm=sha1`,
      'https://pictures-1250000000.cos.ap-shanghai.myqcloud.com/a.png',
      'https://other-1250000000.cos.ap-guangzhou.myqcloud.com/a.png',
      `https://${host}.example.com/a.png`,
      `https://example.com/${host}/a.png`,
      `ftp://${host}/a.png`,
      `https://${host}/`,
      `https://${host}/%E0%A4%A`,
      'no link',
    ])
      expect(bucket.sign(other), other).toBeUndefined();
  });

  it('serves the object of a bare link, whatever its key', async () => {
    const bucket = open();
    const strange = "a b/狐狸 (1)+&'!*.png";
    await bucket.put(strange, fox, options);
    const bare = bucket.address(strange);
    expect(bucket.keyOf(bare)).toBe(strange);
    expect((await fetch(bare)).status).toBe(403);
    expect(Buffer.from(await (await fetch(bucket.sign(bare) ?? '')).arrayBuffer())).toEqual(fox);
    expect(Buffer.from(await bucket.get(strange, options))).toEqual(fox);
    expect(await bucket.list('a b/', options)).toEqual([{ key: strange, bytes: fox.length }]);
  });

  it('lists a prefix over any number of pages', async () => {
    for (let n = 0; n < 2100; n++) cos.objects.set(`many/${n}.png`, fox);
    cos.objects.set('other/1.png', fox);
    const found = await open().list('many/', options);
    expect(new Set(found.map(({ key }) => key)).size).toBe(2100);
    expect(cos.seen).toEqual(['GET / 200', 'GET / 200', 'GET / 200']);
    expect(await open().list('none/', options)).toEqual([]);
  });

  it('reports a missing right at once', async () => {
    cos.denied.add('GET /');
    const refused = await open()
      .list('a/', options)
      .catch((error: unknown) => error);
    expect(isRefusal(refused)).toBe(true);
    expect(cos.seen).toHaveLength(1);
    await open().put(key, fox, options);
    expect(await open().get(key, options)).toHaveLength(fox.length);
  });

  it('is reached only at its own hosts', async () => {
    const own = createCosAddresses(place);
    for (const name of [host, 'pictures-1250000000.cos.ap-guangzhou.tencentcos.cn'])
      expect(own.check(`https://${name}/a.png`).host).toBe(name);
    for (const other of ['https://example.com/a', `http://${host}/a`, 'http://127.0.0.1:1/a'])
      expect(() => own.check(other), other).toThrow(ForbiddenAddressError);
    const local = createCosAddresses({ ...place, endpoint: cos.url });
    expect(local.check(`${cos.url}/a`).href).toBe(`${cos.url}/a`);
    for (const other of ['http://127.0.0.1:1/a', `https://${host}/a`])
      expect(() => local.check(other), other).toThrow(ForbiddenAddressError);
    await Promise.all([own.close(), local.close()]);
  });

  it('retries temporary errors', async () => {
    cos.fail(503, 0, 500);
    await open().put(key, fox, options);
    expect(cos.objects.has(key)).toBe(true);
    expect(cos.seen.map((line) => line.split(' ')[2])).toEqual(['503', '0', '500', '200']);
  });

  it('gives up after four tries, and quotes COS', async () => {
    cos.fail(500, 502, 503, 503);
    const failed = open().put(key, fox, options);
    await expect(failed).rejects.toThrow('COS answered 503 Trouble to a PUT (request NjM=-1).');
    expect(cos.seen).toHaveLength(4);
    cos.fail(0, 0, 0, 0);
    await expect(open().put(key, fox, options)).rejects.toThrow('COS gave no answer to a PUT.');
  });

  it('does not retry a refusal, and keeps secrets out of the error', async () => {
    const error: unknown = await open({ credentials: { ...credentials, secretKey: 'wrong' } })
      .put(key, fox, options)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CosError);
    expect(error).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch', requestId: 'NjM=-1' });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/AKID|q-sign|wrong/);
    expect(cos.seen).toHaveLength(1);
  });

  it('is tried again if this machine resolves its name to a forbidden address', async () => {
    const answers = ['10.53.1.2', '169.254.0.47', '127.0.0.1'];
    const addresses = createAddressRule(cos.url, { resolve: resolveTo(() => [answers.shift() ?? '']) });
    const endpoint = cos.url.replace('127.0.0.1', 'localhost');
    await open({ addresses, endpoint }).put(key, fox, options);
    expect(cos.objects.has(key)).toBe(true);
    await addresses.close();
  });

  it('is only accessed on loopback if that is allowed', async () => {
    const strict = createAddressRule('https://mps.tencentcloudapi.com');
    const failed = await open({ addresses: strict })
      .put(key, fox, options)
      .catch((reason: unknown) => reason);
    expect(failed).toMatchObject({ name: 'CosError', cause: expect.any(ForbiddenAddressError) });
    expect(cos.seen).toEqual([]);
    await strict.close();
  });

  it('ends at once, with the signal’s reason, when Easel stops', async () => {
    cos.fail(503);
    const stop = new AbortController();
    const put = open({ retryMs: 60_000 }).put(key, fox, { ...options, signal: stop.signal });
    await until('COS has answered once', () => cos.seen.length === 1);
    stop.abort(new Error('stopping'));
    await expect(put).rejects.toThrow('stopping');
  });
});
