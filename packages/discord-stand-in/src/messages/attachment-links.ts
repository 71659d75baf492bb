import { isObject } from '../api-errors.js';
import type { Component } from '../body-schemas.js';
import type { JsonObject } from '../types.js';
import type { Cdn, StoredFile } from './cdn.js';
import { mediaOf, numbered, walk } from './components.js';
import type { MessageRecord } from './messages.js';

/** `attachment://name` becomes the link to the file. */
export function linkedEmbed(cdn: Cdn, record: MessageRecord, embed: JsonObject): JsonObject {
  const shown = { type: 'rich', ...embed };
  for (const field of ['image', 'thumbnail', 'footer', 'author']) {
    const part = embed[field];
    if (!isObject(part)) continue;
    for (const key of ['url', 'icon_url']) {
      const url = link(cdn, record, part[key]);
      if (url) Object.assign(shown, { [field]: { ...part, [key]: url, proxy_url: url } });
    }
  }
  return shown;
}

/** Components with links to their files, and with numbers. */
export function linkedComponents(cdn: Cdn, record: MessageRecord): Component[] {
  const components = numbered(record.components);
  for (const { component } of walk(components)) {
    const attached = fileNamed(record, component.file?.url ?? '');
    if (attached) Object.assign(component, { name: attached.filename, size: attached.bytes.byteLength });
    for (const media of mediaOf(component)) {
      Object.assign(media, resolved(cdn, record, media.url));
    }
  }
  return components;
}

function link(cdn: Cdn, record: MessageRecord, url: unknown): string | undefined {
  if (typeof url !== 'string' || !url.startsWith('attachment://')) return undefined;
  const file = fileNamed(record, url);
  const shown = file && cdn.json(file).url;
  return typeof shown === 'string' ? shown : undefined;
}

/** @param reference `attachment://name` */
function fileNamed({ attachments }: MessageRecord, reference: string): StoredFile | undefined {
  return attachments.find(({ filename }) => reference === `attachment://${filename}`);
}

/**
 * Discord's metadata of a file in a component. Discord docs: Component Reference, "Unfurled Media Item" and
 * "Unfurled Media Item Loading State"; nothing is fetched from elsewhere here.
 */
function resolved(cdn: Cdn, record: MessageRecord, reference: string): JsonObject {
  const url = link(cdn, record, reference);
  const attached = fileNamed(record, reference);
  if (url && attached) return { ...described(attached), url, proxy_url: url, attachment_id: attached.id };
  const linked = cdn.behind(reference);
  return linked ? { ...described(linked), proxy_url: reference } : { loading_state: loadingStates.notFound };
}

const loadingStates = { success: 2, notFound: 3 } as const;

function described({ contentType, width, height }: StoredFile): JsonObject {
  return {
    content_type: contentType,
    width: width ?? null,
    height: height ?? null,
    loading_state: loadingStates.success,
  };
}

/** Names of files that an embed shows: they are not listed among the attachments. */
export function inEmbeds({ embeds }: MessageRecord): ReadonlySet<string> {
  const urls = embeds.flatMap(({ image, thumbnail }) =>
    [image, thumbnail].map((part) => (isObject(part) ? part.url : undefined)),
  );
  return new Set(
    urls.flatMap((url) =>
      typeof url === 'string' && url.startsWith('attachment://') ? [url.slice(13)] : [],
    ),
  );
}

/** The same of files that components show: the message lists them there alone. */
export function inComponents({ components }: MessageRecord): readonly string[] {
  return walk(components)
    .flatMap(({ component }) => mediaOf(component))
    .flatMap(({ url }) => (url.startsWith('attachment://') ? [url.slice(13)] : []));
}
