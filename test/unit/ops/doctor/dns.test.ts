import { describe, expect, it } from 'vitest';
import { checkNames } from '../../../../src/ops/doctor/dns.js';

const endpoint = 'https://mps.tencentcloudapi.com';
const cos = { bucket: 'pictures-1250000000', region: 'ap-shanghai' };
const asked: string[] = [];
const lead =
  (...addresses: string[]) =>
  async (name: string) => {
    asked.push(name);
    return addresses;
  };

describe('the DNS check of COS', () => {
  it('passes for public addresses', async () => {
    const findings = await checkNames({ endpoint, region: 'ap-guangzhou' }, lead('119.29.1.1'));
    expect(findings).toMatchObject([{ level: 'ok' }]);
    expect(asked.pop()).toBe('cos.ap-guangzhou.myqcloud.com');
  });

  it.each(['10.53.1.2', '169.254.0.47', '100.64.0.9', '198.18.0.3'])('warns about %s', async (inner) => {
    const findings = await checkNames({ endpoint, region: 'ap-guangzhou', cos }, lead('119.29.1.1', inner));
    expect(findings).toMatchObject([
      { level: 'warn', said: expect.stringContaining(inner), fix: expect.stringContaining('public DNS') },
    ]);
    expect(asked.pop()).toBe('pictures-1250000000.cos.ap-shanghai.myqcloud.com');
  });

  it("warns about names that don't resolve", async () => {
    const lost = checkNames({ endpoint, region: 'ap-guangzhou' }, () =>
      Promise.reject(new Error('ENOTFOUND')),
    );
    expect(await lost).toMatchObject([{ level: 'warn' }]);
  });

  it('is skipped if a stand-in has the results', async () => {
    expect(await checkNames({ endpoint: 'http://127.0.0.1:9', region: 'ap-guangzhou' }, lead('::1'))).toEqual(
      [],
    );
  });
});
