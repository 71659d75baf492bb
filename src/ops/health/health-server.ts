import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { Log } from '../../log.js';
import { isFromElsewhere, isLoopback, pathOf } from './request-target.js';

/** Whether Easel can work, and if not, why. */
export interface Readiness {
  readonly ready: boolean;
  /** By name (`gateway`, `store`, `mps`), each with a message if it fails. */
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
}

export interface HealthDeps {
  /** HEALTH_PORT; 0 lets the system choose. */
  readonly port: number;
  /** HEALTH_HOST */
  readonly host: string;
  readonly readiness: () => Promise<Readiness>;
  /** Prometheus' text format, and its content type. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
  /** For the playground's page only: the current state as JSON. */
  readonly state?: () => Promise<object>;
  readonly log: Log;
}

/**
 * Easel's state for machines, over HTTP:
 * `GET /livez` 200 while the process answers; `GET /readyz` 200 or 503, with a Readiness as JSON; `GET /metrics` for
 * Prometheus; `GET /state` (only with PLAYGROUND=1) a LiveState as JSON.
 */
export interface Health {
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  close(): Promise<void>;
}

/** HEALTH_PORT cannot be opened; the message is meant for the operator. */
export class HealthError extends Error {
  override readonly name = 'HealthError';
  constructor(host: string, port: number, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    super(
      `HEALTH_PORT ${port} cannot be opened on ${host} (${code}). Choose another port, or look what else listens there.`,
      { cause },
    );
  }
}

/** @throws HealthError if the port cannot be had. */
export async function startHealth({ port, host, log, ...routes }: HealthDeps): Promise<Health> {
  const server = createServer(createAnswer(routes, { log, isLocal: isLoopback(host) }));
  server.listen(port, host);
  await once(server, 'listening').catch((error: unknown) => {
    throw new HealthError(host, port, error);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  log.info({ health: url }, 'health server is listening');
  return {
    url,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function createAnswer(
  { readiness, metrics, state }: Pick<HealthDeps, 'readiness' | 'metrics' | 'state'>,
  { log, isLocal }: { readonly log: Log; readonly isLocal: boolean },
): RequestListener {
  const table: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/livez': async (response) => json(response, 200, { alive: true }),
    '/readyz': async (response) => {
      const answer = await readiness();
      json(response, answer.ready ? 200 : 503, answer);
    },
    '/metrics': async (response) => {
      const { type, text } = await metrics();
      response.writeHead(200, { 'content-type': type }).end(text);
    },
    ...(state && { '/state': async (response) => json(response, 200, await state()) }),
  };
  const routes = new Map(Object.entries(table));
  return (request, response) => {
    const path = pathOf(request.url);
    if (path === undefined) return json(response, 400, { error: 'the request target is not a path' });
    if (isFromElsewhere(request, isLocal))
      return json(response, 403, { error: 'not for pages of other sites' });
    const route = routes.get(path);
    if (!route) return json(response, 404, { routes: [...routes.keys()] });
    if (request.method !== 'GET' && request.method !== 'HEAD') return json(response, 405, { allowed: 'GET' });
    route(response).catch((error: unknown) => {
      log.error({ err: error, route: path }, 'a health request failed');
      if (!response.headersSent) json(response, 500, { error: 'see the log' });
    });
  };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
