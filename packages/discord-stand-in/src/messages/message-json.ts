import { isObject } from '../api-errors.js';
import type { Json, JsonObject } from '../types.js';
import type { World } from '../world/world.js';
import { memberJson, userJson } from '../world/world-json.js';
import type { Cdn } from './cdn.js';
import { mediaOf, numbered, walk } from './components.js';
import type { MessageRecord, Messages } from './messages.js';

export interface MessageJson {
  /** In full, as its author or the answer to a request shows it. `seesContent` false empties what the intent covers. */
  show(record: MessageRecord, seesContent?: boolean): JsonObject;
  /** As a gateway event shows it, with guild and member. */
  event(record: MessageRecord, seesContent: boolean): JsonObject;
  /** As others' clients forward it. */
  snapshot(record: MessageRecord): JsonObject;
  /** Whether a bot without the intent sees the content. Discord docs: Gateway, "Message Content Intent". */
  isOpen(record: MessageRecord): boolean;
}

export function createMessageJson(world: World, cdn: Cdn, messages: Messages): MessageJson {
  const isOpen = ({ authorId, guildId, mentions }: MessageRecord): boolean =>
    authorId === world.botId || guildId === undefined || mentions.includes(world.botId);

  function content(record: MessageRecord): JsonObject {
    const hidden = new Set([...inEmbeds(record), ...inComponents(record)]);
    return {
      content: record.content,
      embeds: record.embeds.map((embed) => linked(record, embed)),
      attachments: record.attachments.filter((file) => !hidden.has(file.filename)).map(cdn.json),
      components: toJson(linkedComponents(record)),
    };
  }

  /** `attachment://name` becomes the link to the file. */
  function linked(record: MessageRecord, embed: JsonObject): JsonObject {
    const shown = { type: 'rich', ...embed };
    for (const field of ['image', 'thumbnail', 'footer', 'author']) {
      const part = embed[field];
      if (!isObject(part)) continue;
      for (const key of ['url', 'icon_url']) {
        const url = link(record, part[key]);
        if (url) Object.assign(shown, { [field]: { ...part, [key]: url, proxy_url: url } });
      }
    }
    return shown;
  }

  function linkedComponents(record: MessageRecord): unknown {
    const components = numbered(record.components);
    for (const { component } of walk(components))
      for (const media of mediaOf(component)) {
        Object.assign(media, resolved(record, media.url));
      }
    return components;
  }

  function link(record: MessageRecord, url: unknown): string | undefined {
    if (typeof url !== 'string' || !url.startsWith('attachment://')) return undefined;
    const file = record.attachments.find(({ filename }) => filename === url.slice(13));
    const shown = file && cdn.json(file).url;
    return typeof shown === 'string' ? shown : undefined;
  }

  /** What Discord tells of a file that a component shows. Discord docs: Component Reference, "Unfurled Media Item". */
  function resolved(record: MessageRecord, reference: string): JsonObject {
    const url = link(record, reference);
    const file = record.attachments.find(({ filename }) => filename === reference.slice(13));
    if (!url || !file) return {};
    const { id, contentType, width, height } = file;
    const size = { width: width ?? null, height: height ?? null };
    return { url, proxy_url: url, content_type: contentType, attachment_id: id, ...size };
  }

  function people(ids: readonly string[], guildId: string | undefined): JsonObject[] {
    const guild = world.findGuild(guildId);
    return ids.flatMap((id) => {
      const user = world.findUser(id);
      const member = guild?.members.get(id);
      return user ? [{ ...userJson(user), member: member && memberJson(member) }] : [];
    });
  }

  function origin({ origin: asked, visibleTo }: MessageRecord): JsonObject {
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

  function referred(record: MessageRecord, all: boolean): JsonObject {
    if (record.reference?.type !== 0) return pointer(record);
    const target = messages.find(record.reference.messageId);
    // What it refers to in turn is named, and not shown.
    const shown = target ? { ...bare(target, all || isOpen(target)), ...pointer(target) } : null;
    return { ...pointer(record), referenced_message: shown };
  }

  function pointer({ reference }: MessageRecord): JsonObject {
    if (!reference) return {};
    const { type, messageId, channelId, guildId } = reference;
    return {
      message_reference: { type, message_id: messageId, channel_id: channelId, guild_id: guildId },
    };
  }

  function bare(record: MessageRecord, open: boolean): JsonObject {
    const author = world.findUser(record.authorId);
    return {
      id: record.id,
      type: record.type,
      channel_id: record.channelId,
      author: author ? userJson(author) : {},
      ...(open ? content(record) : { content: '', embeds: [], attachments: [], components: [] }),
      timestamp: new Date(record.createdAt).toISOString(),
      edited_timestamp: record.editedAt === undefined ? null : new Date(record.editedAt).toISOString(),
      tts: false,
      mention_everyone: record.mentionEveryone,
      mentions: people(record.mentions, record.guildId),
      mention_roles: [...record.mentionRoles],
      pinned: false,
      flags: record.flags,
      webhook_id: record.webhookId,
      application_id: record.webhookId,
      sticker_items: record.stickers && [...record.stickers],
      message_snapshots: record.snapshots && (open ? [...record.snapshots] : record.snapshots.map(emptied)),
      ...origin(record),
    };
  }

  const show = (record: MessageRecord, seesContent = true): JsonObject => ({
    ...bare(record, seesContent || isOpen(record)),
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
      const { type, timestamp, edited_timestamp, flags, mentions, mention_roles, sticker_items } = bare(
        record,
        true,
      );
      const about = { type, timestamp, edited_timestamp, flags, mentions, mention_roles, sticker_items };
      return { message: { ...about, ...content(record) } };
    },
  };
}

function emptied(snapshot: JsonObject): JsonObject {
  const message = isObject(snapshot.message) ? snapshot.message : {};
  return { message: { ...message, content: '', embeds: [], attachments: [], components: [] } };
}

/** Names of files that an embed shows: they are not listed among the attachments. */
function inEmbeds({ embeds }: MessageRecord): ReadonlySet<string> {
  const urls = embeds.flatMap(({ image, thumbnail }) =>
    [image, thumbnail].map((part) => (isObject(part) ? part.url : undefined)),
  );
  return new Set(
    urls.flatMap((url) =>
      typeof url === 'string' && url.startsWith('attachment://') ? [url.slice(13)] : [],
    ),
  );
}

/** The same of files that components show: the message lists them there alone. */
function inComponents({ components }: MessageRecord): readonly string[] {
  return walk(components)
    .flatMap(({ component }) => mediaOf(component))
    .flatMap(({ url }) => (url.startsWith('attachment://') ? [url.slice(13)] : []));
}

/** Components came as JSON and are nothing else. */
export function toJson(value: unknown): Json {
  const parsed: Json = JSON.parse(JSON.stringify(value));
  return parsed;
}
