import { runStandIn } from '@easel/stand-in-kit/command-line';
import { instructions, readFlags, usage } from './command-line.js';
import { NoBucket, openBucket } from './results/bucket-storage.js';
import { createMpsStandIn } from './stand-in.js';

await runStandIn({
  moduleUrl: import.meta.url,
  usage,
  readFlags,
  async start({ seed, cos, ...flags }, env) {
    const standIn = await createMpsStandIn({
      ...flags,
      settings: { clips: 'made' },
      ...(seed !== undefined && { seed }),
      ...(cos !== undefined && { cos: await openBucket(cos) }),
      ...(env.TENCENTCLOUD_SECRET_ID && { secretId: env.TENCENTCLOUD_SECRET_ID }),
      ...(env.TENCENTCLOUD_SECRET_KEY && { secretKey: env.TENCENTCLOUD_SECRET_KEY }),
      ...(env.TENCENTCLOUD_SESSION_TOKEN && { token: env.TENCENTCLOUD_SESSION_TOKEN }),
    });
    return { instructions: instructions(standIn, env), close: () => standIn.close() };
  },
  explain: (error) => (error instanceof NoBucket ? error.message : undefined),
});
