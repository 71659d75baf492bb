import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as a small test server saw it. */
export interface Seen {
  readonly action: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Ms since the epoch. */
  readonly at: number;
  /** The number of its connection, counted from 1. */
  readonly connection: number;
}

/** Handles one request: with MPS's `Response`, or by hand. */
export type Answer = (seen: Seen, response: ServerResponse, request: IncomingMessage) => object | undefined;

/** An HTTP server on loopback that answers as instructed and records its requests. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Answers the next requests one by one, then returns to the default answer. */
  next(...answers: Answer[]): void;
}

export async function startServer(standing: Answer): Promise<TestServer> {
  const seen: Seen[] = [];
  const queue: Answer[] = [];
  const sockets = new Map<Socket, number>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const record = {
      action: String(request.headers['x-tc-action']),
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      at: Date.now(),
      connection: sockets.get(request.socket) ?? 0,
    };
    seen.push(record);
    const answer = (queue.shift() ?? standing)(record, response, request);
    if (answer)
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ Response: answer }));
  });
  server.on('connection', (socket) => sockets.set(socket, sockets.size + 1));
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    next: (...answers) => void queue.push(...answers),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

let answers = 0;
const requestId = () => `request-${++answers}`;

/** MPS takes a Create. */
export const created =
  (taskId: string): Answer =>
  () => ({ TaskId: taskId, RequestId: requestId() });
/** MPS describes a task. */
export const described =
  (fields: object): Answer =>
  () => ({ ...fields, RequestId: requestId() });
/** MPS refuses, in its own way, with HTTP 200. */
export const refused =
  (code: string, message = 'because'): Answer =>
  () => ({ Error: { Code: code, Message: message }, RequestId: requestId() });
/** A gateway answers for itself. */
export const gateway =
  (status: number, body = '<html>Bad Gateway</html>'): Answer =>
  (_seen, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(body);
    return undefined;
  };
/** The connection breaks after the request was read. */
export const reset: Answer = (_seen, _response, request) => {
  request.socket.resetAndDestroy();
  return undefined;
};
/** It never answers. */
export const silence: Answer = () => undefined;
