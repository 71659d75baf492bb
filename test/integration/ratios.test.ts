import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answered, createWorld, delivered, isResult, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const ben = () => world.discord.actor('ben', 'general');
const sizeSent = () => JSON.parse(String(world.mps.tasks.at(-1)?.params.AdditionalParameters ?? '{}')).size;

describe('a ratio on a model that takes sizes', () => {
  it('is made at the size that stands for it, and the card says which', async () => {
    const card = await delivered(await ben().command('imagine', { prompt: 'a fox', aspect_ratio: '16:9' }));
    expect(sizeSent()).toBe('1360x768');
    expect(world.mps.tasks.at(-1)?.params).not.toHaveProperty('ExtraParameters.AspectRatio');
    expect(card.content).toContain('Hunyuan 3.0 · 1360x768 · 16:9');
  });

  it('works in a mention', async () => {
    await ben().send('@Easel a fox --ar 2:3');
    await world.discord.until(isResult);
    expect(sizeSent()).toBe('832x1248');
  });

  it('is autocompleted with its size, filtered by what is typed', async () => {
    const rows = await ben().autocomplete('imagine', { prompt: 'a fox', aspect_ratio: '' }, 'aspect_ratio');
    expect(rows).toContainEqual({ name: '16:9 (1360x768)', value: '16:9' });
    expect(rows).toHaveLength(8);
    const tall = await ben().autocomplete('imagine', { prompt: 'a fox', aspect_ratio: '9:' }, 'aspect_ratio');
    expect(tall.map(({ value }) => value)).toContain('9:16');
  });

  it('without a size is answered with the nearest that has one', async () => {
    const { content } = await answered(await ben().command('imagine', { prompt: 'a', aspect_ratio: '9:1' }));
    expect(content).toContain('the aspect ratio 9:1, only 1:1, 16:9');
    expect(content).toContain('Use 21:9.');
    expect(world.mps.tasks).toEqual([]);
  });

  it('can be combined with a size of the same shape, and not of another', async () => {
    const order = { prompt: 'a fox', aspect_ratio: '16:9' };
    await delivered(await ben().command('imagine', { ...order, size: '1280x720' }));
    expect(sizeSent()).toBe('1280x720');
    const { content } = await answered(await ben().command('imagine', { ...order, size: '1024x1024' }));
    expect(content).toContain("1024x1024 isn't 16:9.");
    expect(world.mps.tasks).toHaveLength(1);
  });
});

describe('a ratio on a model whose ratios no one states', () => {
  const order = { prompt: 'a fox', model: 'gem-3.1', aspect_ratio: '16:9' };
  beforeEach(async () => {
    await world.stop();
    await world.start({ EXTRA_MODELS: 'gem-3.1' });
  });

  it('is sent as the API has it, and the card says it', async () => {
    const card = await delivered(await ben().command('imagine', order));
    expect(world.mps.tasks.at(-1)?.params).toMatchObject({ ExtraParameters: { AspectRatio: '16:9' } });
    expect(card.content).toContain('GEM 3.1 · 16:9');
  });

  it('that the image service does not take is refused without a charge, with what to do', async () => {
    world.mps.faults.add({ kind: 'error', code: 'InvalidParameterValue.AspectRatio', count: 1 });
    const said = async () => JSON.stringify(world.discord.messages('general').map(({ content }) => content));
    await ben().command('imagine', order);
    await expect.poll(said).toContain("The image service doesn't accept this: ");
    expect(await said()).toContain('Nothing was charged. Change it, or pick another model, then try again.');
  });
});
