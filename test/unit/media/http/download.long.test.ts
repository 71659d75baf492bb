import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AddressRule, createAddressRule } from '../../../../src/media/http/url-guard.js';
import { createFetcher, type Fetcher } from '../../../../src/media/results/result-fetcher.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import {
  broken,
  type FileAnswer,
  type FileServer,
  inParts,
  startFileServer,
  whole,
} from '../../../support/files.js';
import { createCollectingLog } from '../../../support/log.js';

const pngMagic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const picture = Buffer.concat([pngMagic, randomBytes(300_000)]);
const other = Buffer.concat([pngMagic, randomBytes(300_000)]);
const mebibyte = 1 << 20;

let server: FileServer;
let addresses: AddressRule;
let spool: Spool;
let free: number;
/** The Range of each request for the file. */
let heads: IncomingHttpHeaders[];
const log = createCollectingLog();

beforeEach(async () => {
  server = await startFileServer();
  addresses = createAddressRule(server.url);
  free = 1000 * mebibyte;
  spool = await createSpool({ free: async () => free });
  heads = [];
});
afterEach(async () => {
  await addresses.close();
  await server[Symbol.asyncDispose]();
  await spool.close();
});

const spooled = async () => (await readdir(dirname(spool.newPath()))).length;
const heard =
  (answer: FileAnswer): FileAnswer =>
  (response, request) => {
    heads.push(request.headers);
    answer(response, request);
  };

function fetcher(): Fetcher {
  return createFetcher({ addresses, spool, log, now: Date.now, retryMs: 1, stallMs: 1_500 });
}

async function fetch(lifeMs = 60_000) {
  const results = {
    taskId: 'task',
    kind: 'image' as const,
    urls: [`${server.url}/fox.png`],
    until: Date.now() + lifeMs,
  };
  const [file] = await fetcher().fetch(results, { signal: new AbortController().signal });
  if (!file) throw new Error('nothing was fetched');
  return { ...file, read: await readFile(file.path) };
}

describe('an interrupted download', () => {
  it('resumes where it stopped, as often as needed', async () => {
    server.answers(heard(inParts(picture, 120_000)));
    const { read, bytes, sha256 } = await fetch();
    expect(read.equals(picture)).toBe(true);
    expect(bytes).toBe(picture.length);
    expect(sha256).toBe(createHash('sha256').update(picture).digest('hex'));
    expect(heads.map(({ range, 'if-range': condition }) => [range, condition])).toEqual([
      [undefined, undefined],
      ...['bytes=120000-', 'bytes=240000-'].map((range) => [range, '"v1"']),
    ]);
  });

  it('starts over if the file has changed meanwhile', async () => {
    server.answers(inParts(picture, 120_000), heard(inParts(other, 400_000, { etag: '"v2"' })));
    const { read, sha256 } = await fetch();
    expect(read.equals(other)).toBe(true);
    expect(sha256).toBe(createHash('sha256').update(other).digest('hex'));
    expect(heads[0]?.range).toBe('bytes=120000-');
  });

  it.each(['W/"v1"', ''])('starts over without a strong validator (ETag: %s)', async (etag) => {
    server.answers(heard(inParts(picture, 120_000, { etag })), heard(whole(picture)));
    expect((await fetch()).read.equals(picture)).toBe(true);
    expect(heads[1]?.range).toBeUndefined();
  });

  it.each([
    ['another part', { 'content-range': `bytes 5-${picture.length - 1}/${picture.length}` }],
    ['a part of a longer file', { 'content-range': `bytes 120000-${picture.length - 1}/400000` }],
    ['a part of another file', { etag: '"v2"' }],
    ['a part without a place', { 'content-range': 'bytes' }],
  ])('begins anew when it is sent %s', async (_, wrong) => {
    const stray: FileAnswer = (response) =>
      response
        .writeHead(206, {
          etag: '"v1"',
          'content-range': `bytes 120000-${picture.length - 1}/${picture.length}`,
          ...wrong,
        })
        .end(other.subarray(120_000));
    server.answers(inParts(picture, 120_000), stray, heard(whole(picture)));
    expect((await fetch()).read.equals(picture)).toBe(true);
    expect(heads[0]?.range).toBeUndefined();
  });

  it('starts over if the rest is unavailable', async () => {
    const beyond: FileAnswer = (response) => response.writeHead(416).end();
    server.answers(inParts(picture, 120_000), beyond, heard(whole(picture)));
    expect((await fetch()).read.equals(picture)).toBe(true);
    expect(heads[0]?.range).toBeUndefined();
  });

  it('is never considered complete if a server breaks off and says it was all', async () => {
    server.answers(broken(picture, 100_000), broken(picture, 200_000), whole(picture));
    expect((await fetch()).read.equals(picture)).toBe(true);
  });

  it('leaves nothing behind if its link expires midway', async () => {
    server.answers(inParts(picture, 1_000));
    await expect(fetch(20)).rejects.toThrow('The link expired');
    expect(await spooled()).toBe(0);
  });
});

describe('a full disk', () => {
  it('is waited out and reported to the operator, and nothing is written meanwhile', async () => {
    free = 64 * mebibyte + 100_000;
    let tries = 0;
    server.answers((response, request) => {
      if (++tries === 3) free += mebibyte;
      whole(picture)(response, request);
    });
    expect((await fetch()).read.equals(picture)).toBe(true);
    expect(tries).toBe(3);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  it('ends a fetch when the link has expired, and leaves nothing behind', async () => {
    free = 0;
    server.answers(whole(picture));
    await expect(fetch(20)).rejects.toMatchObject({ reason: 'gone', cause: { name: 'SpoolFullError' } });
    expect(await spooled()).toBe(0);
  });
});
