import type { Actor, OptionValues } from '@easel/discord-stand-in';
import { channelTypes } from '@easel/discord-stand-in';
import { Routes } from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRests } from '../../src/discord/rest/clients.js';
import { createCollectingLog } from '../support/log.js';
import { answered, createWorld, delivered, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

const people = (name: string, channel = 'general') => world.discord.actor(name, channel);

async function open(options: WorldOptions = {}): Promise<Actor> {
  world = await createWorld(options);
  return people('ada');
}

/** The answer to a command, visible only to its user. */
async function told(actor: Actor, name: string, options: OptionValues = {}): Promise<string> {
  const message = await answered(await actor.command(name, options));
  expect(message.ephemeral).toBe(true);
  return message.content.replaceAll('\\', '');
}

describe('/settings in one message', () => {
  it('shows everything, and changes defaults by selects and buttons', async () => {
    const ada = await open();
    const panel = await answered(await ada.command('settings show'));
    expect(panel.ephemeral).toBe(true);
    for (const line of ['**Picture model**: Hunyuan 3.0', '**Clip length**: 5 s', '**Time zone**: UTC'])
      expect(panel.content).toContain(line);
    // Discord hides the placeholder of a select once an option is chosen.
    for (const label of ['Picture model: Default (Hunyuan 3.0)', 'Clip model: Kling 3.0', 'Clip length: 5 s'])
      expect(JSON.stringify(panel.components)).toContain(`"label":"${label}"`);
    await ada.select(panel.id, 'v1:set:video_model', ['hailuo-2.3']);
    await world.discord.until(
      ({ id, content }) => id === panel.id && content.includes('Clip model**: Hailuo 2.3'),
    );
    await ada.select(panel.id, 'v1:set:duration', ['6']);
    await world.discord.until(({ id, content }) => id === panel.id && content.includes('Clip length**: 6 s'));
    await ada.press(panel.id, 'Make answers private');
    await world.discord.until(
      ({ id, content }) => id === panel.id && content.includes('only visible to the member who asks'),
    );
    const clip = await delivered(await people('ben').command('animate', { prompt: 'it runs' }));
    expect(clip.ephemeral).toBe(true);
    expect(clip.content).toContain('Hailuo 2.3 · 6 s');
    const shown = await delivered(
      await people('ben').command('imagine', { prompt: 'a fox', private: false }),
    );
    expect(shown.ephemeral).toBe(false);
  });

  it('restricts users to channels and roles, with every mention unpinged', async () => {
    const ada = await open();
    const guild = world.discord.world.guild('Foxglove');
    const painters = world.discord.world.addRole(guild.id, { name: 'Painters' });
    guild.members.get(world.discord.world.user('mia').id)?.roles.push(painters.id);
    const studio = world.discord.world.channel('Foxglove/studio');
    const panel = await answered(await ada.command('settings show'));
    await ada.select(panel.id, 'v1:set:section', ['access']);
    await world.discord.until(
      ({ id, components }) => id === panel.id && JSON.stringify(components).includes('v1:set:roles'),
    );
    await ada.select(panel.id, 'v1:set:channels', [studio.id]);
    await world.discord.until(
      ({ id, content }) => id === panel.id && content.includes(`Channels**: <#${studio.id}>`),
    );
    await ada.select(panel.id, 'v1:set:roles', ['Painters']);
    const changed = await world.discord.until(
      ({ id, content }) => id === panel.id && content.includes(`<@&${painters.id}>`),
    );
    expect(changed.notified).toEqual([]);

    const [ben, mia] = [people('ben'), people('mia')];
    expect(await told(mia, 'imagine', { prompt: 'a fox' })).toBe(
      `In this server, Easel only works in <#${studio.id}>. Use it there.`,
    );
    expect(await told(ben.in('Foxglove/studio'), 'imagine', { prompt: 'a fox' })).toContain(
      `<@&${painters.id}>`,
    );
    await delivered(await mia.in('Foxglove/studio').command('imagine', { prompt: 'a fox' }));
    const thread = world.discord.world.addChannel(guild.id, {
      name: 'sketches',
      type: channelTypes.publicThread,
      parentId: studio.id,
    });
    await delivered(await mia.in(thread.id).command('imagine', { prompt: 'in a thread' }));
    await ada.select(panel.id, 'v1:set:channels', []);
    await world.discord.until(({ id, content }) => id === panel.id && content.includes('every channel'));
    await delivered(await mia.command('imagine', { prompt: 'a fox' }));
  });

  it('switches models off, and removes them from lists, defaults and old buttons', async () => {
    const ada = await open();
    const before = await delivered(await people('ben').command('imagine', { prompt: 'a fox' }));
    const panel = await answered(await ada.command('settings show'));
    await ada.select(panel.id, 'v1:set:section', ['models']);
    await world.discord.until(
      ({ id, components }) =>
        id === panel.id &&
        ['off_image', 'Off for pictures: Kling 3.0', 'Off for clips: Kling 3.0'].every((words) =>
          JSON.stringify(components).includes(words),
        ),
    );
    await ada.select(panel.id, 'v1:set:off_image:0', ['hunyuan-3.0', 'kling-3.0']);
    await world.discord.until(
      ({ id, content }) => id === panel.id && content.includes('Hunyuan 3.0 (Pictures)'),
    );

    const ben = people('ben');
    const rows = await ben.autocomplete('imagine', { model: '' }, 'model');
    expect(rows.map(({ value }) => value)).not.toContain('hunyuan-3.0');
    const clips = await ben.autocomplete('animate', { model: '' }, 'model');
    expect(clips.map(({ value }) => value)).toContain('kling-3.0');
    expect(await told(ben, 'imagine', { prompt: 'a fox', model: 'Hunyuan 3.0' })).toBe(
      'Hunyuan 3.0 is switched off in this server. Pick another model, or leave it out.',
    );
    const refusal = await answered(await ben.press(before.id, 'Again'));
    expect(refusal.content).toContain('is switched off in this server');
    const other = await delivered(await ben.command('imagine', { prompt: 'a fox' }));
    expect(other.content).not.toContain('Hunyuan');
    expect(await told(ben, 'models', { kind: 'image' })).not.toContain('Hunyuan 3.0');
    await delivered(await ben.dm.command('imagine', { prompt: 'a fox', model: 'hunyuan-3.0' }));
  });

  it('never suggests a model that is switched off', async () => {
    const ada = await open();
    const hint = async () => {
      const refusal = await told(people('ben'), 'animate', {
        prompt: 'it runs',
        model: 'Kling 2.1',
        duration: 8,
      });
      return /Or pick (.*), which/.exec(refusal)?.[1];
    };
    const first = (await hint()) ?? '';
    expect(first).not.toBe('');
    const off = { action: 'off', kind: 'video', model: first.toLowerCase().replace(' ', '-') };
    expect(await told(ada, 'settings models_off', off)).toContain(first);
    const second = await hint();
    expect(second).not.toBe(first);
    // It is there for everyone else.
    expect(
      await told(people('ben').dm, 'animate', { prompt: 'it runs', model: 'Kling 2.1', duration: 8 }),
    ).toContain(`Or pick ${first}, which`);
  });

  it('uses the language of the guild for everyone, at once', async () => {
    const ada = await open();
    const panel = await answered(await ada.command('settings show'));
    await ada.select(panel.id, 'v1:set:section', ['language']);
    await world.discord.until(
      ({ id, components }) => id === panel.id && JSON.stringify(components).includes('v1:set:zone'),
    );
    await ada.select(panel.id, 'v1:set:language', ['zh-CN']);
    await world.discord.until(
      ({ id, content }) =>
        id === panel.id &&
        content.includes('Easel 在这个服务器') === false &&
        content.includes('**语言**：简体中文'),
    );
    await world.discord.until(
      ({ id, components }) =>
        id === panel.id &&
        ['语言：简体中文', '时区：UTC'].every((label) => JSON.stringify(components).includes(label)),
    );
    const ben = people('ben');
    expect(await told(ben, 'tasks')).toContain('你最近没有任务');
    world.mps.faults.add({ kind: 'stuck' });
    const invocation = await ben.command('imagine', { prompt: 'a fox' });
    await invocation.until(({ content }) => content.includes('正在绘制'));
    expect(await told(ben, 'imagine', { prompt: ' ' })).toContain('提示词是空的');
    expect(await told(ben.dm, 'models')).toContain('Pictures');
    await ada.select(panel.id, 'v1:set:zone', ['Asia/Shanghai']);
    await world.discord.until(
      ({ id, content }) => id === panel.id && /UTC，<t:\d+:f> 起改为 Asia\/Shanghai/.test(content),
    );
  });

  it('is refused to a user who lost the permission since it was opened', async () => {
    const ada = await open();
    const guild = world.discord.world.guild('Foxglove');
    const keepers = world.discord.world.addRole(guild.id, { name: 'Minders', permissions: ['ManageGuild'] });
    const mia = guild.members.get(world.discord.world.user('mia').id);
    mia?.roles.push(keepers.id);
    const panel = await answered(await people('mia').command('settings show'));
    mia?.roles.splice(mia.roles.indexOf(keepers.id), 1);
    const refusal = await answered(await people('mia').press(panel.id, 'Make answers private'));
    expect(refusal.ephemeral).toBe(true);
    expect(refusal.content).toContain('You need the Manage Server permission for this.');
    expect(await told(ada, 'settings show')).toContain('visible to everyone in the channel');
  });
});

describe('/settings by its sub-commands', () => {
  it('changes each, and logs who changed what', async () => {
    const log = createCollectingLog();
    const ada = await open({ log });
    const studio = world.discord.world.channel('Foxglove/studio').id;
    const steps: readonly (readonly [string, OptionValues, string])[] = [
      ['model', { kind: 'image', model: 'Qwen 0925' }, '**Picture model**: Qwen 0925'],
      ['model', { kind: 'image' }, '**Picture model**: Hunyuan 3.0'],
      ['duration', { duration: 10 }, '**Clip length**: 10 s'],
      ['duration', {}, '**Clip length**: 5 s'],
      ['private', { on: true }, '**Answers**: only visible to the member who asks'],
      ['channels', { action: 'add', channel: 'Foxglove/studio' }, `**Channels**: <#${studio}>`],
      ['channels', { action: 'remove', channel: 'Foxglove/studio' }, '**Channels**: every channel'],
      ['roles', { action: 'add', role: 'Keepers' }, '**Roles**: <@&'],
      ['roles', { action: 'clear' }, '**Roles**: everyone'],
      ['models_off', { action: 'off', kind: 'video', model: 'kling-1.6' }, 'Kling 1.6 (Clips)'],
      ['models_off', { action: 'on', kind: 'video', model: 'kling-1.6' }, 'Models switched off**: none'],
      ['most_results', { most: 9 }, '**Results of one order**: up to 9 at once'],
      ['delete', { on: false }, 'Members can delete their own results**: no'],
      ['content', { kind: 'video', place: 'age-restricted' }, 'Clips can be made**: only in age-restricted'],
      ['provenance', { level: 'off' }, '**File metadata**: nothing'],
      ['provenance', { level: 'usual' }, "**File metadata**: same as the bot's default"],
      ['spoiler', { on: true }, '**Results behind a spoiler**: yes'],
      ['time_zone', { name: 'europe/berlin' }, 'Europe/Berlin from <t:'],
      ['language', { language: 'zh-CN' }, '**语言**：简体中文'],
    ];
    for (const [part, options, line] of steps)
      expect(await told(ada, `settings ${part}`, options), part).toContain(line);
    expect(await told(ada, 'settings show')).toContain('**视频时长**：5 秒');
    const audits = log.lines.filter(({ message }) => message === 'guild settings changed');
    expect(audits).toHaveLength(steps.length);
    expect(audits[0]?.details).toMatchObject({ by: ada.userId, fields: ['imageModel'] });
  });

  it.each([
    ['model', { kind: 'image', model: 'nonsense' }, 'There is no model called nonsense here.'],
    ['duration', { duration: 40 }, "Kling 3.0 can't make clips of 40 s. Use 3–15 s."],
    ['channels', { action: 'add' }, 'Say which one'],
    ['time_zone', { name: 'Mars/Olympus' }, 'There is no time zone called Mars/Olympus.'],
  ])('says what is wrong with %s %j', async (part, options, sentence) => {
    const ada = await open();
    expect(await told(ada, `settings ${part}`, options)).toContain(sentence);
  });

  it('does not switch off the default, nor the last model', async () => {
    const ada = await open();
    await told(ada, 'settings model', { kind: 'image', model: 'qwen-0925' });
    const qwen = { action: 'off', kind: 'image', model: 'qwen-0925' };
    expect(await told(ada, 'settings models_off', qwen)).toContain('Pick another default first');
    const all = await ada.autocomplete('settings models_off', { kind: 'image', model: '' }, 'model');
    const others = all.filter(({ value }) => value !== 'qwen-0925');
    for (const { value } of others) await told(ada, 'settings models_off', { ...qwen, model: String(value) });
    await told(ada, 'settings model', { kind: 'image' });
    expect(await told(ada, 'settings models_off', qwen)).toContain('At least one model has to stay');
    expect(await told(ada, 'settings model', { kind: 'image', model: 'hunyuan-3.0' })).toContain(
      'is switched off here',
    );
  });

  it('autocompletes enabled models, valid lengths, and time zones', async () => {
    const ada = await open();
    await told(ada, 'settings models_off', { action: 'off', kind: 'video', model: 'kling-1.6' });
    const values = async (part: string, options: OptionValues, focused: string) =>
      (await ada.autocomplete(`settings ${part}`, options, focused)).map(({ value }) => value);
    expect(await values('model', { kind: 'video', model: 'kling 1' }, 'model')).toEqual([]);
    expect(await values('models_off', { kind: 'video', model: 'kling 1' }, 'model')).toEqual(['kling-1.6']);
    expect(await values('duration', {}, 'duration')).toContain(15);
    expect(await values('time_zone', { name: 'shang' }, 'name')).toEqual(['Asia/Shanghai']);
    expect(await values('time_zone', { name: 'new york' }, 'name')).toEqual(['America/New_York']);
    expect(await values('time_zone', {}, 'name')).toHaveLength(25);
  });

  it('restricts clips to age-restricted channels, threads with their parents', async () => {
    const ada = await open();
    await told(ada, 'settings content', { kind: 'video', place: 'age-restricted' });
    const ben = people('ben');
    const clip = { prompt: 'it runs' };
    expect(await told(ben, 'animate', clip)).toContain('clips can only be made in age-restricted channels');
    await delivered(await ben.command('imagine', { prompt: 'a fox' }));
    await delivered(await ben.in('Foxglove/after-dark').command('animate', clip));
    const dark = world.discord.world.channel('Foxglove/after-dark');
    const thread = world.discord.world.addChannel('Foxglove', {
      name: 'later',
      type: channelTypes.publicThread,
      parentId: dark.id,
    });
    await delivered(await ben.in(thread.id).command('animate', clip));
  });

  it('adds metadata and spoilers as the server wants it, and no longer to the next ones', async () => {
    const ada = await open();
    const guild = await answered(await ada.command('settings show'));
    await ada.select(guild.id, 'v1:set:section', ['files']);
    await world.discord.until(
      ({ id, components }) => id === guild.id && JSON.stringify(components).includes('v1:set:provenance'),
    );
    await ada.select(guild.id, 'v1:set:provenance', ['full']);
    await world.discord.until(
      ({ id, content }) => id === guild.id && content.includes('the same plus the prompt'),
    );
    await ada.press(guild.id, 'Post results as spoilers');
    await world.discord.until(
      ({ id, components }) => id === guild.id && JSON.stringify(components).includes('Post results openly'),
    );
    const ben = people('ben');
    const paint = async (actor: Actor) => {
      const { id, attachments } = await delivered(
        await actor.command('imagine', { prompt: '雪地里的红狐狸' }),
      );
      const said = (await world.discord.fetchAttachment(id, 0)).toString('latin1');
      return {
        name: attachments[0]?.filename,
        title: attachments[0]?.title,
        says: said.includes('AI generated'),
      };
    };
    const title = '雪地里的红狐狸-1';
    expect(await paint(ben)).toEqual({ name: 'SPOILER_easel-1.png', title, says: true });
    // A server's settings apply there alone.
    expect(await paint(ben.dm)).toEqual({ name: 'easel-1.png', title, says: false });
    await told(ada, 'settings spoiler', { on: false });
    await told(ada, 'settings provenance', { level: 'usual' });
    expect(await paint(ben)).toEqual({ name: 'easel-1.png', title, says: false });
  });

  /** An admin lets everyone see the command, or a client still has an older list: then the code alone is left. */
  async function showToAll(): Promise<void> {
    const settings = world.discord.commands().find(({ name }) => name === 'settings');
    const { bot } = createRests(world.discord.apiUrl, world.discord.token);
    const { id } = z.object({ id: z.string() }).parse(await bot.get(Routes.currentApplication()));
    const named = z.object({ name: z.string(), description: z.string(), options: z.unknown() });
    const body = { ...named.parse(settings), contexts: [0, 1], integration_types: [0, 1] };
    await bot.post(Routes.applicationCommands(id), { body });
  }

  const parts: readonly (readonly [string, OptionValues])[] = [
    ['show', {}],
    ['model', { kind: 'image' }],
    ['duration', {}],
    ['private', { on: true }],
    ['channels', { action: 'clear' }],
    ['roles', { action: 'clear' }],
    ['models_off', { action: 'off', kind: 'video', model: 'kling-1.6' }],
    ['language', { language: 'zh-CN' }],
    ['time_zone', { name: 'UTC' }],
    ['delete', { on: true }],
    ['most_results', { most: 1 }],
    ['content', { kind: 'image', place: 'anywhere' }],
    ['provenance', { level: 'off' }],
    ['spoiler', { on: true }],
    ['showcase', { stars: 3 }],
  ];
  it('requires Manage Server, in a server, each of them', async () => {
    const ada = await open();
    await expect(people('ben').command('settings show')).rejects.toThrow('lacks the permissions');
    await expect(ada.dm.command('settings show')).rejects.toThrow('not offered in such a channel');
    await showToAll();
    const all = world.discord.commands().find(({ name }) => name === 'settings')?.options;
    const names = z.array(z.object({ name: z.string() })).parse(all);
    expect(parts.map(([part]) => part).sort()).toEqual(names.map(({ name }) => name).sort());
    for (const [part, options] of parts) {
      const name = `settings ${part}`;
      expect(await told(people('ben'), name, options), part).toContain('Manage Server permission');
      expect(await told(ada.dm, name, options), part).toContain('only works in a server');
      expect(await told(people('lin').dm, name, options), part).toContain(
        '此命令只能在已添加 Easel 的服务器中使用',
      );
    }
  });
});
