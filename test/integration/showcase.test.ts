import { type Actor, channelTypes, type MessageView } from '@easel/discord-stand-in';
import { PermissionFlagsBits } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, saidIn, type World } from './world.js';

/** One world for all: each test has a server of its own. */
let world: World;
beforeAll(async () => {
  world = await createWorld({ discord: { rateWindow: 0.1 } });
});
afterAll(() => world.close());

const star = '⭐';

interface Place {
  readonly guildId: string;
  at(name: string, channel?: string): Actor;
  /** What is in the showcase. */
  posts(): readonly MessageView[];
}

type Channel = Parameters<World['discord']['world']['addChannel']>[1];

/** A server whose showcase asks for two stars. */
async function found(
  name: string,
  showcase: Partial<Channel> = {},
  channels: readonly Channel[] = [],
): Promise<Place> {
  const { discord } = world;
  const { world: there } = discord;
  const guild = there.addGuild({ name, owner: 'ada' });
  for (const member of ['ada', 'ben', 'mia', 'lin']) there.addMember(guild.id, member);
  const open = there.addChannel(guild.id, { name: 'open' });
  const shown = there.addChannel(guild.id, { name: 'showcase', ...showcase });
  const ids = new Map(
    [...channels, open].map((one) => [one.name, 'id' in one ? one.id : there.addChannel(guild.id, one).id]),
  );
  const at = (who: string, channel = 'open') => discord.actor(who, ids.get(channel) ?? channel);
  await answered(await at('ada').command('settings showcase', { channel: shown.id, stars: 2 }));
  const isThere = (id: string) => id === shown.id || there.findChannel(id)?.parentId === shown.id;
  return {
    guildId: guild.id,
    at,
    posts: () =>
      there
        .channels()
        .filter(({ id }) => isThere(id))
        .flatMap(({ id }) => discord.messages(id)),
  };
}

const painted = async (who: Actor, prompt: string) => delivered(await who.command('imagine', { prompt }));

/** What the star answers. */
const press = async (who: Actor, { id }: MessageView) => (await answered(await who.press(id, star))).content;

const stars = (count: number) => text('en-US', 'star.stars', { count });

describe('a result with enough stars', () => {
  it('is shown once, with its file, its words, its author unpinged, and a way to the original', async () => {
    const { at, posts } = await found('Stars');
    const fox = await painted(at('ben'), 'a red fox');
    expect(await press(at('mia'), fox)).toContain('1');
    await at('mia').react(fox.id, star);
    await at('ben').react(fox.id, star);
    // One user, whichever way, and the author does not count.
    await at('lin').react(fox.id, star);
    await until('it is shown', () => posts().length === 1);
    const [post] = posts();
    expect(post?.content).toContain('> a red fox');
    expect(post?.content).toContain(text('en-US', 'showcase.by', { user: `<@${at('ben').userId}>` }));
    expect(post?.notified).toEqual([]);
    expect(JSON.stringify(post?.components)).toContain(`/${fox.channelId}/${fox.id}`);
    const bytes = await world.discord.fetchAttachment(post?.id ?? '');
    expect(bytes.equals(await world.discord.fetchAttachment(fox.id))).toBe(true);
    await at('ada').react(fox.id, star);
    await until('its stars are counted', () => posts()[0]?.content.includes('⭐ 3') === true);
    await at('ada').unreact(fox.id, star);
    await until('one less', () => posts()[0]?.content.includes('⭐ 2') === true);
    expect(posts()).toHaveLength(1);
  });

  it('leaves the showcase with the original, and is not shown again once a moderator took it down', async () => {
    const { at, posts } = await found('Gone');
    const [fox, owl] = [await painted(at('ben'), 'a red fox'), await painted(at('ben'), 'an owl')];
    for (const one of [fox, owl]) for (const name of ['mia', 'lin']) await press(at(name), one);
    await until('both are shown', () => posts().length === 2);
    await (await at('ben').press(fox.id, 'Delete')).acknowledged;
    await until('one is left', () => posts().length === 1);
    const [post] = posts();
    expect(post?.content).toContain('an owl');
    await at('ada', post?.channelId).remove(post?.id ?? '');
    await at('ada').react(owl.id, star);
    await painted(at('ben'), 'something later');
    expect(posts()).toEqual([]);
  });

  it('is a post in a forum, and leaves an empty one where Easel may not delete threads', async () => {
    const { at, posts } = await found('Forum', { type: channelTypes.forum });
    const fox = await painted(at('ben'), 'a red fox');
    for (const name of ['mia', 'lin']) await press(at(name), fox);
    await until('it is shown', () => posts().length === 1);
    const thread = posts()[0]?.channelId ?? '';
    expect(world.discord.world.channel(thread).name).toBe('a red fox');
    expect(posts()[0]?.attachments).toHaveLength(1);
    await at('ada').remove(fox.id);
    await until('it is gone', () => posts().length === 0);
    await until('its title, too', () => world.discord.world.findChannel(thread)?.name !== 'a red fox');
    expect(world.discord.world.channel(thread)).toMatchObject({
      name: text('en-US', 'showcase.title.removed'),
      archived: true,
    });
  });

  it('is shown once although the answer to its post was lost', async () => {
    const { at, posts } = await found('Lost');
    const { id } = world.discord.world.channel('Lost/showcase');
    world.discord.faults.arm({
      method: 'POST',
      route: `/channels/${id}/messages`,
      kind: 'resetAfter',
      times: 1,
    });
    const fox = await painted(at('ben'), 'a red fox');
    for (const name of ['mia', 'lin']) await press(at(name), fox);
    await until('it is posted', () => posts().length === 1);
    await world.stop();
    await world.start();
    await at('ada').react(fox.id, star);
    await until('its stars are counted', () => posts()[0]?.content.includes('⭐ 3') === true);
    expect(posts()).toHaveLength(1);
  });

  it('leaves the showcase at the next start if its original was deleted meanwhile', async () => {
    const { at, posts } = await found('Offline');
    const { id } = world.discord.world.channel('Offline/showcase');
    const [fox, owl] = [await painted(at('ben'), 'a red fox'), await painted(at('ben'), 'an owl')];
    for (const name of ['mia', 'lin']) await press(at(name), fox);
    await until('one is shown', () => posts().length === 1);
    // Easel stops before it knows what became of its second post.
    const route = `/channels/${id}/messages`;
    world.discord.faults.arm({ method: 'POST', route, kind: 'resetAfter', times: 1 });
    for (const name of ['mia', 'lin']) await press(at(name), owl);
    await until('both are shown', () => posts().length === 2);
    await world.stop();
    for (const one of [fox, owl]) await at('ada').remove(one.id);
    await world.start();
    await until('both are gone', () => posts().length === 0);
  });

  it('leaves the showcase with the channel it was made in', async () => {
    const { at, posts } = await found('Channel', {}, [{ name: 'attic' }]);
    const fox = await painted(at('ben', 'attic'), 'a red fox');
    for (const name of ['mia', 'lin']) await press(at(name, 'attic'), fox);
    await until('it is shown', () => posts().length === 1);
    world.discord.world.removeChannel(fox.channelId);
    await until('it is gone', () => posts().length === 0);
  });

  it('leaves the showcase when a moderator blocks its author', async () => {
    const { at, posts } = await found('Blocked');
    const fox = await painted(at('lin'), 'a red fox');
    for (const name of ['mia', 'ben']) await press(at(name), fox);
    await until('it is shown', () => posts().length === 1);
    await answered(await at('ada').command('moderate block', { member: 'lin' }));
    await until('it is gone', () => posts().length === 0);
  });

  it('goes with the data of its author', async () => {
    const { at, posts } = await found('Privacy');
    const fox = await painted(at('lin'), 'a red fox');
    for (const name of ['mia', 'ben']) await press(at(name), fox);
    await until('it is shown', () => posts().length === 1);
    const question = await answered(await at('lin').command('privacy delete'));
    await at('lin').press(question.id, 'v1:privacy:delete');
    await until('it is gone', () => posts().length === 0);
  });
});

describe('what is never shown', () => {
  it('is private, age-restricted, or from a channel that not everyone can see', async () => {
    const channels: Channel[] = [
      { name: 'night', nsfw: true },
      { name: 'staff', denyEveryone: ['ViewChannel'] },
    ];
    const { at, posts, guildId } = await found('Never', {}, channels);
    const { world: there } = world.discord;
    const staff = there.channels().find((one) => one.guildId === guildId && one.name === 'staff');
    const allow = PermissionFlagsBits.ViewChannel;
    for (const who of [there.botId, there.user('ben').id, there.user('mia').id])
      there.setOverwrite(staff?.id ?? '', { id: who, type: 'member', allow, deny: 0n });
    for (const name of ['night', 'staff']) {
      const made = await painted(at('ben', name), `made in ${name}`);
      for (const who of ['mia', 'ada']) await press(at(who, name), made);
    }
    const secret = await delivered(await at('ben').command('imagine', { prompt: 'a secret', private: true }));
    await expect(at('ben').press(secret.id, star)).rejects.toThrow('there is no button');
    // What is asked for after them has been shown.
    const fox = await painted(at('ben'), 'a red fox');
    for (const name of ['mia', 'ada']) await press(at(name), fox);
    await until('it is shown', () => posts().length === 1);
    expect(posts()[0]?.content).toContain('a red fox');
    // Nor does the gallery show it to members who can't see the channel, however many stars it has.
    const starred = saidIn(await answered(await at('lin').command('gallery', { sort: 'stars' })));
    expect(starred).toContain('a red fox');
    expect(starred).not.toContain('made in');
    expect(starred).not.toContain('a secret');
  });

  it("is a member's who does not want to be shown, or whom a moderator has blocked", async () => {
    const { at, posts } = await found('Unwilling');
    const [fox, owl] = [await painted(at('ben'), 'a red fox'), await painted(at('lin'), 'an owl')];
    for (const one of [fox, owl]) await press(at('mia'), one);
    await press(at('ada'), fox);
    await until('it is shown', () => posts().length === 1);
    await answered(await at('ben').command('preferences showcase', { shown: false }));
    await until('it is gone', () => posts().length === 0);
    await answered(await at('ada').command('moderate block', { member: 'lin' }));
    await press(at('ada'), owl);
    await at('lin').send('hello');
    const shown = await painted(at('mia'), 'a grey wolf');
    for (const name of ['ada', 'ben']) await press(at(name), shown);
    await until('the last one is shown', () => posts().length === 1);
    expect(posts()[0]?.content).toContain('a grey wolf');
    await answered(await at('ben').command('preferences showcase', { shown: true }));
  });

  it("has only its author's own star", async () => {
    const { at } = await found('Own');
    const fox = await painted(at('ben'), 'a red fox');
    expect(await press(at('ben'), fox)).toContain(text('en-US', 'star.error.own'));
    expect(await press(at('mia'), fox)).toContain('1');
    expect(await press(at('mia'), fox)).toBe(text('en-US', 'star.off', { stars: stars(0) }));
  });
});

it('the gallery sorts by stars, in both languages', async () => {
  const { at } = await found('Sorted');
  const fox = await painted(at('ben'), 'a red fox');
  const owl = await painted(at('ben'), 'an owl');
  await painted(at('ben'), 'an unloved toad');
  for (const name of ['mia', 'lin']) await press(at(name), fox);
  await press(at('mia'), owl);
  const sorted = await answered(await at('mia').command('gallery', { sort: 'stars' }));
  const said = saidIn(sorted);
  expect(said).toContain(text('en-US', 'gallery.title.stars'));
  expect(said.indexOf('a red fox')).toBeLessThan(said.indexOf('an owl'));
  expect(said).not.toContain('toad');
  const chinese = saidIn(await answered(await at('lin').command('gallery', { sort: 'stars' })));
  expect(chinese).toContain(text('zh-CN', 'gallery.title.stars'));
});
