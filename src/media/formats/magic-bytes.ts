/** File types Easel meets, by their media type. */
export type MediaType =
  | 'image/png'
  | 'image/jpeg'
  | 'image/webp'
  | 'image/gif'
  | 'image/avif'
  | 'image/heic'
  | 'video/mp4'
  | 'video/quicktime'
  | 'video/webm'
  | 'audio/mpeg'
  | 'audio/wav'
  | 'audio/mp4'
  | 'audio/aac';

/** Usual file name endings, without the dot. */
export const extensions = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/heic': 'heic',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/mp4': 'm4a',
  'audio/aac': 'aac',
} as const satisfies Record<MediaType, string>;

/** Bytes `sniff` and `nameOf` want to see at most. */
export const sniffLength = 512;

/** The type of a file by its first bytes; a name or a header may lie, these do not. */
export function sniff(head: Uint8Array): MediaType | undefined {
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'image/webp';
  if (ascii(head, 0, 6) === 'GIF87a' || ascii(head, 0, 6) === 'GIF89a') return 'image/gif';
  if (startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return 'video/webm';
  if (ascii(head, 4, 8) === 'ftyp') return byBrand(brandsOf(head));
  return undefined;
}

/** Other file types that users take for images, or upload under an image's name. */
const others = [
  ['pdf', /^%PDF-/],
  ['zip', /^PK\p{Cc}{2}/u],
  ['tiff', /^(II\*\0|MM\0\*)/],
  ['bmp', /^BM.{4}\0{4}/s],
  ['psd', /^8BPS/],
  ['svg', /^\W{0,8}<(.*<)?svg\b/is],
  // Discord's own animated stickers: a drawing in JSON (github.com/lottie).
  ['lottie', /^\s*\{.*"(fr|op|ddd|layers)"\s*:/s],
] as const satisfies readonly (readonly [string, RegExp])[];

/** What users call a file that is no MediaType, by its first bytes; undefined if Easel does not know it. */
export function nameOf(head: Uint8Array): (typeof others)[number][0] | undefined {
  const text = ascii(head, 0, sniffLength);
  return others.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Its major brand, then those it is compatible with (ISO/IEC 14496-12, FileTypeBox). */
function brandsOf(head: Uint8Array): string[] {
  const end = Math.min(new DataView(head.buffer, head.byteOffset).getUint32(0), head.length, 64);
  const compatible = Array.from({ length: Math.max(0, (end - 16) >> 2) }, (_, at) => 16 + 4 * at);
  return [8, ...compatible].map((at) => ascii(head, at, at + 4));
}

function byBrand([major = '', ...compatible]: readonly string[]): MediaType {
  if (major === 'avif' || major === 'avis') return 'image/avif';
  if (/^(hei|hev)[cxms]$/.test(major)) return 'image/heic';
  // "Some image": only the compatible brands say which.
  if (major === 'mif1' || major === 'msf1') return byBrand([compatible.find(isImageBrand) ?? 'heic']);
  return major === 'qt  ' ? 'video/quicktime' : 'video/mp4';
}

function isImageBrand(brand: string): boolean {
  return /^(avi[fs]|(hei|hev)[cxms])$/.test(brand);
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return head.length >= bytes.length && bytes.every((byte, index) => head[index] === byte);
}

function ascii(head: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...head.subarray(from, to));
}
