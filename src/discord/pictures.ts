import type {
  APIAttachment,
  APIEmbed,
  APIMessage,
  APIMessageSnapshotFields,
  APIStickerItem,
} from 'discord.js';
import { StickerFormatType } from 'discord.js';
import { UserError } from '../errors.js';
import type { SourceImage } from '../mps/generation.js';

type Content = Pick<APIMessage, 'attachments' | 'embeds' | 'sticker_items'> | APIMessageSnapshotFields;

/**
 * Every picture that a message shows, in the order in which it shows them: files, links that Discord unfurled, stickers,
 * and what was forwarded with it.
 * @param cdn where Discord keeps stickers, such as https://media.discordapp.net
 * @throws UserError for a message whose only picture is a sticker that is none.
 */
export function picturesOf(message: APIMessage, cdn: string): readonly SourceImage[] {
  const parts: Content[] = [message, ...(message.message_snapshots ?? []).map((one) => one.message)];
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

function isPicture({ content_type: type, filename }: APIAttachment): boolean {
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
