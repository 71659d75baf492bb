import type { Component } from '../body-schemas.js';
import type { JsonObject } from '../types.js';
import type { World } from '../world/world.js';
import { linkedComponents } from './attachment-links.js';
import type { Cdn } from './cdn.js';

import { messageFlags } from './message-rules.js';
import type { MessageRecord } from './messages.js';

/** A file of a message as a user sees it. */
export interface AttachmentView {
  readonly id: string;
  readonly filename: string;
  /** Shown instead of the name. */
  readonly title?: string | undefined;
  /** Bytes. */
  readonly size: number;
  /** Signed, with the life of a link from now. */
  readonly url: string;
  readonly description: string | undefined;
  readonly contentType: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** A message as users see it: plain data, a snapshot of the moment. */
export interface MessageView {
  readonly id: string;
  readonly channelId: string;
  readonly guildId: string | undefined;
  readonly author: { readonly id: string; readonly username: string; readonly bot: boolean };
  readonly type: number;
  readonly content: string;
  readonly embeds: readonly JsonObject[];
  readonly components: readonly Component[];
  readonly attachments: readonly AttachmentView[];
  readonly flags: number;
  readonly ephemeral: boolean;
  /** "Easel is thinking…": deferred, with nothing in it yet. */
  readonly loading: boolean;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly editedAt: number | undefined;
  readonly deleted: boolean;
  /** Users it names. */
  readonly mentions: readonly string[];
  /** The pinged users. */
  readonly notified: readonly string[];
  /** The only user who sees it; undefined for everyone. */
  readonly visibleTo: string | undefined;
  readonly replyTo: string | undefined;
  readonly forwarded: boolean;
  /** `{id, name, format_type}`; their files are on the CDN under `/stickers/`. */
  readonly stickers: readonly JsonObject[];
  /** Snapshots that a forward carries. */
  readonly snapshots: readonly JsonObject[];
  /** The interaction it answers. */
  readonly interactionId: string | undefined;
}

export type Viewer = (record: MessageRecord) => MessageView;

export function createViewer(world: World, cdn: Cdn): Viewer {
  return (record) => {
    const author = world.findUser(record.authorId);
    const { reference } = record;
    return {
      id: record.id,
      channelId: record.channelId,
      guildId: record.guildId,
      author: { id: record.authorId, username: author?.username ?? '', bot: author?.bot ?? false },
      type: record.type,
      content: record.content,
      embeds: structuredClone(record.embeds),
      components: linkedComponents(cdn, record),
      attachments: record.attachments.map((file) => {
        const { url } = cdn.json(file);
        const { id, filename, title, bytes, description, contentType, width, height } = file;
        return {
          id,
          filename,
          title,
          size: bytes.byteLength,
          url: String(url),
          description,
          contentType,
          width,
          height,
        };
      }),
      flags: record.flags,
      ephemeral: record.visibleTo !== undefined,
      loading: (record.flags & messageFlags.loading) !== 0,
      createdAt: record.createdAt,
      editedAt: record.editedAt,
      deleted: record.deleted,
      mentions: [...record.mentions],
      notified: [...(record.notified ?? [])],
      visibleTo: record.visibleTo,
      replyTo: reference?.type === 0 ? reference.messageId : undefined,
      forwarded: reference?.type === 1,
      stickers: structuredClone(record.stickers ?? []).slice(),
      snapshots: structuredClone(record.snapshots ?? []).slice(),
      interactionId: record.origin?.id,
    };
  };
}
