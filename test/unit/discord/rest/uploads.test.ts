import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Upload, upload } from '../../../../src/discord/rest/uploads.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-uploads-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** As a server reads it. */
async function read({ body, headers = {} }: Pick<Upload, 'body' | 'headers'>) {
  return body instanceof FormData ? body : new Response(new Uint8Array(body), { headers }).formData();
}

/** The request as it would be sent. */
const made = async (request: Upload) => request;

const small = Buffer.from('\r\n--easel--\r\n"\0\xff', 'latin1');
const said: object = { content: 'ein Füchslein' };
const name = 'a "red"\r\nfox, 狐狸.png';

it.each([
  ['in one piece', small.length],
  ['from disk, if it is large', 5 << 20],
])('a file arrives byte for byte, under its name, %s', async (_, bytes) => {
  const path = join(folder, 'fox');
  await writeFile(path, small);
  await truncate(path, bytes);
  const file = { path, type: 'image/png', bytes } as const;
  const sent = await upload(said, [{ file, name, description: 'a fox' }], made);
  expect(sent.body instanceof FormData).toBe(bytes !== small.length);
  const form = await read(sent);
  expect(JSON.parse(String(form.get('payload_json')))).toEqual({
    ...said,
    attachments: [{ id: 0, filename: name, description: 'a fox' }],
  });
  const arrived = form.get('files[0]') as File;
  expect([arrived.name, arrived.type, arrived.size]).toEqual([name, 'image/png', bytes]);
  expect(Buffer.from(await arrived.slice(0, small.length).arrayBuffer())).toEqual(small);
});

it('a message may be part of something larger', async () => {
  const sent = await upload(said, [], made, (message) => ({ name: 'Showcase', message }));
  const form = await read(sent);
  expect(JSON.parse(String(form.get('payload_json')))).toEqual({
    name: 'Showcase',
    message: { ...said, attachments: [] },
  });
});

it('one that hangs is given up after its time, and one that has arrived is not', async () => {
  vi.useFakeTimers();
  try {
    const { signal } = await upload(said, [], made);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(signal.aborted).toBe(false);
    const hung = upload(
      said,
      [],
      ({ signal: given }) =>
        new Promise((_, reject) => given.addEventListener('abort', () => reject(given.reason))),
    );
    const ended = expect(hung).rejects.toThrow('aborted');
    await vi.advanceTimersByTimeAsync(60_000);
    await ended;
  } finally {
    vi.useRealTimers();
  }
});
