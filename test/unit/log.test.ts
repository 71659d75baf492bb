import { Writable } from 'node:stream';
import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { createLog, type Log, silentLog } from '../../src/log.js';
import { MpsError } from '../../src/mps/api/errors.js';

const token = 'aW50ZXJhY3Rpb246MTE0NjAwMDAwMDAwMDAwMDAyMw.secret_part-9';
const prompt = 'my grandmother at the lake';
const url = `https://discord.com/api/v10/webhooks/1100000000000000001/${token}/messages/%40original?with_components=true`;
const request = { body: { content: prompt }, files: undefined };

/** The log's output, line by line. */
function capture(use: (log: Log) => void): string {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  use(createLog({ level: 'debug', destination }));
  return lines.join('');
}

const refused = new DiscordAPIError(
  { message: 'Invalid Form Body', code: 50_035 },
  50_035,
  400,
  'PATCH',
  url,
  request,
);
const failed = new HTTPError(502, 'Bad Gateway', 'PATCH', url, request);
const limited = new RateLimitError({
  global: false,
  hash: 'hash',
  limit: 5,
  majorParameter: `1100000000000000001/${token}`,
  method: 'POST',
  retryAfter: 3,
  route: `/webhooks/:id/${token}`,
  scope: 'user',
  sublimitTimeout: 0,
  timeToReset: 3,
  url,
});

describe('the log', () => {
  it.each([
    ['an error of Discord’s API', refused],
    ['an HTTP error', failed],
    ['a rate limit', limited],
    [
      'an error that has one of them as its cause',
      new Error('a card could not be drawn', { cause: refused }),
    ],
    ['an error that quotes the address', new Error(`Request to ${url} failed`)],
    ['an error that quotes the path', new Error(`PATCH /webhooks/1100000000000000001/${token} timed out`)],
    [
      'an error that quotes a callback',
      new Error(`POST /interactions/1146000000000000023/${token}/callback`),
    ],
    ['a text instead of an error', `Request to ${url} failed`],
  ])('keeps token, body and query of %s out', (_, err) => {
    const line = capture((log) => log.error({ task: '1:1', err }, 'something failed'));
    expect(line).not.toContain(token);
    expect(line).not.toContain('secret_part');
    expect(line).not.toContain(prompt);
    expect(line).not.toContain('with_components');
    expect(line).toContain('something failed');
  });

  it('omits a signed link, wherever an error quotes it', () => {
    const signed =
      'https://bucket.cos.ap-guangzhou.myqcloud.com/fox.png?q-sign-algorithm=sha1&q-signature=abcdef';
    for (const err of [
      new Error(`could not fetch ${signed}`),
      new TypeError('Invalid URL', { cause: new Error(`'${signed}'`) }),
    ]) {
      const line = capture((log) => log.warn({ err }, 'a result could not be fetched yet'));
      expect(line).not.toMatch(/q-sign|abcdef/);
      expect(line).toContain('bucket.cos');
    }
  });

  it('omits what an error carries besides, but not what helps to understand it', () => {
    const line = capture((log) => log.error({ err: refused }, 'refused'));
    expect(JSON.parse(line).err).toMatchObject({ code: 50_035, status: 400, method: 'PATCH' });
    expect(line).not.toMatch(/requestBody|rawError|"url"/);
    const facts = {
      action: 'CreateAigcImageTask',
      code: 'RequestLimitExceeded',
      reason: 'throttled',
    } as const;
    const mps = new MpsError({ ...facts, created: 'no', retry: 'backoff', requestId: 'request-1' });
    const said = JSON.parse(capture((log) => log.warn({ err: mps }, 'throttled'))).err;
    expect(said).toMatchObject({ ...facts, requestId: 'request-1', created: 'no', type: 'MpsError' });
    expect(said.stack).toContain('log.test');
  });

  it('masks the facts of an error like its message', () => {
    const err = Object.assign(new Error('no'), { detail: `see ${url}`, code: `GET ${url}` });
    expect(capture((log) => log.error({ err }, 'no'))).not.toContain(token);
  });

  it('redacts secrets and prompts that are logged by mistake', () => {
    const line = capture((log) =>
      log.info(
        {
          token,
          prompt,
          secretKey: 'key-1',
          origin: { token, userId: '4' },
          task: { request: { prompt }, origin: { token } },
        },
        'a task',
      ),
    );
    expect(line).not.toMatch(/secret_part|grandmother|key-1/);
    expect(JSON.parse(line).origin.userId).toBe('4');
  });

  it('survives an error that is its own cause, and a value that is no error', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    expect(capture((log) => log.error({ err: loop }, 'loop'))).toContain('loop');
    for (const err of [undefined, null, 7, { token }]) {
      const line = capture((log) => log.error({ err }, 'odd'));
      expect(line).toContain('odd');
      expect(line).not.toContain('secret_part');
    }
  });

  it('writes from its level on, and passes on its bindings', () => {
    const lines = capture((log) => {
      log.child({ shard: 3 }).debug({ a: 1 }, 'fine');
      silentLog.child({}).error({}, 'nothing');
    });
    expect(JSON.parse(lines)).toMatchObject({ shard: 3, a: 1, msg: 'fine' });
  });
});
