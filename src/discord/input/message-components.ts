import { ComponentType } from 'discord.js';

/** A message component as sent by Discord: only the fields we use, because new ones are added over time. */
export interface Part {
  readonly type: number;
}

/** A file shown by a component. */
export interface ShownFile {
  /** Discord's own copy; empty if it has none. */
  readonly url: string;
  readonly name: string;
  readonly bytes?: number;
  readonly type?: string | undefined;
}

/** Deeper than any message nests them (the accessory of a section in a container is at three). */
const deepest = 8;

/**
 * Files in a Components V2 tree, in display order: galleries, thumbnails, files, at any depth. Discord docs:
 * Component Reference.
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

/** Custom ids of a message's buttons and selects, in display order. */
export function customIdsIn(parts: readonly unknown[], depth = 0): string[] {
  if (depth > deepest) return [];
  return parts.flatMap((part) => {
    if (!isObject(part)) return [];
    const { customId, components } = part;
    return [
      ...(typeof customId === 'string' ? [customId] : []),
      ...(Array.isArray(components) ? customIdsIn(components, depth + 1) : []),
    ];
  });
}

/** The same of a message as Discord's API has it. */
export function sentIdsIn(parts: readonly unknown[]): string[] {
  return parts.flatMap((part) => {
    if (!isObject(part)) return [];
    const { custom_id: id, components } = part;
    return [
      ...(typeof id === 'string' ? [id] : []),
      ...(Array.isArray(components) ? sentIdsIn(components) : []),
    ];
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

/** Only Discord's own copy: the other link may be user-chosen. */
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
