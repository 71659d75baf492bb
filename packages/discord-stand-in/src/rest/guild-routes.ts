import { apiError } from '../api-errors.js';
import { compareIds } from '../snowflakes.js';
import { type ChannelRecord, channelTypes, type GuildRecord } from '../types.js';
import { has } from '../world/permissions.js';
import { channelJson, guildJson, memberJson, roleJson } from '../world/world-json.js';
import { type Api, answer, param, type RestContext } from './rest-context.js';

/** Guilds with their channels, roles and members. */
export function guildRoutes(api: Api, { world }: RestContext): void {
  function guildOf(id: string): GuildRecord {
    const guild = world.findGuild(id);
    if (!guild) throw apiError('unknownGuild');
    if (!guild.installed) throw apiError('missingAccess');
    return guild;
  }

  api.get('/guilds/:guild', (call) => answer(guildJson(guildOf(param(call, 'guild')))));
  api.get('/guilds/:guild/channels', (call) => {
    const { id } = guildOf(param(call, 'guild'));
    const seen = world
      .channels()
      .filter(
        (channel) => channel.guildId === id && has(world.permissionsIn(channel, world.botId), 'ViewChannel'),
      );
    return answer(seen.map((channel) => channelJson(world, channel)));
  });
  // Discord docs: Guild, "List Active Guild Threads".
  api.get('/guilds/:guild/threads/active', (call) => {
    const { id } = guildOf(param(call, 'guild'));
    const isOpen = (channel: ChannelRecord): boolean =>
      channel.guildId === id && channel.type === channelTypes.publicThread && !channel.archived;
    const threads = world
      .channels()
      .filter((channel) => isOpen(channel) && has(world.permissionsIn(channel, world.botId), 'ViewChannel'));
    return answer({ threads: threads.map((thread) => channelJson(world, thread)), members: [] });
  });
  api.get('/guilds/:guild/roles', (call) =>
    answer([...guildOf(param(call, 'guild')).roles.values()].map(roleJson)),
  );
  api.get('/guilds/:guild/members', (call) => {
    const { members } = guildOf(param(call, 'guild'));
    const limit = Number(call.req.query('limit') ?? 1);
    const after = call.req.query('after') ?? '0';
    const page = [...members.values()]
      .sort((a, b) => compareIds(a.userId, b.userId))
      .filter(({ userId }) => compareIds(userId, after) > 0);
    return answer(page.slice(0, limit).map((member) => memberJson(member, world.findUser(member.userId))));
  });
  api.get('/guilds/:guild/members/:user', (call) => {
    const id = param(call, 'user') === '@me' ? world.botId : param(call, 'user');
    const member = guildOf(param(call, 'guild')).members.get(id);
    if (!member) throw apiError('unknownMember');
    return answer(memberJson(member, world.findUser(id)));
  });
}
