import { type Actor, componentTypes, type MessageView, walk } from '@easel/discord-stand-in';
import { PermissionFlagsBits } from 'discord.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { controlId } from '../../src/discord/views/custom-ids.js';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, saidIn, type World } from './world.js';

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
const prompts = (message: MessageView) =>
  saidIn(message)
    .split('\n')
    .flatMap((line) => /^(?:\*\*\d+\.\*\* )?(?:🖼️|🎬) (.*)$/u.exec(line)?.[1] ?? []);
const partsOf = ({ components }: MessageView) => walk(components).map(({ component }) => component);
/** The content of a gallery. */
const itemsOf = (message: MessageView) =>
  partsOf(message).flatMap(({ type, items }) => (type === componentTypes.mediaGallery ? (items ?? []) : []));
/** The line below an entry. */
const factsOf = (message: MessageView, words: string) => {
  const lines = saidIn(message).split('\n');
  return lines[lines.findIndex((line) => line.endsWith(` ${words}`)) + 1];
};

/** A separate server for each test, so that none sees another's results. */
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

it('shows the pictures made on this server to the user who asks alone, with links to the messages', async () => {
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
  for (const { channelId, id } of [fox, owl]) expect(saidIn(gallery)).toContain(`/${channelId}/${id}`);
  expect(saidIn(gallery)).toContain(text('zh-CN', 'gallery.title.server'));
  const shownFiles = itemsOf(gallery);
  expect(shownFiles.map(({ description }) => description)).toEqual(['an owl', 'a red fox']);
  for (const [at, { media }] of shownFiles.entries()) {
    const [file] = [owl, fox][at]?.attachments ?? [];
    expect(new URL(media.url).pathname).toBe(new URL(file?.url ?? '').pathname);
    expect((await fetch(media.url)).headers.get('content-type')).toBe('image/png');
  }
  expect(prompts(await shown(at('ben', 'studio')))).not.toContain('a red fox');
});

it("leaves out private results, deleted ones, and those in channels that the user can't view", async () => {
  const channel = foundServer('Hidden');
  const [ada, ben] = [at('ada', channel('open')), at('ben', channel('open'))];
  const lin = at('lin', channel('open'));
  await painted(lin, 'a secret', { private: true });
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
  // A member without Read Message History sees new messages, not old ones: here, too.
  const deny = PermissionFlagsBits.ReadMessageHistory;
  const { id } = world.discord.world.user('mia');
  world.discord.world.setOverwrite(channel('open'), { id, type: 'member', allow: 0n, deny });
  expect(prompts(await shown(at('mia', channel('open'))))).toEqual([]);
  await world.stop();
  await world.start();
  expect(prompts(await shown(ben))).toEqual(['for everybody']);
  const tasks = await answered(await ben.command('tasks'));
  expect(tasks.content).toContain(`taken away by a moderator · ${text('en-US', 'tasks.removed')}`);
});

it('filters by user, model and kind, and autocompletes the models that have results', async () => {
  const channel = foundServer('Filtered');
  const [ben, mia] = [at('ben', channel('open')), at('mia', channel('open'))];
  await painted(ben, 'a red fox');
  await painted(mia, 'an owl', { model: 'kling-3.0' });
  await (await ben.command('animate', { prompt: 'it runs' })).until(hasFile);
  await expect.poll(async () => prompts(await shown(ben))).toHaveLength(3);
  expect(prompts(await shown(ben, { member: 'mia' }))).toEqual(['an owl']);
  expect(prompts(await shown(ben, { kind: 'video' }))).toEqual(['it runs']);
  expect(prompts(await shown(ben, { model: 'Kling 3.0' }))).toEqual(['it runs', 'an owl']);
  expect(prompts(await shown(ben, { model: 'kling-3.0', kind: 'image' }))).toEqual(['an owl']);
  const nothing = await shown(ben, { member: 'lin' });
  expect(saidIn(nothing)).toBe(text('en-US', 'gallery.noMatch'));
  // A message of Components V2 takes no plain text: neither a page without anything, nor an error.
  expect(nothing.content).toBe('');
  const rows = (typed: string, more: Options = {}) =>
    ben.autocomplete('gallery', { ...more, model: typed }, 'model');
  expect(await rows('')).toEqual([
    { name: 'Kling 3.0', value: 'kling-3.0' },
    { name: 'Hunyuan 3.0', value: 'hunyuan-3.0' },
  ]);
  expect(await rows('hun')).toHaveLength(1);
  expect(await rows('', { kind: 'video' })).toHaveLength(1);
});

it('keeps the filter across pages, also after a restart', async () => {
  const channel = foundServer('Paged');
  const [ben, mia] = [at('ben', channel('open')), at('mia', channel('open'))];
  for (let number = 1; number <= 12; number++) await painted(ben, `fox ${number}.`);
  await painted(mia, 'an owl');
  const first = await shown(mia, { member: 'ben' });
  expect(prompts(first)).toHaveLength(10);
  expect(itemsOf(first)).toHaveLength(10);
  expect(saidIn(first)).toContain('page 1 of 2');
  await world.stop();
  await world.start();
  const words = () => prompts(world.discord.message(first.id) as MessageView);
  await (await mia.press(first.id, '▶')).acknowledged;
  await expect.poll(words).toEqual(['fox 2.', 'fox 1.']);
  await (await mia.press(first.id, '◀')).acknowledged;
  await expect.poll(words).toHaveLength(10);
});

it('shows the user’s own results in a direct message, and says what to do if there are none', async () => {
  const { dm } = at('lin');
  expect(saidIn(await shown(dm))).toBe(text('zh-CN', 'gallery.none'));
  await painted(dm, '一只狐狸');
  await expect.poll(async () => prompts(await shown(dm))).toEqual(['一只狐狸']);
  const own = await shown(dm);
  expect(saidIn(own)).toContain('https://discord.com/channels/@me/');
  expect(itemsOf(own)).toHaveLength(1);
  expect(saidIn(await shown(at('mia').dm))).toBe(text('en-US', 'gallery.none'));
});

it('plays clips, keeps spoilers covered, and takes a file for a picture and its clip each', async () => {
  const channel = foundServer('Mixed');
  const [ada, ben] = [at('ada', channel('open')), at('ben', channel('open'))];
  const isBoth = ({ attachments }: MessageView) => attachments.length === 2;
  await (await ben.command('imagine', { prompt: 'a hare', then_animate: 'it runs' })).until(isBoth);
  await answered(await ada.command('settings spoiler', { on: true }));
  await painted(ben, 'a surprise');
  await expect.poll(async () => prompts(await shown(ben))).toHaveLength(3);
  const items = itemsOf(await shown(ben));
  expect(items.map(({ description, spoiler = false }) => [description, spoiler])).toEqual([
    ['a surprise', true],
    ['it runs', false],
    ['a hare', false],
  ]);
  expect(items.map(({ media }) => /\.\w+$/.exec(new URL(media.url).pathname)?.[0])).toEqual([
    '.png',
    '.mp4',
    '.png',
  ]);
});

it('says in a line why something is not shown, and shows it again once it can', async () => {
  const channel = foundServer('Gaps');
  const ben = at('ben', channel('open'));
  const [night, lin] = [at('ben', channel('night')), at('lin', channel('open'))];
  const { world: there } = world.discord;
  const deleted = await painted(ben, 'deleted unseen');
  await painted(ben, 'an open fox');
  await painted(night, 'a closed room');
  await painted(ben, 'a secret', { private: true });
  await expect.poll(async () => prompts(await shown(night))).toHaveLength(4);
  // Easel receives no deletion while it is stopped, and must not be refused ten times over.
  await world.stop();
  await at('ada', channel('open')).remove(deleted.id);
  await world.start();
  there.denyBot(channel('open'), ['ReadMessageHistory']);
  const asked = () =>
    world.discord.requests.filter(
      ({ method, path }) => method === 'GET' && path.includes(`/channels/${channel('open')}/messages/`),
    ).length;
  const [before, closed] = [asked(), await shown(night)];
  expect(asked() - before).toBe(1);
  expect(itemsOf(closed).map(({ description }) => description)).toEqual(['a closed room']);
  expect(prompts(closed)).toEqual(['a secret', 'a closed room', 'an open fox', 'deleted unseen']);
  expect(factsOf(closed, 'an open fox')).toContain(text('en-US', 'gallery.gap.unreadable'));
  expect(factsOf(closed, 'a secret')).toContain(text('en-US', 'gallery.gap.private'));
  there.denyBot(channel('open'), []);
  await expect.poll(async () => itemsOf(await shown(night))).toHaveLength(2);
  expect(prompts(await shown(lin))).toEqual(['an open fox']);
});

it('leads from its select to the details of one, to the same again, and to a private file', async () => {
  const channel = foundServer('Chosen');
  const [ben, mia] = [at('ben', channel('open')), at('mia', channel('open'))];
  await painted(ben, 'a red fox');
  await painted(ben, 'a secret', { private: true });
  await expect.poll(async () => prompts(await shown(ben))).toEqual(['a secret', 'a red fox']);
  const list = await shown(ben);
  const chosen = async (label: string) =>
    answered(await ben.select(list.id, controlId('gallery', 'details'), [label]));
  const fox = await chosen('1. a red fox');
  expect(fox).toMatchObject({ ephemeral: true, content: expect.stringContaining('a red fox') });
  await (await ben.press(fox.id, 'Again')).until(hasFile);
  const secret = await chosen('a secret');
  expect((await (await ben.press(secret.id, 'Original')).until(hasFile)).ephemeral).toBe(true);
  expect(prompts(await shown(mia))).toEqual(['a red fox']);
  expect(prompts(await shown(mia, { member: 'ben' }))).toEqual(['a red fox']);
});

it('leaves the prompts out where Discord refuses the words of one, and stays a gallery', async () => {
  const channel = foundServer('Refused');
  const ben = at('ben', channel('open'));
  await painted(ben, 'a mandrake');
  await expect.poll(async () => prompts(await shown(ben))).toEqual(['a mandrake']);
  world.discord.world.filters.setAutoMod([{ words: ['mandrake'], ephemeral: true }]);
  const list = await shown(ben);
  world.discord.world.filters.clear();
  expect(prompts(list)).toEqual([text('en-US', 'gallery.wordless')]);
  expect(itemsOf(list)).toHaveLength(1);
  expect(JSON.stringify(partsOf(list).map(({ options }) => options))).not.toContain('mandrake');
});
