import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { createCatalogue, unlistedIds } from '../../src/mps/catalogue/catalogue.js';
import type { GenerationRequest } from '../../src/mps/generation-request.js';
import { problemsOf } from '../../src/mps/parameters/validation.js';
import { paint } from '../support/images.js';
import { answered, createWorld, delivered, failed, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const picture = async () => ({ filename: 'fox.png', bytes: await paint(320, 320).png().toBuffer() });
const ben = () => world.discord.actor('ben', 'general');

describe('/animate', () => {
  it('with a prompt alone and a model that needs a picture says so, and names one that fits', async () => {
    world = await createWorld();
    for (const [model, key] of [
      ['Hailuo 2.3-fast', 'problem.image.missing'],
      ['Vidu q2-pro', 'problem.image.orReferences'],
      ['Vidu q3', 'problem.references.missing'],
    ] as const) {
      const { content } = await answered(await ben().command('animate', { prompt: 'it runs', model }));
      expect(content).toContain(text('en-US', key, { model }));
      expect(content).toMatch(/Or pick (Hailuo|Vidu) \S+, which supports all of this as it is\./);
      const lin = world.discord.actor('lin', 'general');
      const chinese = await answered(await lin.command('animate', { prompt: '跑起来', model }));
      expect(chinese.content).toContain(text('zh-CN', key, { model }));
    }
    expect(world.mps.records).toEqual([]);
  });

  it('with a picture and a model that takes none says what to do instead', async () => {
    world = await createWorld();
    const invocation = await ben().command('animate', {
      prompt: 'it runs',
      model: 'vidu-q2',
      image: await picture(),
    });
    expect((await answered(invocation)).content).toContain(
      text('en-US', 'problem.image.asReference', { model: 'Vidu q2' }),
    );
    expect(world.mps.records).toEqual([]);
  });

  it('without a model takes the default only if it can start that way', async () => {
    world = await createWorld({ env: { VIDEO_MODEL: 'hailuo-2.3-fast', VIDEO_DURATION: '6' } });
    await delivered(await ben().command('animate', { prompt: 'it runs' }));
    await delivered(await ben().command('animate', { prompt: 'it runs', image: await picture() }));
    await delivered(await ben().command('animate', { prompt: 'it runs', reference1: await picture() }));
    const versions = world.mps.tasks.map(({ params }) => `${params.ModelName} ${params.ModelVersion}`);
    expect(versions).toEqual(['Hailuo 2.3', 'Hailuo 2.3-fast', 'Kling 3.0-Omni']);
  });

  it('asks for sound, unless chosen otherwise, only if the combination has it', async () => {
    world = await createWorld({ env: { VIDEO_AUDIO: 'true' } });
    const model = 'kling-2.6';
    await delivered(await ben().command('animate', { prompt: 'it runs', model }));
    await delivered(await ben().command('animate', { prompt: 'it runs', model, resolution: '1080P' }));
    const sound = world.mps.tasks.map(({ params }) => params.ExtraParameters);
    expect(sound).toEqual([undefined, { Resolution: '1080P', EnableAudio: true }]);
  });
});

describe('a source image too small for its model', () => {
  it.each([
    ['animate', 'image', 'kling-3.0', ['en-US', 'ben']],
    ['imagine', 'reference1', 'kling-2.1', ['zh-CN', 'lin']],
  ] as const)('of /%s is told before money is spent', async (command, option, model, [locale, name]) => {
    world = await createWorld();
    const file = { filename: 'fox.png', bytes: await paint(600, 256).png().toBuffer() };
    const person = world.discord.actor(name, 'general');
    const invocation = await person.command(command, { prompt: 'it runs', model, [option]: file });
    const params = { name: 'fox.png', width: 600, height: 256, min: 300 };
    expect((await failed(invocation)).content).toContain(text(locale, 'failure.source.small', params));
    expect(world.mps.records).toEqual([]);
    // Another model takes it, and so does this one if each side is long enough.
    const other = command === 'animate' ? 'hailuo-2.3' : 'vidu-q2';
    await delivered(await person.command(command, { prompt: 'it runs', model: other, [option]: file }));
    const [prompt, large] = ['it runs', await picture()];
    await delivered(await person.command(command, { prompt, model, [option]: large }));
  });

  it('is as small as the operator configures', async () => {
    await withModels({ video: { 'kling-3.0': { sourceMinSide: 16 } } }, async (MODELS_FILE) => {
      world = await createWorld({
        env: { MODELS_FILE },
        mps: { settings: { klingLeastSide: { video: 16 } } },
      });
      const file = { filename: 'fox.png', bytes: await paint(64, 48).png().toBuffer() };
      await delivered(await ben().command('animate', { prompt: 'it runs', image: file }));
    });
  });
});

describe('an older order that its model no longer accepts', () => {
  it('is told what to change when it is repeated, upscaled or edited', async () => {
    const before = { video: { 'hailuo-2.3-fast': { text: true } } };
    await withModels(before, async (MODELS_FILE) => {
      // Then MPS took it, too.
      world = await createWorld({ env: { MODELS_FILE }, mps: { settings: { turndown: 'never' } } });
      const model = 'hailuo-2.3-fast';
      const old = await delivered(await ben().command('animate', { prompt: 'it runs', model }));
      await world.stop();
      await world.start({ MODELS_FILE: '' });
      for (const verb of ['again', 'upscale'] as const) {
        const button = old.components
          .flatMap((row) => (row as { components: { custom_id?: string; label?: string }[] }).components)
          .find(({ custom_id: id }) => id?.startsWith(`v1:${verb}:`));
        const pressed = await ben().press(old.id, button?.label ?? verb);
        const { content } = await pressed.until((message) => message.content !== '' && message.ephemeral);
        const key = verb === 'again' ? 'problem.image.missing' : 'error.upscale.none';
        expect(content).toContain(text('en-US', key, { model: 'Hailuo 2.3-fast' }));
      }
      expect(world.mps.tasks).toHaveLength(1);
      const form = await ben().press(old.id, 'Edit');
      await form.acknowledged;
      await delivered(await ben().submitModal(form, { prompt: 'it jumps', measure: '' }));
      expect(world.mps.tasks.at(-1)?.params.ModelVersion).toBe('3.0');
    });
  });

  it('ends with a sentence and unspent if it waited meanwhile', async () => {
    const before = { video: { 'hailuo-2.3-fast': { text: true } } };
    await withModels(before, async (MODELS_FILE) => {
      world = await createWorld({ env: { MODELS_FILE, MAX_VIDEO_TASKS: '1' } });
      world.mps.faults.add({ kind: 'stuck', count: 1 });
      const first = await ben().command('animate', { prompt: 'one that holds up the line' });
      await first.until(({ content }) => content.includes('filming') || content.includes('being made'));
      const waiting = await ben().command('animate', { prompt: 'it runs', model: 'hailuo-2.3-fast' });
      await waiting.until(({ content }) => content !== '');
      await world.stop();
      await world.start({ MODELS_FILE: '', MAX_VIDEO_TASKS: '3' });
      expect((await failed(waiting)).content).toContain(text('en-US', 'failure.withdrawn'));
      expect(world.mps.tasks).toHaveLength(1);
    });
  });
});

describe('MJ', () => {
  const env = { EXTRA_MODELS: 'mj-v8.1' };

  it('reserves four pictures, and is refused before money is spent if fewer are left', async () => {
    world = await createWorld({ env: { ...env, QUOTA_MEMBER_IMAGES_DAY: '3' } });
    const invocation = await ben().command('imagine', { prompt: 'a fox', model: 'MJ v8.1' });
    const { content } = await answered(invocation);
    expect(content).toContain(text('en-US', 'quota.fixed.image', { amount: 4 }));
    expect(content).not.toContain('still make');
    expect(world.mps.records).toEqual([]);
    await delivered(await ben().command('imagine', { prompt: 'a fox', model: 'hunyuan-3.0' }));
  });

  it('makes four pictures from one order, delivers and counts them all, and reads its ratio in the prompt', async () => {
    world = await createWorld({ env: { ...env, QUOTA_MEMBER_IMAGES_DAY: '7' } });
    const order = { prompt: 'a fox', model: 'mj-v8.1', aspect_ratio: '16:9' };
    const { attachments } = await delivered(await ben().command('imagine', order));
    expect(attachments).toHaveLength(4);
    const [made] = world.mps.tasks;
    expect(made?.params.Prompt).toBe('a fox --ar 16:9');
    expect(made?.params.ExtraParameters).toBeUndefined();
    // Three are left of seven: one more picture fits, and four do not.
    await answered(await ben().command('imagine', { prompt: 'a fox', model: 'mj-v8.1' }));
    expect(world.mps.tasks).toHaveLength(1);
    await delivered(await ben().command('imagine', { prompt: 'a fox', model: 'hunyuan-3.0' }));
  });

  it('takes no uploaded references and no niji, and says so before money is spent', async () => {
    world = await createWorld({ env });
    const model = 'mj-v8.1';
    const reference1 = await picture();
    const uploaded = await answered(await ben().command('imagine', { prompt: 'a fox', model, reference1 }));
    expect(uploaded.content).toContain(
      text('en-US', 'problem.references.query', { model: 'MJ v8.1', name: 'fox.png' }),
    );
    const niji = await answered(await ben().command('imagine', { prompt: 'a fox --niji 6', model }));
    expect(niji.content.replaceAll('\\', '')).toContain(
      text('en-US', 'problem.prompt.option', { model: 'MJ v8.1', option: '--niji' }),
    );
    expect(world.mps.records).toEqual([]);
  });
});

describe('the form', () => {
  it('of a picture with a follow-up clip lists only models that start from one', async () => {
    world = await createWorld({ env: { VIDEO_MODEL: 'vidu-q3' } });
    const message = await ben().send('look', { files: [await picture()] });
    const opened = await ben().messageCommand('Animate', message.id);
    await opened.acknowledged;
    const shown = JSON.stringify(opened.modal());
    for (const id of ['vidu-q2"', 'vidu-q3"', 'vidu-q3-mix"']) expect(shown).not.toContain(`"value":"${id}`);
    for (const id of ['kling-3.0', 'vidu-q2-pro', 'hailuo-2.3-fast']) expect(shown).toContain(id);
    await delivered(await ben().submitModal(opened, { prompt: 'it runs' }));
    expect(world.mps.tasks.at(-1)?.params).toMatchObject({ ModelName: 'Vidu', ModelVersion: 'q3-turbo' });
  });
});

it('orders a panorama from the version that makes it', async () => {
  world = await createWorld({ mps: { settings: { panoramaBytes: 500_000 } } });
  await delivered(await ben().command('imagine', { prompt: 'a room', scene: '3d_panorama' }));
  expect(world.mps.tasks.at(-1)?.params).toMatchObject({
    ModelVersion: '3d_2.0',
    SceneType: '3d_panorama',
  });
});

/** A MODELS_FILE for as long as `use` takes. */
async function withModels(models: object, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-modes-'));
  try {
    const path = join(folder, 'models.jsonc');
    await writeFile(path, JSON.stringify(models));
    await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The walk puts its fields together by name. */
const asRequest = (fields: object) => fields as GenerationRequest;

/** Every value that completion offers for an option, with these chosen before. */
async function rowsFor(command: string, chosen: Record<string, unknown>, option: string) {
  const rows = await ben().autocomplete(command, { ...chosen, [option]: '' } as never, option);
  return rows.map(({ value }) => value);
}

describe('autocomplete', () => {
  const fields = { duration: 'duration', resolution: 'resolution', aspect_ratio: 'aspectRatio' } as const;
  const other = { size: 'size', scene: 'scene' } as const;
  const source = { url: 'https://cdn.discordapp.com/attachments/a?ex=0', name: 'a.png' };
  const catalogue = createCatalogue({ extra: unlistedIds });

  /** Goes through a few rows of each option in turn, and validates the resulting order. */
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

  it('offers for a clip nothing that its model refuses, whatever it starts from and in whichever order', async () => {
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
  });

  it('offers for a picture nothing that its model refuses', async () => {
    world = await createWorld({ env: { EXTRA_MODELS: unlistedIds.join(',') } });
    const file = await picture();
    const order = ['scene', 'size', 'resolution', 'aspect_ratio'];
    expect(await walk('imagine', {}, {}, order)).toBeGreaterThan(10);
    expect(await walk('imagine', {}, {}, order.toReversed())).toBeGreaterThan(10);
    const [one, two] = [{ reference1: file }, { references: [source] }];
    expect(await walk('imagine', one, two, order)).toBeGreaterThan(10);
  });
});
