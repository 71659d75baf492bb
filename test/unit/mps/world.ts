import type { Log } from '../../../src/log.js';
import { createMpsClient, type MpsClient, type MpsClientDeps } from '../../../src/mps/api/client.js';
import { MpsError } from '../../../src/mps/api/errors.js';
import { createLimits } from '../../../src/mps/limits/rate-limits.js';
import type { CreateParameters } from '../../../src/mps/wire.js';

export const credentials = { secretId: 'AKIDexample', secretKey: 'the-secret-key' };

export const painting: CreateParameters = {
  action: 'CreateAigcImageTask',
  body: {
    ModelName: 'Hunyuan',
    ModelVersion: '3.0',
    Prompt: 'a red fox at the lake',
    EnhancePrompt: true,
  },
};

export interface LogLine {
  readonly level: string;
  readonly details: object;
  readonly message: string;
}

/** A log that a test can read. */
export function createTestLog(): Log & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const write = (level: string) => (details: object, message: string) =>
    void lines.push({ level, details, message });
  const log = {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  };
  return log;
}

export interface World extends AsyncDisposable {
  readonly client: MpsClient;
  readonly log: ReturnType<typeof createTestLog>;
}

/** A client like the bot's, without delays between retries. */
export function createWorld(
  endpoint: string,
  deps: Partial<MpsClientDeps> & { rates?: Parameters<typeof createLimits>[0] } = {},
): World {
  const limits = createLimits(deps.rates);
  const log = createTestLog();
  const client = createMpsClient({
    endpoint,
    region: 'ap-guangzhou',
    credentials,
    limits,
    log,
    random: () => 0,
    ...deps,
  });
  return {
    client,
    log,
    async [Symbol.asyncDispose]() {
      await client.close();
      await limits.close();
    },
  };
}

/** The error a promise ends with; fails when it does not. */
export async function errorOf(work: Promise<unknown>): Promise<MpsError> {
  const outcome: unknown = await work.catch((error: unknown) => error);
  if (outcome instanceof MpsError) return outcome;
  throw new Error(`expected an MpsError, got ${String(outcome)}`);
}

/** A signal no one aborts. */
export const never = new AbortController().signal;
