import { z } from 'zod';
import type { Attachment, Embed, Held, Sticker } from './wire.js';

/** A message's content besides text and files, from Discord's JSON; unreadable parts are omitted. */

const Address = z.string().optional().catch(undefined);
const Picture = z
  .object({ url: z.string() })
  .transform(({ url }) => url)
  .optional()
  .catch(undefined);
const EmbedJson = z.object({
  url: Address,
  title: z.string().optional(),
  description: z.string().optional(),
  author: z.object({ name: z.string() }).optional().catch(undefined),
  footer: z.object({ text: z.string() }).optional().catch(undefined),
  image: Picture,
  thumbnail: Picture,
});
const StickerJson = z.object({ id: z.string(), name: z.string(), format_type: z.number() });
const AttachmentJson = z
  .object({
    id: z.string(),
    filename: z.string(),
    size: z.number(),
    url: z.string(),
    description: z.string().nullish(),
    content_type: z.string().nullish(),
    width: z.number().nullish(),
    height: z.number().nullish(),
  })
  .transform(
    ({ content_type: contentType, description, width, height, ...file }): Attachment => ({
      ...file,
      description: description ?? undefined,
      contentType: contentType ?? undefined,
      width: width ?? undefined,
      height: height ?? undefined,
    }),
  );
const SnapshotJson = z.object({
  message: z.object({
    content: z.string().default(''),
    attachments: z.array(AttachmentJson).catch([]),
    embeds: z.array(z.unknown()).default([]),
    sticker_items: z.array(z.unknown()).default([]),
  }),
});

/** `attachment://name` becomes the link to the file. */
export function shownEmbeds(
  embeds: readonly unknown[],
  files: readonly Pick<Attachment, 'filename' | 'url'>[],
): Embed[] {
  const link = (url: string | undefined): string | undefined =>
    url?.startsWith('attachment://') ? files.find(({ filename }) => filename === url.slice(13))?.url : url;
  return embeds.flatMap((json) => {
    const { data } = EmbedJson.safeParse(json);
    if (!data) return [];
    const { author, footer, image, thumbnail, ...rest } = data;
    return {
      ...rest,
      author: author?.name,
      footer: footer?.text,
      image: link(image),
      thumbnail: link(thumbnail),
    };
  });
}

/** Discord docs: Sticker Resource, "Sticker Format Types": 3 is drawn from JSON, 4 is a GIF. */
export function shownStickers(stickers: readonly unknown[]): Sticker[] {
  return stickers.flatMap((json) => {
    const { data } = StickerJson.safeParse(json);
    if (!data) return [];
    const { id, name, format_type: format } = data;
    return { id, name, url: format === 3 ? undefined : `/stickers/${id}.${format === 4 ? 'gif' : 'png'}` };
  });
}

/** A forward's content; without its buttons, as in Discord. */
export function heldIn(snapshot: unknown): Held {
  const { data } = SnapshotJson.safeParse(snapshot);
  const { content = '', attachments = [], embeds = [], sticker_items: stickers = [] } = data?.message ?? {};
  return {
    content,
    attachments,
    components: [],
    embeds: shownEmbeds(embeds, attachments),
    stickers: shownStickers(stickers),
  };
}
