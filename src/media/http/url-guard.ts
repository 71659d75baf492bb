import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { BlockList, isIP } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { isLoopback } from '../../config/config.js';

/** An address from which Easel must not download. */
export class ForbiddenAddressError extends Error {
  override readonly name: string = 'ForbiddenAddressError';
}

/**
 * A name currently resolves to such an address on this machine. That is a matter of the machine, not of the name: in
 * a bucket's own region Tencent Cloud resolves it to a private address.
 */
export class MisresolvedError extends ForbiddenAddressError {
  override readonly name = 'MisresolvedError';
}

/** Networks outside the public internet (IANA special-purpose registries). */
const notPublic = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  notPublic.addSubnet(network, prefix, 'ipv4');
}

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const notGlobal = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notGlobal.addSubnet(network, prefix, 'ipv6');
}

/** Whether `address` (an IP literal) is a host on the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !notPublic.check(address, 'ipv4');
  return globalUnicast.check(address, 'ipv6') && !notGlobal.check(address, 'ipv6');
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/**
 * SSRF guard for one external service: https and public addresses only. A service configured with a loopback address
 * is a stand-in on this machine: its files may also come from loopback, over plain http.
 */
export interface AddressRule {
  /** The address as a URL. @throws ForbiddenAddressError if the rule forbids it. */
  check(address: string): URL;
  /** Also checks each resolved address when connecting: a request throws MisresolvedError. */
  readonly dispatcher: Dispatcher;
  /** Closes its connections. */
  close(): Promise<void>;
}

/** As `dns.lookup` with `all`. */
export type Resolve = (
  name: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

interface AddressOptions {
  /**
   * Allowed host names.
   * @default all
   */
  readonly hosts?: RegExp;
  /**
   * Resolves a name.
   * @default the system's resolver
   */
  readonly resolve?: Resolve;
  /**
   * Hosts that serve https: plain http links to them are upgraded.
   * @default none
   */
  readonly secure?: RegExp;
  /** Called each time a name resolves to a forbidden address. Must not throw. */
  readonly onMisresolved?: (host: string) => void;
}

/**
 * A name is resolved once per connection, which is made to exactly the checked addresses, so DNS rebinding gains
 * nothing.
 * @param service the configured URL of the service (MPS_ENDPOINT, DISCORD_API_URL).
 */
export function createAddressRule(
  service: string,
  { hosts, secure, resolve = systemLookup, onMisresolved }: AddressOptions = {},
): AddressRule {
  const local = isLoopback(new URL(service));
  const lookup: LookupFunction = (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const bad = found.find(
        ({ address }) => !isPublicAddress(address) && !(local && isLoopbackAddress(address)),
      );
      if (bad) {
        onMisresolved?.(hostname);
        return done(new MisresolvedError(`${hostname} resolves to ${bad.address}.`), []);
      }
      const [first] = found;
      if (options.all || !first) return done(null, found);
      done(null, first.address, first.family);
    });
  };
  const dispatcher = new Agent({ connect: { lookup }, maxRedirections: 0 });
  return {
    dispatcher,
    close: () => dispatcher.destroy(),
    check(address) {
      const url = URL.canParse(address) ? new URL(address) : undefined;
      if (!url) throw new ForbiddenAddressError('Not a valid URL.');
      if (url.protocol === 'http:' && url.port === '' && secure?.test(url.hostname)) url.protocol = 'https:';
      const bare = url.hostname.replace(/^\[|\]$/g, '');
      if (local && isLoopback(url) && /^https?:$/.test(url.protocol)) return url;
      if (url.protocol !== 'https:' || url.username || url.password) {
        throw new ForbiddenAddressError(
          `${url.protocol}//${url.hostname} is not fetched: only https is allowed.`,
        );
      }
      if (isIP(bare) ? !isPublicAddress(bare) : isLoopback(url)) {
        throw new ForbiddenAddressError(`${url.hostname} is not a public address.`);
      }
      if (hosts && !hosts.test(url.hostname))
        throw new ForbiddenAddressError(`${url.hostname} is not a host of that service.`);
      return url;
    },
  };
}
