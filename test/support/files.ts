import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request for a file. */
export type FileAnswer = (response: ServerResponse, request: IncomingMessage) => void;

/** An HTTP server on loopback that hands out files as told. */
export interface FileServer extends AsyncDisposable {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Answers the next requests one by one; the last answer stays. */
  answers(...answers: [FileAnswer, ...FileAnswer[]]): void;
  /** Answers each path with the bytes that belong to it. */
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

/** The whole file, its length not told beforehand. */
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
