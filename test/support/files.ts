import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Handles one request for a file. */
export type FileAnswer = (response: ServerResponse, request: IncomingMessage) => void;

/** An HTTP server on loopback that serves files as instructed. */
export interface FileServer extends AsyncDisposable {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Answers the next requests one by one; the last answer stays. */
  answers(...answers: [FileAnswer, ...FileAnswer[]]): void;
  /** Serves each path with its bytes. */
  serves(bytesOf: (path: string) => Uint8Array | undefined): void;
}

export async function startFileServer(): Promise<FileServer> {
  const asked: string[] = [];
  let queue: FileAnswer[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    if (answer) answer(response, request);
    else response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answers(...answers) {
      queue = [...answers];
    },
    serves(bytesOf) {
      queue = [
        (response, request) => whole(bytesOf(request.url ?? '') ?? new Uint8Array())(response, request),
      ];
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The whole file. */
export const whole =
  (bytes: Uint8Array): FileAnswer =>
  (response) =>
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);

/** The whole file, without a declared length. */
export const chunked =
  (bytes: Uint8Array): FileAnswer =>
  (response) =>
    response.writeHead(200).end(bytes);

/** The first `length` bytes; then the connection breaks. */
export const broken =
  (bytes: Uint8Array, length: number): FileAnswer =>
  (response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, length), () => response.destroy());
  };

/**
 * A file that can be requested in ranges (RFC 9110, 14), as COS serves it: each answer has `step` bytes at most, then
 * nothing more, so that all of them have arrived when it is given up.
 */
export const inParts =
  (bytes: Uint8Array, step: number, { etag = '"v1"', ...more }: Record<string, string> = {}): FileAnswer =>
  (response, request) => {
    const { range = '', 'if-range': condition } = request.headers;
    const from = condition === etag ? Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0) : 0;
    const part = bytes.subarray(from, from + step);
    const place = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': bytes.length - from,
      etag,
      ...place,
      ...more,
    });
    if (from + step < bytes.length) response.write(part);
    else response.end(part);
  };

/** From here a request gets so many bytes at once; then one every few ms, as long as the client listens. */
export const dripping =
  (bytes: Uint8Array, length: number): FileAnswer =>
  (response, request) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const place = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': bytes.length - from,
      etag: '"v1"',
      ...place,
    });
    let at = Math.min(from + length, bytes.length);
    response.write(bytes.subarray(from, at));
    const drops = setInterval(() => {
      if (at < bytes.length) response.write(bytes.subarray(at, ++at));
      else response.end();
    }, 5);
    response.on('close', () => clearInterval(drops));
  };

/** The first `length` bytes; then nothing, ever. */
export const stalled =
  (bytes: Uint8Array, length: number): FileAnswer =>
  (response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, length));
  };

export const status =
  (code: number, headers: Record<string, string> = {}): FileAnswer =>
  (response) =>
    response.writeHead(code, headers).end('<Error/>');
