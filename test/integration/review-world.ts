import type { Actor, Invocation, MessageView } from '@easel/discord-stand-in';
import type { GuildSettings } from '../../src/guilds/settings.js';
import { createWorld, type World, type WorldOptions } from './world.js';

/** A world whose server has a channel for moderators, and a moderator (rex) besides its administrator. */
export async function createReviewedWorld(
  review: Partial<GuildSettings['review']> = { all: true },
  options: WorldOptions = {},
): Promise<World> {
  const world = await createWorld({ ...options, idle: true });
  const { world: discord } = world.discord;
  const guild = discord.guild('Foxglove');
  const mods = discord.addRole(guild.id, { name: 'Wardens', permissions: ['ManageMessages'] });
  discord.addUser({ username: 'rex', globalName: 'Rex' });
  discord.addMember(guild.id, 'rex', [mods.id]);
  const desk = discord.addChannel(guild.id, { name: 'desk', denyEveryone: ['ViewChannel'] });
  discord.setOverwrite('desk', { id: mods.id, type: 'role', allow: 1n << 10n, deny: 0n });
  discord.allowBot('desk', ['ViewChannel', 'SendMessages', 'AttachFiles', 'ReadMessageHistory']);
  await world.start();
  if (Object.keys(review).length > 0) await setReview(world, { channel: desk.id, ...review });
  return world;
}

/** As a manager sets it in the panel. */
export async function setReview(world: World, review: Partial<GuildSettings['review']>): Promise<void> {
  const ada = world.discord.actor('ada');
  const panel = await ada.command('settings show');
  const first = await panel.until(({ components }) => components.length > 0);
  await ada.select(first.id, 'v1:set:section', ['review']);
  const shows = (mark: string) =>
    world.discord.until(({ id, components }) => id === first.id && JSON.stringify(components).includes(mark));
  await shows('v1:set:review_channel');
  const { channel, channels = [], roles = [], all = false } = review;
  if (channel !== undefined) {
    await ada.select(first.id, 'v1:set:review_channel', [channel]);
    await world.discord.until(({ id, content }) => id === first.id && content.includes(`<#${channel}>`));
  }
  if (channels.length > 0) await ada.select(first.id, 'v1:set:review_channels', channels);
  if (roles.length > 0) await ada.select(first.id, 'v1:set:review_roles', roles);
  if (all) {
    await ada.press(first.id, 'Review everything');
    await shows('v1:set:review_all_off');
  }
}

export const member = (world: World, name = 'ben', channel = 'general'): Actor =>
  world.discord.actor(name, channel);
export const moderator = (world: World, name = 'rex'): Actor => world.discord.actor(name, 'desk');

export const hasButton = (verb: string) => (message: MessageView) =>
  JSON.stringify(message.components).includes(`v1:${verb}:`);

/** The next message in the moderators' channel with a question. */
export function asked(world: World, verb: 'approve' | 'allow' = 'approve'): Promise<MessageView> {
  return world.discord.until(hasButton(verb), { channel: 'desk' });
}

/** All messages with files that others than moderators see. */
export function published(world: World): MessageView[] {
  const desk = world.discord.world.channel('desk').id;
  return world.discord.world
    .channels()
    .filter(({ id }) => id !== desk)
    .flatMap(({ id }) => world.discord.messages(id))
    .filter(({ attachments, author, deleted }) => author.bot && !deleted && attachments.length > 0);
}

export const paint = (actor: Actor, options = {}): Promise<Invocation> =>
  actor.command('imagine', { prompt: 'a red fox', ...options });
