import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { filled, ink, told, useStyles } from './style-world.js';
import { answered, delivered, saidIn } from './world.js';

const used = useStyles();
const { open, actor, last } = used;

describe('styles of a server', () => {
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

  it('are words like any others: nothing in them pings, formats or ends the options', async () => {
    const ada = await open();
    const name = '@everyone **x** --no <#1>';
    const said = await filled(ada, 'presets add', {}, { ...ink, name, after: '`@here` <@1>' });
    expect(said).toContain('@everyone **x** --no <#1> is ready');
    const ben = actor('ben');
    const picture = await delivered(await ben.command('imagine', { prompt: 'a fox', style: name }));
    expect(picture.content).toContain('style \\@everyone \\*\\*x');
    const opened = await ben.press(picture.id, 'Edit');
    await opened.acknowledged;
    const again = await delivered(await ben.submitModal(opened, {}));
    expect(again.content).toContain('style \\@everyone');
    for (const { content } of used.world.discord.messages('general'))
      expect(content).not.toMatch(/(?<!\\)@everyone/);
    expect(await filled(ada, 'presets add', {}, { ...ink, name: 'None' })).toContain('means something else');
    expect(await filled(ada, 'presets add', {}, { ...ink, name: 'a', options: 'soft --ar 1:1' })).toContain(
      "can't read soft",
    );
    expect(await filled(ada, 'presets add', {}, { ...ink, name: 'a', options: '--count 4' })).toContain(
      "can't set --count 4",
    );
    expect(await filled(ada, 'presets add', {}, { ...ink, name: 'a', after: '狐'.repeat(501) })).toContain(
      '501',
    );
  });

  it('survive a restart, and so does the form of one', async () => {
    const ada = await open();
    await filled(ada, 'presets add', {}, ink);
    await told(ada, 'presets default', { style: 'ink' });
    const opened = await ada.command('presets edit', { style: 'ink' });
    await opened.acknowledged;
    await used.world.stop();
    await used.world.start();
    await answered(await actor('ada').submitModal(opened, { name: 'tusche', after: 'in the rain' }));
    await delivered(await actor('ben').command('imagine', { prompt: 'a fox' }));
    expect(last()?.Prompt).toBe('Ink painting of a fox, in the rain');
  });

  it('are set up on a page of the settings', async () => {
    const ada = await open();
    const panel = await answered(await ada.command('settings show'));
    expect(panel.content).toContain('Styles');
    await ada.select(panel.id, 'v1:set:section', ['styles']);
    const shows = (words: string) =>
      used.world.discord.until(({ id, content }) => id === panel.id && content.includes(words));
    await shows('none switched on');
    await ada.select(panel.id, 'v1:set:style_built_in', ['neon', 'ink']);
    await shows('Ink wash, Neon night');
    await ada.select(panel.id, 'v1:set:style_usual', ['neon']);
    await shows('Default style**: Neon night');
    const opened = await ada.press(panel.id, 'Exclude something');
    await opened.acknowledged;
    await answered(await ada.submitModal(opened, { words: 'rain' }));
    await delivered(await actor('ben').command('imagine', { prompt: 'a fox' }));
    expect(last()).toMatchObject({ NegativePrompt: 'daylight, text, rain' });
    await expect(actor('ben').select(panel.id, 'v1:set:style_usual', ['-'])).rejects.toThrow();
  });

  it('show their example picture to those who may see it', async () => {
    const ada = await open();
    await filled(ada, 'presets add', {}, ink);
    const picture = await delivered(await actor('ben').command('imagine', { prompt: 'a fox' }));
    const { guildId } = used.world.discord.world.channel(picture.channelId);
    const link = `https://discord.com/channels/${guildId}/${picture.channelId}/${picture.id}`;
    expect(await told(ada, 'presets example', { style: 'ink', link })).toContain('has its example');
    const shown = await (await actor('ben').command('preferences show', { style: 'ink' })).until(
      (one) => saidIn(one) !== '',
    );
    expect(JSON.stringify(shown.components)).toContain('.png');
    for (const wrong of ['https://evil.example/x.png', link.replace(String(guildId), '1'.repeat(18))])
      expect(await told(ada, 'presets example', { style: 'ink', link: wrong })).toMatch(/no link|can't find/);
    await actor('ada').remove(picture.id);
    const gone = await (await actor('ben').command('preferences show', { style: 'ink' })).until(
      (one) => saidIn(one) !== '',
    );
    expect(JSON.stringify(gone.components)).not.toContain('.png');
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
    const file = { filename: 'easel-used.styles.json', bytes };
    expect(await told(ada, 'presets import', { file })).toContain('1 style imported');
    expect(await told(ada, 'presets show', { style: 'ink' })).toContain('--duration 10 --audio');
    const broken = {
      filename: 'x.json',
      bytes: Buffer.from('{"easel":"styles","version":1,"styles":[{"name":""}]}'),
    };
    const why = await told(ada, 'presets import', { file: broken });
    expect(why).toContain('Style number 1');
    expect(why).toContain('missing, too long, or not what export writes');
    const twice = {
      filename: 'x.json',
      bytes: Buffer.from(
        '{"easel":"styles","version":1,"styles":[{"name":"oil","after":"in oil"},{"name":"OIL","after":"in oil"}]}',
      ),
    };
    expect(await told(ada, 'presets import', { file: twice })).toContain('1 style imported');
  });
});
