import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AddressRule, createAddressRule } from '../../../../src/media/http/url-guard.js';
import { createFetcher, FetchError, type Fetcher } from '../../../../src/media/results/result-fetcher.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import { createFakeClock, type FakeClock } from '../../../support/clock.js';
import {
  broken,
  chunked,
  dripping,
  type FileAnswer,
  type FileServer,
  stalled,
  startFileServer,
  status,
  whole,
} from '../../../support/files.js';
import { type CollectingLog, createCollectingLog } from '../../../support/log.js';
import { resolveTo } from '../../../support/names.js';
import { giveChance, until } from '../../../support/until.js';

const pngMagic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const picture = Buffer.concat([pngMagic, randomBytes(300_000)]);
const clip = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), randomBytes(5_000)]);
const never = () => new AbortController().signal;
const day = 86_400_000;

let server: FileServer;
let addresses: AddressRule;
let spool: Spool;
let log: CollectingLog;
let clock: FakeClock;

beforeEach(async () => {
  clock = createFakeClock();
  server = await startFileServer();
  addresses = createAddressRule(server.url);
  spool = await createSpool();
  log = createCollectingLog();
});
afterEach(async () => {
  await addresses.close();
  await server[Symbol.asyncDispose]();
  await spool.close();
});

function fetcher(options: Partial<Parameters<typeof createFetcher>[0]> = {}): Fetcher {
  return createFetcher({ addresses, spool, log, now: clock.now, retryMs: 1, stallMs: 60_000, ...options });
}

function results(paths: readonly string[] = ['/fox.png'], kind: 'image' | 'video' = 'image', ms = day) {
  return { taskId: 'task', kind, urls: paths.map((path) => server.url + path), until: clock.now() + ms };
}

const spooled = async () => (await readdir(dirname(spool.newPath()))).length;

/** The FetchError of a fetch that fails. */
async function failure(work: Promise<unknown>): Promise<FetchError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FetchError) return error;
  throw new Error(`expected a FetchError, got ${String(error)}`);
}

describe('a result', () => {
  it.each([
    ['with its length told', whole],
    ['without it', chunked],
  ])('is on disk byte for byte, %s', async (_, answer) => {
    server.answers(answer(picture));
    const [file] = await fetcher().fetch(results(), { signal: never() });
    expect(file).toMatchObject({ type: 'image/png', bytes: picture.length });
    expect(picture.equals(await readFile(file?.path ?? ''))).toBe(true);
  });

  it('is one of several, in the order of the links', async () => {
    server.answers((response, request) => whole(request.url === '/1' ? picture : clip)(response, request));
    await expect(fetcher().fetch(results(['/1', '/2']), { signal: never() })).rejects.toThrow(FetchError);
    server.answers((response, request) =>
      whole(Buffer.concat([pngMagic, Buffer.from(request.url ?? '')]))(response, request),
    );
    const files = await fetcher().fetch(results(['/1', '/2', '/3']), { signal: never() });
    const ends = await Promise.all(files.map(async ({ path }) => String(await readFile(path)).slice(-2)));
    expect(ends).toEqual(['/1', '/2', '/3']);
  });

  it('is deleted on request', async () => {
    server.answers(whole(picture));
    const fetching = fetcher();
    const files = await fetching.fetch(results(), { signal: never() });
    expect(await spooled()).toBe(1);
    await fetching.discard(files);
    await fetching.discard(files);
    expect(await spooled()).toBe(0);
  });

  it('is a clip if a clip was ordered', async () => {
    server.answers(whole(clip));
    const [file] = await fetcher().fetch(results(['/a.mp4'], 'video'), { signal: never() });
    expect(file?.type).toBe('video/mp4');
  });
});

describe('a small picture that is kept in memory', () => {
  const kept = () => fetcher({ keep: true });

  it('is not on the disk, until something reads it by its path', async () => {
    server.answers(whole(picture));
    const [file] = await kept().fetch(results(), { signal: never() });
    expect(file?.content?.equals(picture)).toBe(true);
    expect(file).toMatchObject({ bytes: picture.length, type: 'image/png' });
    expect(await spooled()).toBe(0);
    await spool.write(file?.path ?? '');
    expect((await readFile(file?.path ?? '')).equals(picture)).toBe(true);
    if (file) await kept().discard([file]);
    expect(await spooled()).toBe(0);
  });

  it('leaves room for others once it is gone: 16 MB in all, the rest is written', async () => {
    const large = Buffer.concat([pngMagic, randomBytes(4_000_000)]);
    server.answers(whole(large));
    const files = await kept().fetch(results(['/1.png', '/2.png', '/3.png', '/4.png', '/5.png']), {
      signal: never(),
    });
    expect(files.filter(({ content }) => content)).toHaveLength(4);
    expect(await spooled()).toBe(1);
    await kept().discard(files);
    const [again] = await kept().fetch(results(), { signal: never() });
    expect(again?.content?.length).toBe(large.length);
    expect(await spooled()).toBe(0);
  });

  it.each([
    ['a larger one', 'image', whole(Buffer.concat([pngMagic, randomBytes(4 << 20)]))],
    ['one without its length', 'image', chunked(picture)],
    ['a clip', 'video', whole(clip)],
  ] as const)('%s is written', async (_, kind, answer) => {
    server.answers(answer);
    const [file] = await kept().fetch(results(['/fox'], kind), { signal: never() });
    expect(file?.content).toBeUndefined();
    expect((await readFile(file?.path ?? '')).length).toBe(file?.bytes);
  });

  it('goes on from what was written if it broke off, and is the same', async () => {
    server.answers(broken(picture, 100_000), whole(picture));
    const [file] = await kept().fetch(results(), { signal: never() });
    expect(file?.content).toBeUndefined();
    expect((await readFile(file?.path ?? '')).equals(picture)).toBe(true);
  });
});

describe('a download that goes wrong', () => {
  it.each([
    ['breaks off', broken(picture, 100_000)],
    ['breaks off before the first byte', broken(picture, 0)],
    ['meets a fault of the server', status(503)],
    ['is turned away without an address', status(302)],
    ['is told to ask again', status(429)],
    ['comes too early', status(404)],
  ])('is begun anew when it %s', async (_, answer) => {
    server.answers(answer, answer, whole(picture));
    const [file] = await fetcher().fetch(results(), { signal: never() });
    expect(picture.equals(await readFile(file?.path ?? ''))).toBe(true);
    expect(server.asked).toEqual(['/fox.png', '/fox.png', '/fox.png']);
    expect(await spooled()).toBe(1);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  it('is started over when it stalls', async () => {
    server.answers(stalled(picture, 1_000), whole(picture));
    const [file] = await fetcher({ stallMs: 200 }).fetch(results(), { signal: never() });
    expect(picture.equals(await readFile(file?.path ?? ''))).toBe(true);
    expect(await spooled()).toBe(1);
  });

  /** Such an answer, after which so many minutes pass. */
  const refusing =
    (code: number, minutes: number): FileAnswer =>
    (response, request) => {
      clock.pass(minutes * 60_000);
      status(code)(response, request);
    };

  it.each([403, 404])('is retried for half a minute of %i', async (code) => {
    const refusal = refusing(code, 0.05);
    server.answers(...[refusal, ...Array.from({ length: 9 }, () => refusal), whole(picture)]);
    expect(await fetcher().fetch(results(), { signal: never() })).toHaveLength(1);
    expect(server.asked).toHaveLength(11);
  });

  it.each([302, 304, 400, 401, 403, 404, 410, 451])('is given up after ten minutes of %i', async (code) => {
    server.answers(refusing(code, 2));
    const error = await failure(fetcher().fetch(results(), { signal: never() }));
    expect(error).toMatchObject({ reason: 'gone', cause: { status: code } });
    expect(server.asked).toHaveLength(6);
    expect(await spooled()).toBe(0);
  });

  it('is given up only after refusals without a break', async () => {
    const refusal = refusing(403, 2);
    server.answers(refusal, refusal, refusal, refusal, refusal, status(503), refusal);
    expect((await failure(fetcher().fetch(results(), { signal: never() }))).reason).toBe('gone');
    expect(server.asked).toHaveLength(6 + 6);
  });

  it('is given up after five refusals, however long they took, and sooner if little is lost', async () => {
    server.answers(refusing(404, 60));
    const long = { signal: never() };
    expect((await failure(fetcher().fetch(results(), long))).reason).toBe('gone');
    expect(server.asked).toHaveLength(5);
    server.answers(status(404));
    const impatient = { signal: never(), believeMs: 0 };
    expect((await failure(fetcher().fetch(results(), impatient))).reason).toBe('gone');
    expect(server.asked).toHaveLength(10);
  });

  it.each([408, 425, 429, 500, 503])('is never given up for %i while the link is valid', async (code) => {
    const refusal = status(code);
    server.answers(refusal, refusal, refusal, refusal, refusal, refusal, whole(picture));
    expect(await fetcher().fetch(results(), { signal: never() })).toHaveLength(1);
    expect(server.asked).toHaveLength(7);
  });

  it('is given up when the links have expired, but not before it was tried once', async () => {
    server.answers(status(503));
    const dead = results(['/a'], 'image', -1);
    expect((await failure(fetcher().fetch(dead, { signal: never() }))).reason).toBe('gone');
    expect(server.asked).toHaveLength(1);
    server.answers(whole(picture));
    expect(await fetcher().fetch(dead, { signal: never() })).toHaveLength(1);
  });

  it('is given up after a month where its link never dies, but not before', async () => {
    server.answers(status(503));
    const lasting = results(['/a'], 'image', Number.POSITIVE_INFINITY);
    const fetching = failure(fetcher().fetch(lasting, { signal: never() }));
    await until('it was tried', () => server.asked.length > 2);
    clock.pass(29 * day);
    const tries = server.asked.length;
    await until('it is tried still', () => server.asked.length > tries + 1);
    clock.pass(day);
    expect((await fetching).reason).toBe('gone');
  });

  it('is given up at once for bytes of another kind', async () => {
    for (const bytes of [Buffer.from('<html>'), clip, Buffer.alloc(0)]) {
      server.answers(whole(bytes));
      expect((await failure(fetcher().fetch(results(), { signal: never() }))).reason).toBe('unreadable');
    }
    expect(server.asked).toHaveLength(3);
    expect(await spooled()).toBe(0);
  });

  it.each([
    ['told', whole],
    ['not told', chunked],
  ])('is given up at once for a file that is too long, its length %s', async (_, answer) => {
    server.answers(answer(picture));
    const error = await failure(
      fetcher({ maxBytes: picture.length - 1 }).fetch(results(), { signal: never() }),
    );
    expect(error.reason).toBe('unreadable');
    expect(server.asked).toHaveLength(1);
    expect(await spooled()).toBe(0);
  });

  it('is given up at once for a forbidden address, which says nothing about the link’s life', async () => {
    const forbidden = { ...results(), urls: ['http://10.0.0.1/fox.png'] };
    expect((await failure(fetcher().fetch(forbidden, { signal: never() }))).reason).toBe('forbidden');
  });

  it('leaves nothing of the others behind if one of several is dead', async () => {
    server.answers(whole(picture), refusing(410, 3));
    await failure(fetcher().fetch(results(['/1', '/2']), { signal: never() }));
    expect(await spooled()).toBe(0);
  });

  it('logs the task but never the link', async () => {
    server.answers(status(503), whole(picture));
    await fetcher().fetch(results(['/fox.png?sign=secret']), { signal: never() });
    expect(log.lines[0]?.details).toMatchObject({ task: 'task' });
    expect(JSON.stringify(log.lines)).not.toContain('secret');
  });
});

describe("a result of a type that its bytes don't show", () => {
  const strange = Buffer.concat([Buffer.from([0, 1, 2, 3]), randomBytes(3_000)]);
  const typed =
    (bytes: Uint8Array, type?: string): FileAnswer =>
    (response) =>
      response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(bytes);

  it.each([
    ['image', 'image/jxl', '/fox', 'image/jxl'],
    ['image', 'Image/X-New; q=1', '/fox.png', 'image/x-new'],
    ['video', 'video/mp2t', '/fox', 'video/mp2t'],
    ['image', undefined, '/fox.JPEG?sign=a.mp4', 'image/jpeg'],
    ['video', 'application/octet-stream', '/fox.avi', 'video/x-msvideo'],
    ['image', 'binary/octet-stream', '/fox.png', 'image/png'],
  ] as const)('is the %s that is said to be %s at %s', async (kind, told, path, type) => {
    server.answers(typed(strange, told));
    const [file] = await fetcher().fetch(results([path], kind), { signal: never() });
    expect(file).toMatchObject({ type, bytes: strange.length });
    expect(strange.equals(await readFile(file?.path ?? ''))).toBe(true);
  });

  it.each([
    ['image', 'text/html', '/fox.png', strange],
    ['image', 'application/xml', '/fox.png', strange],
    ['image', 'application/json; charset=utf-8', '/fox.png', strange],
    ['image', 'image/svg+xml', '/fox.png', strange],
    ['image', 'video/mp4', '/fox.png', strange],
    ['image', undefined, '/fox.mp4', strange],
    ['video', undefined, '/fox', strange],
    ['image', undefined, '/constructor', strange],
    // However it is labelled, an error page is an error page, and a clip no picture.
    ['image', 'image/png', '/fox.png', Buffer.from('<?xml version="1.0"?><Error/>')],
    ['image', 'image/png', '/fox.png', Buffer.from('{"error":"拒绝"}')],
    ['image', 'image/png', '/fox.png', Buffer.alloc(0)],
    ['image', 'image/png', '/fox.png', Buffer.from('%PDF-1.7\n\0\x01')],
    ['image', undefined, '/fox.png', Buffer.from('PK\x03\x04\0\0')],
    ['video', undefined, '/fox.mp4', Buffer.from('II*\0\x08\0')],
    ['image', 'image/png', '/fox.png', clip],
    ['video', 'video/mp4', '/fox.mp4', picture],
  ] as const)('is no %s that is said to be %s at %s', async (kind, told, path, bytes) => {
    server.answers(typed(bytes, told));
    const error = await failure(fetcher().fetch(results([path], kind), { signal: never() }));
    expect(error.reason).toBe('unreadable');
    expect(server.asked).toHaveLength(1);
    expect(await spooled()).toBe(0);
  });
});

describe('a redirected result', () => {
  /** Sends `/n` on to `/n-1`; `/0` is the picture. */
  const steps =
    (code = 302): FileAnswer =>
    (response, request) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) whole(picture)(response, request);
      else status(code, { location: `${left - 1}` })(response, request);
    };

  it.each([301, 302, 303, 307, 308])('is fetched from the target of %i, over three steps', async (code) => {
    server.answers(steps(code));
    const [file] = await fetcher().fetch(results(['/3']), { signal: never() });
    expect(picture.equals(await readFile(file?.path ?? ''))).toBe(true);
    expect(server.asked).toEqual(['/3', '/2', '/1', '/0']);
  });

  it('is not followed over a fourth', async () => {
    server.answers(steps());
    const impatient = { signal: never(), believeMs: 0 };
    expect((await failure(fetcher().fetch(results(['/4']), impatient))).reason).toBe('gone');
    expect(server.asked).toHaveLength(5 * 4);
    expect(server.asked).not.toContain('/0');
  });

  it.each([
    'http://10.0.0.1/fox.png',
    'https://10.0.0.1/fox.png',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/fox.png',
    'file:///etc/passwd',
    // A stand-in on this machine can't redirect to the outside.
    'https://8.8.8.8/fox.png',
  ])('is not fetched from %s', async (location) => {
    server.answers(status(302, { location }));
    const error = await failure(fetcher().fetch(results(), { signal: never() }));
    expect(error).toMatchObject({ reason: 'forbidden', cause: { name: 'ForbiddenAddressError' } });
    expect(server.asked).toHaveLength(1);
  });

  it.each(['http', 'https'])(
    'is not fetched from this machine over %s, if a public service redirected there',
    async (by) => {
      const world = new MockAgent();
      world.disableNetConnect();
      const location = `${server.url.replace('http', by)}/fox.png`;
      const moved = world
        .get('https://results-1.cos.ap-guangzhou.myqcloud.com')
        .intercept({ path: '/fox.png' });
      moved.reply(302, '', { headers: { location } });
      const service = createAddressRule('https://mps.tencentcloudapi.com');
      const urls = ['https://results-1.cos.ap-guangzhou.myqcloud.com/fox.png'];
      const fetching = fetcher({ addresses: { ...service, dispatcher: world } });
      const error = await failure(fetching.fetch({ ...results(), urls }, { signal: never() }));
      expect(error).toMatchObject({ reason: 'forbidden', cause: { name: 'ForbiddenAddressError' } });
      expect(world.pendingInterceptors()).toEqual([]);
      expect(server.asked).toEqual([]);
      expect(await spooled()).toBe(0);
      await Promise.all([service.close(), world.close()]);
    },
  );
});

describe('a result whose host has a forbidden address here', () => {
  const inner = ['10.53.1.2', '169.254.0.47', '100.64.0.9', '10.53.1.2', '10.53.1.2', '10.53.1.2'];
  /** By name, so that it has to be resolved. */
  const named = (ms?: number) => {
    const one = results(['/fox.png'], 'image', ms);
    return { ...one, urls: one.urls.map((url) => url.replace('127.0.0.1', 'localhost')) };
  };

  it('is retried until this machine resolves it as others do, and then arrives', async () => {
    server.answers(whole(picture));
    const answers = [...inner, '127.0.0.1'];
    const told: string[] = [];
    const rule = createAddressRule(server.url, {
      resolve: resolveTo(() => [answers.shift() ?? '']),
      onMisresolved: (host) => told.push(host),
    });
    const [file] = await fetcher({ addresses: rule }).fetch(named(), { signal: never() });
    expect(picture.equals(await readFile(file?.path ?? ''))).toBe(true);
    expect(told).toEqual(inner.map(() => 'localhost'));
    await rule.close();
  });

  it('is lost when its link expires, but not blamed on the link', async () => {
    const rule = createAddressRule(server.url, { resolve: resolveTo(() => ['10.53.1.2']) });
    const fetching = fetcher({ addresses: rule, now: Date.now });
    const dying = { ...named(), until: Date.now() + 30 };
    const error = await failure(fetching.fetch(dying, { signal: never() }));
    expect(error).toMatchObject({ reason: 'misresolved', message: 'localhost resolves to 10.53.1.2.' });
    expect(server.asked).toEqual([]);
    await rule.close();
  });
});

describe('an endless download', () => {
  /** Ranges that were asked for. */
  let ranges: (string | undefined)[];
  beforeEach(() => {
    ranges = [];
  });
  const heard =
    (answer: FileAnswer): FileAnswer =>
    (response, request) => {
      ranges.push(request.headers.range);
      answer(response, request);
    };

  it('is interrupted if it is too slow, and resumes from there', async () => {
    server.answers(heard(dripping(picture, 100_000)), heard(dripping(picture, picture.length)));
    const pace = { bytes: 16_000, ms: 200 };
    const [file] = await fetcher({ now: Date.now, pace }).fetch(soon(60_000), { signal: never() });
    expect(picture.equals(await readFile(file?.path ?? ''))).toBe(true);
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=100\d{3}-$/)]);
    expect(log.lines).toMatchObject([{ level: 'warn', details: { err: { name: 'PaceError' } } }]);
  });

  it('does not hold its slot forever', async () => {
    server.answers((response, request) =>
      (request.url === '/drip' ? dripping(picture, 10) : whole(picture))(response, request),
    );
    const giveUp = new AbortController();
    const fetching = fetcher({
      concurrency: 1,
      now: Date.now,
      pace: { bytes: 16_000, ms: 100 },
      retryMs: 60_000,
    });
    const slow = fetching.fetch(
      { ...soon(600_000), urls: [`${server.url}/drip`] },
      { signal: giveUp.signal },
    );
    await until('it has begun', () => server.asked.length === 1);
    expect(await fetching.fetch(soon(600_000), { signal: never() })).toHaveLength(1);
    giveUp.abort(new Error('stopping'));
    await expect(slow).rejects.toThrow('stopping');
  });

  it('ends when its link is long expired', async () => {
    server.answers(dripping(picture, 10));
    const error = await failure(fetcher({ now: Date.now, graceMs: 50 }).fetch(soon(50), { signal: never() }));
    expect(error).toMatchObject({ reason: 'gone', cause: { name: 'PaceError' } });
    expect(server.asked).toHaveLength(1);
    expect(await spooled()).toBe(0);
  });

  it('can outlast its link for a while', async () => {
    server.answers((response) => {
      response.writeHead(200, { 'content-length': picture.length }).write(picture.subarray(0, 1_000));
      setTimeout(() => response.end(picture.subarray(1_000)), 100);
    });
    expect(await fetcher({ now: Date.now }).fetch(soon(50), { signal: never() })).toHaveLength(1);
  });

  it('is not waited for if it only redirects', async () => {
    const moved = { location: '/fox.png' };
    server.answers((response) => {
      response.writeHead(302, moved).flushHeaders();
      const drops = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(drops));
    }, whole(picture));
    expect(await fetcher().fetch(results(['/old']), { signal: never() })).toHaveLength(1);
  });

  function soon(ms: number) {
    return { ...results(), until: Date.now() + ms };
  }
});

describe('an aborted fetch', () => {
  it('ends at once with the reason and leaves no partial file', async () => {
    server.answers(stalled(picture, 200_000));
    const giveUp = new AbortController();
    const fetching = fetcher({ stallMs: 60_000 }).fetch(results(), { signal: giveUp.signal });
    await until('the download has begun', () => server.asked.length === 1);
    giveUp.abort(new Error('stopping'));
    await expect(fetching).rejects.toThrow('stopping');
    expect(await spooled()).toBe(0);
  });

  it('ends only when no file can be created any more', async () => {
    server.answers(whole(picture));
    const giveUp = new AbortController();
    const tardy: Spool = {
      ...spool,
      async hold(bytes) {
        giveUp.abort(new Error('stopping'));
        await giveChance(20);
        return spool.hold(bytes);
      },
    };
    const fetching = fetcher({ spool: tardy }).fetch(results(), { signal: giveUp.signal });
    await expect(fetching).rejects.toThrow('stopping');
    await giveChance(60);
    expect(await spooled()).toBe(0);
  });

  it('ends at once between two tries, too', async () => {
    server.answers(status(503));
    const giveUp = new AbortController();
    const fetching = fetcher({ retryMs: 60_000 }).fetch(results(), { signal: giveUp.signal });
    await until('the first try has failed', () => log.lines.length === 1);
    giveUp.abort(new Error('stopping'));
    await expect(fetching).rejects.toThrow('stopping');
    expect(server.asked).toHaveLength(1);
  });
});

describe('many fetches at once', () => {
  it('stay within the limit, and expired links hold no slot while they wait', async () => {
    let open = 0;
    let most = 0;
    server.answers((response, request) => {
      most = Math.max(most, ++open);
      response.on('close', () => open--);
      const answer = request.url === '/dead' ? status(503) : whole(picture);
      setTimeout(() => answer(response, request), 5);
    });
    const giveUp = new AbortController();
    const fetching = fetcher({ concurrency: 2, retryMs: 60_000 });
    const dead = ['/dead', '/dead', '/dead'].map((path) =>
      fetching.fetch(results([path]), { signal: giveUp.signal }),
    );
    const alive = ['/1', '/2', '/3', '/4'].map((path) =>
      fetching.fetch(results([path]), { signal: never() }),
    );
    expect((await Promise.all(alive)).flat()).toHaveLength(4);
    expect(most).toBe(2);
    giveUp.abort(new Error('stopping'));
    const ends = await Promise.allSettled(dead);
    expect(ends.every((end) => end.status === 'rejected')).toBe(true);
  });
});
