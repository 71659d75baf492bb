import { apiError, type FormIssue, formError } from '../api-errors.js';
import { type Component, JsonValue, type MessageBody } from '../body-schemas.js';
import { compareIds } from '../snowflakes.js';
import type { ChannelRecord, JsonObject } from '../types.js';
import { has } from '../world/permissions.js';
import type { World } from '../world/world.js';
import { type Cdn, type StoredFile, safeName, type Upload } from './cdn.js';
import { textsOf } from './components.js';
import { allowedMentionsIssues, readMentions } from './mentions.js';
import { messageFlags, messageIssues } from './message-rules.js';
import type { MessageContent, MessageRecord } from './messages.js';

export interface Composition {
  readonly body: MessageBody;
  readonly files: ReadonlyMap<string, Upload>;
  readonly channel: ChannelRecord;
  readonly authorId: string;
  /** The message that is edited; undefined for a new one. */
  readonly record?: MessageRecord | undefined;
  /** Flags that the body may set. */
  readonly settable: number;
  readonly ephemeral?: boolean;
  /** It is the first answer to an interaction. */
  readonly isAnswer?: boolean;
  /** The author of the message replied to. */
  readonly repliedTo?: string | undefined;
  /** A forward or a sticker makes a message of its own. */
  readonly mayBeEmpty?: boolean;
}

export interface Composed {
  readonly content: MessageContent;
  /** The pinged users: none for an edit. */
  readonly notified: readonly string[];
}

/** Turns a validated body with its files into a message's content. Throws ApiError 50035, 50006. */
export async function compose(world: World, cdn: Cdn, given: Composition): Promise<Composed> {
  const { record, channel, authorId, body, ephemeral = false } = given;
  const drawn = draft(given);
  check(given, drawn);
  // Users' own messages are not checked here: tests decide what they send.
  if (authorId === world.botId)
    world.filters.check({
      channel,
      ephemeral,
      isAnswer: given.isAnswer === true,
      files: freshFiles(given),
      texts: [drawn.text, ...textsOf(drawn.components), JSON.stringify(drawn.embeds)],
    });
  const stored = await Promise.all(
    freshFiles(given).map((upload) => cdn.store(upload, channel.id, ephemeral)),
  );
  // Drawn up again: the message may have been edited while the files were stored.
  const { text, embeds, components, flags, kept } = draft(given);
  const mentions = readMentions({
    texts: [text, ...textsOf(components)],
    allowed: body.allowed_mentions ?? undefined,
    guild: world.findGuild(channel.guildId),
    authorId,
    mayMentionEveryone:
      channel.guildId !== undefined && has(world.permissionsIn(channel, authorId), 'MentionEveryone'),
    repliedTo: given.repliedTo,
    isUser: (id) => world.findUser(id) !== undefined,
  });
  return {
    content: {
      content: text,
      embeds,
      components,
      attachments: ordered(cdn, given, kept, stored),
      flags: flags | (ephemeral ? messageFlags.ephemeral : 0),
      // An edit that keeps the text keeps its mentions, including the author replied to.
      ...(record && saysNothing(body)
        ? pickMentions(record)
        : { mentions: mentions.users, mentionRoles: mentions.roles, mentionEveryone: mentions.everyone }),
    },
    notified: record ? [] : mentions.notified,
  };
}

/** By id, or in the order of the body's list; unlisted ones come last. */
function ordered(
  { attachmentOrder }: Cdn,
  { body: { attachments }, files }: Composition,
  kept: readonly StoredFile[],
  stored: readonly StoredFile[],
): StoredFile[] {
  if (attachmentOrder === 'id')
    return [...kept, ...stored].sort((one, other) => compareIds(one.id, other.id));
  const names = [...kept.map(({ id }) => id), ...files.keys()];
  const at = (name: string | undefined) => {
    const index = attachments?.findIndex(({ id }) => id === name) ?? -1;
    return index === -1 ? Number.POSITIVE_INFINITY : index;
  };
  const all = [...kept, ...stored].map((file, index) => ({ file, at: at(names[index]) }));
  return all.sort((one, other) => (one.at === other.at ? 0 : one.at - other.at)).map(({ file }) => file);
}

function saysNothing({ content, components }: MessageBody): boolean {
  return content === undefined && components === undefined;
}

function pickMentions({ mentions, mentionRoles, mentionEveryone }: MessageRecord) {
  return { mentions, mentionRoles, mentionEveryone };
}

interface Draft {
  readonly text: string;
  readonly embeds: JsonObject[];
  readonly components: Component[];
  readonly flags: number;
  readonly kept: StoredFile[];
}

/** The message's new content, apart from uploads. */
function draft(given: Composition): Draft {
  const { body, record, settable } = given;
  const asked = (body.flags ?? 0) & settable;
  const embeds = body.embeds === null ? null : body.embeds?.map((embed) => JsonValue.parse(embed));
  return {
    text: pick(body.content, record?.content, ''),
    embeds: pick(embeds, record?.embeds, []),
    components: pick(body.components, record?.components, []),
    flags: record ? editedFlags(record, asked, body.flags) : asked,
    kept: keptFiles(given),
  };
}

function check(given: Composition, { text, embeds, components, flags, kept }: Draft): void {
  const { body } = given;
  const fresh = freshFiles(given);
  const names = [...kept.map(({ filename }) => filename), ...fresh.map(({ filename }) => safeName(filename))];
  const v2 = (flags & messageFlags.componentsV2) !== 0;
  // A message of Components V2 must hold no text or embeds of earlier days either.
  const judged = v2 ? { ...body, content: text, embeds: body.embeds ?? embeds } : body;
  const issues: FormIssue[] = [
    ...messageIssues(judged, v2, names),
    ...allowedMentionsIssues(body.allowed_mentions),
  ];
  if (names.length > 10)
    issues.push({
      path: ['attachments'],
      code: 'BASE_TYPE_MAX_LENGTH',
      message: 'Must be 10 or fewer in length.',
    });
  if (issues.length > 0) throw formError(issues);
  const isEmpty = text === '' && [embeds, components, names].every((part) => part.length === 0);
  if (isEmpty && !given.mayBeEmpty) throw apiError('emptyMessage');
}

/** A PATCH keeps listed attachments; without a list, all. Throws ApiError 50035 for missing ones. */
function keptFiles({ body: { attachments }, files, record }: Composition): StoredFile[] {
  const present = record?.attachments ?? [];
  if (attachments === undefined) return present;
  const unknown = (attachments ?? []).flatMap(({ id }, index) =>
    files.has(id) || present.some((file) => file.id === id) ? [] : [index],
  );
  if (unknown.length > 0)
    throw formError(
      unknown.map((index) => ({
        path: ['attachments', index, 'id'],
        code: 'ATTACHMENT_NOT_FOUND',
        message: 'Attachment not found',
      })),
    );
  return present.flatMap((file) => {
    const entry = attachments?.find(({ id }) => id === file.id);
    return entry ? [{ ...file, description: entry.description ?? file.description }] : [];
  });
}

function freshFiles({ body: { attachments }, files }: Composition): Upload[] {
  return [...files].map(([number, upload]) => {
    const entry = attachments?.find(({ id }) => id === number);
    const filename = entry?.filename ?? upload.filename;
    const title = entry?.title ?? undefined;
    return { ...upload, filename, title, description: entry?.description ?? undefined };
  });
}

/** An edit can set the Components V2 flag, never remove it. Deferred answers lose the loading flag. */
function editedFlags(record: MessageRecord, asked: number, given: number | null | undefined): number {
  const lasting = record.flags & (messageFlags.componentsV2 | messageFlags.ephemeral);
  const suppress = given === undefined || given === null ? record.flags & messageFlags.suppressEmbeds : 0;
  return lasting | suppress | asked;
}

/** An edit leaves missing fields alone, and clears null ones. */
function pick<T>(given: T | null | undefined, before: T | undefined, empty: T): T {
  if (given === null) return empty;
  return given ?? before ?? empty;
}
