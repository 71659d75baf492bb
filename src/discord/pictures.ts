import type {
  APIAttachment,
  APIEmbed,
  APIMessage,
  APIStickerItem,
  Message,
  MessageSnapshot,
} from 'discord.js';
import { StickerFormatType } from 'discord.js';
import { UserError } from '../errors.js';
import type { SourceImage } from '../mps/generation.js';

/** What of a message can show a picture. */
export interface Shown {
  readonly attachments: readonly Pick<APIAttachment, 'url' | 'filename' | 'size' | 'content_type'>[];
  readonly embeds: readonly APIEmbed[];
  readonly sticker_items?: readonly APIStickerItem[];
  readonly message_snapshots?: readonly { readonly message: Shown }[];
}

/** A message of discord.js in Discord's own words. */
export function shownBy(message: Message | MessageSnapshot | Shown): Shown {
  // Where discord.js does not know the channel, it hands on what Discord sent.
  if (isRaw(message)) return message;
  return {
    attachments: message.attachments.map(({ url, name, size, contentType }) => ({
      ...{ url, filename: name, size },
      ...(contentType && { content_type: contentType }),
    })),
    embeds: message.embeds.map(({ data }) => data),
    sticker_items: message.stickers.map(({ id, name, format }) => ({ id, name, format_type: format })),
    message_snapshots:
      'messageSnapshots' in message
        ? (message.messageSnapshots?.map((one) => ({ message: shownBy(one) })) ?? [])
        : [],
  };
}

/**
 * Every picture that a message shows, in the order in which it shows them: files, links that Discord unfurled, stickers,
 * and what was forwarded with it.
 * @param cdn where Discord keeps stickers, such as https://media.discordapp.net
 * @throws UserError for a message whose only picture is a sticker that is none.
 */
export function picturesOf(message: Shown, cdn: string): readonly SourceImage[] {
  const parts = [message, ...(message.message_snapshots ?? []).map((one) => one.message)];
  const pictures = parts.flatMap(({ attachments, embeds, sticker_items: stickers = [] }) => [
    ...attachments.filter(isPicture).map(({ url, filename, size }) => ({ url, name: filename, bytes: size })),
    ...embeds.flatMap(unfurled),
    ...stickers.flatMap((sticker) => drawn(sticker, cdn)),
  ]);
  const lottie = parts
    .flatMap(({ sticker_items: stickers = [] }) => stickers)
    .find(({ format_type: format }) => format === StickerFormatType.Lottie);
  if (pictures.length === 0 && lottie)
    throw new UserError({ key: 'failure.source.lottie', params: { name: lottie.name } });
  return pictures;
}

function isRaw(message: Message | MessageSnapshot | Shown): message is Shown {
  return Array.isArray(message.attachments);
}

/** Whether a message shows a clip. */
export function hasClip({ attachments }: APIMessage): boolean {
  return attachments.some(({ content_type: type }) => type?.startsWith('video/'));
}

/**
 * Whether Discord keeps a message's content from Easel (facts/discord.md, "Message content without the privileged
 * intent"): no message is empty by itself.
 */
export function isWithheld({ content, attachments, embeds, components, ...rest }: APIMessage): boolean {
  const { poll, sticker_items: stickers, message_snapshots: snapshots = [] } = rest;
  const forwarded = snapshots.some(({ message }) => message.attachments.length + message.embeds.length > 0);
  const shown = [attachments, embeds, components ?? [], stickers ?? []].some((list) => list.length > 0);
  return content === '' && !shown && !forwarded && !poll;
}

function isPicture({ content_type: type, filename }: Shown['attachments'][number]): boolean {
  return type ? type.startsWith('image/') : /\.(png|jpe?g|webp|gif|avif|heic)$/i.test(filename);
}

/** Only Discord's own copy: Easel opens no address that a person chose. */
function unfurled({ image, thumbnail, title }: APIEmbed): SourceImage[] {
  const url = image?.proxy_url ?? thumbnail?.proxy_url;
  return url ? [{ url, name: title ?? 'embed' }] : [];
}

/** Discord docs: CDN Formatting; GIF stickers are served by the media proxy alone. */
function drawn({ id, name, format_type: format }: APIStickerItem, cdn: string): SourceImage[] {
  if (format === StickerFormatType.Lottie) return [];
  const ending = format === StickerFormatType.GIF ? 'gif' : 'png';
  return [{ url: `${cdn}/stickers/${id}.${ending}`, name }];
}
