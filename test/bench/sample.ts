// The guide's sample as a program: create, then query every 5 s, here behind the same limiter and client as Easel's own.
// Its arguments: a seed, and for each phase pictures a second and how many. It ends when all are there.
import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment } from '../../src/config/config.js';
import { silentLog } from '../../src/log.js';
import { createMpsClient } from '../../src/mps/api/client.js';
import { createLimits } from '../../src/mps/limits/rate-limits.js';
import { readArguments } from './sample-arguments.js';

const env = readEnvironment();
/** ms between two queries of a task: 5 s, as in the guide, or less if MPS is faster than in reality. */
const everyMs = Number(env.EVERY_MS ?? 5_000);
const limits = createLimits();
const mps = createMpsClient({
  endpoint: env.MPS_ENDPOINT ?? '',
  region: 'ap-guangzhou',
  limits,
  log: silentLog,
  credentials: { secretId: env.TENCENTCLOUD_SECRET_ID ?? '', secretKey: env.TENCENTCLOUD_SECRET_KEY ?? '' },
});
const { signal } = new AbortController();

async function make(n: number): Promise<void> {
  const body = {
    ModelName: 'Hunyuan',
    ModelVersion: '3.0',
    Prompt: `a red fox, number ${n}`,
    EnhancePrompt: true,
  };
  const { taskId } = await mps.create({ action: 'CreateAigcImageTask', body }, { signal });
  for (;;) {
    await sleep(everyMs);
    const report = await mps.describe('image', () => taskId, { signal });
    if (report?.status === 'DONE') return;
  }
}

const making: Promise<void>[] = [];
for (const waitMs of readArguments(process.argv.slice(2))) {
  await sleep(waitMs);
  making.push(make(making.length));
}
await Promise.all(making);
await limits.close();
await mps.close();
