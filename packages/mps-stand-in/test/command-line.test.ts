import { describe, expect, it } from 'vitest';
import { instructions, readFlags } from '../src/command-line.js';

describe('the flags of the MPS stand-in', () => {
  it('have defaults that make a picture take about 3 seconds', () => {
    expect(readFlags([])).toEqual({ port: 0, speed: 40 });
    expect(readFlags(['--port', '8081', '--speed=2.5', '--seed', '7'])).toEqual({
      port: 8081,
      speed: 2.5,
      seed: 7,
    });
    expect(readFlags(['--cos', 'http://127.0.0.1:8082/'])).toMatchObject({ cos: 'http://127.0.0.1:8082' });
  });

  it.each([
    [['--port', 'http'], '--port must be a whole number from 0 (any free port) to 65535, not "http".'],
    [['--port', '65536'], '--port must be a whole number from 0 (any free port) to 65535, not "65536".'],
    [['--port='], '--port must be a whole number from 0 (any free port) to 65535, not "".'],
    [['--speed', '0'], '--speed must be a number above 0, not "0".'],
    [['--seed', '1.5'], '--seed must be a whole number, not "1.5".'],
    [['--cos', '8082'], '--cos must be the bucket\'s address, such as http://127.0.0.1:8082, not "8082".'],
    [['--sped=2'], 'There is no flag --sped. Did you mean --speed?'],
    [['fast'], '"fast" isn\'t a flag'],
    [['--fast'], 'There is no flag --fast. There are: --port'],
  ])('refuse %j in a sentence', (argv, sentence) => {
    expect(() => readFlags(argv)).toThrow(sentence);
  });

  it('show what to set for the bot, without repeating keys that it already has', () => {
    const standIn = { url: 'http://127.0.0.1:8081', secretId: 'AKIDx', secretKey: 'key' };
    const all = instructions(standIn, {});
    expect(all).toContain('MPS_ENDPOINT=http://127.0.0.1:8081');
    expect(all).toContain('TENCENTCLOUD_SECRET_ID=AKIDx');
    expect(all).toContain('TENCENTCLOUD_SECRET_KEY=key');
    const own = instructions(standIn, { TENCENTCLOUD_SECRET_ID: 'AKIDx', TENCENTCLOUD_SECRET_KEY: 'key' });
    expect(own).toContain('MPS_ENDPOINT');
    expect(own).not.toContain('TENCENTCLOUD_SECRET');
  });
});
