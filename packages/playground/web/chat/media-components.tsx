import type { Component, MediaItem, UnfurledMedia } from '../../src/page/wire.js';
import { useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { OtherFile } from './attachments.js';
import { Clip, isOwn, type Media, Picture } from './media.js';

/** Up to ten pictures and clips in rows, as Discord lays them out: those left over stand above, and larger. */
export function MediaGallery({ component }: { readonly component: Component }) {
  const items = component.items ?? [];
  return (
    <div class={`gallery gallery-${items.length}`}>
      {items.map((item, index) => (
        <Tile key={`${index}${item.media.url}`} item={item} />
      ))}
    </div>
  );
}

/** A small picture beside text. */
export function Thumbnail({ component }: { readonly component: Component }) {
  const { media, description, spoiler } = component;
  return media ? <Tile item={{ media, description, spoiler }} look="thumbnail" /> : null;
}

function Tile({ item, look = 'gallery-item' }: { readonly item: MediaItem; readonly look?: string }) {
  const { media } = item;
  if (!isThere(media)) return <Missing name={item.description ?? ''} look={look} />;
  const isClip = media.content_type?.startsWith('video/') ?? false;
  const shown = shownBy(item);
  return isClip ? <Clip media={shown} look={look} isStill /> : <Picture media={shown} look={look} />;
}

function shownBy({ media: { url, width, height }, description, spoiler }: MediaItem): Media {
  return {
    url,
    name: description || nameOf(url),
    isSpoiler: spoiler ?? false,
    width: width ?? undefined,
    height: height ?? undefined,
  };
}

/** Discord docs: Component Reference, "Unfurled Media Item Loading State". */
const notFound = 3;

function isThere({ url, loading_state: state }: UnfurledMedia): boolean {
  return isOwn(url) && state !== notFound;
}

function Missing({ name, look }: { readonly name: string; readonly look: string }) {
  const words = useWords();
  return (
    <div class={`picture picture-missing ${look}`} role="img" aria-label={name || words.noPicture}>
      <Icon name="image" />
      <span>{words.noPicture}</span>
    </div>
  );
}

/** A file among the components. */
export function FileComponent({ component }: { readonly component: Component }) {
  const { file, name, size } = component;
  if (!file) return null;
  return <OtherFile url={file.url} name={name ?? nameOf(file.url)} size={size ?? undefined} />;
}

function nameOf(url: string): string {
  return decodeURIComponent(new URL(url, location.href).pathname.split('/').at(-1) ?? '');
}
