import { type CosStandIn, type CosStandInOptions, createCosStandIn } from '@easel/cos-stand-in';
import { createWorld, type World, type WorldOptions } from './world.js';

/** A world in which MPS stores results in the operator's private bucket. */
export interface BucketWorld extends World {
  readonly cos: CosStandIn;
}

/** One key pair is valid for both, as in reality. */
export async function createBucketWorld(
  options: WorldOptions = {},
  bucket: CosStandInOptions = {},
): Promise<BucketWorld> {
  const clock = options.now && { now: options.now };
  const cos = await createCosStandIn({ ...clock, ...bucket });
  const { secretId, secretKey, url } = cos;
  const world = await createWorld({
    ...options,
    discord: { ...clock, ...options.discord },
    mps: { ...clock, ...options.mps, secretId, secretKey, cos },
    cosEndpoint: url,
    env: { COS_BUCKET: cos.bucket, COS_REGION: cos.region, ...options.env },
    timing: { retryMs: 20, searchMs: 20, ...options.timing },
  });
  return {
    ...world,
    cos,
    async close() {
      await world.close();
      await cos.close();
    },
  };
}
