import { describe, expect, it, vi } from 'vitest';
import { createLimits } from '../../../../src/mps/limits/rate-limits.js';
import { watchTimers } from '../../../support/timers.js';
import { type Answer, described, gateway, refused, reset, silence, startServer } from '../server.js';
import { createWorld, errorOf, never } from '../world.js';

const options = { signal: never };

describe('describe', () => {
  it('reports a finished picture with its links', async () => {
    await using server = await startServer(
      described({ Status: 'DONE', ImageUrls: ['https://cos/1.png'], Message: 'ok' }),
    );
    await using world = createWorld(server.url, { now: () => 1_743_436_800_123 });
    expect(await world.client.describe('image', () => 't1', options)).toEqual({
      taskId: 't1',
      status: 'DONE',
      urls: ['https://cos/1.png'],
      message: 'ok',
      askedAt: 1_743_436_800_123,
      requestId: expect.stringMatching(/^request-/),
    });
    expect(server.seen[0]).toMatchObject({ action: 'DescribeAigcImageTask', body: '{"TaskId":"t1"}' });
  });

  it('reports a finished clip with its resolution', async () => {
    await using server = await startServer(
      described({ Status: 'DONE', VideoUrls: ['https://cos/1.mp4'], Resolution: '1920x1088' }),
    );
    await using world = createWorld(server.url);
    expect(await world.client.describe('video', () => 't2', options)).toMatchObject({
      status: 'DONE',
      urls: ['https://cos/1.mp4'],
      resolution: '1920x1088',
    });
    expect(server.seen[0]?.action).toBe('DescribeAigcVideoTask');
  });

  it('reports no invalid resolution', async () => {
    await using server = await startServer(
      described({ Status: 'DONE', VideoUrls: ['https://cos/1.mp4'], Resolution: '@everyone' }),
    );
    await using world = createWorld(server.url);
    expect(await world.client.describe('video', () => 't2', options)).not.toHaveProperty('resolution');
  });

  it('reports why a task failed', async () => {
    await using server = await startServer(described({ Status: 'FAIL', Message: 'cannot read the image' }));
    await using world = createWorld(server.url);
    expect(await world.client.describe('video', () => 't', options)).toMatchObject({
      status: 'FAIL',
      message: 'cannot read the image',
      urls: [],
    });
  });

  it.each([
    ['null', { ImageUrls: null, Message: null }],
    ['missing', {}],
    ['of fields not heard of yet', { ImageUrls: [], Progress: 40, Extra: { a: 1 } }],
  ])('takes an answer whose lists are %s', async (_name, fields) => {
    await using server = await startServer(described({ Status: 'WAIT', ...fields }));
    await using world = createWorld(server.url);
    const report = await world.client.describe('image', () => 't', options);
    expect(report).toMatchObject({ status: 'WAIT', urls: [] });
    expect(report).not.toHaveProperty('message');
  });

  it.each(['image', 'video'] as const)(
    'reports no links if a done %s has null instead of a list',
    async (kind) => {
      await using server = await startServer(described({ Status: 'DONE', ImageUrls: null, VideoUrls: null }));
      await using world = createWorld(server.url);
      expect(await world.client.describe(kind, () => 't', options)).toMatchObject({
        status: 'DONE',
        urls: [],
      });
    },
  );

  it('returns no links before a task is done', async () => {
    await using server = await startServer(described({ Status: 'RUN', ImageUrls: ['https://cos/half.png'] }));
    await using world = createWorld(server.url);
    expect(await world.client.describe('image', () => 't', options)).toMatchObject({ urls: [] });
  });

  it.each([
    ['done', 'DONE'],
    ['Fail', 'FAIL'],
    ['wait', 'WAIT'],
    // Not seen yet; each can only be an end.
    ['FAILED', 'FAIL'],
    ['Error', 'FAIL'],
    ['CANCELLED', 'FAIL'],
    ['TIMEOUT', 'FAIL'],
  ])('reads the status %s as %s, however it is spelt', async (word, status) => {
    await using server = await startServer(described({ Status: word, ImageUrls: ['https://cos/1.png'] }));
    await using world = createWorld(server.url);
    expect(await world.client.describe('image', () => 't', options)).toMatchObject({ status });
    expect(world.log.lines).toEqual([]);
  });

  it('treats an unknown status as running, and logs it once', async () => {
    await using server = await startServer(described({ Status: 'PAUSED' }));
    await using world = createWorld(server.url);
    for (let n = 0; n < 3; n += 1) {
      expect(await world.client.describe('image', () => 't', options)).toMatchObject({ status: 'RUN' });
    }
    expect(world.log.lines).toEqual([
      { level: 'warn', details: { status: 'PAUSED' }, message: expect.stringContaining('unknown') },
    ]);
  });

  it('chooses the task to poll only when a request can be sent', async () => {
    await using server = await startServer(described({ Status: 'RUN' }));
    const limits = createLimits({ rates: { DescribeAigcImageTask: 1 } });
    await using world = createWorld(server.url, { limits });
    let urgent = 'early';
    const first = world.client.describe('image', () => 'first', options);
    const second = world.client.describe('image', () => urgent, options);
    await first;
    urgent = 'late';
    expect(await second).toMatchObject({ taskId: 'late' });
    await limits.close();
  });

  it('passes the slot on without a request when there is no task to poll', async () => {
    await using server = await startServer(described({ Status: 'RUN' }));
    const limits = createLimits({ rates: { DescribeAigcImageTask: 1 } });
    await using world = createWorld(server.url, { limits });
    using timers = watchTimers(/rate-limits\.ts/);
    for (let n = 0; n < 5; n += 1) {
      expect(await world.client.describe('image', () => undefined, options)).toBeUndefined();
    }
    // No slot rests for its second yet.
    expect(timers.left()).toBe(0);
    await world.client.describe('image', () => 't', options);
    expect(timers.left()).toBe(1);
    expect(server.seen).toHaveLength(1);
    await limits.close();
  });

  /** For an answer that does not come; a busy machine has to send the request in it. */
  const quick = { timeouts: { create: 1_000, describe: 1_000 } };
  const failures: readonly (readonly [string, Answer])[] = [
    ['a reset', reset],
    ['silence', silence],
    ['a 502', gateway(502)],
    ['nonsense', gateway(200)],
    ['an answer without a status', described({})],
    ['an inner error', refused('InternalError')],
    ['throttling', refused('RequestLimitExceeded')],
    ['a wrong key', refused('AuthFailure.SignatureFailure')],
  ];
  it.each(failures)('leaves it to the caller to poll again after %s', async (_name, answer) => {
    await using server = await startServer(described({ Status: 'RUN' }));
    server.next(answer);
    await using world = createWorld(server.url, answer === silence ? quick : {});
    expect(await errorOf(world.client.describe('image', () => 't', options))).toMatchObject({
      created: 'no',
      retry: 'backoff',
    });
    expect(server.seen).toHaveLength(1);
  });

  it('polls the same task once more after setting the clock right', async () => {
    await using server = await startServer(described({ Status: 'RUN' }));
    server.next(refused('AuthFailure.SignatureExpire'));
    await using world = createWorld(server.url);
    const choose = vi.fn(() => `t${choose.mock.calls.length}`);
    expect(await world.client.describe('image', choose, options)).toMatchObject({ taskId: 't1' });
    expect(server.seen.map(({ body }) => body)).toEqual(['{"TaskId":"t1"}', '{"TaskId":"t1"}']);
    expect(choose).toHaveBeenCalledOnce();
  });

  it('does not set the clock right twice for one query', async () => {
    await using server = await startServer(refused('AuthFailure.SignatureExpire'));
    await using world = createWorld(server.url);
    expect(await errorOf(world.client.describe('image', () => 't', options))).toMatchObject({
      reason: 'clock',
    });
    expect(server.seen).toHaveLength(2);
  });

  it('drops a query at once when its signal aborts', async () => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    await using server = await startServer(() => {
      stop.abort(reason);
      return undefined;
    });
    await using world = createWorld(server.url);
    await expect(world.client.describe('image', () => 't', { signal: stop.signal })).rejects.toBe(reason);
  });
});
