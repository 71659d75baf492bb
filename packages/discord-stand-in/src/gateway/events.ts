import type { InteractionRecord } from '../interactions/interactions.js';
import type { MessageJson } from '../messages/message-json.js';
import type { MessageRecord, Messages, Reaction } from '../messages/messages.js';
import {
  type ChannelRecord,
  channelTypes,
  type GuildRecord,
  type JsonObject,
  type MemberRecord,
  type Portal,
} from '../types.js';
import { has } from '../world/permissions.js';
import type { World } from '../world/world.js';
import { channelJson, guildCreateJson, guildJson, memberJson, roleJson } from '../world/world-json.js';
import type { Dispatch } from './gateway-session.js';
import { intents } from './intents.js';

/** Dispatches events of the world and of channels, as far as the bot may know. */
export function dispatchEvents(sources: EventSources): void {
  const { world, dispatch } = sources;
  dispatchGuildEvents(world, dispatch);
  dispatchMemberEvents(world, dispatch);
  dispatchMessageEvents(sources);
}

interface EventSources {
  readonly world: World;
  readonly messages: Messages;
  readonly json: MessageJson;
  readonly portal: Readonly<Portal>;
  readonly dispatch: (event: Dispatch) => void;
}

/** The subject of a guild's event. */
interface GuildEvent {
  readonly name: string;
  readonly guildId: string | undefined;
  readonly data: JsonObject;
  readonly needed?: number;
}

/** Dispatches an event of a guild that the bot is in, or that it has just left. */
function dispatchToGuild(
  world: World,
  dispatch: (event: Dispatch) => void,
  { name, guildId, data, needed = intents.guilds }: GuildEvent,
): void {
  if (guildId !== undefined && !world.findGuild(guildId)?.installed && name !== 'GUILD_DELETE') return;
  dispatch({ name, guildId, intents: needed, data: () => data });
}

function dispatchGuildEvents(world: World, dispatch: (event: Dispatch) => void): void {
  const tell = (name: string, guildId: string | undefined, data: JsonObject): void =>
    dispatchToGuild(world, dispatch, { name, guildId, data });
  const channelEvent = (what: string, channel: ChannelRecord): void => {
    const kind = channel.type === channelTypes.publicThread ? 'THREAD' : 'CHANNEL';
    tell(`${kind}_${what}`, channel.guildId, channelJson(world, channel));
  };
  const { events } = world;
  events.on('guildAdded', (guild) => tell('GUILD_CREATE', guild.id, guildCreateJson(world, guild)));
  events.on('guildChanged', (guild) => tell('GUILD_UPDATE', guild.id, guildJson(guild)));
  events.on('guildRemoved', ({ id }) => tell('GUILD_DELETE', id, { id }));
  events.on('channelAdded', (channel) => channelEvent('CREATE', channel));
  events.on('channelChanged', (channel) => channelEvent('UPDATE', channel));
  events.on('channelRemoved', (channel) => channelEvent('DELETE', channel));
  for (const [event, name] of [
    ['roleAdded', 'GUILD_ROLE_CREATE'],
    ['roleChanged', 'GUILD_ROLE_UPDATE'],
  ] as const)
    events.on(event, (role) => tell(name, role.guildId, { guild_id: role.guildId, role: roleJson(role) }));
  events.on('roleRemoved', ({ guildId, id }) =>
    tell('GUILD_ROLE_DELETE', guildId, { guild_id: guildId, role_id: id }),
  );
}

function dispatchMemberEvents(world: World, dispatch: (event: Dispatch) => void): void {
  const tell = (name: string, guild: GuildRecord, member: MemberRecord, needed: number): void => {
    const data = { guild_id: guild.id, ...memberJson(member, world.findUser(member.userId)) };
    dispatchToGuild(world, dispatch, { name, guildId: guild.id, data, needed });
  };
  const { events } = world;
  events.on('memberAdded', (guild, member) => tell('GUILD_MEMBER_ADD', guild, member, intents.guildMembers));
  events.on('memberChanged', (guild, member) => {
    // A bot always receives its own changes.
    const needed = member.userId === world.botId ? 0 : intents.guildMembers;
    tell('GUILD_MEMBER_UPDATE', guild, member, needed);
  });
}

function dispatchMessageEvents({ world, messages, json, portal, dispatch }: EventSources): void {
  const messageEvent = (
    name: string,
    record: MessageRecord,
    data: (seesContent: boolean) => JsonObject,
  ): void => {
    const channel = world.findChannel(record.channelId);
    if (!channel || !has(world.permissionsIn(channel, world.botId), 'ViewChannel')) return;
    // An ephemeral message has no guild, and so is dispatched like a direct one.
    const direct = record.guildId === undefined || record.visibleTo !== undefined;
    dispatch({
      name,
      guildId: direct ? undefined : record.guildId,
      intents: direct ? intents.directMessages : intents.guildMessages,
      data: (held) => data(portal.messageContent && (held & intents.messageContent) !== 0),
    });
  };
  messages.events.on('created', (record) =>
    messageEvent('MESSAGE_CREATE', record, (sees) => ({
      ...json.event(record, sees),
      nonce: record.nonce,
    })),
  );
  messages.events.on('updated', (record) =>
    messageEvent('MESSAGE_UPDATE', record, (sees) => json.event(record, sees)),
  );
  dispatchReactions({ world, messages, dispatch });
  messages.events.on('deleted', (record) => {
    const { id, channelId, guildId, visibleTo } = record;
    messageEvent('MESSAGE_DELETE', record, () => ({
      id,
      channel_id: channelId,
      guild_id: visibleTo === undefined ? guildId : undefined,
    }));
  });
}

/** Discord docs: Gateway Events, "Message Reaction Add", with a member in guilds, and the author where it is known. */
function dispatchReactions({
  world,
  messages,
  dispatch,
}: Pick<EventSources, 'world' | 'messages' | 'dispatch'>): void {
  const tell = (name: string, record: MessageRecord, { emoji, userId }: Reaction): void => {
    const channel = world.findChannel(record.channelId);
    if (!channel || !has(world.permissionsIn(channel, world.botId), 'ViewChannel')) return;
    const { id, channelId, guildId, authorId } = record;
    const member = world.findGuild(guildId)?.members.get(userId);
    const added = name === 'MESSAGE_REACTION_ADD' && {
      member: member && memberJson(member, world.findUser(userId)),
      message_author_id: authorId,
      burst_colors: [],
    };
    const about = { user_id: userId, channel_id: channelId, message_id: id, guild_id: guildId };
    const data = { ...about, emoji: { id: null, name: emoji }, burst: false, type: 0, ...added };
    const needed = guildId === undefined ? intents.directMessageReactions : intents.guildMessageReactions;
    dispatch({ name, guildId, intents: needed, data: () => data });
  };
  messages.events.on('reacted', (record, reaction) => tell('MESSAGE_REACTION_ADD', record, reaction));
  messages.events.on('unreacted', (record, reaction) => tell('MESSAGE_REACTION_REMOVE', record, reaction));
}

/** INTERACTION_CREATE needs no intent. @param byGuild whether the guild's own shard dispatches it. */
export function interactionCreate(record: InteractionRecord, byGuild: boolean, data: JsonObject): Dispatch {
  return {
    name: 'INTERACTION_CREATE',
    guildId: byGuild ? record.guildId : undefined,
    intents: 0,
    data: () => data,
  };
}
