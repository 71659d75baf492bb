import { describe, expect, it } from 'vitest';
import type { MpsError } from '../../src/mps/api/errors.js';
import { clip, createWorld, errorOf, picture, signal, untilOver } from './mps-client-kit.js';

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
});
