import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { problemsOf } from '../../src/mps/checks.js';
import type { GenerationRequest } from '../../src/mps/generation.js';
import { createCatalogue, unlistedIds } from '../../src/mps/models.js';
import { paint } from '../support/images.js';
import { answered, createWorld, delivered, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const picture = async () => ({ filename: 'fox.png', bytes: await paint(320, 320).png().toBuffer() });
const ben = () => world.discord.actor('ben', 'general');

describe('/animate', () => {
  it('with words alone and a model that needs a picture says so, and names one that fits', async () => {
    world = await createWorld();
    for (const [model, key] of [
      ['Hailuo 2.3-fast', 'problem.image.missing'],
      ['Vidu q2-pro', 'problem.image.orReferences'],
      ['Vidu q3', 'problem.references.missing'],
    ] as const) {
      const { content } = await answered(await ben().command('animate', { prompt: 'it runs', model }));
      expect(content).toContain(text('en-US', key, { model }));
      expect(content).toMatch(/Or pick (Hailuo|Vidu) \S+, which takes all of this as it is\./);
      const lin = world.discord.actor('lin', 'general');
      const chinese = await answered(await lin.command('animate', { prompt: '跑起来', model }));
      expect(chinese.content).toContain(text('zh-CN', key, { model }));
    }
    expect(world.mps.records).toEqual([]);
  });

  it('with a picture and a model that begins with none says what to do instead', async () => {
    world = await createWorld();
    const invocation = await ben().command('animate', {
      ...{ prompt: 'it runs', model: 'vidu-q2', image: await picture() },
    });
    expect((await answered(invocation)).content).toContain(
      text('en-US', 'problem.image.asReference', { model: 'Vidu q2' }),
    );
    expect(world.mps.records).toEqual([]);
  });

  it('without a model takes the usual one only where it can begin so', async () => {
    world = await createWorld({ env: { VIDEO_MODEL: 'hailuo-2.3-fast', VIDEO_DURATION: '6' } });
    await delivered(await ben().command('animate', { prompt: 'it runs' }));
    await delivered(await ben().command('animate', { prompt: 'it runs', image: await picture() }));
    await delivered(await ben().command('animate', { prompt: 'it runs', reference1: await picture() }));
    const versions = world.mps.tasks.map(({ params }) => `${params.ModelName} ${params.ModelVersion}`);
    expect(versions).toEqual(['Hailuo 2.3', 'Hailuo 2.3-fast', 'Kling 3.0-Omni']);
  });

  it('asks for sound, where nobody said, only if the combination has it', async () => {
    world = await createWorld({ env: { VIDEO_AUDIO: 'true' } });
    const model = 'kling-2.6';
    await delivered(await ben().command('animate', { prompt: 'it runs', model }));
    await delivered(await ben().command('animate', { prompt: 'it runs', model, resolution: '1080P' }));
    const sound = world.mps.tasks.map(({ params }) => params.ExtraParameters);
    expect(sound).toEqual([undefined, { Resolution: '1080P', EnableAudio: true }]);
  });
});

/** The walk puts its fields together by name. */
const asRequest = (fields: object) => fields as GenerationRequest;

/** Every value that completion offers for an option, with these chosen before. */
async function rowsFor(command: string, chosen: Record<string, unknown>, option: string) {
  const rows = await ben().autocomplete(command, { ...chosen, [option]: '' } as never, option);
  return rows.map(({ value }) => value);
}

describe('completion', () => {
  const fields = { duration: 'duration', resolution: 'resolution', aspect_ratio: 'aspectRatio' } as const;
  const other = { size: 'size', scene: 'scene' } as const;
  const source = { url: 'https://cdn.discordapp.com/attachments/a?ex=0', name: 'a.png' };
  const catalogue = createCatalogue({ extra: unlistedIds });

  /** Walks a few rows of each option in turn, and judges the order that comes of it. */
  async function walk(
    command: 'animate' | 'imagine',
    uploads: Readonly<Record<string, unknown>>,
    request: object,
    order: readonly string[],
  ): Promise<number> {
    const kind = command === 'animate' ? 'video' : 'image';
    let judged = 0;
    for (const id of await rowsFor(command, { prompt: 'it runs', ...uploads }, 'model')) {
      const model = catalogue.find(kind, String(id));
      if (!model) throw new Error(`There is no ${id}.`);
      let chosen: Record<string, unknown> = { prompt: 'it runs', model: id, ...uploads };
      let asked: object = { ...request, kind, prompt: 'it runs', enhance: false, model: id };
      for (const option of order) {
        const rows = await rowsFor(command, chosen, option);
        const name = { ...fields, ...other }[option] ?? option;
        for (const value of rows) {
          const problems = problemsOf(asRequest({ ...asked, [name]: value }), model);
          expect(problems, `${id} ${option} ${value} ${JSON.stringify(chosen)}`).toEqual([]);
          judged += 1;
        }
        const last = rows.at(-1);
        if (last === undefined) continue;
        chosen = { ...chosen, [option]: last };
        asked = { ...asked, [name]: last };
      }
      expect(problemsOf(asRequest(asked), model), String(id)).toEqual([]);
    }
    return judged;
  }

  it('offers for a clip nothing that its model refuses, whatever it begins with and in whichever order', async () => {
    world = await createWorld({ env: { EXTRA_MODELS: unlistedIds.join(',') } });
    const file = await picture();
    const beginnings = [
      [{}, {}],
      [{ image: file }, { image: source }],
      [
        { image: file, last_image: file },
        { image: source, lastImage: source },
      ],
      [{ reference1: file }, { references: [source] }],
      [{ audio: true }, { audio: true }],
    ] as const;
    const orders = [
      ['duration', 'resolution', 'aspect_ratio'],
      ['aspect_ratio', 'resolution', 'duration'],
    ];
    for (const [uploads, request] of beginnings)
      for (const order of orders) expect(await walk('animate', uploads, request, order)).toBeGreaterThan(10);
  }, 60_000);

  it('offers for a picture nothing that its model refuses', async () => {
    world = await createWorld({ env: { EXTRA_MODELS: unlistedIds.join(',') } });
    const file = await picture();
    const order = ['scene', 'size', 'resolution', 'aspect_ratio'];
    expect(await walk('imagine', {}, {}, order)).toBeGreaterThan(10);
    expect(await walk('imagine', {}, {}, order.toReversed())).toBeGreaterThan(10);
    const [one, two] = [{ reference1: file }, { references: [source] }];
    expect(await walk('imagine', one, two, order)).toBeGreaterThan(10);
  }, 60_000);
});
