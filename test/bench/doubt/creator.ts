// Creates the queued tasks of a ledger at MPS's full rate, as Easel does, until it is killed: `creator.js STORE_URL`.
import { readEnvironment } from '../../../src/config/config.js';
import { silentLog } from '../../../src/log.js';
import { createMpsClient } from '../../../src/mps/api/client.js';
import type { GenerationRequest } from '../../../src/mps/generation-request.js';
import { createLimits } from '../../../src/mps/limits/rate-limits.js';
import { createStore } from '../../../src/store/store.js';
import { createLedger } from '../../../src/tasks/ledger/ledger.js';
import {
  createGenerationStep,
  type GenerationStepDeps,
} from '../../../src/tasks/lifecycle/generation-step.js';
import type { Task } from '../../../src/tasks/model/task.js';

const [storeUrl = ''] = process.argv.slice(2);
const { MPS_ENDPOINT = '', TENCENTCLOUD_SECRET_ID = '', TENCENTCLOUD_SECRET_KEY = '' } = readEnvironment();
const log = silentLog;
const now = Date.now;
const store = await createStore(storeUrl, { log });
const ledger = createLedger({ table: store.table('tasks'), log, now });
await ledger.load();
const mps = createMpsClient({
  endpoint: MPS_ENDPOINT,
  region: 'ap-guangzhou',
  limits: createLimits(),
  log,
  credentials: { secretId: TENCENTCLOUD_SECRET_ID, secretKey: TENCENTCLOUD_SECRET_KEY },
});
const steps = createGenerationStep({
  ledger,
  mps,
  preparation: { renew: async ({ request }: Task) => request, release: async () => {} },
  toParameters: ({ prompt }: GenerationRequest) => ({
    action: 'CreateAigcImageTask',
    body: { ModelName: 'Hunyuan', ModelVersion: '3.0', Prompt: prompt, EnhancePrompt: true },
  }),
  log,
  now,
  signal: new AbortController().signal,
  timing: { timeoutMs: 60_000, slowPollMs: 60_000, unreachableMs: 60_000 },
  // A Create that succeeds needs none of the others.
} as unknown as GenerationStepDeps);
await Promise.all(ledger.unfinished().map((task) => steps.create(task)));
