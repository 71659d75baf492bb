import { request } from '../../http.js';
import type { CosBucket } from '../../media/cos.js';
import { type Finding, fail, ok, warn } from './finding.js';

interface Asked {
  readonly cos?: { readonly bucket: string; readonly region: string };
  readonly sourceHost: 'discord' | 'cos';
  /** TENCENTCLOUD_REGION */
  readonly region: string;
}

interface Deps {
  /** Easel's own end of the bucket, where it puts people's images there. */
  readonly bucket?: CosBucket | undefined;
  /** The bucket's address. */
  readonly endpoint: (cos: NonNullable<Asked['cos']>) => string;
}

const check = 'COS bucket';
const probe = 'easel-sources/doctor.png';
/** The smallest PNG there is. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export async function checkCos(asked: Asked, deps: Deps): Promise<readonly Finding[]> {
  const { cos } = asked;
  const findings = cos ? [deps.bucket ? await write(deps.bucket) : await look(deps.endpoint(cos), cos)] : [];
  return [...findings, ...sourceFindings(asked)];
}

/** Puts an object there and takes it away again, as Easel will. */
async function write(bucket: CosBucket): Promise<Finding> {
  const signal = AbortSignal.timeout(20_000);
  try {
    await bucket.put(probe, pixel, { type: 'image/png', signal });
    await bucket.remove(probe, { signal });
    return ok(check, "people's images can be put there and removed");
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return fail(
      check,
      `nothing could be put there${code}`,
      'look at COS_BUCKET and COS_REGION, and let the key put, get and delete objects under easel-sources/',
    );
  }
}

/** Whether there is such a bucket; that MPS may write there only MPS can tell. */
async function look(endpoint: string, { bucket, region }: NonNullable<Asked['cos']>): Promise<Finding> {
  const fix = 'take both from the console (Cloud Object Storage › Bucket list)';
  try {
    const { statusCode, body } = await request(endpoint, {
      method: 'HEAD',
      signal: AbortSignal.timeout(20_000),
    });
    await body.dump();
    if (statusCode === 404) return fail(check, `there is no ${bucket} in ${region}`, fix);
    return ok(check, `${bucket} is there; MPS must be allowed to write to it`);
  } catch {
    return fail(check, `${bucket} in ${region} could not be reached`, fix);
  }
}

/** Regions of mainland China, from which Discord is often out of reach; Hong Kong's is not one of them. */
const mainland =
  /^ap-(guangzhou|shanghai|nanjing|beijing|tianjin|chengdu|chongqing|shenzhen|qingyuan|zhongwei)/;

function sourceFindings({ sourceHost, region }: Asked): readonly Finding[] {
  const name = 'SOURCE_HOST';
  if (sourceHost === 'cos') return [ok(name, "cos: MPS fetches people's images from the bucket")];
  if (!mainland.test(region)) return [ok(name, "discord: MPS fetches people's images from there")];
  return [
    warn(
      name,
      `discord, but MPS in ${region} may not reach Discord's servers`,
      'if tasks with a picture fail while those without succeed, set SOURCE_HOST=cos, COS_BUCKET and COS_REGION',
    ),
  ];
}
