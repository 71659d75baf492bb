import { describe, expect, it } from 'vitest';
import { instructions, readFlags } from '../src/command-line.js';

describe('the flags of the COS stand-in', () => {
  it('can all be left out', () => {
    expect(readFlags([])).toEqual({ port: 0 });
    const all = ['--port', '8082', '--bucket', 'fox-1251234567', '--region=ap-singapore', '--seed', '7'];
    expect(readFlags(all)).toEqual({ port: 8082, bucket: 'fox-1251234567', region: 'ap-singapore', seed: 7 });
  });

  it.each([
    [['--port', 'http'], '--port must be a whole number from 0 (any free port) to 65535, not "http".'],
    [['--bucket', 'Fox'], '--bucket must be a name such as easel-1250000000, not "Fox".'],
    [['--region', 'x'], '--region must be a region such as ap-guangzhou, not "x".'],
    [['--seed', '1.5'], '--seed must be a whole number, not "1.5".'],
    [['--fast'], 'There is no flag --fast. There are: --port'],
  ])('refuse %j in a sentence', (argv, sentence) => {
    expect(() => readFlags(argv)).toThrow(sentence);
  });

  it('show what to set for the bot, without repeating keys that it already has', () => {
    const url = 'http://127.0.0.1:8082';
    const standIn = { url, bucket: 'b-1', region: 'r-1', secretId: 'AKIDx', secretKey: 'key' };
    const all = instructions(standIn, {});
    expect(all).toContain(`COS_ENDPOINT=${url}`);
    expect(all).toContain('COS_BUCKET=b-1');
    expect(all).toContain('TENCENTCLOUD_SECRET_KEY=key');
    const own = instructions(standIn, { TENCENTCLOUD_SECRET_ID: 'AKIDx', TENCENTCLOUD_SECRET_KEY: 'key' });
    expect(own).not.toContain('TENCENTCLOUD_SECRET');
  });
});
