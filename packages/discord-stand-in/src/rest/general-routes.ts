import { apiError } from '../api-errors.js';
import { DmBody } from '../body-schemas.js';
import { guildPermissions } from '../world/permissions.js';
import { channelJson, userJson } from '../world/world-json.js';
import { type Api, answer, judged, param, type RestContext } from './rest-context.js';

/** The application, users and the way to the gateway. */
export function generalRoutes(api: Api, context: RestContext): void {
  const { applicationId } = context;
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
  api.get('/applications/:app/emojis', () => answer({ items: [] }));
  api.get(`/applications/${applicationId}/entitlements`, () => answer([]));
  userRoutes(api, context);
}

function userRoutes(api: Api, context: RestContext): void {
  const { world } = context;
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
      world
        .guilds()
        .filter((guild) => guild.installed)
        .map((guild) => ({
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
}
