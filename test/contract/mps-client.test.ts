import { createMpsStandIn, type MpsStandIn, type MpsStandInOptions } from '@easel/mps-stand-in';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.js';
import { createMpsClient, type MpsClient, type TaskReport } from '../../src/mps/api/client.js';
import { MpsError } from '../../src/mps/api/errors.js';
import { createCatalogue, type VideoModel } from '../../src/mps/catalogue/catalogue.js';
import { durationsAt } from '../../src/mps/catalogue/modes.js';
import type { GenerationRequest, Kind } from '../../src/mps/generation-request.js';
import { createLimits } from '../../src/mps/limits/rate-limits.js';
import { toParameters } from '../../src/mps/parameters/parameters.js';
import type { CreateParameters } from '../../src/mps/wire.js';

const source = { url: 'https://127.0.0.1:9/fox.png', name: 'fox.png' };

/** What a clip of a model can begin with: words alone, else a frame, else references. */
function beginning({ text, firstFrame }: VideoModel): object {
  if (text) return {};
  return firstFrame ? { image: source } : { references: [source] };
}

const catalogue = createCatalogue();
const signal = new AbortController().signal;

interface World extends AsyncDisposable {
  readonly mps: MpsStandIn;
  readonly client: MpsClient;
}

async function createWorld(
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

function parametersOf(request: GenerationRequest): CreateParameters {
  const outcome = toParameters(request, catalogue);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.parameters;
}

const picture = (fields: object = {}): CreateParameters =>
  parametersOf({ kind: 'image', model: 'hunyuan-3.0', prompt: 'a red fox', enhance: true, ...fields });
const clip = (fields: object = {}): CreateParameters =>
  parametersOf({ kind: 'video', model: 'kling-3.0', prompt: 'it runs', enhance: false, ...fields });

async function untilOver(client: MpsClient, kind: Kind, taskId: string): Promise<TaskReport> {
  for (;;) {
    const report = await client.describe(kind, () => taskId, { signal });
    if (report?.status === 'DONE' || report?.status === 'FAIL') return report;
  }
}

async function errorOf(work: Promise<unknown>): Promise<MpsError> {
  const outcome: unknown = await work.catch((error: unknown) => error);
  if (outcome instanceof MpsError) return outcome;
  throw new Error(`expected an MpsError, got ${String(outcome)}`);
}

describe('the client and the MPS stand-in, two readings of the same facts', () => {
  it.each([
    ['image', picture()],
    ['video', clip()],
  ] as const)('make a %s from Create to the bytes of its result', async (kind, parameters) => {
    await using world = await createWorld();
    const { taskId } = await world.client.create(parameters, { signal });
    const report = await untilOver(world.client, kind, taskId);
    expect(report).toMatchObject({ taskId, status: 'DONE', urls: [expect.any(String)] });
    if (kind === 'video') expect(report.resolution).toMatch(/^\d+x\d+$/);
    const bytes = Buffer.from(await (await fetch(report.urls[0] ?? '')).arrayBuffer());
    expect(bytes.equals(await world.mps.resultBytes(taskId))).toBe(true);
  });

  it('agree that every model can be requested by its name, with its defaults and with its longest clip', async () => {
    await using world = await createWorld();
    const requests = [
      ...catalogue.list('image').map(({ id }) => picture({ model: id })),
      ...catalogue.list('video').map((model) => clip({ model: model.id, ...beginning(model) })),
      ...catalogue
        .list('video')
        .filter(({ durations }) => durations.length > 0)
        .map((model) => clip({ model: model.id, duration: durationsAt(model).at(-1), ...beginning(model) })),
    ];
    const outcomes = await Promise.all(
      requests.map((parameters) =>
        world.client.create(parameters, { signal }).then(
          () => 'created',
          (error: unknown) => `${JSON.stringify(parameters.body)}: ${String(error)}`,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome !== 'created')).toEqual([]);
    expect(world.mps.rejected).toBe(0);
  });

  it('agree on every image ratio, resolution and size', async () => {
    await using world = await createWorld();
    const requests = catalogue
      .list('image')
      .flatMap(({ id, aspectRatios, resolutions, size }) => [
        ...aspectRatios.map((aspectRatio) => picture({ model: id, aspectRatio })),
        ...resolutions.map((resolution) => picture({ model: id, resolution })),
        ...(size ? [picture({ model: id, size: '1024x1024' })] : []),
      ]);
    const tasks = await Promise.all(
      requests.map((parameters) => world.client.create(parameters, { signal })),
    );
    expect(tasks).toHaveLength(requests.length);
  });

  it('work with temporary keys', async () => {
    await using world = await createWorld({ token: 'temporary' }, { sessionToken: 'temporary' });
    await expect(world.client.create(picture(), { signal })).resolves.toHaveProperty('taskId');
  });

  it('agree that a wrong key is a credentials error', async () => {
    await using world = await createWorld({}, { secretKey: 'wrong' });
    expect(await errorOf(world.client.create(picture(), { signal }))).toMatchObject({
      reason: 'credentials',
      created: 'no',
    });
  });

  it('agree that a forbidden prompt is a moderation error', async () => {
    await using world = await createWorld();
    const error = await errorOf(world.client.create(picture({ prompt: 'something forbidden' }), { signal }));
    expect(error).toMatchObject({ reason: 'moderation', code: 'InvalidParameter.ViolationContent' });
    expect(world.mps.tasks).toEqual([]);
  });

  it.each([-600_000, 600_000])('tolerate clocks ten minutes apart (%i ms)', async (skew) => {
    await using world = await createWorld({}, { now: () => Date.now() + skew });
    const { taskId } = await world.client.create(clip(), { signal });
    expect(await untilOver(world.client, 'video', taskId)).toMatchObject({ status: 'DONE' });
    expect(world.mps.tasks).toHaveLength(1);
    expect(world.mps.records.filter(({ code }) => code !== 'OK')).toHaveLength(1);
  });

  it.each([
    { kind: 'reset', when: 'before' },
    { kind: 'reset', when: 'after' },
    { kind: 'gateway', status: 502, when: 'after' },
    { kind: 'error', code: 'InternalError', when: 'after' },
  ] as const)('never make two tasks of one Create ($kind $when)', async (fault) => {
    await using world = await createWorld();
    world.mps.faults.add({ ...fault, action: 'CreateAigcImageTask' });
    const error = await errorOf(world.client.create(picture(), { signal }));
    expect(error).toMatchObject({ reason: 'uncertain', created: 'unknown' });
    expect(world.mps.records).toHaveLength(1);
    expect(world.mps.tasks).toHaveLength(fault.when === 'after' ? 1 : 0);
  });

  it('create one task despite throttling', async () => {
    await using world = await createWorld();
    const disarm = world.mps.faults.add({ kind: 'error', code: 'RequestLimitExceeded', when: 'before' });
    const refusals: string[] = [];
    const onRefused = async ({ code }: MpsError) => {
      refusals.push(code);
      if (refusals.length === 3) disarm();
    };
    await world.client.create(picture(), { signal, onRefused });
    expect(refusals).toEqual(Array(3).fill('RequestLimitExceeded'));
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('make 60 Creates and 120 queries without one being rejected', async () => {
    await using world = await createWorld();
    const { client, mps } = world;
    await Promise.all(Array.from({ length: 60 }, () => client.create(picture(), { signal })));
    const { taskId } = await client.create(clip(), { signal });
    await Promise.all(Array.from({ length: 120 }, () => client.describe('video', () => taskId, { signal })));
    expect(mps.rejected).toBe(0);
    expect(mps.tasks).toHaveLength(61);
    expect(mps.records.every(({ code }) => code === 'OK')).toBe(true);
  });
});
