import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A status and the JSON that goes with it. */
export type RestAnswer = readonly [status: number, body: unknown];

/** A Discord that answers only a few requests; all else is unknown to it (10008). */
export interface RestServer extends AsyncDisposable {
  /** As DISCORD_API_URL. */
  readonly apiUrl: string;
  /** By method and path without the version: `GET /channels/3/messages/24`. */
  readonly answers: Map<string, RestAnswer>;
  /** The requests, in order. */
  readonly asked: readonly string[];
  /** The bodies that came with it, undefined if there was none. */
  readonly bodies: readonly unknown[];
}

export async function startRestServer(): Promise<RestServer> {
  const asked: string[] = [];
  const bodies: unknown[] = [];
  const answers = new Map<string, RestAnswer>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname } = new URL(request.url ?? '', 'http://discord');
    const path = `${request.method} ${pathname.replace('/api/v10', '')}`;
    const isJson = request.headers['content-type'] === 'application/json';
    asked.push(path);
    bodies.push(isJson ? JSON.parse(Buffer.concat(chunks).toString()) : undefined);
    const [status, body] = answers.get(path) ?? [404, { code: 10_008, message: 'Unknown Message' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    answers,
    asked,
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
