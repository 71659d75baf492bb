import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultInput } from '@easel/mps-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  closeAll,
  codeOf,
  create,
  describeTask,
  fieldsOf,
  fox,
  linkOf,
  run,
  send,
  start,
} from './mps-stand-in-kit.js';

const instant = { durations: { image: [0, 0], video: [0, 0] } } as const;
afterEach(closeAll);

describe('a fault of the stand-in', () => {
  it('resets the connection before anything was done', async () => {
    const standIn = await start();
    standIn.faults.add({ kind: 'reset', count: 1 });
    await expect(send(standIn, 'CreateAigcImageTask', fox)).rejects.toThrow();
    expect(standIn.tasks).toHaveLength(0);
    expect(standIn.records).toMatchObject([{ action: 'CreateAigcImageTask', code: 'reset' }]);
    expect(await codeOf(standIn, 'CreateAigcImageTask', fox)).toBe('OK');
  });

  it('resets the connection after the task was created, and records which', async () => {
    const standIn = await start();
    standIn.faults.add({ kind: 'reset', when: 'after', count: 1 });
    await expect(send(standIn, 'CreateAigcImageTask', fox)).rejects.toThrow();
    const [task] = standIn.tasks;
    expect(standIn.records).toMatchObject([{ code: 'reset', taskId: task?.id }]);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)("answers a gateway's page %s processing", async (when, made) => {
    const standIn = await start();
    standIn.faults.add({ kind: 'gateway', when });
    const response = await send(standIn, 'CreateAigcImageTask', fox);
    expect(response.status).toBe(502);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(standIn.tasks).toHaveLength(made);
    expect(standIn.records).toMatchObject([{ code: '502' }]);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('answers any error code %s processing', async (when, made) => {
    const standIn = await start();
    standIn.faults.add({ kind: 'error', code: 'InternalError', when });
    expect(await codeOf(standIn, 'CreateAigcImageTask', fox)).toBe('InternalError');
    expect(standIn.tasks).toHaveLength(made);
  });

  it('delays an answer, not the task', async () => {
    const standIn = await start();
    standIn.faults.add({ kind: 'delay', ms: 3_600_000 });
    const answer = expect(send(standIn, 'CreateAigcImageTask', fox)).rejects.toThrow();
    await expect.poll(() => standIn.tasks).toHaveLength(1);
    expect(standIn.records).toHaveLength(0);
    await standIn.close();
    await answer;
  });

  it('affects only its action, and only so many times', async () => {
    const standIn = await start();
    standIn.faults.add({ kind: 'error', code: 'InternalError', action: 'CreateAigcVideoTask', count: 2 });
    const codes = [await codeOf(standIn, 'CreateAigcImageTask', fox)];
    for (let time = 0; time < 3; time += 1) codes.push(await codeOf(standIn, 'CreateAigcVideoTask', run));
    expect(codes).toEqual(['OK', 'InternalError', 'InternalError', 'OK']);
  });

  it('strikes at random, the same way for the same seed', async () => {
    const fault: FaultInput = { kind: 'error', code: 'InternalError', probability: 0.5 };
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const standIn = await start({ seed: 3 });
        standIn.faults.add(fault);
        const codes: string[] = [];
        for (let time = 0; time < 12; time += 1)
          codes.push(await codeOf(standIn, 'DescribeAigcImageTask', {}));
        return codes;
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(new Set(runs[0])).toEqual(new Set(['InternalError', 'MissingParameter']));
  });

  it('ends when it is removed', async () => {
    const standIn = await start();
    const disarm = standIn.faults.add({ kind: 'error', code: 'InternalError' });
    disarm();
    standIn.faults.add({ kind: 'reset' });
    standIn.faults.clear();
    expect(await codeOf(standIn, 'CreateAigcImageTask', fox)).toBe('OK');
  });

  it('makes a task fail, hang, or show an unknown status', async () => {
    const standIn = await start(instant);
    standIn.faults.add({ kind: 'fail', message: 'out of paint', count: 1 });
    expect(await describeTask(standIn, await create(standIn))).toMatchObject({
      Status: 'FAIL',
      Message: 'out of paint',
    });
    standIn.faults.add({ kind: 'stuck', count: 1 });
    const stuck = await create(standIn);
    standIn.clock.advance(72 * 3_600_000);
    expect(await describeTask(standIn, stuck)).toMatchObject({ Status: 'RUN', ImageUrls: [] });
    standIn.faults.add({ kind: 'status', word: 'PAUSED', count: 1 });
    const id = await create(standIn);
    expect(await describeTask(standIn, id)).toMatchObject({ Status: 'PAUSED', ImageUrls: [] });
    expect(await describeTask(standIn, id)).toMatchObject({ Status: 'DONE' });
  });
});

describe('a result of the stand-in', () => {
  it('is served whole, in ranges, and as headers alone', async () => {
    const standIn = await start(instant);
    const id = await create(standIn, run, 'CreateAigcVideoTask');
    const link = await linkOf(standIn, id);
    const bytes = await standIn.resultBytes(id);
    const get = (range: string, method = 'GET') => fetch(link, { method, headers: { range } });
    const head = await fetch(link, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(bytes.length));
    expect(head.headers.get('accept-ranges')).toBe('bytes');
    const middle = await get('bytes=10-19');
    expect(middle.status).toBe(206);
    expect(middle.headers.get('content-range')).toBe(`bytes 10-19/${bytes.length}`);
    expect(middle.headers.get('etag')).toBe(head.headers.get('etag'));
    expect(Buffer.from(await middle.arrayBuffer())).toEqual(bytes.subarray(10, 20));
    expect(Buffer.from(await (await get('bytes=-7')).arrayBuffer())).toEqual(bytes.subarray(-7));
    expect(Buffer.from(await (await get(`bytes=${bytes.length - 3}-`)).arrayBuffer())).toEqual(
      bytes.subarray(-3),
    );
    const beyond = await get(`bytes=${bytes.length}-`);
    expect(beyond.status).toBe(416);
    expect(await beyond.text()).toContain('<Code>InvalidRange</Code>');
    expect(standIn.tasks[0]?.downloads).toBe(3);
  });

  it('opens only with its own signature', async () => {
    const standIn = await start(instant);
    const [one, other] = [await create(standIn), await create(standIn)];
    const link = await linkOf(standIn, one);
    expect((await fetch(link.replace(one, other))).status).toBe(403);
    expect((await fetch(link.replace(/(time=\d+;)\d+/g, '$199999999999'))).status).toBe(403);
    expect((await fetch(link.replace(/\?.*/, ''))).status).toBe(403);
  });

  it('differs from every other task, and is the same at each download', async () => {
    const standIn = await start(instant);
    const ids = await Promise.all([
      create(standIn),
      create(standIn),
      create(standIn, run, 'CreateAigcVideoTask'),
    ]);
    ids.push(await create(standIn, run, 'CreateAigcVideoTask'));
    const all = await Promise.all(ids.map(async (id) => (await standIn.resultBytes(id)).toString('base64')));
    expect(new Set(all).size).toBe(4);
    for (let more = 0; more < 17; more += 1) await standIn.resultBytes(await create(standIn));
    expect((await standIn.resultBytes(ids[0] ?? '')).toString('base64')).toBe(all[0]);
  });

  it('can be broken, slow, or truncated', async () => {
    const standIn = await start(instant);
    const link = await linkOf(standIn, await create(standIn));
    standIn.faults.add({ kind: 'link', status: 503, count: 1 });
    expect((await fetch(link)).status).toBe(503);
    standIn.faults.add({ kind: 'truncate', count: 1 });
    const cut = await fetch(link);
    expect(cut.status).toBe(200);
    await expect(cut.arrayBuffer()).rejects.toThrow();
    const whole = Buffer.from(await (await fetch(link)).arrayBuffer());
    standIn.faults.add({ kind: 'slow', bytesPerSecond: whole.length * 10, count: 1 });
    const slow = await fetch(link);
    const chunks: Uint8Array[] = [];
    for await (const chunk of slow.body ?? []) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(1);
    expect(Buffer.concat(chunks).equals(whole)).toBe(true);
  });
});

describe('a result of the stand-in that misbehaves', () => {
  const open = async (fault: FaultInput) => {
    const standIn = await start(instant);
    standIn.faults.add(fault);
    return linkOf(standIn, await create(standIn));
  };

  it('is elsewhere, or something else', async () => {
    const moved = await fetch(await open({ kind: 'redirect', location: 'http://169.254.169.254/' }), {
      redirect: 'manual',
    });
    expect(moved.status).toBe(302);
    expect(moved.headers.get('location')).toBe('http://169.254.169.254/');
    expect(await (await fetch(await open({ kind: 'mistype' }))).text()).toContain('<html>');
  });

  it('is a file of ours, in ranges only as long as it is the same', async () => {
    const link = await open({ kind: 'file', path: 'package.json' });
    const whole = await fetch(link);
    const text = await whole.text();
    expect(text).toContain('"easel"');
    const etag = whole.headers.get('etag') ?? '';
    for (const [condition, status] of [
      [etag, 206],
      ['"other"', 200],
    ] as const) {
      const part = await fetch(link, { headers: { range: 'bytes=10-', 'if-range': condition } });
      expect(part.status).toBe(status);
      expect(await part.text()).toBe(status === 206 ? text.slice(10) : text);
    }
  });

  it('stops sending, and stays open', async () => {
    const response = await fetch(await open({ kind: 'stall', part: 0.5 }));
    const all = response.arrayBuffer().catch(() => 'broken');
    expect(await Promise.race([all, sleep(200, 'open')])).toBe('open');
  });
});

describe('the control of the MPS stand-in', () => {
  it('shows records and tasks, adds and removes faults, sets clock and speed', async () => {
    const standIn = await start();
    const control = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${standIn.url}/_control${path}`, {
        method,
        body: body ? JSON.stringify(body) : null,
      });
      return response.status === 204 ? undefined : response.json();
    };
    expect(await control('POST', '/faults', { kind: 'reset', action: 'CreateAigcVideoTask' })).toEqual({
      id: 1,
    });
    expect(await control('GET', '/faults')).toMatchObject([
      { id: 1, kind: 'reset', when: 'before', struck: 0 },
    ]);
    expect(await control('POST', '/faults', { kind: 'earthquake' })).toHaveProperty('error');
    await control('DELETE', '/faults/1');
    expect(await control('GET', '/faults')).toEqual([]);
    const id = await create(standIn);
    expect(await control('GET', '/records')).toMatchObject({
      requests: [{ action: 'CreateAigcImageTask', code: 'OK', taskId: id }],
      rejected: { CreateAigcImageTask: 0 },
    });
    expect(await control('GET', '/tasks')).toMatchObject([{ id, status: 'WAIT', params: fox }]);
    expect(await control('POST', '/clock', { advance: 180_000, skew: 1000 })).toMatchObject({ skew: 1000 });
    expect(await control('GET', `/tasks/${id}`)).toMatchObject({ status: 'DONE' });
    expect(await control('POST', '/speed', { speed: 40 })).toEqual({ speed: 40 });
    expect(await control('POST', '/speed', { speed: 0 })).toHaveProperty('error');
  });

  it('sends an event for each task and request', async () => {
    const standIn = await start();
    const socket = new WebSocket(`${standIn.url.replace('http', 'ws')}/_control/events`);
    await once(socket, 'open');
    const events: string[] = [];
    const both = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        events.push(JSON.parse(String(data)).event);
        if (events.length === 2) resolve();
      });
    });
    await fieldsOf(await send(standIn, 'CreateAigcImageTask', fox));
    await both;
    expect(events).toEqual(['task', 'request']);
  });
});
