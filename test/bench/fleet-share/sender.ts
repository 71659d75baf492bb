// Creates images as fast as the limits that all processes on one Redis share let it: `sender.js COUNT PROCESSES`.
import { connectRedis } from '../../../src/cluster/redis-connection.js';
import { readEnvironment } from '../../../src/config/config.js';
import { silentLog } from '../../../src/log.js';
import { createMpsClient } from '../../../src/mps/api/client.js';
import { createSharedLimits } from '../../../src/mps/limits/cluster-rate-limits.js';

const [count = '0', processes = '1'] = process.argv.slice(2);
const env = readEnvironment();
const log = silentLog;
const limits = createSharedLimits({
  connect: () => connectRedis(env.REDIS_URL ?? '', { comesBack: false }),
  share: 1 / Number(processes),
  log,
});
const mps = createMpsClient({
  endpoint: env.MPS_ENDPOINT ?? '',
  region: 'ap-guangzhou',
  limits,
  log,
  credentials: { secretId: env.TENCENTCLOUD_SECRET_ID ?? '', secretKey: env.TENCENTCLOUD_SECRET_KEY ?? '' },
});
const { signal } = new AbortController();
const body = { ModelName: 'Hunyuan', ModelVersion: '3.0', Prompt: 'a red fox', EnhancePrompt: true };
const making = Array.from({ length: Number(count) }, () =>
  // As long as the write takes that precedes a Create.
  mps.create({ action: 'CreateAigcImageTask', body }, { signal, onSend: async () => {} }),
);
await Promise.all(making);
// As Easel does when it stops: a process that just ends takes its slots with it for ten seconds, as one that dies.
await mps.close();
await limits.close();
process.exit();
