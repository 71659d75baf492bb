import type { Actor, OptionValues } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answered, createWorld, delivered, saidIn, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

const actor = (name: string, channel = 'general') => world.discord.actor(name, channel);
const open = async (options: WorldOptions = {}) => {
  world = await createWorld(options);
  return actor('ada');
};

/** The answer to a command, visible only to its user. */
async function told(by: Actor, name: string, options: OptionValues = {}): Promise<string> {
  const message = await (await by.command(name, options)).until((one) => saidIn(one) !== '');
  expect(message.ephemeral).toBe(true);
  return saidIn(message).replaceAll('\\', '');
}

/** Fills in the form that a command opens. */
async function filled(by: Actor, name: string, options: OptionValues, fields: Record<string, string>) {
  const opened = await by.command(name, options);
  await opened.acknowledged;
  const answer = await answered(await by.submitModal(opened, fields));
  return saidIn(answer).replaceAll('\\', '');
}

const ink = {
  name: 'ink',
  before: 'Ink painting of',
  after: 'on rice paper',
  negative: 'photo',
  options: '',
};
const created = () => world.mps.tasks.map(({ params }) => params as Readonly<Record<string, unknown>>);
const last = () => created().at(-1);

describe('styles of a server', () => {
  it('are added by a manager and used by members, in commands, mentions and forms', async () => {
    const ada = await open();
    expect(
      await filled(ada, 'presets add', {}, { ...ink, options: '--image --ar 3:4\n--clip --duration 10' }),
    ).toContain('The style ink is ready');
    const ben = actor('ben');
    const picture = await delivered(await ben.command('imagine', { prompt: 'a red fox', style: 'INK' }));
    expect(last()).toMatchObject({
      Prompt: 'Ink painting of a red fox, on rice paper',
      NegativePrompt: 'photo',
    });
    expect(picture.content).toContain('> a red fox');
    expect(picture.content).toContain('style ink');
    expect(last()?.AdditionalParameters).toBe('{"size":"880x1168"}');

    const mention = await ben.send(`<@${world.discord.world.botId}> a blue fox --style ink --negative rain`);
    await world.discord.until(
      ({ content, attachments }) =>
        content.includes('a blue fox') && attachments.length > 0 && content.includes('style ink'),
    );
    expect(mention).toBeDefined();
    expect(last()).toMatchObject({
      Prompt: 'Ink painting of a blue fox, on rice paper',
      NegativePrompt: 'rain',
    });

    await delivered(await ben.command('animate', { prompt: 'it runs', style: 'ink' }));
    expect(last()).toMatchObject({ Prompt: 'Ink painting of it runs, on rice paper', Duration: 10 });
  });

  it('stay with Again, Edit and Remix, also after they are gone', async () => {
    const ada = await open();
    await filled(ada, 'presets add', {}, ink);
    const ben = actor('ben');
    const picture = await delivered(await ben.command('imagine', { prompt: 'a red fox', style: 'ink' }));
    expect(await told(ada, 'presets remove', { style: 'ink' })).toContain('is removed');
    await delivered(await ben.press(picture.id, 'Again'));
    const styled = { Prompt: 'Ink painting of a red fox, on rice paper', NegativePrompt: 'photo' };
    expect(last()).toMatchObject(styled);
    const opened = await ben.press(picture.id, 'Edit');
    await opened.acknowledged;
    const fields = opened.modal()?.components.map(({ component }) => component) ?? [];
    expect(fields.map((field) => field?.value)).toContain('--style ink');
    await delivered(await ben.submitModal(opened, {}));
    expect(last()).toMatchObject(styled);
    expect(await told(ben, 'imagine', { prompt: 'a fox', style: 'ink' })).toContain(
      'There is no style called ink',
    );
  });

  it('have a default for the server and for a channel, which an order can do without', async () => {
    const ada = await open();
    await filled(ada, 'presets add', {}, ink);
    await told(ada, 'presets built_in', { style: 'neon', on: true });
    expect(await told(ada, 'presets default', { style: 'ink' })).toContain('now ink');
    const studio = 'studio';
    expect(await told(ada, 'presets default', { style: 'neon', channel: 'Foxglove/studio' })).toContain(
      'now Neon night',
    );
    const ben = actor('ben');
    const first = await delivered(await ben.command('imagine', { prompt: 'a fox' }));
    expect(last()?.Prompt).toContain('Ink painting of a fox');
    await delivered(await actor('ben', studio).command('imagine', { prompt: 'a fox' }));
    expect(last()?.Prompt).toContain('Night scene of a fox');
    const plain = await delivered(await ben.command('imagine', { prompt: 'a fox', style: 'none' }));
    expect(last()).toMatchObject({ Prompt: 'a fox' });
    const opened = await ben.press(plain.id, 'Edit');
    await opened.acknowledged;
    await delivered(await ben.submitModal(opened, { prompt: 'a wolf' }));
    expect(last()).toMatchObject({ Prompt: 'a wolf' });
    expect(first.content).toContain('style ink');
  });

  it('give way to what was chosen, and to what the model takes', async () => {
    const ada = await open();
    const options = '--image --model kling-3.0 --resolution 4K --ar 9:16 --format png';
    await filled(ada, 'presets add', {}, { ...ink, options });
    const ben = actor('ben');
    await delivered(await ben.command('imagine', { prompt: 'a fox', style: 'ink' }));
    expect(last()).toMatchObject({
      ModelName: 'Kling',
      ExtraParameters: { Resolution: '4K', AspectRatio: '9:16', OutputFormat: 'png' },
    });
    // Hunyuan has no resolutions, and takes a size.
    await delivered(
      await ben.command('imagine', { prompt: 'a fox', style: 'ink', model: 'hunyuan-3.0', size: '512x512' }),
    );
    expect(last()).toMatchObject({ ModelName: 'Hunyuan', AdditionalParameters: '{"size":"512x512"}' });
    expect(last()?.ExtraParameters).toEqual({ OutputFormat: 'png' });
  });

  it('are not for members to change', async () => {
    await open();
    const opened = await actor('ada').command('presets add');
    await opened.acknowledged;
    const forged = await answered(await actor('ben').submitModal(opened, ink, { forged: true }));
    expect(forged.content).toContain('Manage Server');
    await expect(actor('ben').command('presets list')).rejects.toThrow('lacks the permissions');
    expect(await told(actor('ben'), 'preferences show', { style: 'ink' })).toContain('no style called ink');
  });
});

describe('what a server excludes', () => {
  it('joins every order, and nothing lifts it', async () => {
    const ada = await open({ env: { ADDITIONAL_PARAMETERS: 'true' } });
    const ben = actor('ben');
    const before = await delivered(await ben.command('imagine', { prompt: 'a fox', negative: 'rain' }));
    expect(await filled(ada, 'presets negative', {}, { 'house.words': 'blood' })).toContain('blood');
    await delivered(await ben.press(before.id, 'Again'));
    expect(last()).toMatchObject({ NegativePrompt: 'rain, blood' });
    await delivered(
      await ben.command('imagine', { prompt: 'a fox', model: 'vidu-q2', then_animate: 'it runs' }),
    );
    const words = () => created().map(({ Prompt, NegativePrompt }) => [Prompt, NegativePrompt]);
    await expect.poll(words).toContainEqual(['it runs', 'blood']);
    expect(words()).toContainEqual(['a fox. Without blood', undefined]);
    const lifting = [
      '{"NegativePrompt":""}',
      '{"a":{"negative_prompt":""}}',
      '{"ext":"{\\"prompt\\":\\"x\\"}"}',
    ];
    for (const additional of lifting)
      expect(await told(ben, 'imagine', { prompt: 'a fox', additional })).toContain('additional can');
    await filled(ada, 'presets negative', {}, { 'house.words': '' });
    await delivered(await ben.command('imagine', { prompt: 'a fox', additional: '{"negative_prompt":"x"}' }));
    expect(last()?.NegativePrompt).toBeUndefined();
  });
});

describe('the suggestions for a style', () => {
  it('list own styles, the server’s and built-in ones, each in the language of its reader', async () => {
    const ada = await open();
    await filled(ada, 'presets add', {}, ink);
    await told(ada, 'presets built_in', { style: 'all', on: true });
    await filled(actor('lin'), 'preferences style_add', {}, { ...ink, name: '我的' });
    const rows = await actor('lin').autocomplete('imagine', { prompt: 'a', style: '' }, 'style');
    expect(rows.map(({ name }) => name)).toEqual([
      '我的 · 你的',
      'ink · 本服务器',
      ...['水彩', '油画', '铅笔素描', '漫画', '动漫', '像素画', '黏土人偶', '电影感', '霓虹夜色'].map(
        (one) => `${one} · 内置`,
      ),
    ]);
    const found = await actor('ben').autocomplete('animate', { prompt: 'a', style: 'water' }, 'style');
    expect(found).toEqual([{ name: 'Watercolor · built in', value: 'watercolor' }]);
    await delivered(await actor('lin').command('imagine', { prompt: '狐狸', style: '水彩' }));
    expect(last()?.Prompt).toContain('Watercolor painting of 狐狸');
  });
});

describe('a file of styles', () => {
  it('takes them to another server', async () => {
    const ada = await open();
    const options = '--clip --duration 10 --audio';
    await filled(ada, 'presets add', {}, { ...ink, options });
    const exported = await (await ada.command('presets export')).until(
      ({ attachments }) => attachments.length > 0,
    );
    const bytes = Buffer.from(await (await fetch(exported.attachments[0]?.url ?? '')).arrayBuffer());
    expect(z.object({ styles: z.array(z.unknown()) }).parse(JSON.parse(bytes.toString())).styles).toEqual([
      {
        name: 'ink',
        before: 'Ink painting of',
        after: 'on rice paper',
        negative: 'photo',
        video: { duration: 10, audio: true },
      },
    ]);
    await told(ada, 'presets remove', { style: 'ink' });
    const file = { filename: 'easel-styles.json', bytes };
    expect(await told(ada, 'presets import', { file })).toContain('1 style imported');
    expect(await told(ada, 'presets show', { style: 'ink' })).toContain('--duration 10 --audio');
    const broken = {
      filename: 'x.json',
      bytes: Buffer.from('{"easel":"styles","version":1,"styles":[{"name":""}]}'),
    };
    expect(await told(ada, 'presets import', { file: broken })).toContain('Style number 1');
  });
});

describe('a user’s own defaults', () => {
  it('apply everywhere, below what is chosen and its style, and above the server’s', async () => {
    const ada = await open();
    await told(ada, 'settings model', { kind: 'image', model: 'qwen-0925' });
    const ben = actor('ben');
    expect(await told(ben, 'preferences pictures', { model: 'kling-3.0', aspect_ratio: '16:9' })).toContain(
      'Kling 3.0',
    );
    await told(ben, 'preferences private', { on: true });
    const picture = await delivered(await ben.command('imagine', { prompt: 'a fox' }));
    expect(picture.ephemeral).toBe(true);
    expect(last()).toMatchObject({ ModelName: 'Kling', ExtraParameters: { AspectRatio: '16:9' } });
    await filled(ada, 'presets add', {}, { ...ink, options: '--model vidu-q2 --ar 1:1' });
    await delivered(await ben.command('imagine', { prompt: 'a fox', style: 'ink', aspect_ratio: '3:4' }));
    expect(last()).toMatchObject({ ModelName: 'Vidu', ExtraParameters: { AspectRatio: '3:4' } });
    // The server's default style comes after the user's own defaults.
    await told(ada, 'presets default', { style: 'ink' });
    await delivered(await ben.command('imagine', { prompt: 'a fox' }));
    expect(last()).toMatchObject({
      ModelName: 'Kling',
      Prompt: 'Ink painting of a fox, on rice paper',
      ExtraParameters: { AspectRatio: '16:9' },
    });
    await delivered(await actor('mia').command('imagine', { prompt: 'a fox' }));
    expect(last()).toMatchObject({ ModelName: 'Vidu' });
  });

  it('go when the user’s data is deleted', async () => {
    await open();
    const ben = actor('ben');
    await filled(ben, 'preferences style_add', {}, ink);
    await told(ben, 'preferences clips', { duration: 10 });
    expect(await told(ben, 'preferences show')).toContain('ink');
    const question = await answered(await ben.command('privacy delete'));
    await ben.press(question.id, 'Yes, delete it');
    await world.discord.until(({ id, content }) => id === question.id && content.includes('Done'));
    const shown = await told(ben, 'preferences show');
    expect(shown).toContain('You have set no defaults');
    expect(shown).not.toContain('ink');
  });
});
