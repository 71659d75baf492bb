import type { IncomingMessage } from 'node:http';

/**
 * The path of a request target; undefined if it has none (`*`, garbage). Never throws: a target is untrusted input,
 * and `new URL('//', base)`, for example, throws (RFC 9112, 3.2).
 */
export function pathOf(target = ''): string | undefined {
  if (target.startsWith('/')) return target.split(/[?#]/, 1)[0];
  // Proxies send the full URL.
  return /^https?:\/\//i.test(target) && URL.canParse(target) ? new URL(target).pathname : undefined;
}

/** True if a host name or address is this machine's loopback. */
export function isLoopback(name: string): boolean {
  return /^(localhost|\[?::1\]?|(::ffff:)?127(\.\d{1,3}){3})$/i.test(name);
}

/**
 * True if a browser requests this from a foreign site. If only this machine is served, Host must be loopback too,
 * because a site may point its own name here (DNS rebinding). Otherwise probes use whatever name the service has.
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
