import type { FileHandle } from 'node:fs/promises';
import sharp from 'sharp';
import { readMp4 } from './mp4.js';

/** What a picture of any other type (AVIF, TIFF) says in words, as far as libvips knows: its XMP and EXIF. */
export async function readPicture(file: FileHandle, path: string): Promise<string> {
  const { xmp, exif } = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch((): { xmp?: Buffer; exif?: Buffer } => ({}));
  const said = [xmp, exif].map((data) => data?.toString('utf8') ?? '');
  // AVIF is made of boxes, as clips are.
  return [...said, await readMp4(file)].join('\n');
}
