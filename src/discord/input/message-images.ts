import type {
  APIAttachment,
  APIEmbed,
  APIMessage,
  APIStickerItem,
  Message,
  MessageSnapshot,
} from 'discord.js';
import { MessageFlags, StickerFormatType } from 'discord.js';
import { isLoopback } from '../../config/config.js';
import { type Sentence, UserError } from '../../errors.js';
import type { SourceImage } from '../../mps/generation-request.js';
import { type AnswerableInteraction, isInstalledHere } from '../access/request-origin.js';
import { isModeratorsCopy, isMoving, type MediaSort, sortOf } from './media-kind.js';
import { filesIn, type Part } from './message-components.js';

/** Host of Discord's stickers; a stand-in on this machine serves its own. */
export function stickerHost(apiUrl: string): string {
  const url = new URL(apiUrl);
  return isLoopback(url) ? url.origin : 'https://media.discordapp.net';
}

/** The parts of a message that can show an image. */
export interface Shown {
  readonly id?: string;
  readonly channel_id?: string;
  readonly flags?: number | undefined;
  readonly attachments?: readonly Pick<APIAttachment, 'url' | 'filename' | 'size' | 'content_type'>[];
  readonly embeds?: readonly APIEmbed[];
  /** Components V2 can contain files, too. */
  readonly components?: readonly Part[];
  readonly sticker_items?: readonly APIStickerItem[];
  readonly message_snapshots?: readonly { readonly message: Shown }[];
}

/** A discord.js message in Discord's API format. */
export function shownBy(message: Message | MessageSnapshot | Shown): Shown {
  // If discord.js doesn't know the channel, it passes on what Discord sent.
  if (isRaw(message)) return message;
  return {
    ...(message.id && message.channelId && { id: message.id, channel_id: message.channelId }),
    flags: message.flags.bitfield,
    attachments: message.attachments.map(({ url, name, size, contentType }) => ({
      url,
      filename: name,
      size,
      ...(contentType && { content_type: contentType }),
    })),
    embeds: message.embeds.map(({ data }) => data),
    components: message.components.map((component) => component.toJSON()),
    sticker_items: message.stickers.map(({ id, name, format }) => ({ id, name, format_type: format })),
    message_snapshots:
      'messageSnapshots' in message
        ? (message.messageSnapshots?.map((one) => ({ message: shownBy(one) })) ?? [])
        : [],
  };
}

/** Something in a message that may or may not be an image. */
interface Found {
  readonly sort: MediaSort;
  readonly image: SourceImage;
  /** A clip rather than a sound, and a file rather than a link to one. */
  readonly moves?: boolean;
}

/**
 * Every image that a message shows, in display order: files, files in components, unfurled links, stickers, and
 * forwarded content. Names and types are only hints; in the end the bytes decide (`media/sources`). A file without a
 * usable type is only considered if there is nothing better.
 * @param cdn host of Discord's stickers, such as https://media.discordapp.net
 * @throws UserError for a message that shows something but no image: the user didn't mean their prompt alone, so
 * nothing must be ordered.
 */
export function picturesOf(message: Shown, cdn: string): readonly SourceImage[] {
  const parts = [message, ...(message.message_snapshots ?? []).map((one) => one.message)];
  const found = parts.flatMap((part) => mediaIn(part, cdn));
  const of = (sort: MediaSort) =>
    found.filter((one) => one.sort === sort).map(({ image }) => ({ ...image, ...whereabouts(message) }));
  const [pictures, perhaps] = [of('picture'), of('perhaps')];
  if (pictures.length > 0) return pictures;
  if (perhaps.length > 0) return perhaps;
  const useless = found[0];
  if (useless) throw new UserError(whyUseless(useless));
  return [];
}

/** Every clip that a message has as a file, in display order. As with images, in the end the bytes decide. */
export function clipsOf(message: Shown, cdn: string): readonly SourceImage[] {
  const parts = [message, ...(message.message_snapshots ?? []).map((one) => one.message)];
  const found = parts.flatMap((part) => mediaIn(part, cdn));
  return found
    .filter(({ sort, moves }) => sort === 'clip' && moves)
    .map(({ image }) => ({ ...image, ...whereabouts(message) }));
}

/** The message in which its image links can be refreshed; the bot can't fetch messages that only one user sees. */
function whereabouts({ id, channel_id: channelId, flags = 0 }: Shown): Pick<SourceImage, 'from'> {
  return id && channelId && !(flags & MessageFlags.Ephemeral) ? { from: { channelId, messageId: id } } : {};
}

/** The same for the target message of an interaction. Where the bot isn't a member it can't fetch the message. */
export function picturesAt(
  interaction: AnswerableInteraction,
  message: Message,
  cdn: string,
): readonly SourceImage[] {
  const pictures = picturesOf(shownBy(message), cdn);
  return isInstalledHere(interaction) ? pictures : pictures.map(({ from: _from, ...image }) => image);
}

/** The same of clips. */
export function clipsAt(
  interaction: AnswerableInteraction,
  message: Message,
  cdn: string,
): readonly SourceImage[] {
  const clips = clipsOf(shownBy(message), cdn);
  return isInstalledHere(interaction) ? clips : clips.map(({ from: _from, ...clip }) => clip);
}

function whyUseless({ sort, image: { name } }: Found): Sentence {
  if (sort === 'lottie') return { key: 'failure.source.lottie', params: { name } };
  if (isModeratorsCopy(name)) return { key: 'media.copy', params: { name } };
  return { key: sort === 'clip' ? 'media.clip' : 'media.useless', params: { name } };
}

function isRaw(message: Message | MessageSnapshot | Shown): message is Shown {
  return message.attachments === undefined || Array.isArray(message.attachments);
}

/**
 * Whether Discord withholds a message's content from Easel
 * (docs/discord-notes.md#message-content-without-the-privileged-intent): no message is empty by itself.
 */
export function isWithheld(message: APIMessage): boolean {
  const { content, poll, message_snapshots: snapshots = [] } = message;
  const forwarded = snapshots.some(({ message: one }) => one.content !== '' || showsAnything(one));
  return content === '' && !showsAnything(message) && !forwarded && !poll;
}

function showsAnything({ attachments, embeds, components, sticker_items: stickers }: Shown): boolean {
  return [attachments, embeds, components, stickers].some((list) => list !== undefined && list.length > 0);
}

function mediaIn(part: Shown, cdn: string): Found[] {
  const { attachments = [], embeds = [], components = [], sticker_items: stickers = [] } = part;
  const files = [
    ...attachments.map(({ url, filename: name, size, content_type: type }) => ({
      url,
      name,
      type,
      bytes: size,
    })),
    ...filesIn(components),
  ];
  return [
    // A file may be listed and also shown by a component.
    ...[...new Map(files.map((file) => [bareLink(file.url), file])).values()].flatMap((file) => {
      const { type, ...image } = file;
      const sort = image.url === '' ? 'useless' : sortOf(file.name, type);
      return sort ? [{ sort, image, ...(isMoving(file.name, type) && { moves: true }) }] : [];
    }),
    ...embeds.flatMap(unfurled),
    ...stickers.map((sticker) => drawn(sticker, cdn)),
  ];
}

/** A link without host and signature: Discord serves one file under several. */
export function bareLink(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}

/** Only Discord's own copy: Easel never opens a user-chosen URL. */
function unfurled({ image, thumbnail, video, title }: APIEmbed): Found[] {
  const url = image?.proxy_url ?? thumbnail?.proxy_url;
  const name = title ?? 'embed';
  if (url) return [{ sort: 'picture', image: { url, name } }];
  return image || thumbnail || video ? [{ sort: video ? 'clip' : 'useless', image: { url: '', name } }] : [];
}

/** Discord docs: CDN Formatting; GIF stickers are served by the media proxy alone. */
function drawn({ id, name, format_type: format }: APIStickerItem, cdn: string): Found {
  const isLottie = format === StickerFormatType.Lottie;
  const ending = format === StickerFormatType.GIF ? 'gif' : 'png';
  return { sort: isLottie ? 'lottie' : 'picture', image: { url: `${cdn}/stickers/${id}.${ending}`, name } };
}
