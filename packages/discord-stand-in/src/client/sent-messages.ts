import type { Component } from '../body-schemas.js';
import type { Cdn, Upload } from '../messages/cdn.js';
import { compose } from '../messages/message-composer.js';
import { messageFlags } from '../messages/message-rules.js';
import { type MessageRecord, messageTypes } from '../messages/messages.js';
import { channelTypes, type JsonObject } from '../types.js';
import { has, type PermissionName } from '../world/permissions.js';
import type { World } from '../world/world.js';
import { type ClientContext, type UserContext, uploadLimitOf } from './client-context.js';
import { ClientRefusal } from './client-refusal.js';

/** Discord docs: Sticker Resource, "Sticker Format Types", with the ending of their links. */
const stickerFormats = { png: 1, apng: 2, lottie: 3, gif: 4 } as const;
const stickerEndings = { png: 'png', apng: 'png', lottie: 'json', gif: 'gif' } as const;

export interface Sticker {
  readonly name: string;
  readonly format: keyof typeof stickerFormats;
  readonly bytes: Uint8Array;
}

export interface SendSettings {
  /** Id of the message replied to. */
  readonly replyTo?: string | undefined;
  /** Whether the reply pings the other one; it does by default. */
  readonly mentionReply?: boolean | undefined;
  readonly files?: readonly Upload[] | undefined;
  readonly embeds?: readonly JsonObject[] | undefined;
  readonly stickers?: readonly Sticker[] | undefined;
  /** Components V2, in place of a text: only other bots write such messages. */
  readonly components?: readonly Component[] | undefined;
}

/** A message that a user writes. `@name` becomes a mention as in the composer. Throws ClientRefusal. */
export async function speak(
  context: ClientContext,
  userContext: UserContext,
  text: string,
  settings: SendSettings = {},
): Promise<MessageRecord> {
  const { world, cdn, messages, applicationId } = context;
  const { user, channel } = userContext;
  const { files = [], embeds = [], stickers = [], components = [], mentionReply = true, replyTo } = settings;
  refuse(context, userContext, settings);
  const target = replyTo === undefined ? undefined : messages.find(replyTo);
  if (replyTo !== undefined && target?.channelId !== channel.id)
    throw new ClientRefusal(`there is no message ${replyTo} here`);
  // A reply to the answer of an interaction does not mention the bot, however it is set.
  const rings = mentionReply && target !== undefined && target.webhookId !== applicationId;
  const { content, notified } = await compose(world, cdn, {
    body: {
      content: withMentions(world, text),
      embeds: [...embeds, ...unfurled(cdn, text)],
      ...(components.length > 0 && { components: [...components], flags: messageFlags.componentsV2 }),
    },
    files: new Map(files.map((file, index) => [String(index), file])),
    channel,
    authorId: user.id,
    settable: messageFlags.suppressNotifications | messageFlags.componentsV2,
    repliedTo: rings ? target.authorId : undefined,
    mayBeEmpty: stickers.length > 0,
  });
  const described = content.attachments.map((file, index) => ({
    ...file,
    description: files[index]?.description,
  }));
  return messages.create({
    ...content,
    attachments: described,
    channelId: channel.id,
    authorId: user.id,
    type: target ? messageTypes.reply : messageTypes.default,
    reference: target && {
      type: 0,
      messageId: target.id,
      channelId: target.channelId,
      guildId: target.guildId,
    },
    ...(stickers.length > 0 ? { stickers: stickers.map((sticker) => stickerItem(cdn, sticker)) } : {}),
    notified,
  });
}

/** @throws ClientRefusal for messages that a user may not send here. */
function refuse(
  context: ClientContext,
  userContext: UserContext,
  { files = [], components = [] }: SendSettings,
): void {
  const { user, channel } = userContext;
  const may = (name: PermissionName): boolean => has(context.world.permissionsIn(channel, user.id), name);
  if (components.length > 0 && !user.bot)
    throw new ClientRefusal(`only bots can send components, and ${user.username} isn't one`);
  if (!may(channel.type === channelTypes.publicThread ? 'SendMessagesInThreads' : 'SendMessages'))
    throw new ClientRefusal(`${user.username} may not write here`);
  if (files.length > 0 && !may('AttachFiles'))
    throw new ClientRefusal(`${user.username} may not attach files here`);
  const limit = uploadLimitOf(context, userContext);
  for (const { filename, bytes } of files)
    if (bytes.byteLength > limit) throw new ClientRefusal(`${filename} is larger than ${limit} bytes`);
}

/** Pictures of this CDN whose links are in a text, as Discord unfurls them; nothing elsewhere is requested. */
function unfurled(cdn: Cdn, text: string): JsonObject[] {
  const links = (text.match(/https?:\/\/\S+/g) ?? []).filter((url) => URL.canParse(url));
  return links.flatMap((url) => {
    const file = cdn.find(url.split('/').at(-2) ?? '');
    const own = file && cdn.json(file).url;
    if (!file?.width || !file.height || typeof own !== 'string' || bare(url) !== bare(own)) return [];
    const { width, height } = file;
    return [{ type: 'image', url, thumbnail: { url, proxy_url: own, width, height } }];
  });
}

/** Without its signature. */
function bare(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function stickerItem(cdn: Cdn, { name, format, bytes }: Sticker): JsonObject {
  return { id: cdn.storeSticker(bytes, stickerEndings[format]), name, format_type: stickerFormats[format] };
}

/** Edits the user's own message; its mentions are parsed again, and no one is pinged. */
export async function amend(
  { world, cdn, messages }: ClientContext,
  { channel, user }: UserContext,
  record: MessageRecord,
  text: string,
): Promise<void> {
  const body = { content: withMentions(world, text) };
  const files = new Map<string, Upload>();
  const { content } = await compose(world, cdn, {
    body,
    files,
    channel,
    authorId: user.id,
    record,
    settable: 0,
  });
  messages.edit(record, content);
}

/** Forwards a message here, with its content as a snapshot. */
export function forward(
  { messages, json }: ClientContext,
  { user, channel }: UserContext,
  messageId: string,
): MessageRecord {
  const target = messages.find(messageId);
  if (!target || (target.visibleTo !== undefined && target.visibleTo !== user.id))
    throw new ClientRefusal(`there is no message ${messageId}`);
  return messages.create({
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    flags: messageFlags.hasSnapshot,
    mentions: [],
    mentionRoles: [],
    mentionEveryone: false,
    channelId: channel.id,
    authorId: user.id,
    type: messageTypes.default,
    reference: { type: 1, messageId: target.id, channelId: target.channelId, guildId: target.guildId },
    snapshots: [json.snapshot(target)],
  });
}

/** `@Easel` becomes `<@id>`: the composer does it as one picks the name. The longest name wins. */
export function withMentions(world: World, text: string): string {
  const names = world
    .users()
    .flatMap(({ id, username, globalName }) =>
      [username, globalName].flatMap((name) => (name ? [{ id, name }] : [])),
    )
    .sort((a, b) => b.name.length - a.name.length);
  return names.reduce((written, { id, name }) => {
    const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return written.replaceAll(new RegExp(`(?<![\\w<])@${escaped}(?![\\p{L}\\p{N}_])`, 'giu'), `<@${id}>`);
  }, text);
}
