import { describe, expect, it } from 'vitest';
import { filled, ink, told, useStyles } from './style-world.js';
import { answered, delivered } from './world.js';

const used = useStyles();
const { open, actor, last } = used;

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

    const mention = await ben.send(
      `<@${used.world.discord.world.botId}> a blue fox --style ink --negative rain`,
    );
    await used.world.discord.until(
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

  it('take no value that no model takes, and neither do a user’s defaults', async () => {
    const ada = await open();
    const add = (options: string) => filled(ada, 'presets add', {}, { ...ink, options });
    for (const wrong of ['--duration 999', '--resolution 9K', '--size 1x1'])
      expect(await add(wrong)).toContain(`No model here takes ${wrong}.`);
    expect(await told(ada, 'presets list')).toContain('none yet');
    // Only models for pictures have the one, and only models for clips the other.
    expect(await add('--resolution 2K --duration 10')).toContain('is ready');
    const ben = actor('ben');
    expect(await told(ben, 'preferences clips', { duration: 999 })).toContain('--duration 999');
    expect(await told(ben, 'preferences pictures', { aspect_ratio: 'foo' })).toContain('--ar foo');
    expect(await told(ben, 'preferences show')).toContain('You have set no defaults');
  });

  it('are named with spaces and without quotes, and a user’s own style is said to be theirs', async () => {
    await open();
    const ben = actor('ben');
    const said = await filled(ben, 'preferences style_add', {}, { ...ink, name: 'ink on silk' });
    expect(said).toContain('Your style ink on silk is ready');
    await ben.send(`<@${used.world.discord.world.botId}> a blue fox --style ink on silk --negative rain`);
    await used.world.discord.until(
      ({ content, attachments }) => content.includes('style ink on silk') && attachments.length > 0,
    );
    expect(last()?.Prompt).toBe('Ink painting of a blue fox, on rice paper');
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
    expect(await filled(ada, 'presets negative', {}, { words: 'blood' })).toContain('blood');
    await delivered(await ben.press(before.id, 'Again'));
    expect(last()).toMatchObject({ NegativePrompt: 'rain, blood' });
    await delivered(
      await ben.command('imagine', { prompt: 'a fox', model: 'vidu-q2', then_animate: 'it runs' }),
    );
    const words = () => used.styles.created().map(({ Prompt, NegativePrompt }) => [Prompt, NegativePrompt]);
    await expect.poll(words).toContainEqual(['it runs', 'blood']);
    expect(words()).toContainEqual(['a fox. Without blood', undefined]);
    const lifting = [
      '{"NegativePrompt":""}',
      '{"a":{"negative_prompt":""}}',
      '{"ext":"{\\"prompt\\":\\"x\\"}"}',
    ];
    for (const additional of lifting)
      expect(await told(ben, 'imagine', { prompt: 'a fox', additional })).toContain('additional can');
    await filled(ada, 'presets negative', {}, { words: '' });
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
    await used.world.discord.until(({ id, content }) => id === question.id && content.includes('Done'));
    const shown = await told(ben, 'preferences show');
    expect(shown).toContain('You have set no defaults');
    expect(shown).not.toContain('ink');
  });
});
