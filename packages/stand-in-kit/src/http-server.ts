import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A server's handlers; whatever these throw or reject with ends one request, and nothing else. */
export interface Serving {
  request(request: IncomingMessage, response: ServerResponse): unknown;
  /** False if no handler took it. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

/** Host names of the real services: no one else can make them resolve to this machine. */
const realHosts =
  /\.(myqcloud\.com|tencentcos\.cn|tencentcloudapi\.com|discord\.com|discordapp\.(com|net))$/i;

/**
 * Serves a stand-in. Two rules hold for all of them: no request can throw out of its handler, whatever its target,
 * headers and body are; and no page of a foreign site that a user happens to visit can make their browser send a request.
 */
export function serve(server: Server, { request, upgrade = () => false }: Serving): void {
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const refused = objectionTo(incoming);
    if (refused !== undefined) return void outgoing.writeHead(refused, { connection: 'close' }).end();
    const end = (): void => void (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(500).end());
    try {
      // A failing async handler has no other way to report it.
      Promise.resolve(request(incoming, outgoing)).catch(end);
    } catch {
      end();
    }
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node removes its own listener: a peer that is gone would cause an unhandled error.
    socket.on('error', () => socket.destroy());
    const refused = objectionTo(incoming);
    if (refused !== undefined)
      return void socket.end(`HTTP/1.1 ${refused} Refused\r\nconnection: close\r\n\r\n`);
    try {
      if (!upgrade(incoming, socket, head)) socket.destroy();
    } catch {
      socket.destroy();
    }
  });
}

/** The status to refuse a request with before it is looked at; its target is a path afterwards. */
function objectionTo(request: IncomingMessage): number | undefined {
  const path = pathOf(request.url);
  if (path === undefined) return 400;
  request.url = path;
  return isFromElsewhere(request) ? 403 : undefined;
}

/** A target as a path with its query; undefined for one that is neither that nor a whole address (RFC 9112, 3.2). */
function pathOf(target = ''): string | undefined {
  if (target.startsWith('/')) return URL.canParse(`http://localhost${target}`) ? target : undefined;
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

/** The address that a request is about; its target is a path by now. */
export function addressOf({ url = '/' }: IncomingMessage): URL {
  // Not as relative to a base: `//x` would be a host then.
  return new URL(`http://localhost${url}`);
}

/** Whether an address (as sockets and URLs write them) is this machine's own. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  return /^(localhost|\[?::1\]?|(::ffff:)?127(\.\d{1,3}){3})$/i.test(address);
}

/**
 * Whether the request comes from a foreign site: its page says so (Origin, Sec-Fetch-Site), or its name resolves to this machine, which
 * Host shows. Following a link to a page of ours reveals nothing.
 */
function isFromElsewhere({ headers, method }: IncomingMessage): boolean {
  const { host, origin } = headers;
  if (origin !== undefined && !isLoopback(nameIn(origin))) return true;
  const name = host === undefined || host === '' ? undefined : nameIn(`http://${host}`);
  if (host && (name === undefined || !(isLoopback(name) || realHosts.test(name)))) return true;
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return headers['sec-fetch-site'] === 'cross-site' && !(isVisit && method === 'GET');
}

function nameIn(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
