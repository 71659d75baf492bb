import type { DiscordStandIn, InteractionView, MessageView } from '@easel/discord-stand-in';
import {
  type ChannelRecord,
  channelTypes,
  type GuildRecord,
  has,
  type PermissionName,
  type UserRecord,
} from '@easel/discord-stand-in';
import { heldIn, shownEmbeds, shownStickers } from './message-parts.js';
import type {
  Command,
  InteractionUpdate,
  Message,
  Place,
  Scene,
  Server,
  Surroundings,
  User,
} from './wire.js';

type Discord = Pick<DiscordStandIn, 'actor' | 'interaction' | 'world'>;

/** A user's client at its start. Throws for an unknown name. */
export function surroundings({ actor, world }: Discord, reference: string): Surroundings {
  const me = world.user(reference);
  const place = (channel: ChannelRecord): Place => placeOf({ actor, world }, channel, me.id);
  const mine = world.guilds().filter(({ members }) => members.has(me.id));
  return {
    me: toUser(me),
    botId: world.botId,
    users: world.users().map(toUser),
    servers: mine.map((guild) => serverOf(guild, me.id, channelsOf(world, guild.id, me.id).map(place))),
    direct: place(world.dm(me.id)),
  };
}

/** Those of a guild that the user sees. */
function channelsOf(world: Discord['world'], guildId: string, me: string): ChannelRecord[] {
  return world
    .channels()
    .filter((channel) => channel.guildId === guildId && world.permissionsIn(channel, me) !== 0n);
}

function toUser({ id, username, globalName, bot, locale }: UserRecord): User {
  return { id, username, name: globalName ?? username, bot, locale };
}

function serverOf({ id, name, ownerId, roles, members }: GuildRecord, me: string, places: Place[]): Server {
  const held = (members.get(me)?.roles ?? []).map((role) => roles.get(role)?.permissions ?? 0n);
  const others = [...roles.values()].filter((role) => role.id !== id);
  return {
    id,
    name,
    isAdmin: ownerId === me || held.some((permissions) => has(permissions, 'Administrator')),
    places,
    roles: others.map((role) => ({ id: role.id, name: role.name })),
  };
}

function placeOf(
  { actor, world }: Pick<Discord, 'actor' | 'world'>,
  channel: ChannelRecord,
  me: string,
): Place {
  const may = (name: PermissionName, who = me): boolean => has(world.permissionsIn(channel, who), name);
  const isThread = channel.type === channelTypes.publicThread;
  const { id, guildId, type, name, nsfw } = channel;
  return {
    id,
    guildId,
    type,
    name,
    nsfw,
    botMayAttach: may('AttachFiles', world.botId),
    mayWrite: may(isThread ? 'SendMessagesInThreads' : 'SendMessages'),
    mayAttach: may('AttachFiles'),
    mayManage: may('ManageMessages'),
    uploadLimit: actor(me, id).uploadLimit,
  };
}

/** A channel's content when a user opens it. */
export function scene(discord: Discord, user: string, channel: string): Scene {
  const actor = discord.actor(user, channel);
  return {
    messages: actor.messages().map((view) => messageOf(discord, view)),
    commands: actor.commands().map(commandOf),
  };
}

/** A message as users read it. */
export function messageOf({ interaction }: Pick<Discord, 'interaction'>, view: MessageView): Message {
  const { id, channelId, content, components, ephemeral, loading, createdAt, editedAt } = view;
  const { notified, mentions, replyTo, forwarded } = view;
  const asked = view.interactionId === undefined ? undefined : interaction(view.interactionId);
  const isAnswer = answers.includes(view.type) && asked?.name !== undefined;
  return {
    id,
    channelId,
    content,
    components,
    ephemeral,
    loading,
    createdAt,
    editedAt,
    notified,
    mentions,
    replyTo,
    forwarded,
    authorId: view.author.id,
    // In Components V2 a file shows only if a component refers to it.
    attachments: (view.flags & componentsV2) === 0 ? view.attachments : [],
    embeds: shownEmbeds(view.embeds, view.attachments),
    stickers: shownStickers(view.stickers),
    snapshots: view.snapshots.map(heldIn),
    asked: isAnswer ? { userId: asked.userId, name: asked.name ?? '' } : undefined,
  };
}

/** Discord docs: Message Flags, IS_COMPONENTS_V2. */
const componentsV2 = 1 << 15;

/** Discord docs: Message Types, CHAT_INPUT_COMMAND and CONTEXT_MENU_COMMAND. */
const answers = [20, 23];

/** The outcome of a user's action. */
export function interactionUpdateOf({
  id,
  name,
  channelId,
  createdAt,
  acknowledged,
  failed,
  modal,
}: InteractionView): InteractionUpdate {
  return { id, name, channelId, createdAt, acknowledged: acknowledged !== undefined, failed, modal };
}

type Body = ReturnType<ReturnType<DiscordStandIn['actor']>['commands']>[number];

function commandOf({ type, name, description, options, ...translated }: Body): Command {
  const { name_localizations, description_localizations } = translated;
  return {
    type: type ?? 1,
    name,
    description: description ?? '',
    options: options ?? [],
    name_localizations,
    description_localizations,
  };
}
