import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AddressRule, createAddressRule } from '../../../src/media/address.js';
import { createFetcher, FetchError, type Fetcher } from '../../../src/media/fetch.js';
import { createSpool, type Spool } from '../../../src/media/spool.js';
import { createFakeClock } from '../../support/clock.js';
import {
  broken,
  chunked,
  type FileAnswer,
  type FileServer,
  stalled,
  startFileServer,
  status,
  whole,
} from '../../support/files.js';
import { type CollectingLog, createCollectingLog } from '../../support/log.js';
import { until } from '../../support/until.js';

const pngMagic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const picture = Buffer.concat([pngMagic, randomBytes(300_000)]);
const clip = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), randomBytes(5_000)]);
const never = () => new AbortController().signal;
const day = 86_400_000;

let server: FileServer;
let addresses: AddressRule;
let spool: Spool;
let log: CollectingLog;
const clock = createFakeClock();

beforeEach(async () => {
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
  return createFetcher({ addresses, spool, log, now: clock.now, retryMs: 1, stallMs: 2_000, ...options });
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

  it('is taken away again on request', async () => {
    server.answers(whole(picture));
    const fetching = fetcher();
    const files = await fetching.fetch(results(), { signal: never() });
    expect(await spooled()).toBe(1);
    await fetching.discard(files);
    await fetching.discard(files);
    expect(await spooled()).toBe(0);
  });

  it('is a clip where a clip was asked for', async () => {
    server.answers(whole(clip));
    const [file] = await fetcher().fetch(results(['/a.mp4'], 'video'), { signal: never() });
    expect(file?.type).toBe('video/mp4');
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
    const [file] = await fetcher({ stallMs: 200 }).fetch(results(), { signal: never() });
    expect(picture.equals(await readFile(file?.path ?? ''))).toBe(true);
    expect(server.asked).toEqual(['/fox.png', '/fox.png', '/fox.png']);
    expect(await spooled()).toBe(1);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  it('is begun anew when it stalls', async () => {
    server.answers(stalled(picture, 1_000), whole(picture));
    const [file] = await fetcher({ stallMs: 200 }).fetch(results(), { signal: never() });
    expect(picture.equals(await readFile(file?.path ?? ''))).toBe(true);
    expect(await spooled()).toBe(1);
  });

  it('is given up when the server says five times in a row that the link is dead', async () => {
    server.answers(status(403), status(403), status(403), status(403), status(503), status(403));
    const error = await failure(fetcher().fetch(results(), { signal: never() }));
    expect(error.reason).toBe('gone');
    expect(server.asked).toHaveLength(10);
    expect(await spooled()).toBe(0);
  });

  it.each([302, 304, 400, 401, 403, 404, 410, 451])('is given up after five answers of %i', async (code) => {
    server.answers(status(code));
    const error = await failure(fetcher().fetch(results(['/a'], 'image', 10_000), { signal: never() }));
    expect(error).toMatchObject({ reason: 'gone', cause: { status: code } });
    expect(server.asked).toHaveLength(5);
  });

  it.each([408, 425, 429, 500, 503])('is never given up for %i while the link lives', async (code) => {
    const refusal = status(code);
    server.answers(refusal, refusal, refusal, refusal, refusal, refusal, whole(picture));
    expect(await fetcher().fetch(results(), { signal: never() })).toHaveLength(1);
    expect(server.asked).toHaveLength(7);
  });

  it('is given up when the links have died, but not before it was tried once', async () => {
    server.answers(status(503));
    const dead = results(['/a'], 'image', -1);
    expect((await failure(fetcher().fetch(dead, { signal: never() }))).reason).toBe('gone');
    expect(server.asked).toHaveLength(1);
    server.answers(whole(picture));
    expect(await fetcher().fetch(dead, { signal: never() })).toHaveLength(1);
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

  it('is given up at once for an address that must not be fetched', async () => {
    const forbidden = { ...results(), urls: ['http://10.0.0.1/fox.png'] };
    expect((await failure(fetcher().fetch(forbidden, { signal: never() }))).reason).toBe('gone');
  });

  it('leaves nothing of the others behind when one of several is dead', async () => {
    server.answers(whole(picture), status(410));
    await failure(fetcher().fetch(results(['/1', '/2']), { signal: never() }));
    expect(await spooled()).toBe(0);
  });

  it('tells the log of the task and never of the link', async () => {
    server.answers(status(503), whole(picture));
    await fetcher().fetch(results(['/fox.png?sign=secret']), { signal: never() });
    expect(log.lines[0]?.details).toMatchObject({ task: 'task' });
    expect(JSON.stringify(log.lines)).not.toContain('secret');
  });
});

describe('a result of a type that its bytes do not tell', () => {
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

describe('a result that was moved', () => {
  /** Sends `/n` on to `/n-1`; `/0` is the picture. */
  const steps =
    (code = 302): FileAnswer =>
    (response, request) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) whole(picture)(response, request);
      else status(code, { location: `${left - 1}` })(response, request);
    };

  it.each([301, 302, 303, 307, 308])('is fetched where %i leads to, over three steps', async (code) => {
    server.answers(steps(code));
    const [file] = await fetcher().fetch(results(['/3']), { signal: never() });
    expect(picture.equals(await readFile(file?.path ?? ''))).toBe(true);
    expect(server.asked).toEqual(['/3', '/2', '/1', '/0']);
  });

  it('is not followed over a fourth', async () => {
    server.answers(steps());
    expect((await failure(fetcher().fetch(results(['/4']), { signal: never() }))).reason).toBe('gone');
    expect(server.asked).toHaveLength(5 * 4);
    expect(server.asked).not.toContain('/0');
  });

  it.each([
    'http://10.0.0.1/fox.png',
    'https://10.0.0.1/fox.png',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/fox.png',
    'file:///etc/passwd',
    // A stand-in on this machine sends nobody out into the world.
    'https://8.8.8.8/fox.png',
  ])('is not fetched from %s', async (location) => {
    server.answers(status(302, { location }));
    const error = await failure(fetcher().fetch(results(), { signal: never() }));
    expect(error).toMatchObject({ reason: 'gone', cause: { name: 'ForbiddenAddressError' } });
    expect(server.asked).toHaveLength(1);
  });
});

describe('a fetch that is given up', () => {
  it('ends at once with the reason and leaves no part of a file', async () => {
    server.answers(stalled(picture, 200_000));
    const giveUp = new AbortController();
    const fetching = fetcher({ stallMs: 60_000 }).fetch(results(), { signal: giveUp.signal });
    await until('the download has begun', () => server.asked.length === 1);
    giveUp.abort(new Error('stopping'));
    await expect(fetching).rejects.toThrow('stopping');
    await expect.poll(spooled, { timeout: 10_000 }).toBe(0);
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
  it('keep to the places there are, and dead links hold none while they wait', async () => {
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
