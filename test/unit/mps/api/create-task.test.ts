import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import type { MpsError } from '../../../../src/mps/api/errors.js';
import { watchTimers } from '../../../support/timers.js';
import { type Answer, created, described, gateway, refused, reset, silence, startServer } from '../server.js';
import { createWorld, credentials, errorOf, never, painting } from '../world.js';

/** For an answer that does not come; a busy machine has to send the request in it. */
const quick = { timeouts: { create: 1_000, describe: 1_000 } };

describe('create', () => {
  it('sends what the API requires and answers with the task', async () => {
    await using server = await startServer(created('4-AigcImage-1'));
    await using world = createWorld(server.url, { now: () => 1_743_436_800_000 });
    const task = await world.client.create(painting, { signal: never });
    expect(task).toEqual({ taskId: '4-AigcImage-1', requestId: expect.stringMatching(/^request-/) });
    expect(server.seen).toHaveLength(1);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual(painting.body);
    expect(server.seen[0]?.headers).toMatchObject({
      host: new URL(server.url).host,
      'content-type': 'application/json',
      'x-tc-action': 'CreateAigcImageTask',
      'x-tc-version': '2019-06-12',
      'x-tc-region': 'ap-guangzhou',
      'x-tc-language': 'en-US',
      'x-tc-timestamp': '1743436800',
      authorization: expect.stringContaining('Credential=AKIDexample/2025-03-31/mps/tc3_request'),
    });
    expect(server.seen[0]?.headers).not.toHaveProperty('x-tc-token');
  });

  it('sends the token of temporary keys', async () => {
    await using server = await startServer(created('t'));
    await using world = createWorld(server.url, { credentials: { ...credentials, sessionToken: 'tmp' } });
    await world.client.create(painting, { signal: never });
    expect(server.seen[0]?.headers['x-tc-token']).toBe('tmp');
  });

  it('does not send a body with unknown fields', async () => {
    await using server = await startServer(created('t'));
    await using world = createWorld(server.url);
    const body = { ...painting.body, Surprise: true };
    const error = await errorOf(
      world.client.create({ action: 'CreateAigcImageTask', body }, { signal: never }),
    );
    expect(error).toMatchObject({ reason: 'rejected', created: 'no', retry: 'never' });
    expect(server.seen).toEqual([]);
  });

  describe('when throttled', () => {
    it('retries, freshly signed, and reports before and after every attempt', async () => {
      await using server = await startServer(created('t'));
      server.next(refused('RequestLimitExceeded'), refused('RequestLimitExceeded.Uin'));
      let time = 1_743_436_800_000;
      await using world = createWorld(server.url, { now: () => (time += 1000) });
      const steps: string[] = [];
      await world.client.create(painting, {
        signal: never,
        onSend: async () => void steps.push(`send ${server.seen.length}`),
        onRefused: async (error) => void steps.push(`refused ${error.code}`),
      });
      expect(steps).toEqual([
        'send 0',
        'refused RequestLimitExceeded',
        'send 1',
        'refused RequestLimitExceeded.Uin',
        'send 2',
      ]);
      expect(new Set(server.seen.map(({ headers }) => headers.authorization)).size).toBe(3);
    });

    it('is patient for a day, whatever else it gives up on sooner', async () => {
      await using server = await startServer(created('t'));
      server.next(...Array<Answer>(12).fill(refused('RequestLimitExceeded')));
      await using world = createWorld(server.url);
      await expect(world.client.create(painting, { signal: never, giveUpAfterMs: 0 })).resolves.toMatchObject(
        { taskId: 't' },
      );
      expect(server.seen).toHaveLength(13);
    });

    it('gives up after a day: nothing was created, and no one waits for it any more', async () => {
      await using server = await startServer(refused('RequestLimitExceeded'));
      let time = 1_743_436_800_000;
      await using world = createWorld(server.url, { now: () => time });
      const onRefused = async () => {
        time += 3_600_000;
      };
      const error = await errorOf(world.client.create(painting, { signal: never, onRefused }));
      expect(error).toMatchObject({ reason: 'throttled', created: 'no' });
      expect(server.seen).toHaveLength(25);
    });

    it('counts every retry against the limit', async () => {
      await using server = await startServer(created('t'));
      server.next(refused('RequestLimitExceeded'), refused('RequestLimitExceeded'));
      await using world = createWorld(server.url, { rates: { rates: { CreateAigcImageTask: 1 } } });
      await world.client.create(painting, { signal: never });
      const gaps = server.seen.slice(1).map(({ at }, index) => at - (server.seen[index]?.at ?? 0));
      expect(gaps.every((gap) => gap >= 1000)).toBe(true);
    });

    it('treats a 429 of the gateway the same and respects its Retry-After', async () => {
      await using server = await startServer(created('t'));
      server.next((_seen, response) => {
        response.writeHead(429, { 'retry-after': '1' }).end('slow down');
        return undefined;
      });
      await using world = createWorld(server.url);
      const refusals: MpsError[] = [];
      await world.client.create(painting, {
        signal: never,
        onRefused: async (error) => void refusals.push(error),
      });
      expect(refusals).toMatchObject([{ reason: 'throttled', retryAfterMs: 1000, httpStatus: 429 }]);
    });
  });

  describe('when the outcome is unknown', () => {
    const cases: readonly (readonly [string, Answer, string])[] = [
      ['the connection breaks after the request was read', reset, 'ECONNRESET'],
      ['no answer comes in time', silence, 'TimedOut'],
      ['a gateway answers', gateway(502), 'Http502'],
      ['the answer is not JSON', gateway(200), 'UnreadableAnswer'],
      ['the answer names no task', () => ({ RequestId: 'r' }), 'UnreadableAnswer'],
      ['the answer is not under Response', gateway(200, '{"TaskId":"t"}'), 'UnreadableAnswer'],
      ['a gateway error looks like success', gateway(500, '{"Response":{"TaskId":"t"}}'), 'Http500'],
      ['MPS failed inside', refused('InternalError'), 'InternalError'],
      ['MPS failed otherwise', refused('FailedOperation.Whatever'), 'FailedOperation.Whatever'],
    ];

    it.each(cases)('does not create again: %s', async (_name, answer, code) => {
      await using server = await startServer(created('second'));
      server.next(answer);
      await using world = createWorld(server.url, answer === silence ? quick : {});
      const onRefused = vi.fn(async () => {});
      const error = await errorOf(world.client.create(painting, { signal: never, onRefused }));
      expect(error).toMatchObject({ reason: 'uncertain', created: 'unknown', retry: 'never', code });
      expect(onRefused).not.toHaveBeenCalled();
      expect(server.seen).toHaveLength(1);
    });

    it('includes a truncated answer', async () => {
      await using server = await startServer(created('second'));
      server.next((_seen, response) => {
        response.writeHead(200, { 'content-length': '500' }).write('{"Response":{"TaskId":"t"');
        return undefined;
      });
      await using world = createWorld(server.url, quick);
      const error = await errorOf(world.client.create(painting, { signal: never }));
      expect(error).toMatchObject({ code: 'TimedOut', created: 'unknown' });
    });
  });

  describe('when MPS refuses', () => {
    it.each([
      ['AuthFailure.SecretIdNotFound', 'credentials'],
      ['UnauthorizedOperation', 'credentials'],
      ['InvalidParameter.ViolationContent', 'moderation'],
      ['InvalidParameterValue', 'rejected'],
      ['ResourceInsufficient', 'exhausted'],
      ['OperationDenied', 'arrears'],
    ])('does not insist after %s', async (code, reason) => {
      await using server = await startServer(created('second'));
      server.next(refused(code));
      await using world = createWorld(server.url);
      const error = await errorOf(world.client.create(painting, { signal: never }));
      expect(error).toMatchObject({ reason, code, created: 'no', retry: 'never', httpStatus: 200 });
      expect(error.requestId).toMatch(/^request-/);
      expect(server.seen).toHaveLength(1);
    });
  });

  it('keeps keys, signature, prompt and addresses out of errors and log, even if the server repeats them', async () => {
    await using server = await startServer(created('t'));
    const echo: Answer = (seen) => ({
      Error: {
        Code: `AuthFailure.${credentials.secretKey}!`,
        Message: `no: ${JSON.stringify(seen.headers)} ${seen.headers.authorization} ${seen.body} https://example.com/x?sign=1`,
      },
      RequestId: 'r',
    });
    server.next(echo);
    await using world = createWorld(server.url);
    const error = await errorOf(world.client.create(painting, { signal: never }));
    const shown = inspect({ error, log: world.log.lines }, { depth: 10 });
    const signature = /Signature=(\w+)/.exec(server.seen[0]?.headers.authorization ?? '')?.[1];
    expect(error.detail).toContain('no: ');
    expect(signature).toMatch(/^[0-9a-f]{64}$/);
    for (const secret of [signature, credentials.secretId, 'a red fox', 'sign=1']) {
      expect(shown).not.toContain(secret);
    }
  });

  describe('hooks and signals', () => {
    it('awaits onSend before a byte is sent', async () => {
      await using server = await startServer(created('t'));
      await using world = createWorld(server.url);
      let open = () => {};
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      const creating = world.client.create(painting, { signal: never, onSend: () => gate });
      // Long enough for the request to arrive if it were sent: an own round trip through the same server.
      await fetch(server.url, { method: 'POST', body: '{}' });
      expect(server.seen.map(({ action }) => action)).toEqual(['undefined']);
      open();
      await creating;
      expect(server.seen).toHaveLength(2);
    });

    it('sends nothing when onSend throws, throws the same, and passes the slot on', async () => {
      await using server = await startServer(created('t'));
      await using world = createWorld(server.url, { rates: { rates: { CreateAigcImageTask: 1 } } });
      using timers = watchTimers(/rate-limits\.ts/);
      const full = new Error('disk full');
      const failing = { signal: never, onSend: () => Promise.reject(full) };
      for (let n = 0; n < 5; n += 1) await expect(world.client.create(painting, failing)).rejects.toBe(full);
      expect(server.seen).toEqual([]);
      // No slot rests for its second yet.
      expect(timers.left()).toBe(0);
      await world.client.create(painting, { signal: never });
      expect(timers.left()).toBe(1);
    });

    it('does not send for a signal that has aborted', async () => {
      await using server = await startServer(created('t'));
      await using world = createWorld(server.url);
      await expect(world.client.create(painting, { signal: AbortSignal.abort('over') })).rejects.toBe('over');
      expect(server.seen).toEqual([]);
    });

    it('lets a request in flight finish when the signal aborts', async () => {
      const stop = new AbortController();
      await using server = await startServer((_seen, response) => {
        stop.abort(new Error('shutting down'));
        setTimeout(() => response.end('{"Response":{"TaskId":"t","RequestId":"r"}}'), 20);
        return undefined;
      });
      await using world = createWorld(server.url);
      await expect(world.client.create(painting, { signal: stop.signal })).resolves.toMatchObject({
        taskId: 't',
      });
    });

    it('stops retrying when the signal aborts, after reporting that nothing was created', async () => {
      await using server = await startServer(refused('RequestLimitExceeded'));
      await using world = createWorld(server.url, { random: () => 1 });
      const stop = new AbortController();
      const reason = new Error('cancelled');
      const onRefused = vi.fn(async () => stop.abort(reason));
      await expect(world.client.create(painting, { signal: stop.signal, onRefused })).rejects.toBe(reason);
      expect(onRefused).toHaveBeenCalledOnce();
      expect(server.seen).toHaveLength(1);
    });
  });

  describe('when the clock is off', () => {
    const tenMinutes = 600_000;
    const stale: Answer = (seen, response) => {
      const skew = Math.abs(Number(seen.headers['x-tc-timestamp']) * 1000 - Date.now());
      response.setHeader('date', new Date().toUTCString());
      if (skew > 300_000) return { Error: { Code: 'AuthFailure.SignatureExpire' }, RequestId: 'r' };
      return seen.action.startsWith('Create')
        ? { TaskId: 't', RequestId: 'r' }
        : { Status: 'RUN', RequestId: 'r' };
    };

    it.each([-tenMinutes, tenMinutes])(
      'learns the time from the answer, and from then on every request is accepted (%i ms)',
      async (skew) => {
        await using server = await startServer(stale);
        await using world = createWorld(server.url, { now: () => Date.now() + skew });
        const onSend = vi.fn(async () => {});
        await world.client.create(painting, { signal: never, onSend });
        expect(onSend).toHaveBeenCalledTimes(2);
        await world.client.create(painting, { signal: never });
        await world.client.describe('video', () => 't', { signal: never });
        expect(server.seen).toHaveLength(4);
      },
    );

    it('backs off again after other refusals in between', async () => {
      await using server = await startServer(created('t'));
      server.next(
        refused('AuthFailure.SignatureExpire'),
        refused('RequestLimitExceeded'),
        refused('AuthFailure.SignatureExpire'),
      );
      await using world = createWorld(server.url);
      await expect(world.client.create(painting, { signal: never })).resolves.toMatchObject({
        taskId: 't',
      });
    });

    it('re-signs only once in a row', async () => {
      await using server = await startServer(refused('AuthFailure.SignatureExpire'));
      await using world = createWorld(server.url);
      const error = await errorOf(world.client.create(painting, { signal: never }));
      expect(error).toMatchObject({ reason: 'clock', created: 'no' });
      expect(server.seen).toHaveLength(2);
    });

    it('does not re-sign if the answer has no time', async () => {
      await using server = await startServer((_seen, response) => {
        response.sendDate = false;
        return { Error: { Code: 'AuthFailure.SignatureExpire' }, RequestId: 'r' };
      });
      await using world = createWorld(server.url);
      expect(await errorOf(world.client.create(painting, { signal: never }))).toMatchObject({
        reason: 'clock',
      });
      expect(server.seen).toHaveLength(1);
    });
  });

  it('keeps 40 at once from ever exceeding a limit of 20 in a sliding second', async () => {
    await using server = await startServer(described({ TaskId: 't' }));
    await using world = createWorld(server.url);
    await Promise.all(Array.from({ length: 40 }, () => world.client.create(painting, { signal: never })));
    const times = server.seen.map(({ at }) => at);
    const busiest = Math.max(
      ...times.map((start) => times.filter((t) => t >= start && t < start + 1000).length),
    );
    expect(times).toHaveLength(40);
    expect(busiest).toBeLessThanOrEqual(20);
  });
});
