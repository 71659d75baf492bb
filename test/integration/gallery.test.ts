import type { Actor, MessageView } from '@easel/discord-stand-in';
import { PermissionFlagsBits } from 'discord.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, type World } from './world.js';

/** One world for all: each user and channel is used by one test. */
let world: World;
beforeAll(async () => {
  world = await createWorld({ discord: { rateWindow: 0.1 } });
});
afterAll(() => world.close());

const at = (name: string, channel = 'general') => world.discord.actor(name, channel);
const hasFile = ({ attachments }: MessageView) => attachments.length > 0;
type Options = Record<string, string | boolean>;

async function painted(who: Actor, prompt: string, options: Options = {}): Promise<MessageView> {
  return (await who.command('imagine', { prompt, ...options })).until(hasFile);
}

const shown = async (who: Actor, options: Options = {}) => answered(await who.command('gallery', options));
/** The words of a gallery's entries. */
const prompts = ({ content }: MessageView) =>
  content.split('\n').flatMap((line) => /^(?:🖼️|🎬) (.*)$/u.exec(line)?.[1] ?? []);

/** A server of its own for each test, so that none sees what another made. */
function foundServer(name: string): (channel: string) => string {
  const { world: there } = world.discord;
  const guild = there.addGuild({ name, owner: 'ada' });
  for (const member of ['ada', 'ben', 'mia', 'lin']) there.addMember(guild.id, member);
  const channels: Record<string, string> = {
    open: there.addChannel(guild.id, { name: 'open' }).id,
    staff: there.addChannel(guild.id, { name: 'staff', denyEveryone: ['ViewChannel'] }).id,
    night: there.addChannel(guild.id, { name: 'night', nsfw: true }).id,
  };
  const allow = PermissionFlagsBits.ViewChannel;
  there.setOverwrite(channels.staff ?? '', { id: there.botId, type: 'member', allow, deny: 0n });
  return (channel) => channels[channel] ?? '';
}

it('shows what was made on this server to the user who asks alone, with links to the messages', async () => {
  const channel = foundServer('Shown');
  const ben = at('ben', channel('open'));
  const fox = await painted(ben, 'a red fox');
  const owl = await painted(at('mia', channel('open')), 'an owl');
  // Posted is not yet persisted.
  await expect.poll(async () => prompts(await shown(ben))).toEqual(['an owl', 'a red fox']);
  const gallery = await shown(at('lin', channel('open')));
  expect(gallery.ephemeral).toBe(true);
  expect(gallery.notified).toEqual([]);
  expect(prompts(gallery)).toEqual(['an owl', 'a red fox']);
  for (const { channelId, id } of [fox, owl]) expect(gallery.content).toContain(`/${channelId}/${id}`);
  expect(gallery.content).toContain(text('zh-CN', 'gallery.title.server'));
  expect(prompts(await shown(at('ben', 'studio')))).not.toContain('a red fox');
});

it('leaves out what is private, what was deleted by whatever way, and what is in channels one may not see', async () => {
  const channel = foundServer('Hidden');
  const [ada, ben] = [at('ada', channel('open')), at('ben', channel('open'))];
  await painted(ben, 'a secret', { private: true });
  const pressed = await painted(ben, 'taken away by a button');
  const removed = await painted(ben, 'taken away by a moderator');
  await painted(at('ada', channel('staff')), 'for the staff');
  await painted(at('ben', channel('night')), 'after dark');
  await painted(ben, 'for everybody');
  await (await ben.press(pressed.id, 'Delete')).acknowledged;
  await ada.remove(removed.id);
  await expect.poll(async () => prompts(await shown(ben))).toEqual(['for everybody']);
  await expect.poll(async () => prompts(await shown(ada))).toEqual(['for everybody', 'for the staff']);
  expect(prompts(await shown(at('ben', channel('night'))))).toEqual(['for everybody', 'after dark']);
  await world.stop();
  await world.start();
  expect(prompts(await shown(ben))).toEqual(['for everybody']);
  const tasks = await answered(await ben.command('tasks'));
  expect(tasks.content).toContain(`taken away by a moderator · ${text('en-US', 'tasks.removed')}`);
});

it('filters by user, model and kind, and completes the models that something was made with', async () => {
  const channel = foundServer('Filtered');
  const [ben, mia] = [at('ben', channel('open')), at('mia', channel('open'))];
  await painted(ben, 'a red fox');
  await painted(mia, 'an owl', { model: 'kling-3.0' });
  await (await ben.command('animate', { prompt: 'it runs' })).until(hasFile);
  await expect.poll(async () => prompts(await shown(ben))).toHaveLength(3);
  expect(prompts(await shown(ben, { person: 'mia' }))).toEqual(['an owl']);
  expect(prompts(await shown(ben, { kind: 'video' }))).toEqual(['it runs']);
  expect(prompts(await shown(ben, { model: 'Kling 3.0' }))).toEqual(['it runs', 'an owl']);
  expect(prompts(await shown(ben, { model: 'kling-3.0', kind: 'image' }))).toEqual(['an owl']);
  const nothing = await shown(ben, { person: 'lin' });
  expect(nothing.content).toBe(text('en-US', 'gallery.noMatch'));
  const rows = (typed: string, more: Options = {}) =>
    ben.autocomplete('gallery', { ...more, model: typed }, 'model');
  expect(await rows('')).toEqual([
    { name: 'Kling 3.0', value: 'kling-3.0' },
    { name: 'Hunyuan 3.0', value: 'hunyuan-3.0' },
  ]);
  expect(await rows('hun')).toHaveLength(1);
  expect(await rows('', { kind: 'video' })).toHaveLength(1);
});

it('turns its pages with the filter kept, also after a restart', async () => {
  const channel = foundServer('Paged');
  const [ben, mia] = [at('ben', channel('open')), at('mia', channel('open'))];
  for (let number = 1; number <= 12; number++) await painted(ben, `fox ${number}.`);
  await painted(mia, 'an owl');
  const first = await shown(mia, { person: 'ben' });
  expect(prompts(first)).toHaveLength(10);
  expect(first.content).toContain('page 1 of 2');
  await world.stop();
  await world.start();
  const words = () => prompts(world.discord.message(first.id) as MessageView);
  await (await mia.press(first.id, '▶')).acknowledged;
  await expect.poll(words).toEqual(['fox 2.', 'fox 1.']);
  await (await mia.press(first.id, '◀')).acknowledged;
  await expect.poll(words).toHaveLength(10);
});

it('shows in a direct message the user’s own, and says what to do if there is nothing', async () => {
  const { dm } = at('lin');
  expect((await shown(dm)).content).toBe(text('zh-CN', 'gallery.none'));
  await painted(dm, '一只狐狸');
  await expect.poll(async () => prompts(await shown(dm))).toEqual(['一只狐狸']);
  expect((await shown(dm)).content).toContain('https://discord.com/channels/@me/');
  expect((await shown(at('mia').dm)).content).toBe(text('en-US', 'gallery.none'));
});
