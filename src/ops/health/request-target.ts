import type { IncomingMessage } from 'node:http';

/**
 * The path that a request target names; undefined for one that names none (`*`, nonsense). Never throws: a target is
 * whatever a stranger writes into a socket, and `new URL('//', base)` for one throws (RFC 9112, 3.2).
 */
export function pathOf(target = ''): string | undefined {
  if (target.startsWith('/')) return target.split(/[?#]/, 1)[0];
  // Proxies send the whole address.
  return /^https?:\/\//i.test(target) && URL.canParse(target) ? new URL(target).pathname : undefined;
}

/** Whether a host name or an address is this machine's own. */
export function isLoopback(name: string): boolean {
  return /^(localhost|\[?::1\]?|(::ffff:)?127(\.\d{1,3}){3})$/i.test(name);
}

/**
 * Whether a browser asks for a page of a strange site. Where only this machine is answered, Host must name it as well: a
 * site may let its own name lead here. Elsewhere probes ask by whatever name the service has.
 */
export function isFromElsewhere({ headers }: IncomingMessage, isLocal: boolean): boolean {
  const { host, origin } = headers;
  if (headers['sec-fetch-site'] === 'cross-site') return true;
  const name = host === undefined || host === '' ? undefined : nameIn(`http://${host}`);
  if (isLocal && host && !(name !== undefined && isLoopback(name))) return true;
  if (origin === undefined) return false;
  const asking = nameIn(origin);
  return asking === undefined || !(asking === name || (isLocal && isLoopback(asking)));
}

function nameIn(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
