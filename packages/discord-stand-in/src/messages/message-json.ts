import { isObject } from '../api-errors.js';
import type { Json, JsonObject } from '../types.js';
import type { World } from '../world/world.js';
import { memberJson, userJson } from '../world/world-json.js';
import { inComponents, inEmbeds, linkedComponents, linkedEmbed } from './attachment-links.js';
import type { Cdn } from './cdn.js';
import type { MessageRecord, Messages } from './messages.js';

export interface MessageJson {
  /** In full, as for its author or in a response. `seesContent` false empties the content that the intent covers. */
  show(record: MessageRecord, seesContent?: boolean): JsonObject;
  /** As a gateway event shows it, with guild and member. */
  event(record: MessageRecord, seesContent: boolean): JsonObject;
  /** As others' clients forward it. */
  snapshot(record: MessageRecord): JsonObject;
  /** Whether a bot without the intent sees the content. Discord docs: Gateway, "Message Content Intent". */
  isOpen(record: MessageRecord): boolean;
}

interface Deps {
  readonly world: World;
  readonly cdn: Cdn;
}

export function createMessageJson(world: World, cdn: Cdn, messages: Messages): MessageJson {
  const deps: Deps = { world, cdn };
  const isOpen = ({ authorId, guildId, mentions }: MessageRecord): boolean =>
    authorId === world.botId || guildId === undefined || mentions.includes(world.botId);

  function referred(record: MessageRecord, all: boolean): JsonObject {
    if (record.reference?.type !== 0) return pointer(record);
    const target = messages.find(record.reference.messageId);
    // Its own references are ids, without the messages.
    const shown = target ? { ...bareJson(deps, target, all || isOpen(target)), ...pointer(target) } : null;
    return { ...pointer(record), referenced_message: shown };
  }

  const show = (record: MessageRecord, seesContent = true): JsonObject => ({
    ...bareJson(deps, record, seesContent || isOpen(record)),
    ...referred(record, seesContent),
  });

  return {
    show,
    isOpen,
    event(record, seesContent) {
      const shown = { ...show(record, seesContent), channel_type: world.findChannel(record.channelId)?.type };
      // Discord docs: Message Create: neither guild nor member on ephemeral messages, no member on a webhook's.
      if (record.guildId === undefined || record.visibleTo !== undefined) return shown;
      const member =
        record.webhookId === undefined && world.findGuild(record.guildId)?.members.get(record.authorId);
      return { ...shown, guild_id: record.guildId, member: member ? memberJson(member) : undefined };
    },
    snapshot(record) {
      const { type, timestamp, edited_timestamp, flags, mentions, mention_roles, sticker_items } = bareJson(
        deps,
        record,
        true,
      );
      const about = { type, timestamp, edited_timestamp, flags, mentions, mention_roles, sticker_items };
      return { message: { ...about, ...contentOf(cdn, record) } };
    },
  };
}

function contentOf(cdn: Cdn, record: MessageRecord): JsonObject {
  const hidden = new Set([...inEmbeds(record), ...inComponents(record)]);
  return {
    content: record.content,
    embeds: record.embeds.map((embed) => linkedEmbed(cdn, record, embed)),
    attachments: record.attachments.filter((file) => !hidden.has(file.filename)).map(cdn.json),
    components: toJson(linkedComponents(cdn, record)),
  };
}

/** Without its references. `open`: whether the content is included. */
function bareJson({ world, cdn }: Deps, record: MessageRecord, open: boolean): JsonObject {
  const author = world.findUser(record.authorId);
  return {
    id: record.id,
    type: record.type,
    channel_id: record.channelId,
    author: author ? userJson(author) : {},
    ...(open ? contentOf(cdn, record) : { content: '', embeds: [], attachments: [], components: [] }),
    timestamp: new Date(record.createdAt).toISOString(),
    edited_timestamp: record.editedAt === undefined ? null : new Date(record.editedAt).toISOString(),
    tts: false,
    mention_everyone: record.mentionEveryone,
    mentions: people(world, record.mentions, record.guildId),
    mention_roles: [...record.mentionRoles],
    pinned: false,
    reactions: record.reactions.size > 0 ? reactionsJson(record, world.botId) : undefined,
    flags: record.flags,
    webhook_id: record.webhookId,
    application_id: record.webhookId,
    sticker_items: record.stickers && [...record.stickers],
    message_snapshots: record.snapshots && (open ? [...record.snapshots] : record.snapshots.map(emptied)),
    ...origin(world, record),
  };
}

/** Discord docs: Message Object, "Reaction Object". */
function reactionsJson({ reactions }: MessageRecord, botId: string): JsonObject[] {
  return [...reactions].map(([emoji, users]) => ({
    count: users.size,
    count_details: { burst: 0, normal: users.size },
    me: users.has(botId),
    me_burst: false,
    emoji: { id: null, name: emoji },
    burst_colors: [],
  }));
}

function people(world: World, ids: readonly string[], guildId: string | undefined): JsonObject[] {
  const guild = world.findGuild(guildId);
  return ids.flatMap((id) => {
    const user = world.findUser(id);
    const member = guild?.members.get(id);
    return user ? [{ ...userJson(user), member: member && memberJson(member) }] : [];
  });
}

/** The interaction that a message answers, in the current and the former format. */
function origin(world: World, { origin: asked, visibleTo }: MessageRecord): JsonObject {
  const user = asked && world.findUser(asked.userId);
  if (!asked || !user) return {};
  const metadata = {
    id: asked.id,
    type: asked.type,
    user: userJson(user),
    authorizing_integration_owners: asked.owners,
    name: asked.name,
    target_message_id: asked.targetMessageId,
    ephemerality_reason: visibleTo === undefined ? undefined : 0,
  };
  const older =
    asked.name === undefined
      ? undefined
      : { id: asked.id, type: asked.type, name: asked.name, user: userJson(user) };
  return { interaction_metadata: metadata, interaction: older };
}

/** A message's references, as ids. */
function pointer({ reference }: MessageRecord): JsonObject {
  if (!reference) return {};
  const { type, messageId, channelId, guildId } = reference;
  return {
    message_reference: { type, message_id: messageId, channel_id: channelId, guild_id: guildId },
  };
}

function emptied(snapshot: JsonObject): JsonObject {
  const message = isObject(snapshot.message) ? snapshot.message : {};
  return { message: { ...message, content: '', embeds: [], attachments: [], components: [] } };
}

/** Components came in as JSON, so they can be returned as such. */
export function toJson(value: unknown): Json {
  const parsed: Json = JSON.parse(JSON.stringify(value));
  return parsed;
}
