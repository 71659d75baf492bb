import type { InteractionRecord } from '../interactions/interactions.js';
import { channelTypes, type JsonObject, type UserRecord } from '../types.js';
import { permissions } from '../world/permissions.js';
import type { World } from '../world/world.js';
import { memberJson, partialChannelJson, userJson } from '../world/world-json.js';

/** Discord docs: Receiving and Responding, "Interaction Context Types". */
export const contexts = { guild: 0, botDm: 1, privateChannel: 2 } as const;

export function contextOf(world: World, channelId: string): number {
  const channel = world.channel(channelId);
  if (channel.guildId !== undefined) return contexts.guild;
  return channel.type === channelTypes.dm && channel.recipients.includes(world.botId)
    ? contexts.botDm
    : contexts.privateChannel;
}

export interface PayloadParts {
  readonly applicationId: string;
  readonly data: JsonObject;
  /** The message that holds the component. */
  readonly message: JsonObject | undefined;
  /** Of the user's client, when it is not their usual one. */
  readonly locale: string | undefined;
}

/** INTERACTION_CREATE's payload. Discord docs: Receiving and Responding, "Interaction Structure". */
export function interactionJson(world: World, record: InteractionRecord, parts: PayloadParts): JsonObject {
  const { id, token, type, userId, channelId, guildId, owners, uploadLimit } = record;
  const channel = world.channel(channelId);
  const user = world.user(userId);
  const guild = world.findGuild(guildId);
  const held = world.permissionsIn(channel, userId);
  return {
    id,
    application_id: parts.applicationId,
    type,
    data: parts.data,
    guild: guild && { id: guild.id, locale: guild.preferredLocale, features: [] },
    guild_id: guildId,
    channel: partialChannelJson(world, channel, held),
    channel_id: channelId,
    ...person(world, record, user, held),
    token,
    version: 1,
    message: parts.message,
    app_permissions: appPermissions(world, record).toString(),
    locale: parts.locale ?? user.locale,
    guild_locale: guild?.preferredLocale,
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: owners,
    context: contextOf(world, channelId),
    attachment_size_limit: uploadLimit,
  };
}

function person(
  world: World,
  { guildId, userId }: InteractionRecord,
  user: UserRecord,
  held: bigint,
): JsonObject {
  const member = world.findGuild(guildId)?.members.get(userId);
  return member
    ? { member: { ...memberJson(member, user), permissions: held.toString() } }
    : { user: userJson(user) };
}

/** The app's permissions in the channel; without a bot there, only those that answers need. */
function appPermissions(world: World, { channelId, owners }: InteractionRecord): bigint {
  const answering = permissions.EmbedLinks | permissions.AttachFiles | permissions.UseExternalEmojis;
  if (owners['0'] === undefined) return answering;
  return world.permissionsIn(world.channel(channelId), world.botId);
}
