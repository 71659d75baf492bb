import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Control } from '@easel/stand-in-kit';
import { serve } from '@easel/stand-in-kit';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The server's handlers. */
export interface Handlers {
  /** `POST /`. */
  readonly endpoint: Handler;
  /** GET and HEAD under `/results/`. */
  readonly results: Handler;
  /** Everything under `/_control`. */
  readonly control: Control;
}

export interface Server {
  readonly port: number;
  /** Breaks open connections; idempotent. */
  close(): Promise<void>;
}

/** Listens on a port (0: any free one); throws if it is taken. Unknown paths are 404. */
export async function listen(
  { endpoint, results, control }: Handlers,
  port: number,
  host: string,
): Promise<Server> {
  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (control.request(request, response)) return;
    const [path = ''] = (request.url ?? '').split('?');
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (path === '/' && request.method === 'POST') await endpoint(request, response);
    else if (path.startsWith('/results/') && reads) await results(request, response);
    else response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>404 Not Found</h1>\n');
  }

  const server = createServer();
  serve(server, {
    request: (request, response) => route(request, response).catch(() => request.socket.destroy()),
    upgrade: control.upgrade,
  });
  // Idle connections stay open for long, so that a client seldom writes to one that is just being closed.
  server.keepAliveTimeout = 60_000;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');

  return {
    port: address.port,
    async close() {
      if (!server.listening) return;
      control.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
