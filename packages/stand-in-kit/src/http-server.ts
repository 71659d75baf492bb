import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What a server answers with; whatever these throw or reject with ends one request, and nothing else. */
export interface Serving {
  request(request: IncomingMessage, response: ServerResponse): unknown;
  /** False if it is no one's. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

/** Names of the services that stand-ins stand in for: no one else can let them lead to this machine. */
const realHosts =
  /\.(myqcloud\.com|tencentcos\.cn|tencentcloudapi\.com|discord\.com|discordapp\.(com|net))$/i;

/**
 * Lets a stand-in answer. Two rules hold for all of them: no request can throw out of its handler, whatever its target,
 * headers and body are; and no page of a strange site that someone happens to visit can make their browser ask.
 */
export function serve(server: Server, { request, upgrade = () => false }: Serving): void {
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const refused = objectionTo(incoming);
    if (refused !== undefined) return void outgoing.writeHead(refused, { connection: 'close' }).end();
    const end = (): void => void (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(500).end());
    try {
      // Async ones that fail have no one else to tell.
      Promise.resolve(request(incoming, outgoing)).catch(end);
    } catch {
      end();
    }
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node takes its own listener away: a peer that is gone would be an error that no one hears.
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
 * Whether a browser asks for a strange site: its page says so (Origin, Sec-Fetch-Site), or its name leads here, which
 * Host tells. Following a link to a page of ours is no one's secret.
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
