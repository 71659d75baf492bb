// Creates the queued tasks of a ledger at MPS's full rate, as Easel does, until it is killed:
// `creator.js STORE_URL FOLDER HANDSHAKE_MS`. A connection takes so many ms to open. It leaves two files in the folder: `begun` at
// the first Create, and `times.json` (CreateTimes) after the last one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildConnector } from 'undici';
import { readEnvironment } from '../../../src/config/config.js';
import { silentLog } from '../../../src/log.js';
import { createMpsClient } from '../../../src/mps/api/client.js';
import { createTransport, type Transport } from '../../../src/mps/api/transport.js';
import type { GenerationRequest } from '../../../src/mps/generation-request.js';
import { createLimits } from '../../../src/mps/limits/rate-limits.js';
import { createStore } from '../../../src/store/store.js';
import { createLedger, type Ledger } from '../../../src/tasks/ledger/ledger.js';
import {
  createGenerationStep,
  type GenerationStepDeps,
} from '../../../src/tasks/lifecycle/generation-step.js';
import type { Task } from '../../../src/tasks/model/task.js';

/** ms, of each Create that was sent. */
export interface CreateTimes {
  /** How long the write of its record took. */
  readonly write: number[];
  /** From the end of that to the moment at which its request is written to the socket. */
  readonly gap: number[];
}

const [storeUrl = '', folder = '', handshakeMs = '0'] = process.argv.slice(2);
const times: CreateTimes = { write: [], gap: [] };
/** When the records were written that say that a Create may have been sent, by its prompt. */
const recordedAt = new Map<string, number>();
const { MPS_ENDPOINT = '', TENCENTCLOUD_SECRET_ID = '', TENCENTCLOUD_SECRET_KEY = '' } = readEnvironment();
const log = silentLog;
const now = Date.now;
const store = await createStore(storeUrl, { log });
const ledger = createLedger({ table: store.table('tasks'), log, now });
await ledger.load();

/** A network whose connections take longer to open, and which notes when requests leave. */
function createWatchedTransport(): Transport {
  const connect = buildConnector({});
  const transport = createTransport({
    connect: (options, done) => void setTimeout(() => connect(options, done), Number(handshakeMs)),
  });
  return {
    ...transport,
    send: (request) =>
      transport.send({
        ...request,
        onWrite() {
          const { Prompt } = JSON.parse(request.body) as { readonly Prompt: string };
          times.gap.push(performance.now() - (recordedAt.get(Prompt) ?? Number.NaN));
          request.onWrite();
        },
      }),
  };
}

/** Writes a record, and notes how long that took. */
async function record(...[id, event]: Parameters<Ledger['record']>): Promise<Task> {
  const beganAt = performance.now();
  const task = await ledger.record(id, event);
  if (event.type === 'submitting') {
    const at = performance.now();
    times.write.push(at - beganAt);
    recordedAt.set(task.request.prompt, at);
  }
  return task;
}

const mps = createMpsClient({
  endpoint: MPS_ENDPOINT,
  region: 'ap-guangzhou',
  limits: createLimits(),
  transport: createWatchedTransport(),
  log,
  credentials: { secretId: TENCENTCLOUD_SECRET_ID, secretKey: TENCENTCLOUD_SECRET_KEY },
});
const steps = createGenerationStep({
  ledger: { ...ledger, record },
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
writeFileSync(join(folder, 'begun'), '');
await Promise.all(ledger.unfinished().map((task) => steps.create(task)));
writeFileSync(join(folder, 'times.json'), JSON.stringify(times));
process.exit();
