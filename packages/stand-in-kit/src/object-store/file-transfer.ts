import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from './byte-range.js';

const chunkSize = 64 * 1024;

/** A file's bytes, in memory or on disk, read as they are sent. */
export interface Content {
  readonly length: number;
  /** Names these bytes; COS takes the MD5. */
  readonly etag: string;
  /** Bytes from `from` up to and without `to`. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

export function contentOf(bytes: Buffer, etag: string): Content {
  return {
    length: bytes.length,
    etag,
    async *read(from, to) {
      for (let at = from; at < to; at += chunkSize) yield bytes.subarray(at, Math.min(at + chunkSize, to));
    },
  };
}

/** The object at a path. */
export async function contentAt(path: string): Promise<Content> {
  const file = await open(path);
  const { size, mtimeMs } = await file.stat();
  await file.close();
  return {
    length: size,
    etag: `${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}`,
    read: (start, to) => createReadStream(path, { start, end: to - 1, highWaterMark: chunkSize }),
  };
}

/** How a transfer misbehaves. */
export interface Pace {
  /** Slows it down. */
  readonly bytesPerSecond?: number | undefined;
  /** The part of the bytes, of 1, after which the connection breaks. */
  readonly breaksAfter?: number | undefined;
  /** The part of the bytes, of 1, after which no more is sent, and the connection stays open. */
  readonly stallsAfter?: number | undefined;
}

/** Sends bytes `from` up to `to`, at the pace and up to the point given. */
export async function send(
  response: ServerResponse,
  content: Content,
  { from, to }: Part,
  { bytesPerSecond, breaksAfter, stallsAfter }: Pace = {},
): Promise<void> {
  const part = Math.min(breaksAfter ?? 1, stallsAfter ?? 1);
  const end = from + Math.floor((to - from) * part);
  if (end > from) {
    for await (const chunk of content.read(from, end)) {
      if (response.destroyed) return;
      await write(response, chunk, bytesPerSecond);
    }
  }
  if (breaksAfter !== undefined) response.socket?.destroySoon();
  // A stalled one stays open until its client has had enough.
  else if (stallsAfter === undefined) response.end();
}

async function write(response: ServerResponse, chunk: Uint8Array, rate = Infinity): Promise<void> {
  const step = Number.isFinite(rate) ? Math.max(1, Math.ceil(rate / 20)) : chunk.length;
  for (let at = 0; at < chunk.length && !response.destroyed; at += step) {
    const flows = response.write(chunk.subarray(at, at + step));
    if (Number.isFinite(rate)) await sleep((step / rate) * 1000, undefined, { ref: false });
    else if (!flows) await drained(response);
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}
