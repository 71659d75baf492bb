import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import {
  createAddressRule,
  ForbiddenAddressError,
  isPublicAddress,
  MisresolvedError,
} from '../../../../src/media/http/url-guard.js';
import { startFileServer, status, whole } from '../../../support/files.js';
import { resolveTo } from '../../../support/names.js';

const mps = 'https://mps.tencentcloudapi.com';

describe('a plain http link', () => {
  const rule = createAddressRule(mps, { secure: /\.myqcloud\.com$/ });

  it('of a host known to serve https is opened over https', () => {
    const link = 'http://results-1250000000.cos.ap-guangzhou.myqcloud.com/a.png?q-sign-time=1';
    expect(rule.check(link).href).toBe(link.replace('http:', 'https:'));
  });

  it.each([
    'http://example.com/a.png',
    'http://myqcloud.com.example/a.png',
    'http://x.myqcloud.com:8080/a.png',
    'http://user:word@x.myqcloud.com/a.png',
    'ftp://x.myqcloud.com/a.png',
  ])('of any other kind is not opened: %s', (link) => {
    expect(() => rule.check(link)).toThrow(ForbiddenAddressError);
  });
});

describe('a public address', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '172.32.0.1',
    '192.167.1.1',
    '223.255.255.255',
    '2606:4700::1111',
  ])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('addresses that can be fetched for a public service', () => {
  const { check } = createAddressRule(mps);

  it('are https of a public host, whatever its name or number', () => {
    expect(check('https://bucket-1.cos.ap-guangzhou.myqcloud.com/a.png?sign=1').hostname).toContain(
      'myqcloud',
    );
    expect(check('https://8.8.8.8/a.png').hostname).toBe('8.8.8.8');
    expect(check('https://[2606:4700::1111]/a.png').hostname).toBe('[2606:4700::1111]');
  });

  it.each([
    'http://bucket.example.com/a.png',
    'ftp://bucket.example.com/a.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'a.png',
    '',
    'https://user:word@bucket.example.com/a.png',
    'https://localhost/a.png',
    'https://127.0.0.1/a.png',
    'https://2130706433/a.png',
    'https://0x7f000001/a.png',
    'https://0177.0.0.1/a.png',
    'https://127.1/a.png',
    'https://0/a.png',
    'https://[::1]/a.png',
    'https://[::ffff:127.0.0.1]/a.png',
    'https://[::ffff:7f00:1]/a.png',
    'https://[fe80::1]/a.png',
    'https://10.0.0.1/a.png',
    'https://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:8080/a.png',
  ])('is not %s', (address) => expect(() => check(address)).toThrow(ForbiddenAddressError));

  it('are only its own hosts, if they are known', () => {
    const discord = createAddressRule('https://discord.com/api', {
      hosts: /^(cdn|media)\.discordapp\.(com|net)$/,
    });
    expect(discord.check('https://cdn.discordapp.com/attachments/1/2/a.png').hostname).toBe(
      'cdn.discordapp.com',
    );
    for (const host of ['cdn.discordapp.com.evil.example', 'evil.example', 'cdn.discordapp.com@evil.example'])
      expect(() => discord.check(`https://${host}/a.png`), host).toThrow(ForbiddenAddressError);
  });

  it('are refused if the name resolves to this machine', async () => {
    const rule = createAddressRule(mps);
    await using server = await startFileServer();
    const fetched = request(server.url.replace('127.0.0.1', 'localhost'), { dispatcher: rule.dispatcher });
    await expect(fetched).rejects.toThrow(ForbiddenAddressError);
    expect(server.asked).toEqual([]);
    await rule.close();
  });

  it('are connected to as checked, even if the name resolves to others later', async () => {
    await using server = await startFileServer();
    const { port } = new URL(server.url);
    const answers = [['192.168.1.1'], ['8.8.8.8', '127.0.0.1'], ['127.0.0.1'], ['169.254.169.254'], ['::1']];
    let asked = 0;
    const told: string[] = [];
    const rule = createAddressRule(mps, {
      resolve: resolveTo(() => answers[asked++] ?? []),
      onMisresolved: (host) => told.push(host),
    });
    const url = rule.check(`https://rebinding.example.com:${port}/fox.png`);
    for (const found of answers) {
      const fetched = request(url, { dispatcher: rule.dispatcher });
      await expect(fetched, String(found)).rejects.toThrow(MisresolvedError);
    }
    expect(asked).toBe(answers.length);
    expect(told).toEqual(answers.map(() => 'rebinding.example.com'));
    expect(server.asked).toEqual([]);
    await rule.close();
  });

  it('are refused without quoting path or query', () => {
    const refuse = () => check('http://bucket.example.com/secret.png?sign=hidden');
    expect(refuse).toThrow(/^http:\/\/bucket\.example\.com is not fetched/);
    expect(refuse).not.toThrow(/hidden|secret/);
  });
});

describe('addresses that can be fetched for a service on loopback', () => {
  it.each(['http://127.0.0.1:9000', 'http://localhost:9000/api', 'https://[::1]:9000'])(
    'include loopback when %s is that service',
    (service) => {
      const { check } = createAddressRule(service);
      for (const address of [
        'http://127.0.0.1:81/a',
        'http://localhost/a',
        'http://[::1]:9/a',
        'https://127.0.0.1/a',
      ])
        expect(check(address).href).toContain('/a');
    },
  );

  it('exclude the network around it', () => {
    const { check } = createAddressRule('http://127.0.0.1:9000');
    for (const address of [
      'http://10.0.0.1/a',
      'https://10.0.0.1/a',
      'http://example.com/a',
      'file:///etc/passwd',
    ])
      expect(() => check(address), address).toThrow(ForbiddenAddressError);
  });

  it('can be host names as well', async () => {
    const rule = createAddressRule('http://127.0.0.1:9000');
    await using server = await startFileServer();
    server.answers(whole(Buffer.from('here')));
    const { body } = await request(server.url.replace('127.0.0.1', 'localhost'), {
      dispatcher: rule.dispatcher,
    });
    expect(await body.text()).toBe('here');
    await rule.close();
  });

  it("don't follow a redirect", async () => {
    const rule = createAddressRule('http://127.0.0.1:9000');
    await using server = await startFileServer();
    server.answers(status(302, { location: `${server.url}/elsewhere` }));
    const { statusCode, body } = await request(server.url, { dispatcher: rule.dispatcher });
    await body.dump();
    expect(statusCode).toBe(302);
    expect(server.asked).toEqual(['/']);
    await rule.close();
  });
});
