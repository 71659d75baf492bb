import sharp from 'sharp';
import type { NextId } from '../snowflakes.js';
import type { Clock } from '../timer-clock.js';
import type { JsonObject } from '../types.js';
import { createLinks } from './signed-links.js';

/** An uploaded file. */
export interface Upload {
  readonly filename: string;
  readonly title?: string | undefined;
  readonly bytes: Uint8Array;
  readonly description?: string | undefined;
  readonly contentType?: string | undefined;
  /** The type that Discord reports regardless of the name: another one, or none (null). */
  readonly announced?: string | null | undefined;
}

/** A file that Discord keeps. */
export interface StoredFile {
  readonly id: string;
  /** Path on the CDN, unsigned. */
  readonly path: string;
  readonly filename: string;
  /** Clients show it instead. */
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly ephemeral: boolean;
}

export interface Cdn {
  readonly attachmentOrder: AttachmentOrder;
  /** Stores a file. `folder` is the channel's id, or the application's for files without a message. */
  store(upload: Upload, folder: string, ephemeral: boolean): Promise<StoredFile>;
  /** The file as Discord describes it, with a freshly signed link. */
  json(file: StoredFile): JsonObject;
  /** Keeps a sticker; answers its id. Its link, `/stickers/ID.EXT`, is unsigned. */
  storeSticker(bytes: Uint8Array, extension: string): string;
  /** Serves GET and HEAD of the CDN's paths; undefined for other paths. */
  serve(request: Request): Response | undefined;
  find(id: string): StoredFile | undefined;
  /** The file that a link of ours leads to; undefined once it has died, and for a link to elsewhere. */
  behind(url: string): StoredFile | undefined;
  /** Expires a link at once, like that of a deleted message. */
  drop(id: string): void;
}

const contentTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  bmp: 'image/bmp',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  wav: 'audio/x-wav',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
  zip: 'application/zip',
  pdf: 'application/pdf',
};

export interface CdnOptions {
  clock: Clock;
  nextId: NextId;
  /** Key of the signatures. */
  secret: string;
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  origin(): string;
  /** ms; a day, as Discord's. */
  linkLifeMs: number;
  /** As for the stand-in. */
  attachmentOrder: AttachmentOrder;
}

/** How a message orders its files: as its last edit listed them, or by their ids. Discord documents neither. */
export type AttachmentOrder = 'listed' | 'id';

const attachmentPath = /^\/(?:ephemeral-)?attachments\/\d+\/(\d+)\/[^/]+$/;

/** Discord's CDN: links end with `ex` (expires at), `is` (signed at), both hex seconds, and `hm` (their signature). */
export function createCdn(options: CdnOptions): Cdn {
  const { nextId, origin } = options;
  const files = new Map<string, StoredFile>();
  const stickers = new Map<string, Pick<StoredFile, 'bytes' | 'contentType'>>();

  const links = createLinks(options);

  function linked(url: URL): StoredFile | undefined {
    const [, id = ''] = attachmentPath.exec(url.pathname) ?? [];
    const file = files.get(id);
    return file && decodeURI(url.pathname) === file.path && links.isGenuine(url) ? file : undefined;
  }

  return {
    attachmentOrder: options.attachmentOrder,
    async store(upload, folder, ephemeral) {
      const file = await fileOf(upload, nextId(), folder, ephemeral);
      files.set(file.id, file);
      return file;
    },
    json: (file) => attachmentJson(file, origin() + links.sign(file.path)),
    storeSticker(bytes, extension) {
      const id = nextId();
      stickers.set(`/stickers/${id}.${extension}`, { bytes, contentType: contentTypes[extension] });
      return id;
    },
    serve(request) {
      const url = new URL(request.url);
      const sticker = stickers.get(url.pathname);
      if (sticker) return send(sticker, request);
      if (!attachmentPath.test(url.pathname)) return undefined;
      const file = linked(url);
      if (!file)
        return new Response('This content is no longer available.', {
          status: 404,
          headers: { 'content-type': 'text/plain;charset=UTF-8' },
        });
      return send(file, request);
    },
    find: (id) => files.get(id),
    behind: (url) =>
      URL.canParse(url) && new URL(url).origin === origin() ? linked(new URL(url)) : undefined,
    drop: (id) => files.delete(id),
  };
}

async function fileOf(
  { filename: given, title, bytes, description, contentType, announced }: Upload,
  id: string,
  folder: string,
  ephemeral: boolean,
): Promise<StoredFile> {
  const filename = safeName(given);
  const extension = filename.split('.').at(-1)?.toLowerCase() ?? '';
  const type = announced === undefined ? (contentTypes[extension] ?? contentType) : (announced ?? undefined);
  return {
    id,
    path: `/${ephemeral ? 'ephemeral-attachments' : 'attachments'}/${folder}/${id}/${filename}`,
    filename,
    title,
    description,
    bytes,
    contentType: type,
    ...(type?.startsWith('image/') ? await dimensions(bytes) : { width: undefined, height: undefined }),
    ephemeral,
  };
}

function attachmentJson(file: StoredFile, url: string): JsonObject {
  const { id, filename, title, description, bytes, contentType, width, height, ephemeral } = file;
  return {
    id,
    filename,
    title,
    description,
    size: bytes.byteLength,
    url,
    proxy_url: url,
    content_type: contentType,
    width,
    height,
    ephemeral: ephemeral || undefined,
  };
}

/** Discord keeps letters, digits, dots, dashes and underscores of a file's name. */
export function safeName(filename: string): string {
  const kept = filename.replaceAll(' ', '_').replaceAll(/[^\w.-]/g, '');
  return /^\.*$/.test(kept) ? 'unknown' : kept.replace(/^\./, 'unknown.');
}

/** Magic bytes of images; libvips may search for seconds in other files. */
const pictureStarts = [
  /^\x89PNG/,
  /^\xff\xd8\xff/,
  /^GIF8/,
  /^RIFF.{4}WEBP/s,
  /^.{4}ftyp(avi|hei|mif)/s,
  /^BM/,
];

async function dimensions(bytes: Uint8Array): Promise<Pick<StoredFile, 'width' | 'height'>> {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const unknown = { width: undefined, height: undefined };
  if (!pictureStarts.some((pattern) => pattern.test(start))) return unknown;
  const { width, height } = await sharp(bytes)
    .metadata()
    .catch(() => unknown);
  return { width, height };
}

function send(
  { bytes, contentType }: Pick<StoredFile, 'bytes' | 'contentType'>,
  { method, headers }: Request,
): Response {
  const size = bytes.byteLength;
  const common = {
    'content-type': contentType ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': 'public, max-age=31536000',
  };
  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '');
  const [, from = '', to = ''] = range ?? [];
  if (!range || (from === '' && to === ''))
    return new Response(method === 'HEAD' ? null : copy(bytes), {
      headers: { ...common, 'content-length': String(size) },
    });
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start > end)
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } });
  const part = bytes.subarray(start, end + 1);
  return new Response(method === 'HEAD' ? null : copy(part), {
    status: 206,
    headers: {
      ...common,
      'content-range': `bytes ${start}-${end}/${size}`,
      'content-length': String(part.byteLength),
    },
  });
}

/** A body for Response, over an ArrayBuffer of its own as its type wants it. */
function copy(bytes: Uint8Array): Blob {
  return new Blob([Buffer.from(bytes)]);
}
