import { describe, expect, it } from 'vitest';
import { durationsAt } from '../../src/mps/catalogue/modes.js';
import { beginning, catalogue, clip, createWorld, picture, signal } from './mps-client-kit.js';

// They wait for the real rate limits of MPS.
describe('the client and the MPS stand-in, at the rates of MPS', () => {
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
