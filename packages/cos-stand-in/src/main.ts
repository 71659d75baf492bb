import { runStandIn } from '@easel/stand-in-kit/command-line';
import { instructions, readFlags, usage } from './command-line.js';
import { createCosStandIn } from './index.js';

await runStandIn({
  moduleUrl: import.meta.url,
  usage,
  readFlags,
  async start(flags, env) {
    const standIn = await createCosStandIn({
      ...flags,
      ...(env.TENCENTCLOUD_SECRET_ID && { secretId: env.TENCENTCLOUD_SECRET_ID }),
      ...(env.TENCENTCLOUD_SECRET_KEY && { secretKey: env.TENCENTCLOUD_SECRET_KEY }),
      ...(env.TENCENTCLOUD_SESSION_TOKEN && { token: env.TENCENTCLOUD_SESSION_TOKEN }),
    });
    return { instructions: instructions(standIn, env), close: () => standIn.close() };
  },
});
