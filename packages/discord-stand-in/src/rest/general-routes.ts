import { apiError } from '../api-errors.js';
import { DmBody } from '../body-schemas.js';
import { compareIds } from '../snowflakes.js';
import type { GuildRecord } from '../types.js';
import { guildPermissions, has } from '../world/permissions.js';
import { channelJson, guildJson, memberJson, roleJson, userJson } from '../world/world-json.js';
import { type Api, answer, judged, param, type RestContext } from './rest-context.js';

/** The application, users, guilds and the way to the gateway. */
export function generalRoutes(api: Api, context: RestContext): void {
  const { world, applicationId } = context;

  api.get('/gateway', () => answer({ url: context.gatewayUrl() }));
  api.get('/gateway/bot', () =>
    answer({
      url: context.gatewayUrl(),
      shards: context.recommendedShards,
      session_start_limit: {
        total: 1000,
        remaining: 999,
        reset_after: 86_400_000,
        max_concurrency: context.identifyConcurrency,
      },
    }),
  );
  for (const path of ['/applications/@me', '/oauth2/applications/@me'])
    api.get(path, () => answer(context.application()));
  api.get('/users/@me', () =>
    answer({
      ...userJson(world.user(world.botId)),
      mfa_enabled: true,
      locale: 'en-US',
      verified: true,
      email: null,
    }),
  );
  api.get('/users/@me/guilds', () =>
    answer(
      installed().map((guild) => ({
        id: guild.id,
        name: guild.name,
        icon: null,
        owner: false,
        permissions: String(guildPermissions(guild, world.botId)),
        features: [],
      })),
    ),
  );
  api.get('/users/:user', (call) => {
    const user = world.findUser(param(call, 'user'));
    if (!user) throw apiError('unknownUser');
    return answer(userJson(user));
  });
  api.post('/users/@me/channels', async (call) => {
    const { payload } = await judged(call, context, 'createDm', 0);
    const { recipient_id: id } = DmBody.parse(payload);
    const user = world.findUser(id);
    if (!user || user.bot) throw apiError('invalidRecipients');
    return answer(channelJson(world, world.dm(id)));
  });
  api.get('/applications/:app/emojis', () => answer({ items: [] }));
  api.get(`/applications/${applicationId}/entitlements`, () => answer([]));

  function installed(): GuildRecord[] {
    return world.guilds().filter((guild) => guild.installed);
  }

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
