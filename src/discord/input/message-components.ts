import { ComponentType } from 'discord.js';

/** A component of a message as Discord sends it: only what is looked at, since new ones come gradually. */
export interface Part {
  readonly type: number;
}

/** A file that a component shows. */
export interface ShownFile {
  /** Discord's own copy; empty if it has none. */
  readonly url: string;
  readonly name: string;
  readonly bytes?: number;
  readonly type?: string | undefined;
}

/** Deeper than any message nests them (a container's section's accessory is three). */
const deepest = 8;

/**
 * Files in a tree of Components V2, in the order in which they are shown: galleries, thumbnails, files, wherever they are
 * nested. Discord docs: Component Reference.
 */
export function filesIn(parts: readonly unknown[], depth = 0): ShownFile[] {
  if (depth > deepest) return [];
  return parts.flatMap((part) => {
    if (!isObject(part)) return [];
    const { type, components, accessory } = part;
    const inside = [...(Array.isArray(components) ? components : []), ...(accessory ? [accessory] : [])];
    return [...own(type, part), ...filesIn(inside, depth + 1)];
  });
}

function own(type: unknown, part: Readonly<Record<string, unknown>>): ShownFile[] {
  const { items, media, file, name, size } = part;
  if (type === ComponentType.MediaGallery && Array.isArray(items))
    return items.flatMap((item) => (isObject(item) ? fileOf(item.media) : []));
  if (type === ComponentType.Thumbnail) return fileOf(media);
  if (type !== ComponentType.File) return [];
  return fileOf(file).map((one) => ({
    ...one,
    ...(typeof name === 'string' && { name }),
    ...(typeof size === 'number' && { bytes: size }),
  }));
}

/** Only Discord's own copy: the other link may be one that someone chose. */
function fileOf(media: unknown): ShownFile[] {
  if (!isObject(media)) return [];
  const { proxy_url: copy, url: given, attachment_id: attached, content_type: type } = media;
  const own = copy ?? (attached === undefined ? undefined : given);
  const url = typeof own === 'string' && URL.canParse(own) ? own : '';
  return [{ url, name: nameIn(url || given), ...(typeof type === 'string' && { type }) }];
}

function nameIn(url: unknown): string {
  if (typeof url !== 'string' || !URL.canParse(url)) return 'picture';
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || 'picture';
  } catch {
    return last;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
