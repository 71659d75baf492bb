import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { prettifyError, ZodError } from 'zod';
import { addressOf, isLoopback } from './http-server.js';

export { isLoopback } from './http-server.js';

const bodyLimit = 64 * 1024 * 1024;

/** A request to a route. `body` is the parsed JSON, or undefined if none was sent: validate it with zod. */
export interface ControlRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Returns the JSON to send, now or later; undefined sends 204. A ZodError becomes 400, a `ControlError` its status. */
export type ControlRoute = (request: ControlRequest) => unknown;

/** `GET /records`, `DELETE /faults/:id` → route; paths are those below the prefix. */
export type ControlRoutes = Readonly<Record<string, ControlRoute>>;

/** A refusal that a route throws. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Handles some of a server's requests. */
export interface Visitor {
  /** Handles a request; false if it is another's. */
  request(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes an upgrade; false when it is another's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): void;
}

/** The control interface of a stand-in for tests and pages: JSON over HTTP, events over a WebSocket. */
export interface Control extends Visitor {
  /** Sends `{event, at, data}` to every listener at `/_control/events`; `at` is ms since the epoch. */
  emit(event: string, data: unknown): void;
}

/**
 * Serves `/_control`, or another prefix, on a node:http server that hands it its `request` and `upgrade` events. Only loopback peers are
 * answered, and only pages of loopback origins: a web site that a user happens to visit must not control a stand-in.
 */
export function createControl(routes: ControlRoutes, prefix = '/_control'): Control {
  const table = Object.entries(routes).map(([key, route]) => ({ match: matcher(key), route }));
  const sockets = new WebSocketServer({ noServer: true });

  async function answer(request: IncomingMessage, url: URL): Promise<unknown> {
    const path = url.pathname.slice(prefix.length);
    for (const { match, route } of table) {
      const params = match(request.method ?? 'GET', path);
      if (params) return route({ params, query: url.searchParams, body: await readJson(request) });
    }
    const known = Object.keys(routes).join(', ');
    throw new ControlError(404, `no ${request.method} ${path} here; there are: ${known}`);
  }

  return {
    request(request, response) {
      const url = controlUrl(request, prefix);
      if (!url) return false;
      const send = (status: number, body?: unknown): void => {
        response.writeHead(status, { ...cors(request), 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      };
      if (!isTrusted(request)) send(403, { error: 'loopback only' });
      else if (request.method === 'OPTIONS') send(204);
      else
        answer(request, url).then(
          (body) => send(body === undefined ? 204 : 200, body),
          (error: unknown) => send(statusOf(error), { error: messageOf(error) }),
        );
      return true;
    },
    upgrade(request, socket, head) {
      const url = controlUrl(request, prefix);
      if (!url) return false;
      if (url.pathname !== `${prefix}/events` || !isTrusted(request)) socket.destroy();
      else
        sockets.handleUpgrade(request, socket, head, (client) =>
          client.on('error', () => client.terminate()),
        );
      return true;
    },
    emit(event, data) {
      if (sockets.clients.size === 0) return;
      const text = JSON.stringify({ event, at: Date.now(), data });
      for (const client of sockets.clients) client.send(text);
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

/** Reads and parses a JSON body; undefined for an empty one. Throws `ControlError` 400 or 413. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > bodyLimit) throw new ControlError(413, `the body is larger than ${bodyLimit} bytes`);
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ControlError(400, 'the body is not JSON');
  }
}

type Matcher = (method: string, path: string) => Record<string, string> | undefined;

function matcher(key: string): Matcher {
  const [method, pattern = ''] = key.split(' ');
  const wanted = pattern.split('/');
  return (givenMethod, path) => {
    const given = path.split('/');
    if (givenMethod !== method || given.length !== wanted.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, part] of wanted.entries()) {
      const value = given[index] ?? '';
      if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
      else if (part !== value) return undefined;
    }
    return params;
  };
}

function controlUrl(request: IncomingMessage, prefix: string): URL | undefined {
  const target = request.url ?? '/';
  return target === prefix || target.startsWith(`${prefix}/`) ? addressOf(request) : undefined;
}

/** The peer's address, the name it asked for and the page that sent it must all be loopback. */
export function isTrusted({ socket, headers }: IncomingMessage): boolean {
  const { host, origin } = headers;
  const named = [host && `http://${host}`, origin].filter((url) => url !== undefined);
  return (
    isLoopback(socket.remoteAddress) &&
    named.every((url) => URL.canParse(url) && isLoopback(new URL(url).hostname))
  );
}

function cors({ headers }: IncomingMessage): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined || !URL.canParse(origin) || !isLoopback(new URL(origin).hostname)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': 'content-type',
    vary: 'origin',
  };
}

function statusOf(error: unknown): number {
  // A path with invalid percent-encoding.
  if (error instanceof ZodError || error instanceof URIError) return 400;
  return error instanceof ControlError ? error.status : 500;
}

function messageOf(error: unknown): string {
  if (error instanceof ZodError) return prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}
