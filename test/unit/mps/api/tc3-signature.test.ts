import fc from 'fast-check';
import sdkSign from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js';
import { describe, expect, it } from 'vitest';
import { sign } from '../../../../src/mps/api/tc3-signature.js';

// Node returns a CommonJS module's exports, vitest their `default`.
const Sign = 'default' in sdkSign ? sdkSign.default : sdkSign;

describe('sign', () => {
  // Made with Python's hmac and hashlib from the description of TC3-HMAC-SHA256, not with this code.
  it.each([
    {
      host: 'mps.tencentcloudapi.com',
      body: '{"TaskId":"4-AigcImage-c3b145ec76"}',
      secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
      secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
      now: 1_743_436_800_000,
      scope: '2025-03-31/mps/tc3_request',
      signature: '1a2d5ec1951a09260e4fead6d811d23826258d1a61644cf427279ca758af2963',
    },
    {
      host: '127.0.0.1',
      body: '{"Prompt":"月下湖畔 🦊"}',
      secretId: 'id',
      secretKey: 'key',
      now: 1_767_225_599_999,
      scope: '2025-12-31/mps/tc3_request',
      signature: '7b88f9834b79026f0c774658118dadc08a28a03f9f894e5d11375e7eb25a1f65',
    },
  ])('gives the golden signature for $host', ({ host, body, secretId, secretKey, now, scope, signature }) => {
    expect(sign({ host, body }, { secretId, secretKey }, now)).toEqual({
      authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
      'content-type': 'application/json',
      'x-tc-timestamp': String(Math.floor(now / 1000)),
    });
  });

  it("agrees with the official SDK's signer on any body, key, host and time", () => {
    const hosts = ['mps.tencentcloudapi.com', 'mps.intl.tencentcloudapi.com', '127.0.0.1', 'localhost'];
    const key = fc.string({ minLength: 1, unit: fc.constantFrom(...'aB3xYz09') });
    fc.assert(
      fc.property(
        fc.record({ Prompt: fc.string({ unit: 'binary' }), Duration: fc.nat() }),
        fc.constantFrom(...hosts),
        key,
        key,
        fc.integer({ min: 0, max: 4_102_444_800 }),
        (parameters, host, secretId, secretKey, timestamp) => {
          const body = JSON.stringify(parameters);
          const expected = Sign.sign3({
            method: 'POST',
            url: `https://${host}/`,
            // As bytes: it would sign its own serialization of an object, which escapes some characters (such as U+00AD).
            payload: Buffer.from(body),
            timestamp,
            service: 'mps',
            secretId,
            secretKey,
            multipart: false,
            boundary: '',
            headers: { 'Content-Type': 'application/json' },
          });
          const signed = sign({ host, body }, { secretId, secretKey }, timestamp * 1000 + 999);
          expect(signed.authorization).toBe(expected);
        },
      ),
    );
  });

  it('dates the scope in UTC, to the second around midnight', () => {
    const scopeAt = (time: string) => {
      const signed = sign({ host: 'h', body: '' }, { secretId: 'i', secretKey: 'k' }, Date.parse(time));
      return /Credential=i\/([^/]+)/.exec(signed.authorization)?.[1];
    };
    expect(scopeAt('2026-02-28T23:59:59.999Z')).toBe('2026-02-28');
    expect(scopeAt('2026-03-01T00:00:00.000Z')).toBe('2026-03-01');
  });

  it('carries the token of temporary keys, and no token header without one', () => {
    const keys = { secretId: 'i', secretKey: 'k' };
    expect(sign({ host: 'h', body: '' }, { ...keys, sessionToken: 'temporary' }, 0)['x-tc-token']).toBe(
      'temporary',
    );
    expect(sign({ host: 'h', body: '' }, keys, 0)).not.toHaveProperty('x-tc-token');
  });

  it('never carries the secret key', () => {
    const signed = sign({ host: 'h', body: 'b' }, { secretId: 'i', secretKey: 'very-secret' }, 0);
    expect(JSON.stringify(signed)).not.toContain('very-secret');
  });
});
