import { extensions, nameOf } from './magic-bytes.js';

/** A file's type by what is said of it: maybe one that Easel cannot tell by its bytes. */
export type ClaimedType = `image/${string}` | `video/${string}` | `audio/${string}`;

/** What is said of a file, where its first bytes tell nothing. */
export interface Claims {
  /** The header Content-Type. */
  readonly contentType: string | undefined;
  /** The link it was asked for by. */
  readonly url: string;
  readonly head: Uint8Array;
}

/** Name endings besides those of the types that Easel knows. */
const others = {
  jpeg: 'image/jpeg',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  jxl: 'image/jxl',
  m4v: 'video/mp4',
  mkv: 'video/x-matroska',
  avi: 'video/x-msvideo',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  ts: 'video/mp2t',
} as const satisfies Record<string, ClaimedType>;

const byEnding: ReadonlyMap<string, string> = new Map([
  ...Object.entries(others),
  ...Object.entries(extensions).map(([type, ending]) => [ending, type] as const),
]);

/** What says of a file no more than that it is one. */
const vague = /^(application|binary)\/(octet-stream|x-binary)$/;

/**
 * The type that a file of unknown bytes is taken for: by its Content-Type, and where that says nothing by its link's
 * ending. Undefined if either names another kind, or where the bytes are plainly something else however they are
 * labelled: an error page, a PDF.
 */
export function claimedType(kind: 'image' | 'video', { contentType = '', url, head }: Claims) {
  if (isText(head) || isForeign(head, kind)) return undefined;
  const told = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const type = told === '' || vague.test(told) ? byEnding.get(endingIn(url)) : told;
  return type !== undefined && isOfKind(type, kind) ? type : undefined;
}

/** The ending a file of `type` is named by: `bmp`, and `foo` for `image/x-foo`. */
export function endingOf(type: ClaimedType): string {
  const known: Readonly<Record<string, string>> = { ...extensions };
  const other = Object.entries(others).findLast(([, one]) => one === type)?.[0];
  return (
    known[type] ??
    other ??
    (type
      .replace(/^.*\/(x-)?/, '')
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 10) ||
      'bin')
  );
}

/** A type as it was persisted; undefined for what is none of ours. */
export function toClaimed(type: string): ClaimedType | undefined {
  return isOfKind(type, 'image') || isOfKind(type, 'video') ? type : undefined;
}

function isOfKind(type: string, kind: 'image' | 'video'): type is ClaimedType {
  // A drawing in XML is a page to a browser.
  return type.startsWith(`${kind}/`) && !type.endsWith('+xml');
}

/** No image or video begins without a single control sign; what is empty counts as text. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

/** Images among what `nameOf` knows go to Discord as they are; the rest are none. */
function isForeign(head: Uint8Array, kind: 'image' | 'video'): boolean {
  const name = nameOf(head);
  return name !== undefined && !(kind === 'image' && (name === 'bmp' || name === 'tiff'));
}

function endingIn(url: string): string {
  return /\.(\w+)$/.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
}
