import { CosRefusal } from '@easel/stand-in-kit/object-store';

export interface BucketName {
  readonly bucket: string;
  readonly region: string;
}

/** A request's target, taken apart. */
export interface Target {
  /** As signed: with its leading slash, percent signs undone. */
  readonly path: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query: readonly (readonly [string, string])[];
}

/** The longest key, bytes. */
const longestKey = 850;

/**
 * Reads which object a request is about: by the bucket in the host name (`BUCKET.cos.REGION.myqcloud.com` or
 * `.tencentcos.cn`), or on any other host, such as loopback, in the one bucket of this stand-in. COS itself no longer accepts
 * a bucket before the key.
 * @throws CosRefusal for another bucket, and for a target that cannot be read
 */
export function readTarget(url: string, host: string, own: BucketName): Target {
  const [rawPath = '', ...rest] = url.split('?');
  if (!rawPath.startsWith('/')) throw new CosRefusal(400, 'InvalidURI', 'Could not parse the specified URI.');
  const path = decode(rawPath);
  const query = readQuery(rest.join('?'));
  const key = path.slice(1);
  const [, bucket, region] =
    /^(.*?)\.?cos\.([^.]*)\.(?:myqcloud\.com|tencentcos\.cn)(?::\d+)?$/i.exec(host) ?? [];
  if (region !== undefined && (bucket !== own.bucket || region !== own.region))
    throw new CosRefusal(404, 'NoSuchBucket', 'The specified bucket does not exist.');
  if (Buffer.byteLength(key) > longestKey) throw new CosRefusal(400, 'KeyTooLong', 'Your key is too long.');
  return { path, key, query };
}

function readQuery(text: string): [string, string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))];
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new CosRefusal(400, 'InvalidURI', 'Could not parse the specified URI.');
  }
}
