import type { FileHandle } from 'node:fs/promises';
import type { Decoder } from '../decoding/decoder.js';
import { readMp4 } from './mp4.js';

/** What an image of any other type (AVIF, TIFF) says in words, as far as libvips knows: its XMP and EXIF. */
export async function readPicture(
  file: FileHandle,
  path: string,
  { words }: Pick<Decoder, 'words'>,
): Promise<string> {
  // AVIF is made of boxes, as videos are.
  return [...(await words(path)), await readMp4(file)].join('\n');
}
