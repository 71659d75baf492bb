import type { World } from './world.js';

/**
 * Two guilds, each with a general channel, which is its system channel, one where the bot can't attach files and an age-restricted one; an
 * administrator (ada), members (ben, mia) and a user whose client speaks Chinese (lin); ben's DM with the bot.
 */
export function furnish(world: World): void {
  for (const person of [
    { username: 'ada', globalName: 'Ada' },
    { username: 'ben', globalName: 'Ben' },
    { username: 'mia', globalName: 'Mia' },
    { username: 'lin', globalName: '林', locale: 'zh-CN' },
  ])
    world.addUser(person);
  for (const name of ['Foxglove', 'Night Workshop']) {
    const guild = world.addGuild({ name, owner: 'ada', systemChannel: { name: 'general' } });
    const admin = world.addRole(guild.id, { name: 'Keepers', permissions: ['Administrator'] });
    world.addMember(guild.id, 'ada', [admin.id]);
    for (const member of ['ben', 'mia', 'lin']) world.addMember(guild.id, member);
    world.addChannel(guild.id, { name: 'studio' });
    world.addChannel(guild.id, { name: 'no-files', denyBot: ['AttachFiles'] });
    world.addChannel(guild.id, { name: 'after-dark', nsfw: true });
  }
  world.dm('ben');
}
