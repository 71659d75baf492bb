import { lookup } from 'node:dns/promises';
import { isLoopback } from '../../config/config.js';
import { cosBase } from '../../media/cos/bucket.js';
import { isPublicAddress } from '../../media/http/url-guard.js';
import { type Finding, ok, warn } from './finding.js';

interface Asked {
  /** MPS_ENDPOINT */
  readonly endpoint: string;
  /** TENCENTCLOUD_REGION */
  readonly region: string;
  readonly cos?: { readonly bucket: string; readonly region: string; readonly endpoint?: string };
}

/**
 * Resolves all addresses of a name.
 * @default the system's resolver
 */
type Resolve = (name: string) => Promise<readonly string[]>;

const resolveHere: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

const check = 'Names';

/**
 * Checks that this machine resolves COS host names (where results are) to public addresses. On Tencent Cloud they may
 * resolve to the private network, from which Easel downloads nothing. A stand-in hosts its own results.
 */
export async function checkNames(
  { endpoint, region, cos }: Asked,
  resolve: Resolve = resolveHere,
): Promise<readonly Finding[]> {
  if (isLoopback(new URL(endpoint))) return [];
  const host = cos ? cosBase(cos).hostname : `cos.${region}.myqcloud.com`;
  const found = await resolve(host).catch(() => undefined);
  if (!found?.length) return [warn(check, `${host} cannot be resolved`, 'check the network and its DNS')];
  const inner = found.find((address) => !isPublicAddress(address));
  if (inner === undefined) return [ok(check, `${host} has a public address`)];
  return [
    warn(
      check,
      `${host} resolves to ${inner}, but results are only fetched from public addresses`,
      'let this machine use a public DNS server',
    ),
  ];
}
