import { createMpsStandIn, type MpsStandIn, type MpsStandInOptions } from '@easel/mps-stand-in';
import { silentLog } from '../../src/log.js';
import { createMpsClient, type MpsClient, type TaskReport } from '../../src/mps/api/client.js';
import { MpsError } from '../../src/mps/api/errors.js';
import { createCatalogue, type VideoModel } from '../../src/mps/catalogue/catalogue.js';
import type { GenerationRequest, Kind } from '../../src/mps/generation-request.js';
import { createLimits } from '../../src/mps/limits/rate-limits.js';
import { toParameters } from '../../src/mps/parameters/parameters.js';
import type { CreateParameters } from '../../src/mps/wire.js';

export const source = { url: 'https://127.0.0.1:9/fox.png', name: 'fox.png' };

/** The starts of a model's clip: a prompt alone, or else a frame, or else references. */
export function beginning({ text, firstFrame }: VideoModel): object {
  if (text) return {};
  return firstFrame ? { image: source } : { references: [source] };
}

export const catalogue = createCatalogue();
export const signal = new AbortController().signal;

export interface World extends AsyncDisposable {
  readonly mps: MpsStandIn;
  readonly client: MpsClient;
}

export async function createWorld(
  options: MpsStandInOptions = {},
  client: { secretKey?: string; sessionToken?: string; now?: () => number; giveUpAfterMs?: number } = {},
): Promise<World> {
  const mps = await createMpsStandIn({ speed: 10_000, ...options });
  const limits = createLimits();
  const { secretId } = mps;
  const mpsClient = createMpsClient({
    endpoint: mps.url,
    region: 'ap-guangzhou',
    credentials: {
      secretId,
      secretKey: client.secretKey ?? mps.secretKey,
      ...(client.sessionToken && { sessionToken: client.sessionToken }),
    },
    limits,
    log: silentLog,
    random: () => 0,
    ...(client.now && { now: client.now }),
  });
  return {
    mps,
    client: mpsClient,
    async [Symbol.asyncDispose]() {
      await mpsClient.close();
      await limits.close();
      await mps.close();
    },
  };
}

export function parametersOf(request: GenerationRequest): CreateParameters {
  const outcome = toParameters(request, catalogue);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.parameters;
}

export const picture = (fields: object = {}): CreateParameters =>
  parametersOf({ kind: 'image', model: 'hunyuan-3.0', prompt: 'a red fox', enhance: true, ...fields });
export const clip = (fields: object = {}): CreateParameters =>
  parametersOf({ kind: 'video', model: 'kling-3.0', prompt: 'it runs', enhance: false, ...fields });

export async function untilOver(client: MpsClient, kind: Kind, taskId: string): Promise<TaskReport> {
  for (;;) {
    const report = await client.describe(kind, () => taskId, { signal });
    if (report?.status === 'DONE' || report?.status === 'FAIL') return report;
  }
}

export async function errorOf(work: Promise<unknown>): Promise<MpsError> {
  const outcome: unknown = await work.catch((error: unknown) => error);
  if (outcome instanceof MpsError) return outcome;
  throw new Error(`expected an MpsError, got ${String(outcome)}`);
}
